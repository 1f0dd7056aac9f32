"""The product, as the lists meet it: a file goes in; choices, questions and leads come out. All that is known of it stands
here."""

from dataclasses import dataclass, field
from pathlib import Path
from unicodedata import digit

from imports.pipeline.columns.fields import Field, lead_fields
from imports.pipeline.columns.source import Source, columns_of
from imports.pipeline.consent import is_inverted
from imports.pipeline.proposal import Proposal, propose
from imports.pipeline.readers.opening import open_sheet, preview
from imports.pipeline.readers.table import Preview, ReadOptions, UnreadableFile
from imports.pipeline.row_place import place_of
from imports.pipeline.rows import CheckedRow, CheckSettings, check_rows

OWN_DIGITS = 7  # at the end of a number: enough to find the cell it came from
ALSO_CALLED = {"phone_country": "country", "call_consent": "consent"}  # keys of fields where a variable has the plain name


@dataclass(frozen=True)
class Lead:
    """What came of one lead: `phone` is '' unless it is called; `second` are (header, E.164) to call next."""

    phone: str
    reason: str
    second: list[tuple[str, str]]
    variables: dict[str, str]


@dataclass
class Outcome:
    """`refusal` is the code for which the whole file was refused, else ''. `asked` is what a person must confirm, and the
    value preselected; everything else went by itself. `mapping` is field → headers, `leads` are by row number."""

    refusal: str = ""
    sheet: str = ""
    header_row: int = 0
    asked: dict[str, str] = field(default_factory=dict)
    mapping: dict[str, list[str]] = field(default_factory=dict)
    notes: set[str] = field(default_factory=set)
    leads: dict[int, list[Lead]] = field(default_factory=dict)


def take(path: Path, home: str, variables: list[str]) -> Outcome:
    """The file's way through the product where nobody answers: what is preselected is taken."""
    try:
        found = preview(path)
        return _through(path, found, home, variables)
    except UnreadableFile as refusal:
        return Outcome(refusal=refusal.reason.code)


def _through(path: Path, found: Preview, home: str, variables: list[str]) -> Outcome:
    fields = lead_fields(variables)
    proposal = propose(found, fields, home)
    settings = _settings(found, fields, proposal, home)
    options = ReadOptions(found.encoding, found.delimiter, found.sheet, found.header_row, found.escape, len(found.list_starts))
    sheet = open_sheet(path, options)
    outcome = Outcome(sheet=found.sheet or "", header_row=found.header_row)
    outcome.asked = {ALSO_CALLED.get(question.what, question.what): question.chosen for question in proposal.questions}
    outcome.mapping = {ALSO_CALLED.get(key, key): _headers(found, source) for key, source in settings.mapping.items()}
    for row in check_rows(list(sheet.rows()), settings):
        outcome.leads.setdefault(place_of(row.number).row, []).append(_lead(row, found.headers, settings.mapping))
    outcome.notes = {note.code for note in [*proposal.notes, *sheet.notes]}
    return outcome


def _settings(found: Preview, fields: list[Field], proposal: Proposal, home: str) -> CheckSettings:
    used = [field for field in fields if field.required or field.key in proposal.mapping]
    return CheckSettings(
        proposal.mapping, used, proposal.phone_format, _is_consent_inverted(found, fields, proposal), found.letters, home
    )


def _is_consent_inverted(found: Preview, fields: list[Field], proposal: Proposal) -> bool:
    """A "yes" under `Do Not Call` means no to calls."""
    sources = [proposal.mapping[field.key] for field in fields if field.kind == "consent" and field.key in proposal.mapping]
    return any(is_inverted(header) for source in sources for header in _headers(found, source))


def _headers(found: Preview, source: Source) -> list[str]:
    return [found.headers[column] for column in columns_of(source)]


def _lead(row: CheckedRow, headers: list[str], mapping: dict[str, Source]) -> Lead:
    keys = [
        key for key in sorted(mapping, key="phone_number".__eq__) if "phone" in key and not key.endswith(("label", "country"))
    ]
    phones = [mapping[key] for key in keys]
    contacts = [
        (_header_of(contact["phone_number"], row.cells, headers, phones), contact["phone_number"]) for contact in row.secondary
    ]
    called = row.phone if row.state == "pending" else ""
    return Lead(called, row.reason or ("" if called else row.state), contacts, row.variables)


def _header_of(phone: str, cells: list[str], headers: list[str], phones: list[Source]) -> str:
    """The header of the phone column that a contact's number stands in."""
    return next(
        (
            headers[column]
            for source in phones
            for column in columns_of(source)
            if phone[-OWN_DIGITS:] in "".join(str(digit(letter)) for letter in cells[column] if letter.isdigit())
        ),
        "",
    )
