"""Columns named by a person in words: `{field key: header}` → `{field key: column}`."""
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from imports.pipeline.headers import fold
from imports.trouble import CannotBegin


def columns_by_name(wanted: Mapping[str, str], headers: Sequence[str]) -> dict[str, int | None]:
    """Each header by its exact words, else by its words in any case and spacing. An empty one leaves the field out (None).

    CannotBegin for a header that the file does not have, and for one wanted twice.
    """
    found = {key: _column(header, headers) if header else None for key, header in wanted.items()}
    columns = [column for column in found.values() if column is not None]
    twice = next((column for column in columns if columns.count(column) > 1), None)
    if twice is not None:
        raise CannotBegin(_("The column “%(header)s” was named for two fields.") % {"header": headers[twice]})
    return found


def _column(wanted: str, headers: Sequence[str]) -> int:
    if wanted in headers:
        return headers.index(wanted)
    loose, among = _loose(wanted), [_loose(header) for header in headers]
    if loose and loose in among:
        return among.index(loose)
    raise CannotBegin(_("The file has no column “%(header)s”. Near to it: %(near)s.") % {
        "header": wanted, "near": ", ".join(f"“{header}”" for header in _near(wanted, headers))})


def _loose(header: str) -> str:
    return "".join(fold(header).split())


def _near(wanted: str, headers: Sequence[str]) -> list[str]:
    named = [header for header in headers if header.strip()]
    close = process.extract(wanted, named, scorer=fuzz.WRatio, processor=_loose, limit=3, score_cutoff=60)
    return [header for header, _score, _place in close] or named[:8]
