"""How a file is read, where the first guess was wrong."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from imports.forms.fields import choice_field
from imports.messages.encodings import ENCODINGS, encoding_choices
from imports.models import ImportJob
from imports.pipeline.readers.csv.spaces import SPACES
from imports.pipeline.readers.table import Preview, ReadOptions

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


DELIMITERS = {
    ",": _("Comma ,"),
    ";": _("Semicolon ;"),
    "\t": _("Tab"),
    "|": _("Pipe |"),
    " ": _("One space"),
    SPACES: _("Several spaces, or aligned columns"),
}
NAMED = {"\t": "tab", " ": "space", SPACES: "spaces"}  # blanks do not survive a form
NO_ESCAPE = "none"
ESCAPES = {NO_ESCAPE: _("None"), "\\": _("Backslash \\")}


class ReadingForm(forms.Form):
    """How the file is read, where the first guess was wrong."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    header_row = forms.TypedChoiceField(label=_("Headers are in"), coerce=int)
    encoding = forms.ChoiceField(label=_("Letters (encoding)"), required=False)
    delimiter = forms.ChoiceField(label=_("Cells are separated by"), required=False)
    lists = forms.TypedChoiceField(label=_("Lists side by side"), coerce=int, empty_value=None, required=False)
    escape = forms.ChoiceField(label=_("Escape character"), required=False)

    def __init__(self, preview: Preview, data: QueryDict | None = None, *, before: ReadOptions = ReadOptions()) -> None:
        """`before`: what a person has chosen before."""
        super().__init__(data, initial=_shown(preview))
        self.preview, self._before = preview, before
        choice_field(self, "header_row").choices = _header_choices(preview)
        if preview.kind == "csv":
            del self.fields["sheet"]
            self._offer_text()
        else:
            del self.fields["encoding"], self.fields["delimiter"], self.fields["escape"]
            choice_field(self, "sheet").choices = [
                (sheet.name, sheet.name if sheet.visible else _("%(name)s (hidden)") % {"name": sheet.name})
                for sheet in preview.sheets
            ]
        self._offer_lists(max(len(preview.list_starts), preview.possible_lists))
        for field in self.fields.values():
            field.widget.attrs["data-send-on-change"] = ""

    def _offer_text(self) -> None:
        preview = self.preview
        choice_field(self, "encoding").choices = encoding_choices(preview.encoding, preview.encoding_rivals)
        choice_field(self, "delimiter").choices = [
            (NAMED.get(key, key), name) for key, name in _with_current(DELIMITERS, preview.delimiter)
        ]
        if not preview.escape and self._before.escape is None:
            del self.fields["escape"]
            return
        choice_field(self, "escape").choices = _with_current(ESCAPES, preview.escape)

    def _offer_lists(self, most: int) -> None:
        """Nobody is asked about lists where there can only be one table."""
        if most == 1:
            del self.fields["lists"]
            return
        choice_field(self, "lists").choices = [
            (1, _("none: it is one table")),
            (most, _("%(count)d lists, read one below the other") % {"count": most}),
        ]

    def _chosen(self) -> dict[str, Any]:
        """What the person changed just now."""
        return {
            name: value for name, value in self.cleaned_data.items() if value not in (None, "") and value != self.initial[name]
        }

    def options(self) -> ReadOptions:
        """What the person has chosen, now or before. Another sheet, or cells taken apart in another way, have their own header
        row and lists, which are then found anew; another header row has its own lists."""
        chosen = self._chosen()
        before = self._before
        if {"sheet", "delimiter", "escape"} & set(chosen):
            before = replace(before, header_row=None, lists=None)
        if "header_row" in chosen:
            before = replace(before, lists=None)
        if "delimiter" in chosen:
            chosen["delimiter"] = _delimiter(chosen["delimiter"])
        if "escape" in chosen:
            chosen["escape"] = _escape(chosen["escape"])
        return replace(before, **chosen)


def _shown(preview: Preview) -> dict[str, Any]:
    """The values of the form's fields for a file as it is read now."""
    return {
        "sheet": preview.sheet,
        "header_row": preview.header_row,
        "encoding": preview.encoding,
        "delimiter": NAMED.get(preview.delimiter or "", preview.delimiter),
        "escape": preview.escape or NO_ESCAPE,
        "lists": len(preview.list_starts),
    }


class BlindReadingForm(forms.Form):
    """How a file of text is read of which nothing could be shown: what is not chosen is found out."""

    encoding = forms.ChoiceField(label=_("Letters (encoding)"), required=False)
    delimiter = forms.ChoiceField(label=_("Cells are separated by"), required=False)
    escape = forms.ChoiceField(label=_("Escape character"), required=False)
    header_row = forms.TypedChoiceField(label=_("Headers are in"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        find_out = ("", _("Automatic"))
        choice_field(self, "encoding").choices = [find_out, *ENCODINGS.items()]
        choice_field(self, "delimiter").choices = [find_out, *((NAMED.get(key, key), name) for key, name in DELIMITERS.items())]
        choice_field(self, "escape").choices = [find_out, *ESCAPES.items()]
        rows = [(number, _("row %(number)d") % {"number": number}) for number in range(1, 11)]
        choice_field(self, "header_row").choices = [find_out, *rows, (0, _("there are no headers"))]

    def options(self) -> ReadOptions:
        data = self.cleaned_data
        return ReadOptions(
            data["encoding"] or None, _delimiter(data["delimiter"]), None, data["header_row"], _escape(data["escape"])
        )


def reading_form(job: ImportJob, data: QueryDict | None = None) -> ReadingForm | BlindReadingForm:
    """With what the file showed of itself, if it did."""
    if job.preview is None:
        return BlindReadingForm(data)
    return ReadingForm(job.preview, data, before=ReadOptions.from_json(job.read_options or {}))


def _delimiter(text: str | None) -> str | None:
    return next((delimiter for delimiter, name in NAMED.items() if name == text), text) or None


def _escape(text: str | None) -> str | None:
    return "" if text == NO_ESCAPE else text or None


def _with_current(names: Mapping[str, "StrOrPromise"], current: str | None) -> list[tuple[str, "StrOrPromise"]]:
    known = list(names.items())
    return known if not current or current in names else [(current, current), *known]


def _header_choices(preview: Preview) -> list[tuple[int, "StrOrPromise"]]:
    """The first rows by number and content; 0 says that there are no headers."""
    sheet = next((sheet for sheet in preview.sheets if sheet.name == (preview.sheet or "")), preview.sheets[0])
    rows = [
        (number, " · ".join(cell for cell in cells if cell)[:60])
        for number, cells in zip(sheet.first_numbers or count(1), sheet.first_rows)
    ]
    listed = [(number, _("row %(number)d: %(cells)s") % {"number": number, "cells": text or "–"}) for number, text in rows]
    if preview.header_row not in (0, *(number for number, _cells in rows)):
        listed.append((preview.header_row, _("row %(number)d") % {"number": preview.header_row}))
    return [*listed, (0, _("there are no headers"))]
