"""Which column of a spreadsheet holds which field of a lead: a suggestion with its reasons, for a person to confirm.

Headers are weighed by their meaning (`headers.meaning`), cells by what they look like (`cell_profile`). The phone number is
chosen first, then every column whose header is the field's own name, then the best pairs of variable and column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from imports.pipeline.evidence import Decision, Grade
from imports.pipeline.headers.meaning import meaning, promises_phone
from imports.pipeline.reasons import Reason

from .area_codes import area_code_apart
from .choices import Choice, Draft, MappingSuggestion, plain_name
from .column import Column, view_columns
from .country_column import decide_country
from .decisions import decide_given, decide_phone, decide_remembered, decide_secondary
from .extras import suggest_extras, whole_numbers
from .fields import PHONES, Field
from .joined import is_number_together
from .phone_column import PhoneVerdict, choose_phone
from .remembered import RememberedColumn, remembered_choices
from .secondary_contacts import add_secondary_contacts
from .source import Joined, Source, columns_used, in_words, value_of
from .variables import AGREED, add_variables, cells_agree

REACHES_MOST = 0.6  # of the rows
CALLABLE = 0.5  # of the cells
BY_CELLS = frozenset({"consent", "phone_label", "country"})  # fields that no header alone decides


def suggest_mapping(
    headers: Sequence[str],
    sample: Sequence[Sequence[str]],
    fields: Sequence[Field],
    remembered: Mapping[str, RememberedColumn | None] | None = None,
    likely_region: str = "TR",
    given: Mapping[str, Source | None] = MappingProxyType({}),
) -> MappingSuggestion:
    """The likeliest column of every field; each column at most once, but where `given` says otherwise.

    `sample` are rows of cells as the reader gives them. `remembered` is the mapping used last for such headers (field key →
    header or joined headers, None for no column): it wins, also in what it leaves out, as long as all its headers are there;
    fields that it does not know, such as consent and labels, are suggested anew.
    `likely_region` is the region code that bare digits are first read in. `given` is what a person chose now (None: no column).
    """
    draft = Draft(
        view_columns(headers, sample, likely_region),
        likely_region,
        _given(given, headers),
        [decide_given(key, source, headers) for key, source in given.items()],
    )
    known = remembered_choices(draft.columns, fields, remembered or {})
    if known:
        return _as_remembered(draft, fields, known, {*given, *(remembered or {})}, given)
    return _weighed(draft, _still_open(fields, given), fields)


def _given(given: Mapping[str, Source | None], headers: Sequence[str]) -> dict[str, Choice]:
    return {
        key: Choice(source, 1.0, Reason("column_given", {"header": in_words(source, headers)}))
        for key, source in given.items()
        if source is not None
    }


def _as_remembered(
    draft: Draft,
    fields: Sequence[Field],
    known: Mapping[str, Choice],
    decided: set[str],
    given: Mapping[str, Source | None],
) -> MappingSuggestion:
    """The `known` mapping, but for what was `given` now; fields of `decided` keys stay as they are."""
    taken = draft.used
    known = {key: choice for key, choice in known.items() if key not in given and not columns_used([choice.column]) & taken}
    phones = {one.key for one in fields if one.kind in PHONES}
    draft.decisions += [
        decide_remembered(
            key, choice.column, draft.headers, choice.reason, key in phones and not _holds_numbers(draft, choice.column)
        )
        for key, choice in known.items()
    ]
    draft.choices |= known
    undecided = [f for f in fields if f.kind in BY_CELLS - {"country"} and f.key not in decided]
    extras = suggest_extras(draft.columns, undecided, draft.sources, draft.phones(fields))
    draft.choices |= extras.choices
    draft.decisions += extras.decisions
    return draft.suggestion(fields, left_out=extras.left_out)


def _holds_numbers(draft: Draft, source: Source) -> bool:
    """Whether the cells that held phones in the last file do not speak against it in this one."""
    if isinstance(source, Joined):
        return is_number_together(draft.columns, source, draft.home)
    cells = draft.columns[source].cells
    return not cells.filled or cells.phone >= CALLABLE


def _still_open(fields: Sequence[Field], given: Mapping[str, Source | None]) -> list[Field]:
    """Fields that a person has not decided. No column for one contact's phone means none for the other contacts either."""
    no_contacts = any(f.kind == "secondary_phone" and f.key in given and given[f.key] is None for f in fields)
    return [f for f in fields if f.key not in given and not (no_contacts and f.kind == "secondary_phone")]


