"""What is suggested beside the column of each field: consent, labels of phones, joined columns; and what was left out.

The evidence comes from `consent_column`, `phone_label_column` and `joined`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from imports.pipeline.evidence import Decision, Reading, Support, decide
from imports.pipeline.headers.folding import fold
from imports.pipeline.headers.meaning import likeness, meaning
from imports.pipeline.reasons import Reason

from .choices import Choice
from .column import Column
from .consent_column import FoundConsent, left_out_consents, suggest_consent, unnamed_consents
from .fields import PHONES, Field
from .joined import FoundJoin, part_of_name, suggest_full_name, suggest_whole_number, wants_full_name
from .phone_label_column import suggest_labels
from .source import Joined, Source, columns_of, columns_used, in_words

WELL_NAMED = 0.75  # likeness of a header to a variable that nobody would leave out without a word


@dataclass
class Extras:
    """`choices`: field key → what was found; `decisions`: their grades; `left_out`: columns that were not used, and why."""

    choices: dict[str, Choice] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    left_out: list[Reason] = field(default_factory=list)

    def add(self, key: str, source: Source, decision: Decision) -> None:
        self.choices[key] = Choice.graded(source, decision)
        self.decisions.append(decision)


def whole_numbers(
    columns: Sequence[Column],
    fields: Sequence[Field],
    chosen: Mapping[str, Source],
    region: str,
    rivals: Sequence[int] = (),
) -> Extras:
    """Phones of `chosen` (field key → where it stands) that are whole only with the area code in another column. `rivals`:
    columns whose own numbers can be called."""
    numbers = {f.key: chosen[f.key] for f in fields if f.kind in PHONES and f.key in chosen}
    extras = Extras()
    for key, join in suggest_whole_number(columns, region, numbers).items():
        alone = Reading(columns[join.source.columns[-1]].header, "not_callable")
        others = [Reading(columns[index].header) for index in rivals if index not in join.source.columns]
        extras.add(key, join.source, _decision(key, join, columns, [alone, *others]))
    return extras


def suggest_extras(
    columns: Sequence[Column],
    fields: Sequence[Field],
    chosen: Mapping[str, Source],
    phones: Mapping[int, Source],
) -> Extras:
    """Consent, labels and joined names for those of `fields` that are free, given what was `chosen` for others.

    `phones`: position → where that phone stands (0: the lead's own), whoever chose it.
    """
    extras = Extras()
    _add_consent(extras, columns, fields, chosen)
    _add_labels(extras, columns, fields, chosen, phones)
    _add_full_names(extras, columns, fields, chosen)
    used = columns_used([*chosen.values(), *(choice.column for choice in extras.choices.values())])
    extras.left_out = list(_left_out(columns, fields, {*chosen, *extras.choices}, used))
    return extras


def _add_consent(extras: Extras, columns: Sequence[Column], fields: Sequence[Field], chosen: Mapping[str, Source]) -> None:
    keys = [f.key for f in fields if f.kind == "consent"]
    f = next((f for f in fields if f.kind == "consent" and f.key in ("consent", "call_consent")), None)
    if f is None or any(key in chosen for key in keys):
        return
    taken = columns_used(source for key, source in chosen.items() if "phone" in key or "country" in key)
    found = suggest_consent(columns, taken)
    if found is not None:
        extras.add(f.key, found.source, _decision(f.key, found, columns, found.others))
    elif unnamed := unnamed_consents(columns, columns_used(chosen.values())):
        why = Reason("consent_column_unnamed", {"header": unnamed[0].header})
        extras.decisions.append(decide(f.key, "", why, {Support.CELLS}, [Reading(column.header) for column in unnamed]))


def _add_labels(
    extras: Extras, columns: Sequence[Column], fields: Sequence[Field], chosen: Mapping[str, Source], phones: Mapping[int, Source]
) -> None:
    keys = {f.position: f.key for f in fields if f.kind == "phone_label" and f.key not in chosen}
    wanted = {position: source for position, source in phones.items() if position in keys}
    for found in suggest_labels(columns, wanted, columns_used(chosen.values())):
        decision = decide(keys[found.position], columns[found.column].header, found.reason, found.supports)
        extras.add(keys[found.position], found.column, decision)


def _add_full_names(extras: Extras, columns: Sequence[Column], fields: Sequence[Field], chosen: Mapping[str, Source]) -> None:
    """For variables that ask for a whole name, where no column holds one and nobody else asks for its parts."""
    wanted = [
        f
        for f in fields
        if f.kind == "variable"
        and wants_full_name(f.variable)
        and _has_no_full_name(columns, chosen.get(f.key))
        and not _is_own_name(f, columns, chosen)
    ]
    join = suggest_full_name(columns) if wanted else None
    if join is None:
        return
    parts = set(columns_of(join.source))
    taken = {key for key, source in chosen.items() if parts & set(columns_of(source))} - {f.key for f in wanted}
    for f in wanted:
        if not taken or "full_name" in meaning(f.variable).names:
            extras.add(f.key, join.source, _decision(f.key, join, columns, ()))


def _has_no_full_name(columns: Sequence[Column], source: Source | None) -> bool:
    """Nothing is chosen, or only a part of the name."""
    return source is None or not isinstance(source, Joined) and bool(part_of_name(columns[source]))


def _is_own_name(f: Field, columns: Sequence[Column], chosen: Mapping[str, Source]) -> bool:
    """The header is the very name of the variable: then its column is meant."""
    source = chosen.get(f.key)
    return isinstance(source, int) and fold(columns[source].header) == fold(f.variable)


def _decision(what: str, found: FoundConsent | FoundJoin, columns: Sequence[Column], others: Sequence[Reading]) -> Decision:
    return decide(what, in_words(found.source, [column.header for column in columns]), found.reason, found.supports, others)


def _left_out(columns: Sequence[Column], fields: Sequence[Field], filled: set[str], used: set[int]) -> Iterator[Reason]:
    """Columns whose headers promise a field that has none, and columns of consent that are not asked."""
    reported = set(used)
    for f in fields:
        if f.kind == "variable" and f.key not in filled:
            wanted = meaning(f.variable)
            column = max(
                columns, key=lambda column: (column.index not in reported, likeness(wanted, column.meaning)), default=None
            )
            if column is not None and column.index not in reported and likeness(wanted, column.meaning) >= WELL_NAMED:
                reported.add(column.index)
                yield _left_out_reason(column, f.variable, "column_left_out_cells")
    for column, why in left_out_consents(columns, reported):
        yield _left_out_reason(column, "consent", why)


def _left_out_reason(column: Column, wanted: str, why: str) -> Reason:
    return Reason("column_left_out", {"header": column.header, "field": wanted, "why": why, "why_params": {}})
