"""The product, as the lists meet it: a file goes in; choices, questions and leads come out. All that is known of it stands here."""
from dataclasses import dataclass, field
from pathlib import Path

from imports.pipeline.column_source import columns_of
from imports.pipeline.columns import MappingSuggestion, lead_fields, suggest_mapping
from imports.pipeline.header_language import regions_of_headers
from imports.pipeline.phones import INTERNATIONAL, FormatSuggestion, PhoneFormat, region_of_country, suggest_format
from imports.pipeline.rows import CheckedRow, CheckSettings, check_rows
from imports.pipeline.sheets import Preview, ReadOptions, UnreadableFile, open_sheet, preview


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
    value preselected; everything else went by itself. `mapping` is field → headers."""

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
    suggestion = suggest_mapping(found.headers, [row.cells for row in found.sample], fields, likely_region=home)
    mapping = suggestion.mapping
    numbers = _format(found, mapping, home)
    settings = CheckSettings(mapping, [field for field in fields if field.key in mapping or field.required], numbers.phone_format)
    sheet = open_sheet(path, ReadOptions(found.encoding, found.delimiter, found.sheet, found.header_row))
    outcome = Outcome(sheet=found.sheet or "", header_row=found.header_row)
    outcome.asked = _asked(found, suggestion, numbers)
    outcome.mapping = {key: [found.headers[column] for column in columns_of(source)] for key, source in mapping.items()}
    for row in check_rows(list(sheet.rows()), settings):
        outcome.leads.setdefault(row.number, []).append(_lead(row, found.headers, mapping))
    outcome.notes = {note.code for note in [*found.notes, *sheet.notes]}
    return outcome


def _format(found: Preview, mapping: dict[str, int], home: str) -> FormatSuggestion:
    """As `imports.fields.suggest_phone_format`, for an instance at home in `home`."""
    cells = {key: [row.cells[column] for row in found.sample] for key, column in mapping.items()}
    country = next((key for key in ("country", "phone_country") if key in mapping), None)
    regions = [region_of_country(text) for text in cells[country]] if country else None
    known = {"likely_region": home, "spoken_in": regions_of_headers(found.headers)}
    texts = cells.get("phone_number", [])
    suggestion = suggest_format(texts, regions, **known)
    contacts = [text for key in cells if key.startswith("secondary_phone_") for text in cells[key]]
    if suggestion.phone_format != INTERNATIONAL or regions or not any(contacts):
        return suggestion
    together = suggest_format([*texts, *contacts], **known)
    return together if together.sure and together.phone_format.kind == "national" else suggestion


def _asked(found: Preview, suggestion: MappingSuggestion, numbers: FormatSuggestion) -> dict[str, str]:
    """Where the command stops and asks (`imports.foreground`)."""
    asked = {}
    if not suggestion.sure:
        column = suggestion.mapping.get("phone_number")
        asked["phone_number"] = "" if column is None else found.headers[column]
    if numbers.evidence.code == "format_unclear":
        asked["phone_format"] = _named(numbers.phone_format)
    return asked


def _named(phone_format: PhoneFormat) -> str:
    return phone_format.region or phone_format.kind


def _lead(row: CheckedRow, headers: list[str], mapping: dict[str, int]) -> Lead:
    second = {key: column for key, column in mapping.items() if key.startswith("secondary_phone_")}
    contacts = [(_header_of(contact["phone_number"], row.cells, headers, second), contact["phone_number"]) for contact in row.secondary]
    called = row.phone if row.state == "pending" else ""
    return Lead(called, row.reason or ("" if called else row.state), contacts, row.variables)


def _header_of(phone: str, cells: list[str], headers: list[str], columns: dict[str, int]) -> str:
    """The header of the column that a secondary contact's number stands in."""
    return next((headers[column] for column in columns.values()
                 if phone[-4:] in "".join(filter(str.isdigit, cells[column]))), "")
