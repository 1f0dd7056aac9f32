"""What people say about an import."""

import uuid
from dataclasses import replace
from itertools import count

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaigns.labels import campaign_status
from campaigns.models import Campaign
from imports.messages.encodings import ENCODINGS, encoding_choices
from imports.models import ImportJob
from imports.pipeline.phones.normalise import PhoneFormat, countries
from imports.pipeline.readers.csv.spaces import SPACES
from imports.pipeline.readers.table import Preview, ReadOptions

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
CONFIRM_FORMAT = "confirm-phone_format"
ACCEPTED = ".csv,.xlsx,.xls,.xlsm,.xlsb,.ods,.fods,.tsv,.txt,.htm,.html,.mht,.xml"


class CampaignChoice(forms.ModelChoiceField):
    def label_from_instance(self, campaign) -> str:
        return f"{campaign.name} ({campaign_status(campaign)[0]})"


class UploadForm(forms.Form):
    """A spreadsheet, as a file or as pasted cells, and where it goes."""

    campaign = CampaignChoice(
        Campaign.objects.none(),
        label=_("Campaign"),
        empty_label=_("Choose a campaign"),
        error_messages={"required": _("Choose the campaign that is to call these people.")},
    )
    file = forms.FileField(label=_("Spreadsheet"), required=False, allow_empty_file=True)
    pasted = forms.CharField(
        label=_("Cells of your spreadsheet"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("Copy them in your spreadsheet, headers included, and paste them here."),
    )
    form_token = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=lambda: uuid.uuid4().hex)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = Campaign.objects.filter(missing_since=None).order_by("-id")
        self.fields["file"].widget.attrs["accept"] = ACCEPTED

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("file") and not (cleaned.get("pasted") or "").strip():
            self.add_error("file", _("Choose a spreadsheet, or paste cells below."))
        return cleaned


class ReadingForm(forms.Form):
    """How the file is read, where the first guess was wrong."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    header_row = forms.TypedChoiceField(label=_("Headers are in"), coerce=int)
    encoding = forms.ChoiceField(label=_("Letters (encoding)"), required=False)
    delimiter = forms.ChoiceField(label=_("Cells are separated by"), required=False)
    lists = forms.TypedChoiceField(label=_("Lists side by side"), coerce=int, empty_value=None, required=False)
    escape = forms.ChoiceField(label=_("Escape character"), required=False)

    def __init__(self, preview: Preview, *args, said: ReadOptions = ReadOptions(), **kwargs):
        """`said`: what a person has chosen before."""
        super().__init__(*args, initial=_shown(preview), **kwargs)
        self.preview, self._said = preview, said
        self.fields["header_row"].choices = _header_choices(preview)
        if preview.kind == "csv":
            del self.fields["sheet"]
            self._offer_text()
        else:
            del self.fields["encoding"], self.fields["delimiter"], self.fields["escape"]
            self.fields["sheet"].choices = [
                (sheet.name, sheet.name if sheet.visible else _("%(name)s (hidden)") % {"name": sheet.name})
                for sheet in preview.sheets
            ]
        self._offer_lists(max(len(preview.list_starts), preview.possible_lists))
        for field in self.fields.values():
            field.widget.attrs["data-send-on-change"] = ""

    def _offer_text(self) -> None:
        preview = self.preview
        self.fields["encoding"].choices = encoding_choices(preview.encoding, preview.encoding_rivals)
        self.fields["delimiter"].choices = [
            (NAMED.get(key, key), name) for key, name in _with_current(DELIMITERS, preview.delimiter)
        ]
        if not preview.escape and self._said.escape is None:
            del self.fields["escape"]
            return
        self.fields["escape"].choices = _with_current(ESCAPES, preview.escape)

    def _offer_lists(self, most: int) -> None:
        """Nobody is asked about lists where there can only be one table."""
        if most == 1:
            del self.fields["lists"]
            return
        self.fields["lists"].choices = [
            (1, _("none: it is one table")),
            (most, _("%(count)d lists, read one below the other") % {"count": most}),
        ]

    def _chosen(self) -> dict:
        """What the person changed just now."""
        return {
            name: value for name, value in self.cleaned_data.items() if value not in (None, "") and value != self.initial[name]
        }

    def options(self) -> ReadOptions:
        """What the person has chosen, now or before. Another sheet, or cells taken apart in another way, have their own header
        row and lists, which are then found anew; another header row has its own lists."""
        chosen = self._chosen()
        said = self._said
        if {"sheet", "delimiter", "escape"} & set(chosen):
            said = replace(said, header_row=None, lists=None)
        if "header_row" in chosen:
            said = replace(said, lists=None)
        if "delimiter" in chosen:
            chosen["delimiter"] = _delimiter(chosen["delimiter"])
        if "escape" in chosen:
            chosen["escape"] = _escape(chosen["escape"])
        return replace(said, **chosen)


def _shown(preview: Preview) -> dict:
    """The values of the form's fields for a file as it is read now."""
    return {
        "sheet": preview.sheet,
        "header_row": preview.header_row,
        "encoding": preview.encoding,
        "delimiter": NAMED.get(preview.delimiter, preview.delimiter),
        "escape": preview.escape or NO_ESCAPE,
        "lists": len(preview.list_starts),
    }


