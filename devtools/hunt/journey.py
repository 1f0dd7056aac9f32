"""The one place where the hunt touches the product: a file is imported without database and WhatTalk.

`run` goes as `import_leads` goes when nobody is there to ask; where that would stop and ask, `asked` names the question and
the import goes on with what was preselected. `run_with_answers` repeats it, as a person would who knows the truth.
"""

from dataclasses import dataclass, field
from pathlib import Path

from imports.pipeline.columns.fields import lead_fields
from imports.pipeline.columns.source import Joined, Source, in_words, value_of
from imports.pipeline.consent import consent_of, is_inverted, marks_only_agreement
from imports.pipeline.phones.normalise import INTERNATIONAL, PhoneFormat
from imports.pipeline.proposal import Given, Proposal, propose
from imports.pipeline.readers.opening import open_sheet, preview
from imports.pipeline.readers.table import Preview, ReadOptions, UnreadableFile
from imports.pipeline.reasons import Reason
from imports.pipeline.row_place import place_of
from imports.pipeline.rows import CheckedRow, CheckSettings, check_rows

from .truth import Answers

# Notes that tell a person of people who are left out, by the choice that leaves them out.
SAYS_OF_OTHERS = {
    "other_sheets_with_numbers": "sheet",
    "hidden_sheets_with_numbers": "sheet",
    "another_table_below": "lists",
    "sheets_of_noes": "sheet",
}


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
    """`refused`: why the whole file is not read, '' if it is. `asked`: the choices that a person must make. `announced`:
    the choices (`sheet`, `lists`) that leave people out, as the import said itself. `choices` and `notes` are there to be read by
    people."""

    refused: str = ""
    asked: list[str] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    bad_rows: list[Refused] = field(default_factory=list)
    announced: set[str] = field(default_factory=set)
    choices: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def run(path: Path, home: str, variables: tuple[str, ...]) -> Outcome:
    return _go(path, home, variables, [], Answers())


def run_with_answers(path: Path, home: str, variables: tuple[str, ...], asked: list[str], answers: Answers) -> Outcome:
    """Only what was asked is answered; the rest stays as the import chose it."""
    return _go(path, home, variables, asked, answers)


def _go(path: Path, home: str, variables: tuple[str, ...], answered: list[str], answers: Answers) -> Outcome:
    try:
        reading = _read_options(answered, answers)
        found, fields = preview(path, reading), lead_fields(variables)
        proposal = propose(found, fields, home)
        given = Given(reading, _columns(found, proposal, answered, answers), _phone_format(answered, answers))
        proposal = propose(found, fields, home, given=given)
        used = [each for each in fields if each.required or each.key in proposal.mapping]
        settings = CheckSettings(
            proposal.mapping,
            used,
            proposal.phone_format,
            _is_inverted(found, proposal.mapping),
            found.letters,
            home,
            _is_by_marks(found, proposal.mapping),
        )
        return _checked(path, found, settings, proposal)
    except UnreadableFile as refusal:
        return Outcome(refused=refusal.reason.code)


def _read_options(answered: list[str], answers: Answers) -> ReadOptions:
    return ReadOptions(
        sheet=answers.sheet if "sheet" in answered else None,
        header_row=answers.header_row if "header_row" in answered else None,
        lists=len(answers.list_starts) if "lists" in answered else None,
    )


def _columns(found: Preview, proposal: Proposal, answered: list[str], answers: Answers) -> dict[str, Source | None]:
    """What a person says of the columns that were asked about; nothing where the true column is not on the sheet read."""
    if answers.phone >= len(found.headers):
        return {}
    phone = answers.phone if answers.area_code is None else Joined((answers.area_code, answers.phone), "")
    country = answers.dialing_code if answers.country is None else answers.country
    truth = {"phone_number": phone, "country": country, "consent": answers.consent, "phone_label": answers.label}
    given = {key: truth[key] for key in answered if key in truth}
    if "consent" in given and answers.consent is not None and consent_of(answers.no, inverted=False):
        given = given | {"consent": None, "do_not_call": answers.consent}  # a yes under this header means no to calls
    contacts = [key for key in answered if key.startswith("secondary_phone_") and not key.endswith("_label")]
    return given | {key: _further(proposal.mapping.get(key), answers) for key in contacts}


def _further(source: Source | None, answers: Answers) -> Source | None:
    return source if source in answers.further else None


def _phone_format(answered: list[str], answers: Answers) -> PhoneFormat | None:
    if "phone_format" not in answered:
        return None
    return PhoneFormat("national", answers.region) if answers.region else INTERNATIONAL


def _is_inverted(found: Preview, mapping: dict[str, Source]) -> bool:
    return "do_not_call" in mapping or "consent" in mapping and is_inverted(in_words(mapping["consent"], found.headers))


def _is_by_marks(found: Preview, mapping: dict[str, Source]) -> bool:
    width, source = len(found.headers), mapping.get("consent")
    return source is not None and marks_only_agreement([value_of([*row.cells, *[""] * width], source) for row in found.sample])


def _checked(path: Path, found: Preview, settings: CheckSettings, proposal: Proposal) -> Outcome:
    options = ReadOptions(
        found.encoding,
        found.delimiter,
        found.sheet or None,
        found.header_row,
        found.escape,
        len(found.list_starts),
    )
    sheet = open_sheet(path, options)
    rows = check_rows(list(sheet.rows()), settings)
    notes = [*proposal.notes, *sheet.notes]
    return Outcome(
        asked=[decision.what for decision in proposal.questions],
        leads=[_lead(found.sheet or "", row) for row in rows if row.state == "pending"],
        bad_rows=[Refused(found.sheet or "", place_of(row.number).row, row.reason) for row in rows if row.state != "pending"],
        announced=_announced(notes),
        notes=sorted({note.code for note in notes}),
        choices=_choices(found, settings),
    )


def _lead(sheet: str, row: CheckedRow) -> Lead:
    place = place_of(row.number)
    return Lead(sheet, place.row, row.phone, row.variables, [contact["phone_number"] for contact in row.secondary])


def _announced(notes: list[Reason]) -> set[str]:
    return {SAYS_OF_OTHERS[note.code] for note in notes if note.code in SAYS_OF_OTHERS}


def _choices(found: Preview, settings: CheckSettings) -> dict[str, str]:
    named = {key: in_words(source, found.headers) for key, source in settings.mapping.items()}
    return named | {
        "header_row": str(found.header_row),
        "phone_format": settings.phone_format.region or "international",
        "lists": str(len(found.list_starts)),
    }
