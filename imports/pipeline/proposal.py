"""Everything that is chosen for a person about one file, with its grade: the same for the pages, the command and the hunt.

What a person chose is taken as it is. All else is proposed, each choice a `Decision`; one that decides a number or a person
and is not proven must be asked before anything is checked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from imports.pipeline.columns.choices import MappingSuggestion
from imports.pipeline.columns.country_hints import countries_hinted
from imports.pipeline.columns.fields import Field
from imports.pipeline.columns.remembered import RememberedColumn
from imports.pipeline.columns.source import Source, value_of
from imports.pipeline.columns.suggest import suggest_mapping
from imports.pipeline.headers.language import regions_of_headers
from imports.pipeline.phones.normalise import (
    FormatSuggestion,
    PhoneFormat,
    normalise_column,
    suggest_format,
)
from imports.pipeline.readers.table import Preview, ReadOptions

from .consent import is_list_of_noes
from .evidence import Decision, Grade, Reading, Support, decide
from .reasons import Reason
from .recent_results import keep_recent
from .row_regions import known_regions, region_of_cell

# The pages of one file ask for the same proposals again and again.
_suggest_mapping, _suggest_format = keep_recent(suggest_mapping), keep_recent(suggest_format)
ENOUGH = 0.8  # of the numbers that the format of the last such file must make callable


@dataclass(frozen=True)
class Given:
    """What a person chose. A field that is to have no column is None in `columns`."""

    reading: ReadOptions = ReadOptions()
    columns: Mapping[str, Source | None] = field(default_factory=dict)
    phone_format: PhoneFormat | None = None


@dataclass(frozen=True)
class Remembered:
    """What was confirmed for the last file with the same headers: field key → header, and the phone format."""

    mapping: Mapping[str, RememberedColumn | None] = field(default_factory=dict)
    phone_format: PhoneFormat | None = None


@dataclass(frozen=True)
class Proposal:
    """`mapping`: field key → column. `notes`: what a person should know beside the choices."""

    mapping: dict[str, Source]
    phone_format: PhoneFormat
    decisions: list[Decision]
    notes: list[Reason]
    columns: MappingSuggestion
    format: FormatSuggestion

    @property
    def questions(self) -> list[Decision]:
        return [decision for decision in self.decisions if decision.must_be_asked]


def propose(
    preview: Preview,
    fields: Sequence[Field],
    home_region: str,
    remembered: Remembered = Remembered(),
    given: Given = Given(),
) -> Proposal:
    """All choices for a file as `preview` shows it, for an instance at home in `home_region`."""
    columns = propose_columns(preview, fields, home_region, remembered, given)
    suggestion = propose_format(preview, fields, columns.mapping, home_region)
    chosen, decision = decide_format(suggestion, remembered, given, preview, fields, columns.mapping)
    decisions = [*reading_decisions(preview, given.reading), *columns.decisions, decision]
    return Proposal(columns.mapping, chosen, decisions, [*preview.notes, *notes_on_columns(columns)], columns, suggestion)


def propose_columns(
    preview: Preview,
    fields: Sequence[Field],
    home_region: str,
    remembered: Remembered = Remembered(),
    given: Given = Given(),
) -> MappingSuggestion:
    """The columns alone, as in `propose`."""
    rows = [row.cells for row in preview.sample]
    return _suggest_mapping(preview.headers, rows, fields, remembered.mapping, home_region, given.columns)


def notes_on_columns(columns: MappingSuggestion) -> list[Reason]:
    """Columns that were left out although their names promise a field, fields without a column, and a country column."""
    unmapped = [Reason("variable_unmapped", {"field": name}) for name in columns.unmapped]
    countries = [one.why for one in columns.decisions if one.why.code in ("country_column_unused", "column_country")]
    return [*columns.left_out, *countries, *unmapped]


# -- phone format ------------------------------------------------------------------------------------------------------


def propose_format(
    preview: Preview, fields: Sequence[Field], mapping: Mapping[str, Source], home_region: str
) -> FormatSuggestion:
    """How the numbers of the mapped phone column are written, judged by the sample."""
    texts, regions = _phones_and_regions(preview, fields, mapping)
    rows = [row.cells for row in preview.sample]
    spoken_in, hints = regions_of_headers(preview.headers), countries_hinted(preview.headers, rows)
    suggestion = _suggest_format(texts, regions, home_region, spoken_in, hints)
    contacts = _contact_cells(preview, mapping)
    if suggestion.phone_format.kind == "national" or regions or not any(contacts):
        return suggestion
    # Contacts are often `0212 …` beside a `+90 …` to call first.
    together = _suggest_format([*texts, *contacts], None, home_region, spoken_in, hints)
    return together if together.sure and together.phone_format.kind == "national" else suggestion


def phone_cells(
    preview: Preview,
    fields: Sequence[Field],
    mapping: Mapping[str, Source],
) -> tuple[list[str], list[str | None] | None]:
    """The sample's phone cells, and what each row's country cell says (see `region_of_cell`; None: there is no such column)."""
    texts = _cells(preview, mapping.get("phone_number"))
    key = next((field.key for field in fields if field.kind == "country" and field.key in mapping), "")
    return texts, [region_of_cell(text) for text in _cells(preview, mapping[key])] if key else None


def _phones_and_regions(
    preview: Preview, fields: Sequence[Field], mapping: Mapping[str, Source]
) -> tuple[list[str], list[str | None] | None]:
    texts, regions = phone_cells(preview, fields, mapping)
    return texts, regions and known_regions(regions)


def _contact_cells(preview: Preview, mapping: Mapping[str, Source]) -> list[str]:
    contacts = [source for key, source in mapping.items() if key.startswith("secondary_phone_") and not key.endswith("_label")]
    return [text for source in contacts for text in _cells(preview, source)]


def _cells(preview: Preview, source: Source | None) -> list[str]:
    return [] if source is None else [value_of(row.cells, source) for row in preview.sample]


def decide_format(
    suggestion: FormatSuggestion,
    remembered: Remembered,
    given: Given,
    preview: Preview,
    fields: Sequence[Field],
    mapping: Mapping[str, Source],
) -> tuple[PhoneFormat, Decision]:
    """The phone format to use, and its grade: as given now, as confirmed last where that still fits, else as suggested."""
    if given.phone_format:
        return given.phone_format, decide(
            "phone_format", format_name(given.phone_format), Reason("choice_given", {}), {Support.PERSON}
        )
    last = remembered.phone_format
    if last and _still_fits(last, *_phones_and_regions(preview, fields, mapping)):
        return last, decide("phone_format", format_name(last), Reason("format_remembered", {}), {Support.PERSON})
    chosen = suggestion.phone_format
    name = "" if suggestion.grade is Grade.UNKNOWN else format_name(chosen)
    return chosen, Decision("phone_format", name, suggestion.grade, suggestion.evidence, suggestion.instead)


def _still_fits(last: PhoneFormat, texts: Sequence[str], regions: Sequence[str | None] | None) -> bool:
    filled = [place for place, text in enumerate(texts) if text]
    results = normalise_column([texts[place] for place in filled], last, regions and [regions[place] for place in filled])
    return sum(bool(result.e164) for result in results) >= ENOUGH * len(filled)


def format_name(phone_format: PhoneFormat) -> str:
    """`international`, or the region code of a national format."""
    return phone_format.region or phone_format.kind


# -- how the file is read ----------------------------------------------------------------------------------------------


def reading_decisions(preview: Preview, given: ReadOptions) -> list[Decision]:
    """Sheet, header row, lists and encoding."""
    found = [_sheet(preview, given), _header_row(preview, given), _lists(preview, given), _encoding(preview, given)]
    return [decision for decision in found if decision]


def _sheet(preview: Preview, given: ReadOptions) -> Decision | None:
    if not preview.sheet:
        return None
    others = [
        Reading(sheet.name) for sheet in preview.sheets if sheet.visible and sheet.has_numbers and sheet.name != preview.sheet
    ]
    if is_list_of_noes(preview.sheet):
        return _decided(
            "sheet", preview.sheet, Reason("sheet_of_noes", {"sheet": preview.sheet}), given.sheet, [*others, Reading("")]
        )
    return _decided("sheet", preview.sheet, Reason("sheet_chosen", {"sheet": preview.sheet}), given.sheet, others)


def _header_row(preview: Preview, given: ReadOptions) -> Decision:
    doubt = preview.header_doubt
    why = doubt or Reason("header_row_found", {"row": preview.header_row})
    return _decided("header_row", str(preview.header_row), why, given.header_row, [Reading("")] if doubt else [])


def _lists(preview: Preview, given: ReadOptions) -> Decision | None:
    """Whether lists stand side by side, where the sheet may hold several."""
    if preview.possible_lists == 1:
        return None
    count = len(preview.list_starts)
    others = [str(number) for number in (1, preview.possible_lists) if number != count]
    why = preview.lists_doubt or Reason("lists_found", {"count": count})
    return _decided("lists", str(count), why, given.lists, [Reading(other) for other in others] if preview.lists_doubt else [])


def _encoding(preview: Preview, given: ReadOptions) -> Decision | None:
    if not preview.encoding:
        return None
    others = [Reading(name) for name in preview.encoding_rivals]
    return _decided(
        "encoding", preview.encoding, Reason("encoding_found", {"encoding": preview.encoding}), given.encoding, others
    )


def _decided(what: str, chosen: str, why: Reason, given: object, others: Sequence[Reading]) -> Decision:
    if given is not None:
        return decide(what, chosen, Reason("choice_given", {}), {Support.PERSON})
    return decide(what, chosen, why, {Support.CELLS}, others)