def _weighed(draft: Draft, fields: Sequence[Field], all_fields: Sequence[Field]) -> MappingSuggestion:
    """The suggestion for `fields`, those that a person has not decided."""
    phone_is_open = any(f.kind == "phone" for f in fields)
    draft.choices |= _exact(draft.free(), [f for f in fields if not _is_phone_variable(f)])
    verdict, apart, phone_decisions = _add_phone(draft, fields, phone_is_open)
    draft.choices |= _exact(draft.free(), draft.without_column(fields))
    _add_country(draft, fields)
    add_variables(draft, fields)
    add_secondary_contacts(draft, fields, verdict.ranking)
    _complete_secondary_phones(draft, fields)
    extras = suggest_extras(draft.columns, fields, draft.sources, draft.phones(all_fields))
    draft.choices |= extras.choices
    draft.decisions += [*phone_decisions, *extras.decisions]
    return draft.suggestion(
        all_fields,
        _doubts(draft.decisions, verdict, apart) if phone_is_open else [],
        {"phone_number": [candidate.column.index for candidate in verdict.ranking]},
        extras.left_out,
    )


# -- columns that bear the name of a field -----------------------------------------------------------------------------


def _exact(columns: Sequence[Column], fields: Sequence[Field]) -> dict[str, Choice]:
    """Columns that bear a field's own name, as those of the sample file do; of several the best filled.
    A variable's column whose cells are something else ("Name" over order numbers) is weighed with the others, and so
    is a "Phone Number" without many numbers: people's exports have one, nearly empty, beside the column they really use."""
    by_name: dict[str, Column] = {}
    for fullest in sorted(columns, key=lambda column: -column.cells.fill):
        by_name.setdefault(plain_name(fullest.header), fullest)
    return {
        f.key: Choice(column.index, 1.0, Reason("column_exact", {"header": column.header}))
        for f in fields
        if f.kind not in BY_CELLS
        and (column := by_name.get(plain_name(f.key)))
        and (f.kind != "variable" or cells_agree(meaning(f.variable), column) >= AGREED)
        and (f.kind != "phone" or column.header == f.key or column.cells.phone * column.cells.fill >= REACHES_MOST)
    }


def _is_phone_variable(f: Field) -> bool:
    return f.kind == "variable" and promises_phone(meaning(f.variable))


# -- the phones and the country ----------------------------------------------------------------------------------------


def _add_phone(draft: Draft, fields: Sequence[Field], is_open: bool) -> tuple[PhoneVerdict, Reason | None, list[Decision]]:
    """The verdict on the columns that may be called; that area codes stand in another column, None where they do not; and the
    decisions for a phone that is joined from two columns, which are listed after all others."""
    reserved = frozenset(columns_used(choice.column for choice in _exact(draft.columns, fields).values()))
    verdict = choose_phone(draft.free(but_of="phone_number" if is_open else ""), reserved)
    if is_open:
        verdict = _own_name_first(verdict, draft.column_of("phone_number"))
        if "phone_number" not in draft.choices and verdict.ranking:
            best = verdict.ranking[0]
            draft.choices["phone_number"] = Choice(best.column.index, best.confidence, best.reason)
    rivals = [candidate.column.index for candidate in verdict.ranking if candidate.valid >= CALLABLE]
    joined = whole_numbers(draft.columns, fields, draft.sources, draft.home, rivals)
    draft.choices |= joined.choices
    apart = None if "phone_number" in joined.choices else area_code_apart(draft.columns, draft.home)
    if is_open and "phone_number" not in joined.choices:
        draft.decisions.append(decide_phone(verdict.ranking, draft.columns, draft.home, apart))
    return verdict, apart, [one for one in joined.decisions if one.what == "phone_number"]


def _own_name_first(verdict: PhoneVerdict, named: Source | None) -> PhoneVerdict:
    """The column that bears the field's own name (`named`) before all others."""
    return replace(verdict, ranking=sorted(verdict.ranking, key=lambda candidate: candidate.column.index != named))


def _complete_secondary_phones(draft: Draft, fields: Sequence[Field]) -> None:
    """Joins the area codes of secondary phones, and grades each of these phones."""
    phones = [f for f in fields if f.kind == "secondary_phone"]
    draft.choices |= whole_numbers(draft.columns, phones, draft.sources, draft.home).choices
    draft.decisions += [
        decide_secondary(f.key, in_words(draft.choices[f.key].column, draft.headers), draft.choices[f.key].reason)
        for f in phones
        if f.key in draft.choices
    ]


def _add_country(draft: Draft, fields: Sequence[Field]) -> None:
    key = next((f.key for f in fields if f.kind == "country"), "")
    phone = draft.column_of("phone_number")
    if not key or phone is None:
        return
    texts = [value_of(cells, phone) for cells in zip(*(column.texts for column in draft.columns))]
    column, decision = decide_country(draft.free(), texts, draft.home, key)
    if decision is None:
        return
    if column is not None:
        draft.choices[key] = Choice.graded(column.index, decision)
    draft.decisions.append(decision)


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
