"""A row of a spreadsheet → a lead that can be sent, or the reason why not.

`check_rows` works on a batch, column by column, because phones are normalised much faster that way;
`check_row` is the same code for the one row a person has just corrected.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import chain, repeat
from typing import NamedTuple

from imports.pipeline.columns.fields import Field
from imports.pipeline.columns.source import Source, columns_used, mapping_from_json, mapping_to_json, value_of
from imports.pipeline.phones.normalise import PhoneFormat, PhoneResult
from imports.pipeline.readers.table import BadRow, Json, LetterRepairs, Row

from .consent import consent_of, has_no_answer, said_in_cells
from .contacts import Contact, Numbers, numbers_of
from .reasons import JsonReason, Params, Reason
from .row_regions import normalise_rows, region_of_cell
from .row_values import ContactJson, Placed, column_texts, repair_leads, values_of_rows

# WhatTalk names no limit. A voice assistant reads a value aloud: five thousand characters are ten
# minutes of speech, so a longer one is a slipped quote or a pasted document, not a value.
LONGEST_VALUE = 5_000


@dataclass(frozen=True)
class CheckSettings:
    """What a person decided about a file: `mapping` is field key → column index (0-based), or columns joined;
    `fields` are those mapped, and those required whether mapped or not. `consent_inverted`: a "yes" in the column of
    consent means no to calls (`Do Not Call`). `consent_by_marks`: an empty cell there is no agreement. `letters`: how damaged letters are repaired.
    `home_region`: the instance's home country."""

    mapping: dict[str, Source]
    fields: list[Field]
    phone_format: PhoneFormat
    consent_inverted: bool = False
    letters: LetterRepairs | None = None
    home_region: str = ""
    consent_by_marks: bool = False

    def to_json(self) -> Json:
        return {
            "mapping": mapping_to_json(self.mapping),
            "fields": [asdict(field) for field in self.fields],
            "phone_format": asdict(self.phone_format),
            "consent_inverted": self.consent_inverted,
            "letters": self.letters,
            "home_region": self.home_region,
            "consent_by_marks": self.consent_by_marks,
        }

    @classmethod
    def from_json(cls, data: Json) -> "CheckSettings":
        return cls(
            mapping=mapping_from_json(data["mapping"]),
            fields=[Field(**field) for field in data["fields"]],
            phone_format=PhoneFormat(**data["phone_format"]),
            consent_inverted=data.get("consent_inverted", False),
            letters=data.get("letters"),
            home_region=data.get("home_region", ""),
            consent_by_marks=data.get("consent_by_marks", False),
        )

    def normalise(self, texts: Sequence[str], regions: Sequence[str | None] | None) -> list[PhoneResult]:
        """Phone cells read in the format that the person chose; `regions` are those of the rows."""
        return normalise_rows(texts, self.phone_format, regions, self.home_region or None)

    @cached_property
    def plan(self) -> "Plan":
        return Plan.of(self)


NO_REASON = Reason("", {})


class CheckedRow(NamedTuple):
    """One row, checked. `state` is 'pending' (can be sent), or 'invalid' or 'no_consent' with a `reason` code of REASONS.

    `phone` is E.164, '' when it is not valid. `warnings` are `[code, params]` that cost the row nothing
    but a secondary contact or a value. `secondary` holds at most ten `{'phone_number', 'variables'}` in
    calling order. `cells` are the spreadsheet's own.
    """

    number: int
    state: str
    phone: str
    reason: str
    reason_params: Params
    repairs: list[str]
    warnings: list[JsonReason]
    variables: dict[str, str]
    secondary: list[ContactJson]
    cells: list[str]


