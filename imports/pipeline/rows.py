"""A row of a spreadsheet → a lead that can be sent, or the reason why not.

`check_rows` works on a batch, column by column, because phones are normalised much faster that way;
`check_row` is the same code for the one row a person has just corrected.
"""
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import NamedTuple

from .columns import Field
from .phones import PhoneFormat, normalise_column, region_of_country
from .reasons import Reason
from .sheets import BadRow, Row

# WhatTalk names no limit. A voice assistant reads a value aloud: five thousand characters are ten
# minutes of speech, so a longer one is a slipped quote or a pasted document, not a value.
LONGEST_VALUE = 5_000
# Excel's own words for "this formula has no value"; nobody wants to hear them on the phone.
CELL_ERRORS = frozenset({
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
    "#GETTING_DATA", "#YOK", "#BAŞV!", "#DEĞER!", "#SAYI/0!", "#AD?", "#BOŞ!", "#SAYI!",
})
REPLACEMENT = "\ufffd"  # what an encoding that did not fit leaves behind


@dataclass(frozen=True)
class CheckSettings:
    """What a person decided about a file: `mapping` is field key → column index (0-based);
    `fields` are those mapped, and those required whether mapped or not. `home_region` is the instance's."""

    mapping: dict[str, int]
    fields: list[Field]
    phone_format: PhoneFormat
    home_region: str = ""

    def to_json(self) -> dict:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict) -> "CheckSettings":
        return cls(
            mapping=dict(data["mapping"]),
            fields=[Field(**field) for field in data["fields"]],
            phone_format=PhoneFormat(**data["phone_format"]),
            home_region=data.get("home_region", ""),
        )

    @cached_property
    def plan(self) -> "Plan":
        return Plan.of(self)


class CheckedRow(NamedTuple):
    """One row, checked. `state` is 'pending' (can be sent) or 'invalid' with a `reason` code of REASONS.

    `phone` is E.164, '' when it is not valid. `warnings` are `[code, params]` that cost the row nothing
    but a secondary contact or a value. `secondary` holds at most ten `{'phone_number', 'variables'}` in
    calling order. `cells` are the spreadsheet's own.
    """

    number: int
    state: str
    phone: str
    reason: str
    reason_params: dict
    repairs: list[str]
    warnings: list[list]
    variables: dict[str, str]
    secondary: list[dict]
    cells: list[str]


class Contact(NamedTuple):
    """Where the n-th secondary contact stands: columns of its phone and of its variables."""

    position: int
    phone: int
    variables: list[tuple[str, int]]


class Plan(NamedTuple):
    """Settings turned into column indices; -1 is "not mapped"."""

    phone: int
    country: int
    variables: list[tuple[str, int]]
    required: list[str]
    contacts: list[Contact]
    width: int

    @classmethod
    def of(cls, settings: CheckSettings) -> "Plan":
        mapping, fields = settings.mapping, settings.fields
        return cls(
            phone=next((mapping.get(f.key, -1) for f in fields if f.kind == "phone"), -1),
            country=next((mapping.get(f.key, -1) for f in fields if f.kind == "country"), -1),
            variables=_placed(fields, mapping, "variable", 0),
            required=[f.variable for f in fields if f.kind == "variable" and f.required],
            contacts=[
                Contact(f.position, mapping[f.key], _placed(fields, mapping, "secondary_variable", f.position))
                for f in sorted(fields, key=lambda f: f.position)
                if f.kind == "secondary_phone" and f.key in mapping
            ],
            width=1 + max(mapping.values(), default=-1),
        )


def _placed(fields: Iterable[Field], mapping: dict[str, int], kind: str, position: int):
    return [
        (f.variable, mapping[f.key])
        for f in fields
        if f.kind == kind and f.position == position and f.key in mapping
    ]


def check_row(row: Row | BadRow, settings: CheckSettings) -> CheckedRow:
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
    warnings: list[list] = [[] for _ in rows]
    regions = _row_regions(table, plan, warnings)
    phones = normalise_column(_column(table, plan.phone), settings.phone_format, regions, settings.home_region or None)
    values = [_values(cells, plan.variables, warned) for cells, warned in zip(table, warnings)]
    secondary = _secondary_contacts(table, plan, settings, regions, phones, warnings)
    checked = []
    for row, phone, variables, warned, contacts in zip(rows, phones, values, warnings, secondary):
        problems = _problems(row.cells, phone, variables, plan)
        if problems:
            first, *others = problems
            warned.extend([reason.code, reason.params] for reason in others)
            state, code, params = "invalid", first.code, first.params
        else:
            state, code, params = "pending", "", {}
        checked.append(CheckedRow(
            row.number, state, phone.e164, code, params, list(phone.repairs), warned, variables, contacts, row.cells,
        ))
    return checked


