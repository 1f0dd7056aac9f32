"""Which column of a spreadsheet holds which field of a lead: a suggestion with its reasons, for a person to confirm.

Headers are weighed by meaning (`headers.py`), cells by what they look like (`column_cells.py`). The phone number
is chosen first, then everything whose header is the field's own name, then the best pairs of variable and column.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from rapidfuzz import fuzz

from imports.pipeline.evidence import Decision, Grade, Support
from imports.pipeline.headers.meaning import Meaning, fold, likeness, meaning, says_phone
from imports.pipeline.reasons import Reason

from .column import Column, view_columns
from .country_column import decide_country
from .decisions import decide_given, decide_phone, decide_remembered, decide_secondary
from .extras import Extras, suggest_extras, whole_numbers
from .phone_column import Candidate, PhoneVerdict, area_code_apart, choose_phone, names_things, same_numbers, supports_of
from .source import Joined, Source, columns_used, in_words, value_of

SECONDARY_CONTACTS = 10
LIKELY = 0.55  # a pair of variable and column worth suggesting
AGREED = 0.94  # cells that do not contradict
REACHES_MOST = 0.6  # of the rows
SAME_PERSON = 0.8
CALLABLE = 0.5
FORBIDDING = ("do_not_call", "calls_forbidden")  # keys of the field of consent in which a yes means no to calls
BY_CELLS = frozenset({"consent", "phone_label", "country"})  # fields that no header alone decides
PERSONS = frozenset({"customer", "patient", "student", "parent", "mother", "father", "holder"})
GRADE_AS_CONFIDENCE = {Grade.PROVEN: 0.97, Grade.LIKELY: 0.8, Grade.UNKNOWN: 0.5}
OTHER_PEOPLE = frozenset({"emergency", "parent", "mother", "father", "secondary"})


@dataclass(frozen=True)
class Field:
    """One thing a lead can have. `variable` is the assistant's name for it, `position` the number of the
    secondary contact (1–10, else 0). `phone_label` says what kind of phone the one at `position` is, `consent` whether
    the person may be called."""

    key: str
    kind: Literal["phone", "variable", "secondary_phone", "secondary_variable", "country", "consent", "phone_label"]
    variable: str = ""
    position: int = 0
    required: bool = False


def lead_fields(variables: Sequence[str], required: Collection[str] = ()) -> list[Field]:
    """Every field of a lead of an assistant with these variables, in the order people fill them in."""
    fields = [Field("phone_number", "phone", required=True), Field(label_key(0, variables), "phone_label")]
    fields += [Field(name, "variable", name, required=name in required) for name in variables]
    for position in range(1, SECONDARY_CONTACTS + 1):
        fields.append(Field(f"secondary_phone_{position}", "secondary_phone", position=position))
        fields.append(Field(label_key(position, variables), "phone_label", position=position))
        fields += [Field(f"secondary_{position}_{name}", "secondary_variable", name, position) for name in variables]
    fields.append(Field("call_consent" if "consent" in variables else "consent", "consent"))
    fields.append(Field(FORBIDDING["do_not_call" in variables], "consent"))
    fields.append(Field("phone_country" if "country" in variables else "country", "country"))
    return fields


def label_key(position: int, variables: Collection[str] = ()) -> str:
    """The key of the label beside the phone at `position` (0: the lead's own)."""
    if position:
        return f"secondary_phone_{position}_label"
    return "phone_number_label" if "phone_label" in variables else "phone_label"


@dataclass(frozen=True)
class Choice:
    """A suggested column (0-based) or joined columns, how sure (0..1), and why in a code of REASONS."""

    column: Source
    confidence: float
    reason: Reason


@dataclass(frozen=True)
class MappingSuggestion:
    """`choices`: field key → column. `sure`: the phone column is proven. `doubts`: what a person should look at. `ignored`: columns no field uses. `unmapped`: variables without a column. `alternatives`: field key →
    other columns that could be meant, best first. `left_out`: columns whose names promise a field that they are not used
    for, and why. `decisions`: the grade of every choice that decides a number or a person."""

    choices: dict[str, Choice]
    sure: bool
    doubts: list[Reason] = field(default_factory=list)
    ignored: list[int] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    alternatives: dict[str, list[int]] = field(default_factory=dict)
    left_out: list[Reason] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    @property
    def mapping(self) -> dict[str, Source]:
        return {key: choice.column for key, choice in self.choices.items()}


def suggest_mapping(
    headers: Sequence[str],
    sample: Sequence[Sequence[str]],
    fields: Sequence[Field],
    remembered: Mapping[str, str | dict | None] | None = None,
    likely_region: str = "TR",
    given: Mapping[str, Source | None] = MappingProxyType({}),
) -> MappingSuggestion:
    """The likeliest column of every field; each column at most once, but where `given` says otherwise.

    `sample` are rows of cells as the reader gives them. `remembered` is the mapping used last for such headers (field key →
    header, `{"headers": […], "separator"}`, or None): it wins, also in what it leaves out, as long as all its headers are there;
    but what it does not know of, consent and labels, is looked for.
    `likely_region` is the region code that bare digits are first read in. `given` is what a person says now (None: no column).
    """
    columns = view_columns(headers, sample, likely_region)
    choices = _given(given, headers)
    decisions = [decide_given(key, source, headers) for key, source in given.items()]
    known = _remembered(columns, fields, remembered or {})
    if known:
        taken = _used(choices)
        known = {key: choice for key, choice in known.items() if key not in given and not columns_used([choice.column]) & taken}
        decisions += [decide_remembered(key, choice.column, headers, choice.reason) for key, choice in known.items()]
        choices |= known
        unheard = [f for f in fields if f.kind in BY_CELLS - {"country"} and f.key not in remembered and f.key not in given]
        extras = suggest_extras(columns, unheard, _sources(choices), _phones(choices, fields))
        choices |= _found(extras)
        return _suggestion(choices, columns, fields, decisions + extras.decisions, [], {}, extras.left_out)
    return _chosen(columns, _still_open(fields, given), fields, choices, decisions, likely_region)


def _still_open(fields: Sequence[Field], given: Mapping[str, Source | None]) -> list[Field]:
    """Fields that a person has not spoken of. Who wants no column for one contact's phone wants none for the next either."""
    no_contacts = any(f.kind == "secondary_phone" and f.key in given and given[f.key] is None for f in fields)
    return [f for f in fields if f.key not in given and not (no_contacts and f.kind == "secondary_phone")]


def _chosen(columns, fields, all_fields, choices, decisions, region: str) -> MappingSuggestion:
    """The suggestion for `fields`, those that a person has not spoken of."""
    phone_is_open = any(f.kind == "phone" for f in fields)
    choices |= _exact(_free(columns, choices), [f for f in fields if not _phone_variable(f)])
    reserved = _used(_exact(columns, fields))
    verdict = choose_phone(
        _free(columns, choices if not phone_is_open else _without(choices, "phone_number")), frozenset(reserved)
    )
    if phone_is_open:
        verdict = _own_name_first(verdict, choices)
        _add_phone(choices, verdict)
    phones = whole_numbers(columns, fields, _sources(choices), region, _rivals(verdict))
    choices |= _found(phones)
    apart = None if "phone_number" in phones.choices else area_code_apart(columns, region)
    if phone_is_open and "phone_number" not in phones.choices:
        decisions.append(decide_phone(verdict.ranking, columns, region, apart))
    choices |= _exact(_free(columns, choices), [f for f in fields if f.key not in choices])
    _add_country(choices, columns, fields, decisions, region)
    _add_variables(choices, columns, fields)
    _add_secondary_contacts(choices, columns, fields, verdict.ranking, region)
    contacts = whole_numbers(columns, [f for f in fields if f.kind == "secondary_phone"], _sources(choices), region)
    choices |= _found(contacts)
    decisions += [
        decide_secondary(f.key, in_words(choices[f.key].column, [column.header for column in columns]), choices[f.key].reason)
        for f in fields
        if f.kind == "secondary_phone" and f.key in choices
    ]
    extras = suggest_extras(columns, fields, _sources(choices), _phones(choices, all_fields))
    choices |= _found(extras)
    decisions += [one for one in phones.decisions if one.what == "phone_number"] + extras.decisions
    doubts = _doubts(decisions, verdict, apart) if phone_is_open else []
    return _suggestion(
        choices,
        columns,
        all_fields,
        decisions,
        doubts,
        {"phone_number": [candidate.column.index for candidate in verdict.ranking]},
        extras.left_out,
    )


def _rivals(verdict: PhoneVerdict) -> list[int]:
    """Columns whose own numbers can be called."""
    return [candidate.column.index for candidate in verdict.ranking if candidate.valid >= CALLABLE]


def _sources(choices: Mapping[str, Choice]) -> dict[str, Source]:
    return {key: choice.column for key, choice in choices.items()}


def _phones(choices: Mapping[str, Choice], fields: Sequence[Field]) -> dict[int, Source]:
    """Position → where that phone stands."""
    return {f.position: choices[f.key].column for f in fields if f.kind in ("phone", "secondary_phone") and f.key in choices}


def _found(extras: Extras) -> dict[str, Choice]:
    return {key: Choice(*found) for key, found in extras.choices.items()}


_NOTHING = Choice(-1, 0.0, Reason("", {}))


def _given(given: Mapping[str, Source | None], headers: Sequence[str]) -> dict[str, Choice]:
    return {
        key: Choice(source, 1.0, Reason("column_given", {"header": in_words(source, headers)}))
        for key, source in given.items()
        if source is not None
    }


def _without(choices: Mapping[str, Choice], key: str) -> dict[str, Choice]:
    return {name: choice for name, choice in choices.items() if name != key}


def _own_name_first(verdict: PhoneVerdict, choices: Mapping[str, Choice]) -> PhoneVerdict:
    """The column that bears the field's own name before all others."""
    named = choices.get("phone_number", _NOTHING).column
    return replace(verdict, ranking=sorted(verdict.ranking, key=lambda candidate: candidate.column.index != named))


def _doubts(decisions: Sequence[Decision], verdict: PhoneVerdict, apart: Reason | None) -> list[Reason]:
    if apart:
        return [apart]
    decision = next(one for one in decisions if one.what == "phone_number")
    if decision.grade is Grade.PROVEN:
        return [doubt for doubt in verdict.doubts if doubt.code == "phone_column_shortened"]
    if verdict.doubts or not verdict.ranking:
        return verdict.doubts
    best, rivals = verdict.ranking[0], [header for header in decision.instead if header]
    if rivals:
        return [Reason("phone_columns_alike", {"first": best.column.header, "second": rivals[0]})]
    return [Reason("phone_column_guessed", {"header": best.column.header, "percent": round(100 * best.valid)})]


def _suggestion(choices, columns, fields, decisions, doubts, alternatives, left_out=()) -> MappingSuggestion:
    used = _used(choices)
    unmapped = [f for f in fields if f.kind == "variable" and f.key not in choices]
    doubts = doubts + [Reason("required_unmapped", {"field": f.variable}) for f in unmapped if f.required]
    return MappingSuggestion(
        choices=choices,
        sure=any(one.what == "phone_number" and one.grade is Grade.PROVEN for one in decisions),
        doubts=doubts,
        ignored=[column.index for column in columns if column.index not in used],
        unmapped=[f.variable for f in unmapped],
        alternatives={key: [index for index in found if index not in used] for key, found in alternatives.items()},
        decisions=decisions,
        left_out=list(left_out),
    )


def _free(columns: Sequence[Column], choices: dict[str, Choice]) -> list[Column]:
    used = _used(choices)
    return [column for column in columns if column.index not in used]


def _used(choices: Mapping[str, Choice]) -> set[int]:
    return columns_used(choice.column for choice in choices.values())


def _plain(text: str) -> str:
    """Equal for 'phone_number', 'Phone Number' and 'PHONENUMBER'."""
    return fold(text).replace(" ", "")


# -- what needs no weighing ------------------------------------------------------------------------------------


def _remembered(
    columns: Sequence[Column], fields: Sequence[Field], remembered: Mapping[str, str | dict | None]
) -> dict[str, Choice]:
    """The mapping used last, or {} when one of its headers is gone."""
    by_header = {}
    for column in columns:
        by_header.setdefault(_plain(column.header), column)
    keys = {f.key for f in fields}
    wanted = {key: _headers_of(said) for key, said in remembered.items() if key in keys and said is not None}
    if not {header for headers, _separator in wanted.values() for header in headers} <= set(by_header):
        return {}
    known = {}
    for key, (headers, separator) in wanted.items():
        found = [by_header[header] for header in headers]
        source = found[0].index if separator is None else Joined(tuple(column.index for column in found), separator)
        known[key] = Choice(source, 1.0, Reason("column_remembered", {"header": " + ".join(one.header for one in found)}))
    return known


def _headers_of(said: str | dict) -> tuple[list[str], str | None]:
    """The folded headers of a remembered field, and the separator of joined ones (None: it is one column)."""
    if isinstance(said, str):
        return [_plain(said)], None
    return [_plain(header) for header in said["headers"]], said["separator"]


def _exact(columns: Sequence[Column], fields: Sequence[Field]) -> dict[str, Choice]:
    """Columns that bear a field's own name, as those of the sample file do; of several the best filled.
    A variable's column whose cells are something else ("Name" over order numbers) is weighed with the others, and so
    is a "Phone Number" without many numbers: people's exports have one, nearly empty, beside the column they really use."""
    by_name: dict[str, Column] = {}
    for column in sorted(columns, key=lambda column: -column.cells.fill):
        by_name.setdefault(_plain(column.header), column)
    return {
        f.key: Choice(column.index, 1.0, Reason("column_exact", {"header": column.header}))
        for f in fields
        if f.kind not in BY_CELLS
        and (column := by_name.get(_plain(f.key)))
        and (f.kind != "variable" or _cells_agree(meaning(f.variable), column) >= AGREED)
        and (f.kind != "phone" or column.header == f.key or column.cells.phone * column.cells.fill >= REACHES_MOST)
    }


def _phone_variable(f: Field) -> bool:
    return f.kind == "variable" and says_phone(meaning(f.variable))


# -- the phone, the country, the variables, the secondary contacts ---------------------------------------------


def _add_phone(choices: dict[str, Choice], verdict: PhoneVerdict) -> None:
    if "phone_number" not in choices and verdict.ranking:
        best = verdict.ranking[0]
        choices["phone_number"] = Choice(best.column.index, best.confidence, best.reason)


def _add_country(choices: dict[str, Choice], columns, fields, decisions: list[Decision], region: str) -> None:
    key = next((f.key for f in fields if f.kind == "country"), "")
    if not key or "phone_number" not in choices:
        return
    phone = choices["phone_number"].column
    texts = [value_of(cells, phone) for cells in zip(*(column.texts for column in columns))]
    column, decision = decide_country(_free(columns, choices), texts, region, key)
    if column:
        choices[key] = Choice(column.index, GRADE_AS_CONFIDENCE[decision.grade], decision.why)
    decisions += [decision] if decision else []


def _add_variables(choices: dict[str, Choice], columns: Sequence[Column], fields: Sequence[Field]) -> None:
    """The best pairs of variable and column, best first."""
    variables = [f for f in fields if f.kind == "variable" and f.key not in choices]
    pairs = [
        (score, f, column)
        for f in variables
        for column in _free(columns, choices)
        if (score := _variable_score(f, column)) >= LIKELY
    ]
    for score, f, column in sorted(pairs, key=lambda pair: (-pair[0], pair[2].index)):
        if f.key not in choices and column in _free([column], choices):
            choices[f.key] = Choice(column.index, round(min(score, 0.97), 2), _variable_reason(f, column))


def _variable_score(f: Field, column: Column) -> float:
    wanted = _wanted(f.variable)
    alike = max(likeness(wanted, column.says), _spelt_alike(f.variable, column))
    return alike * _cells_agree(wanted, column)


def _wanted(variable: str) -> Meaning:
    """What a variable asks for; `contact`, `patient`, `musteri` ask for a name."""
    said = meaning(variable)
    return replace(said, parts=(*said.parts, ("name", 1.0))) if said.names and said.names <= PERSONS else said


def _spelt_alike(variable: str, column: Column) -> float:
    """Names that no dictionary knows ("ref_xk2") are compared letter by letter."""
    ratio = fuzz.ratio(_plain(variable), _plain(column.header))
    return 0.95 * ratio / 100 if ratio >= 88 else 0.0


def _cells_agree(wanted: Meaning, column: Column) -> float:
    """A factor: 1 where the cells are what the variable asks for, less where they are something else."""
    cells, sort = column.cells, wanted.sort
    if not cells.filled:
        return 0.65 if column.texts else 1.0
    if cells.same and sort == "email":
        return 0.8  # our own address, not the lead's
    if cells.same and sort == "name":
        return 0.8  # "anonymous", or who typed the list
    if max(cells.email if sort != "email" else 0, cells.phone if sort not in ("phone", "number", "") else 0) >= 0.8:
        return 0.4
    expected = {
        "email": cells.email,
        "date": max(cells.date, cells.number),
        "money": cells.number,
        "url": cells.url,
        "name": cells.person,
        "time": max(cells.time, cells.date),
    }.get(sort, 1.0)
    if expected < 0.3:
        return 0.7 if expected > 0.05 else 0.55
    return AGREED if sort == "name" and cells.given_name < 0.2 else 1.0


def _variable_reason(f: Field, column: Column) -> Reason:
    wanted, said = meaning(f.variable).names, column.says.names
    if "first_name" in said and wanted & {"name", "full_name"}:
        return Reason("column_first_name_only", {"header": column.header})
    if "full_name" in said and "first_name" in wanted:
        return Reason("column_full_name_only", {"header": column.header})
    if not meaning(column.header).known:
        return Reason("column_cells", {"header": column.header})
    return Reason("column_header", {"header": column.header})


def _add_secondary_contacts(choices, columns, fields, ranking: Sequence[Candidate], region: str) -> None:
    """Phone columns left over, in their order on the sheet, and the columns that speak of the same person."""
    keys = {f.position: f.key for f in fields if f.kind == "secondary_phone"}
    places = [position for position in sorted(keys) if keys[position] not in choices]
    called = [column for column in columns if choices.get("phone_number", _NOTHING).column == column.index]
    spare = sorted((c for c in ranking if _worth_calling(c, region)), key=lambda candidate: candidate.column.index)
    for candidate in spare:
        column = candidate.column
        copy = any(same_numbers(column, other) for other in called)
        if copy or not places or column not in _free([column], choices):
            continue
        position = places.pop(0)
        reason = Reason("column_next_phone", candidate.reason.params)
        choices[keys[position]] = Choice(column.index, candidate.confidence, reason)
        called.append(column)
        _add_secondary_variables(choices, columns, [f for f in fields if f.position == position], column)


def _worth_calling(candidate: Candidate, region: str) -> bool:
    """Not one number beside several leads, which is our own or a colleague's; without a header that says phone, phones by their cells."""
    says = candidate.column.says
    if (
        candidate.valid < 0.5
        or says.names & {"agent", "supplier"}
        or names_things(candidate.column)
        or candidate.column.cells.same
    ):
        return False
    return says_phone(says) or not says.known and Support.CELLS in supports_of(candidate, region)


def _add_secondary_variables(choices, columns, fields, phone: Column) -> None:
    """ "Veli Adı" belongs to "Veli Telefonu"."""
    whose = phone.says.names & OTHER_PEOPLE
    for f in fields if whose else ():
        for column in _free(columns, choices):
            about = Meaning(column.says.text, tuple(part for part in column.says.parts if part[0] not in whose))
            same_person = whose <= column.says.names and f.kind == "secondary_variable"
            if same_person and likeness(meaning(f.variable), about) >= SAME_PERSON and f.key not in choices:
                choices[f.key] = Choice(column.index, 0.65, Reason("column_header", {"header": column.header}))
