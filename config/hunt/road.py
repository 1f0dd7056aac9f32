"""The one place where the hunt touches the product: a file goes the road of an import, dry, without database or WhatTalk.

`run` goes as `import_leads` goes when nobody is there to ask; where that would stop and ask, `asked` names the question and
the road goes on with what was preselected. `run_with_answers` goes it again, as a person would who knows the truth.
"""
from dataclasses import dataclass, field
from pathlib import Path

from imports.pipeline.column_source import columns_of
from imports.pipeline.columns import Field, lead_fields, suggest_mapping
from imports.pipeline.header_language import regions_of_headers
from imports.pipeline.phones import INTERNATIONAL, PhoneFormat, region_of_country, suggest_format
from imports.pipeline.reasons import Reason
from imports.pipeline.rows import CheckedRow, CheckSettings, check_rows
from imports.pipeline.sheets import Preview, ReadOptions, UnreadableFile, open_sheet, preview

from .truth import Answers

# Notes that tell a person of people who are left out, by the choice that leaves them out.
SAYS_OF_OTHERS = {"other_sheets": "sheet", "sheets_with_leads": "sheet", "lists_beside": "lists", "lists_below": "lists"}


@dataclass(frozen=True)
class Lead:
    """What would be sent for one row."""

    sheet: str
    row: int
    phone: str
    values: dict[str, str]
    secondary: list[str]


@dataclass(frozen=True)
class Refused:
    """A row that is named and not sent, with the code of the reason."""

    sheet: str
    row: int
    reason: str


@dataclass
class Outcome:
    """`refused`: why the whole file is not read, '' if it is. `asked`: the choices that a person must make. `said`: the choices
    (`sheet`, `lists`) of which the road told that they leave people out. `choices` and `notes` are there to be read by people."""

    refused: str = ""
    asked: list[str] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    bad_rows: list[Refused] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    choices: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def run(path: Path, home: str, variables: tuple[str, ...]) -> Outcome:
    return _go(path, home, variables, [], Answers())


def run_with_answers(path: Path, home: str, variables: tuple[str, ...], asked: list[str], answers: Answers) -> Outcome:
    """Only what was asked is answered; the rest stays as the road chose it."""
    return _go(path, home, variables, asked, answers)


def _go(path: Path, home: str, variables: tuple[str, ...], answered: list[str], answers: Answers) -> Outcome:
    try:
        found = preview(path, _read_options(answered, answers))
        fields, sample = lead_fields(variables), [row.cells for row in found.sample]
        suggestion = suggest_mapping(found.headers, sample, fields, None, home)
        if any(doubt.code == "area_code_apart" for doubt in suggestion.doubts):
            return Outcome(refused="area_code_apart")  # there is no way yet to answer that
        is_there = answers.phone < len(found.headers)  # on another sheet the true column may not exist
        mapping = _mapping(suggestion.mapping, answered if is_there else [], answers)
        phone_format, is_unclear = _phone_format(found, fields, mapping, home)
        if "phone_format" in answered:
            phone_format = PhoneFormat("national", answers.region) if answers.region else INTERNATIONAL
        asked = [*([] if suggestion.sure else ["phone_number"]), *(["phone_format"] if is_unclear else [])]
        used = [each for each in fields if each.required or each.key in mapping]
        return _checked(path, found, CheckSettings(mapping, used, phone_format), asked)
    except UnreadableFile as refusal:
        return Outcome(refused=refusal.reason.code)


def _read_options(answered: list[str], answers: Answers) -> ReadOptions:
    return ReadOptions(
        sheet=answers.sheet if "sheet" in answered else None,
        header_row=answers.header_row if "header_row" in answered else None,
        lists=1 if "lists" in answered and len(answers.list_starts) == 1 else None,
    )


def _mapping(suggested: dict[str, int], answered: list[str], answers: Answers) -> dict[str, int]:
    chosen = {"phone_number": answers.phone} if "phone_number" in answered else {}
    refused = {key for key in answered if key.startswith("secondary_phone_") and suggested.get(key) not in answers.further}
    return {key: source for key, source in suggested.items()
            if key not in refused and not set(columns_of(source)) & set(chosen.values())} | chosen


def _phone_format(found: Preview, fields: list[Field], mapping: dict[str, int], home: str) -> tuple[PhoneFormat, bool]:
    """The format, and whether the command stops because of it."""
    if "phone_number" not in mapping:
        return INTERNATIONAL, False
    country = next((mapping[each.key] for each in fields if each.kind == "country" and each.key in mapping), None)
    regions = None if country is None else [region_of_country(text) for text in _cells(found, country)]
    known = {"likely_region": home, "spoken_in": regions_of_headers(found.headers)}
    texts = _cells(found, mapping["phone_number"])
    suggestion = suggest_format(texts, regions, **known)
    contacts = [text for key, column in mapping.items() if key.startswith("secondary_phone_") for text in _cells(found, column)]
    if suggestion.phone_format == INTERNATIONAL and not regions and any(contacts):
        together = suggest_format([*texts, *contacts], **known)
        suggestion = together if together.sure and together.phone_format.kind == "national" else suggestion
    return suggestion.phone_format, suggestion.evidence.code == "format_unclear"


def _cells(found: Preview, column: int) -> list[str]:
    return [row.cells[column] if column < len(row.cells) else "" for row in found.sample]


def _checked(path: Path, found: Preview, settings: CheckSettings, asked: list[str]) -> Outcome:
    options = ReadOptions(found.encoding, found.delimiter, found.sheet or None, found.header_row, found.escape)
    sheet = open_sheet(path, options)
    rows = check_rows(list(sheet.rows()), settings)
    notes = [*found.notes, *sheet.notes]
    return Outcome(
        asked=asked, leads=[_lead(found.sheet or "", row) for row in rows if row.state == "pending"],
        bad_rows=[Refused(found.sheet or "", row.number, row.reason) for row in rows if row.state != "pending"],
        said=_said(notes), notes=sorted({note.code for note in notes}), choices=_choices(found, settings),
    )


def _lead(sheet: str, row: CheckedRow) -> Lead:
    return Lead(sheet, row.number, row.phone, row.variables, [contact["phone_number"] for contact in row.secondary])


def _said(notes: list[Reason]) -> set[str]:
    return {SAYS_OF_OTHERS[note.code] for note in notes if note.code in SAYS_OF_OTHERS}


def _choices(found: Preview, settings: CheckSettings) -> dict[str, str]:
    named = {key: ", ".join(found.headers[column] for column in columns_of(source)) for key, source in settings.mapping.items()}
    return named | {"header_row": str(found.header_row), "phone_format": settings.phone_format.region or "international"}