class BlindReadingForm(forms.Form):
    """How a file of text is read of which nothing could be shown: what is not chosen is found out."""

    encoding = forms.ChoiceField(label=_("Letters (encoding)"), required=False)
    delimiter = forms.ChoiceField(label=_("Cells are separated by"), required=False)
    escape = forms.ChoiceField(label=_("Escape character"), required=False)
    header_row = forms.TypedChoiceField(label=_("Headers are in"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        find_out = ("", _("Automatic"))
        self.fields["encoding"].choices = [find_out, *ENCODINGS.items()]
        self.fields["delimiter"].choices = [find_out, *((NAMED.get(key, key), name) for key, name in DELIMITERS.items())]
        self.fields["escape"].choices = [find_out, *ESCAPES.items()]
        rows = [(number, _("row %(number)d") % {"number": number}) for number in range(1, 11)]
        self.fields["header_row"].choices = [find_out, *rows, (0, _("there are no headers"))]

    def options(self) -> ReadOptions:
        said = self.cleaned_data
        return ReadOptions(
            said["encoding"] or None, _delimiter(said["delimiter"]), None, said["header_row"], _escape(said["escape"])
        )


def reading_form(job: ImportJob, data=None) -> ReadingForm | BlindReadingForm:
    """With what the file showed of itself, if it did."""
    if not job.preview:
        return BlindReadingForm(data)
    return ReadingForm(Preview.from_json(job.preview), data, said=ReadOptions.from_json(job.read_options or {}))


def _delimiter(text: str | None) -> str | None:
    return next((delimiter for delimiter, name in NAMED.items() if name == text), text) or None


def _escape(text: str | None) -> str | None:
    return "" if text == NO_ESCAPE else text or None


def _with_current(names: dict, current: str | None) -> list[tuple[str, str]]:
    known = list(names.items())
    return known if not current or current in names else [(current, current), *known]


def _header_choices(preview: Preview) -> list[tuple[int, str]]:
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


class PhoneFormatForm(forms.Form):
    """How phone numbers are written in the file."""

    kind = forms.ChoiceField(
        label=_("How are the numbers written?"),
        widget=forms.RadioSelect,
        choices=[("international", _("With their country")), ("national", _("As dialled inside one country"))],
        error_messages={"required": _("Choose how the numbers are written.")},
    )
    region = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args, is_open=lambda phone_format, is_confirmed: False, **kwargs):
        """`is_open(phone_format, is_confirmed)`: whether this format must still be confirmed."""
        super().__init__(*args, **kwargs)
        self._is_open = is_open
        self.fields[CONFIRM_FORMAT] = forms.BooleanField(required=False, label=_("Phone format"))
        self.fields["region"].choices = [
            ("", _("Choose a country")),
            *((region, f"{name} (+{code})") for region, name, code in countries(get_language() or "en")),
        ]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == "national" and not cleaned.get("region"):
            self.add_error("region", _("Choose the country whose numbers these are."))
        if not self.errors and self._is_open(self.phone_format, cleaned[CONFIRM_FORMAT]):
            self.add_error(CONFIRM_FORMAT, _("Confirm how the numbers are written, or choose something else."))
        return cleaned

    @property
    def confirmation(self) -> forms.BoundField:
        return self[CONFIRM_FORMAT]

    @property
    def phone_format(self) -> PhoneFormat | None:
        """As chosen; None where nothing complete is."""
        kind, region = self.cleaned_data.get("kind"), self.cleaned_data.get("region")
        if kind == "international":
            return PhoneFormat(kind)
        return PhoneFormat(kind, region) if kind and region else None


class SendForm(forms.Form):
    """The last word before leads go out. On a running campaign, how many go first must be said."""

    FIRST = 20
    how = forms.ChoiceField(label=_("How many now?"), choices=[("first", ""), ("all", "")], required=False)
    allow_duplicates = forms.BooleanField(label=_("Send duplicates too"), required=False)
    sure_of_duplicates = forms.BooleanField(label=_("I know that the same person may be called more than once"), required=False)

    def __init__(self, *args, is_running: bool, may_allow: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_running = is_running
        if not may_allow:
            del self.fields["allow_duplicates"], self.fields["sure_of_duplicates"]

    def clean(self):
        cleaned = super().clean()
        if self.is_running and not cleaned.get("how"):
            self.add_error("how", _("The campaign is calling. Choose whether to send a few leads first or all of them."))
        if cleaned.get("allow_duplicates") and not cleaned.get("sure_of_duplicates"):
            self.add_error("sure_of_duplicates", _("Confirm this, or do not send duplicates."))
        return cleaned

    @property
    def first(self) -> int | None:
        return self.FIRST if self.cleaned_data.get("how") == "first" else None


class WorkbookForm(forms.Form):
    """The "fix in Excel" workbook, given back."""

    workbook = forms.FileField(
        label=_("Corrected workbook"), error_messages={"required": _("Choose the corrected workbook first.")}
    )

    def clean_workbook(self):
        file = self.cleaned_data["workbook"]
        if file.size > settings.MAX_UPLOAD_BYTES:
            raise forms.ValidationError(_("This file is too large to be the workbook of this import."))
        return file


class DoNotCallForm(forms.Form):
    """Numbers that must not be called, typed, pasted or in a spreadsheet; for all campaigns or for one."""

    numbers = forms.CharField(
        label=_("Numbers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("One a line. Numbers without a country are taken as those of the house's own country."),
    )
    file = forms.FileField(
        label=_("Or a spreadsheet"),
        required=False,
        help_text=_("The numbers of all its phone columns are added."),
    )
    campaign = CampaignChoice(
        Campaign.objects.none(), label=_("Must not be called in"), required=False, empty_label=_("all campaigns")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200, help_text=_("Who asked for it, or why."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = Campaign.objects.order_by("-id")
        self.fields["file"].widget.attrs["accept"] = ACCEPTED

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("file") and not cleaned.get("numbers") and not self.errors:
            self.add_error("numbers", _("Enter a number, or choose a spreadsheet."))
        return cleaned
