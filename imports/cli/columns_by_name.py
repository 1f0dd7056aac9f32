"""Columns named by a person in words: `{field key: header}` → `{field key: column}`.

`Ad+Soyad` are columns to be joined, in that order; where a header has a `+` in it, quotation marks say what is one header:
`"Ad"+"Soyad"`. Behind a `|` stands what separates them: `Ad+Soyad|, `. A header that the file has is always meant first.
"""

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from imports.errors import CannotBegin
from imports.messages.quotation import quoted
from imports.pipeline.columns.source import Joined, Source, default_separator
from imports.pipeline.headers.folding import fold

_PARTS = re.compile(r'"([^"]*)"|([^+"]++)')
_PHONE = re.compile(r"phone_number|secondary_phone_\d{1,2}")


def columns_by_name(wanted: Mapping[str, str], headers: Sequence[str]) -> dict[str, Source | None]:
    """Each header by its exact words, else by its words in any case and spacing. An empty one leaves the field out (None).

    CannotBegin for a header that the file does not have, and for one wanted twice.
    """
    sources = {key: _source(key, text, headers) if text.strip() else None for key, text in wanted.items()}
    columns = [source for source in sources.values() if isinstance(source, int)]
    twice = next((column for column in columns if columns.count(column) > 1), None)
    if twice is not None:
        raise CannotBegin(_("The column “%(header)s” was named for two fields.") % {"header": headers[twice]})
    return sources


def _source(key: str, text: str, headers: Sequence[str]) -> Source:
    """One column, or several joined: with nothing between the parts of a phone number, a blank between other words."""
    whole = _found(text.strip(), headers)
    if whole is not None:
        return whole
    joined, sign, separator = text.rpartition("|") if "|" in text else (text, "", "")
    parts = [(quoted or plain).strip() for quoted, plain in _PARTS.findall(joined)]
    parts = [part for part in parts if part]
    if len(parts) < 2:
        return _column(parts[0] if parts and '"' in joined else text.strip(), headers)
    columns = tuple(_column(part, headers) for part in parts)
    return Joined(columns, separator if sign else default_separator("phone" if _PHONE.fullmatch(key) else "variable"))


def _found(wanted: str, headers: Sequence[str]) -> int | None:
    if wanted in headers:
        return headers.index(wanted)
    loose, among = _loose(wanted), [_loose(header) for header in headers]
    return among.index(loose) if loose and loose in among else None


def _column(wanted: str, headers: Sequence[str]) -> int:
    column = _found(wanted, headers)
    if column is not None:
        return column
    raise CannotBegin(
        _("The file has no column “%(header)s”. Similar ones: %(near)s.")
        % {"header": wanted, "near": ", ".join(map(quoted, _near(wanted, headers)))}
    )


def _loose(header: str) -> str:
    return "".join(fold(header).split())


def _near(wanted: str, headers: Sequence[str]) -> list[str]:
    named = [header for header in headers if header.strip()]
    close = process.extract(wanted, named, scorer=fuzz.WRatio, processor=_loose, limit=3, score_cutoff=60)
    return [header for header, _score, _place in close] or named[:8]