def _padded(table: list[list[str]], width: int) -> list[list[str]]:
    return [cells if len(cells) >= width else cells + [""] * (width - len(cells)) for cells in table]


def _column(table: list[list[str]], index: int) -> list[str]:
    return [cells[index] for cells in table] if index >= 0 else [""] * len(table)


def _row_regions(table, plan: Plan, warnings) -> list[str | None] | None:
    """The region code of each row's country cell, or None where there is no country column."""
    if plan.country < 0:
        return None
    texts = [text.strip() for text in _column(table, plan.country)]
    known = {text: region_of_country(text) if text else None for text in set(texts)}
    for text, warned in zip(texts, warnings):
        if text and known[text] is None:
            warned.append(["country_unknown", {"country": text[:60]}])
    return [known[text] for text in texts]


def _values(cells: list[str], placed: list[tuple[str, int]], warned: list) -> dict[str, str]:
    """Filled cells as `{variable: value}`. An empty one is left out: the assistant's own default applies."""
    values = {name: value for name, index in placed if (value := cells[index].strip())}
    text = "\n".join(values.values())
    if "#" in text or REPLACEMENT in text:
        _doubt_values(values, warned)
    return values


def _doubt_values(values: dict[str, str], warned: list) -> None:
    for name, value in list(values.items()):
        if value.upper() in CELL_ERRORS:
            warned.append(["cell_error", {"field": name, "value": value}])
            del values[name]
        elif REPLACEMENT in value:
            warned.append(["damaged_characters", {"field": name, "value": value[:60]}])


def _problems(cells, phone, variables: dict[str, str], plan: Plan) -> list[Reason]:
    """Everything that keeps the row from being sent, the phone first. Empty for a good row."""
    problems = []
    if phone.reason is not None:
        empty = plan.phone < 0 or plan.phone >= len(cells) or not cells[plan.phone].strip()
        problems.append(Reason("missing_required", {"field": "phone_number"}) if empty else phone.reason)
    missing = [name for name in plan.required if name not in variables]
    if missing:
        problems.append(Reason("missing_required", {"field": ", ".join(missing)}))
    if variables and max(map(len, variables.values())) > LONGEST_VALUE:
        name = max(variables, key=lambda name: len(variables[name]))
        problems.append(Reason(
            "value_too_long", {"field": name, "length": len(variables[name]), "limit": LONGEST_VALUE},
        ))
    return problems


def _secondary_contacts(table, plan: Plan, settings: CheckSettings, regions, phones, warnings) -> list[list[dict]]:
    """Up to ten contacts a row, each checked alone: a bad or repeated one is dropped with a warning."""
    kept: list[list[dict]] = [[] for _ in table]
    for contact in plan.contacts:
        texts = _column(table, contact.phone)
        filled = [index for index, text in enumerate(texts) if text.strip()]
        results = normalise_column(
            [texts[index] for index in filled], settings.phone_format, regions and [regions[index] for index in filled],
            settings.home_region or None,
        )
        for index, result in zip(filled, results):
            why = _why_dropped(contact.position, result, phones[index].e164, kept[index])
            if why:
                warnings[index].append(why)
            else:
                variables = _values(table[index], contact.variables, warnings[index])
                kept[index].append({"phone_number": result.e164, "variables": variables})
    return kept


def _why_dropped(position: int, result, primary: str, kept: list[dict]) -> list | None:
    """`[code, params]` of the warning about the contact at `position`, or None when it is to be kept."""
    params = {"position": position, "phone": result.e164}
    if result.reason is not None:
        why, why_params = result.reason
        return ["secondary_invalid", {"position": position, "why": why, "why_params": why_params}]
    if result.e164 == primary:
        return ["secondary_same_as_primary", params]
    if any(contact["phone_number"] == result.e164 for contact in kept):
        return ["secondary_repeated", params]
    return None