class Plan(NamedTuple):
    """Settings turned into the places of values; None is "not mapped"."""

    phone: Source | None
    country: Source | None
    consent: Source | None
    label: Source | None
    variables: Placed
    required: list[str]
    contacts: list[Contact]
    width: int

    @classmethod
    def of(cls, settings: CheckSettings) -> "Plan":
        mapping, fields = settings.mapping, settings.fields
        return cls(
            phone=_place(fields, mapping, "phone"),
            country=_place(fields, mapping, "country"),
            consent=_place(fields, mapping, "consent"),
            label=_place(fields, mapping, "phone_label"),
            variables=_placed(fields, mapping, "variable", 0),
            required=[f.variable for f in fields if f.kind == "variable" and f.required],
            contacts=[
                Contact(
                    f.position,
                    mapping[f.key],
                    _place(fields, mapping, "phone_label", f.position),
                    _placed(fields, mapping, "secondary_variable", f.position),
                )
                for f in sorted(fields, key=lambda f: f.position)
                if f.kind == "secondary_phone" and f.key in mapping
            ],
            width=1 + max(columns_used(mapping.values()), default=-1),
        )


def _place(fields: Iterable[Field], mapping: dict[str, Source], kind: str, position: int = 0) -> Source | None:
    return next((mapping[f.key] for f in fields if f.kind == kind and f.position == position and f.key in mapping), None)


def _placed(fields: Iterable[Field], mapping: dict[str, Source], kind: str, position: int) -> Placed:
    return [(f.variable, mapping[f.key]) for f in fields if f.kind == kind and f.position == position and f.key in mapping]


def check_row(row: Row | BadRow, settings: CheckSettings) -> CheckedRow:
    """As `check_rows`, for one row."""
    return check_rows([row], settings)[0]


def check_rows(rows: Sequence[Row | BadRow], settings: CheckSettings) -> list[CheckedRow]:
    """Every row of `rows`, in their order, each in exactly one state. Rows the reader rejected keep its reason."""
    readable = [row for row in rows if not isinstance(row, BadRow)]
    checked = _check_readable(readable, settings)
    if len(readable) == len(rows):
        return checked
    rest = iter(checked)
    return [_rejected(row) if isinstance(row, BadRow) else next(rest) for row in rows]


def _rejected(row: BadRow) -> CheckedRow:
    return CheckedRow(row.number, "invalid", "", row.reason.code, row.reason.params, [], [], {}, [], row.cells)


def _check_readable(rows: list[Row], settings: CheckSettings) -> list[CheckedRow]:
    plan = settings.plan
    table = _padded([row.cells for row in rows], plan.width)
    warnings: list[list[JsonReason]] = [[] for _ in rows]
    regions = _row_regions(table, plan)
    phones = settings.normalise(column_texts(table, plan.phone), regions)
    values = values_of_rows(table, plan.variables, warnings)
    labels = None if plan.label is None else column_texts(table, plan.label)
    numbers = numbers_of(table, phones, labels, plan.contacts, settings.normalise, regions, warnings)
    if settings.letters is not None:
        repair_leads(values, [one.contacts for one in numbers], warnings, settings.letters)
    checked = _to_be_sent(rows, numbers, values, warnings)
    consents = _consents(table, plan, settings) | _said_in_cells(table, plan)
    for place in _looked_at(numbers, values, consents, plan):
        checked[place] = _judged(checked[place], numbers[place].primary, consents.get(place), plan)
    return checked


def _to_be_sent(
    rows: Sequence[Row], numbers: Sequence[Numbers], values: Sequence[dict[str, str]], warnings: Sequence[list[JsonReason]]
) -> list[CheckedRow]:
    """Every row as one that can be sent, without a call of Python code for each."""
    if not rows:
        return []
    row_numbers, cells = zip(*rows)
    primaries, contacts = zip(*numbers)
    phones, repairs, _reasons = zip(*primaries)
    columns = (row_numbers, repeat("pending"), phones, repeat(NO_REASON.code), repeat(NO_REASON.params), map(list, repairs))
    return list(map(tuple.__new__, repeat(CheckedRow), zip(*columns, warnings, values, contacts, cells)))


def _looked_at(
    numbers: Sequence[Numbers], values: Sequence[dict[str, str]], consents: Mapping[int, Reason], plan: Plan
) -> list[int]:
    """The places of rows that something may keep from being sent; nothing does the others."""
    found = set(consents)
    found.update(place for place, one in enumerate(numbers) if one.primary.reason is not None)
    for name in plan.required:
        found.update(place for place, own in enumerate(values) if name not in own)
    if max(map(len, chain.from_iterable(map(dict.values, values))), default=0) > LONGEST_VALUE:
        found.update(place for place, own in enumerate(values) if max(map(len, own.values()), default=0) > LONGEST_VALUE)
    return sorted(found)


def _judged(row: CheckedRow, phone: PhoneResult, consent: Reason | None, plan: Plan) -> CheckedRow:
    if consent is not None and consent.code == "no_consent":
        return row._replace(state="no_consent", reason=consent.code, reason_params=consent.params)
    problems = _problems(row.cells, phone, row.variables, plan)
    if consent is not None and consent.code == "consent_missing":
        row.warnings.append([consent.code, consent.params])
    elif consent is not None:
        problems.append(consent)
    if not problems:
        return row
    reason, *others = problems
    row.warnings.extend([other.code, other.params] for other in others)
    return row._replace(state="invalid", reason=reason.code, reason_params=reason.params)


def own_numbers(rows: Sequence[Row], settings: CheckSettings) -> list[str]:
    """Of each row the number in its own phone cell, in E.164; '' where that cannot be called."""
    plan = settings.plan
    table = _padded([row.cells for row in rows], plan.width)
    regions = _row_regions(table, plan)
    return [result.e164 for result in settings.normalise(column_texts(table, plan.phone), regions)]


def _padded(table: list[list[str]], width: int) -> list[list[str]]:
    return [cells if len(cells) >= width else cells + [""] * (width - len(cells)) for cells in table]


def _row_regions(table: list[list[str]], plan: Plan) -> list[str | None] | None:
    """What each row's country cell says (see `region_of_cell`), or None where there is no country column."""
    if plan.country is None:
        return None
    texts = column_texts(table, plan.country)
    known = {text: region_of_cell(text) for text in set(texts)}
    return [known[text] for text in texts]


def _consents(table: list[list[str]], plan: Plan, settings: CheckSettings) -> dict[int, Reason]:
    """Place of a row → why its consent cell forbids the call or is worth a warning; without the rows whose cells allow it."""
    if plan.consent is None:
        return {}
    texts = [text.strip() for text in column_texts(table, plan.consent)]
    reasons = {text: _consent_reason(text, settings) for text in set(texts)}
    return {place: reason for place, text in enumerate(texts) if (reason := reasons[text]) is not None}


def _said_in_cells(table: list[list[str]], plan: Plan) -> dict[int, Reason]:
    """Place of a row → that a note, a status or another cell forbids calls. The columns of consent and of phones speak for
    themselves."""
    phones = [plan.phone, *(contact.phone for contact in plan.contacts)]
    own = columns_used(source for source in (plan.consent, *phones) if source is not None)
    return {place: Reason("no_consent", {"text": said[:60]}) for place, said in said_in_cells(table, own).items()}


def _consent_reason(text: str, settings: CheckSettings) -> Reason | None:
    if has_no_answer(text):
        if settings.consent_inverted:
            return None  # few are marked where a mark forbids
        return Reason("consent_unmarked" if settings.consent_by_marks else "consent_missing", {})
    agreed = consent_of(text, settings.consent_inverted)
    if agreed is None:
        return Reason("consent_unclear", {"text": text[:60]})
    return None if agreed else Reason("no_consent", {"text": text[:60]})


def _problems(cells: list[str], phone: PhoneResult, variables: dict[str, str], plan: Plan) -> list[Reason]:
    """Everything that keeps the row from being sent, the phone first. Empty for a good row."""
    problems = []
    if phone.reason is not None:
        empty = plan.phone is None or not value_of(cells, plan.phone)
        problems.append(Reason("missing_required", {"field": "phone_number"}) if empty else phone.reason)
    missing = [name for name in plan.required if name not in variables]
    if missing:
        problems.append(Reason("missing_required", {"field": ", ".join(missing)}))
    if variables and max(map(len, variables.values())) > LONGEST_VALUE:
        name = max(variables, key=lambda name: len(variables[name]))
        problems.append(
            Reason(
                "value_too_long",
                {"field": name, "length": len(variables[name]), "limit": LONGEST_VALUE},
            )
        )
    return problems
