"""What came of a list, held against what must come of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from .export import ANYTHING, NOTES, NOTHING, REFUSALS, Answer, Export
from .journey import Lead, Outcome, take
from .writing import write_export

HALF = 0.5
CONSENT = "consent"
NEXT_PHONE = "secondary_phone_"


class Verdict(StrEnum):
    """Of a list. `WRONG`: a number that must not be called, or a lead lost without a word, and nobody was asked of it."""

    RIGHT = "right by itself"
    PRESELECTED = "asked, truth preselected"
    MISLED = "asked, not preselected"
    REFUSED = "refused by name"
    WRONG = "wrong silently"


class RowVerdict(StrEnum):
    RIGHT = "right"
    REFUSED = "refused by name"  # a lead that could have been called
    LOST = "lost silently"
    WRONG = "wrong number"


@dataclass(frozen=True)
class Score:
    """`problems` are sentences, for every way in which the outcome is not what it must be. `fields` is field → mapped right?"""

    export: Export
    outcome: Outcome
    rows: dict[int, RowVerdict]
    fields: dict[str, bool]
    problems: list[str]

    @property
    def verdict(self) -> Verdict:
        tally, called = Counter(self.rows.values()), self._callable()
        if tally[RowVerdict.WRONG] or tally[RowVerdict.LOST] or self.sheets_left_out:
            return Verdict.MISLED if self.asked_with_reason else Verdict.WRONG
        if self.asked_with_reason and tally[RowVerdict.REFUSED] > HALF * called:
            return Verdict.MISLED
        if tally[RowVerdict.REFUSED]:
            return Verdict.REFUSED
        return Verdict.PRESELECTED if self.outcome.asked else Verdict.RIGHT

    @property
    def asked_with_reason(self) -> bool:
        """Whether somebody is asked what is open in this list. A question about something else saves nobody from a wrong call."""
        return not self.outcome.asked.keys().isdisjoint(open_questions(self.export, self.outcome))

    @property
    def sheets_left_out(self) -> bool:
        """Whether other sheets have leads and nobody hears of it."""
        unsaid = not self.outcome.refusal and not _is_said("other_sheets", self.outcome)
        return "other_sheets" in self.export.notes and unsaid and "sheet" not in self.outcome.asked

    def _callable(self) -> int:
        return sum(any(answer.phones for answer in answers) for answers in self.export.answers.values())


def score(export: Export) -> Score:
    with TemporaryDirectory() as folder:
        return judge(export, take(write_export(export, Path(folder)), export.home, export.variables))


def judge(export: Export, outcome: Outcome) -> Score:
    rows, fields = judge_rows(export, outcome), {} if outcome.refusal else judge_fields(export, outcome)
    problems = (
        [f"the file is refused: {outcome.refusal}"]
        if outcome.refusal
        else [
            *row_problems(export, outcome, rows),
            *field_problems(outcome, fields),
            *question_problems(export, outcome),
            *value_problems(export, outcome),
            *reading_problems(export, outcome),
        ]
    )
    return Score(export, outcome, rows, fields or dict.fromkeys(_wanted(export), False), problems)


# -- rows ------------------------------------------------------------------------------------------------------------
def judge_rows(export: Export, outcome: Outcome) -> dict[int, RowVerdict]:
    """The verdict on each row that has an answer, and on any other that is called."""
    if outcome.refusal:
        return {number: RowVerdict.REFUSED for number, answers in export.answers.items() if answers[0].phones}
    numbers = sorted(export.answers.keys() | outcome.leads.keys())
    no_lead = [Answer(outcome="no_lead")]
    verdicts = {
        number: judge_row(export.answers.get(number, no_lead), outcome.leads.get(number, []), export.second) for number in numbers
    }
    silent = {number for number, answers in export.answers.items() if answers == no_lead}
    return {number: verdict for number, verdict in verdicts.items() if number not in silent or verdict is not RowVerdict.RIGHT}


def judge_row(answers: list[Answer], leads: list[Lead], second: Iterable[str]) -> RowVerdict:
    called = {lead.phone for lead in leads if lead.phone}
    right = {phone for answer in answers for phone in answer.phones}
    strangers = [
        header for lead in leads for header, phone in lead.second if lead.phone and header not in second and phone not in right
    ]
    if called - right or strangers:
        return RowVerdict.WRONG
    if any(called == set(answer.phones) and (leads or answer.outcome == "no_lead") for answer in answers):
        return RowVerdict.RIGHT
    return RowVerdict.REFUSED if leads and not called else RowVerdict.LOST


def row_problems(export: Export, outcome: Outcome, rows: dict[int, RowVerdict]) -> list[str]:
    wrong = {number: verdict for number, verdict in rows.items() if verdict is not RowVerdict.RIGHT}
    problems = [
        f"row {number}: {verdict}: {_shown(export.answers.get(number, []), outcome.leads.get(number, []))}"
        for number, verdict in wrong.items()
    ]
    misnamed = [
        number for number in rows.keys() - wrong.keys() if not _named_right(export.answers[number], outcome.leads.get(number, []))
    ]
    return problems + [f"row {number}: the reason is {outcome.leads[number][0].reason}" for number in sorted(misnamed)]


def _shown(answers: list[Answer], leads: list[Lead]) -> str:
    wanted = " or ".join(" & ".join(answer.phones) or f"{answer.outcome} {answer.kind}".strip() for answer in answers)
    return f"{' & '.join(_lead_shown(lead) for lead in leads) or 'nothing'}, not {wanted}"


def _lead_shown(lead: Lead) -> str:
    return " ".join([lead.phone or lead.reason, *(f"then {phone} of {header}" for header, phone in lead.second)])


def _named_right(answers: list[Answer], leads: list[Lead]) -> bool:
    """Whether a row that is not called is refused for a right reason."""
    reasons = [lead.reason for lead in leads if not lead.phone]
    if not reasons or any(answer.outcome in ("called", "no_lead") for answer in answers):
        return True
    kinds = [part for answer in answers for part in ((CONSENT,) if answer.outcome == "no_consent" else REFUSALS[answer.kind])]
    return all(any(part in reason for part in kinds) for reason in reasons)


# -- choices ---------------------------------------------------------------------------------------------------------
def _wanted(export: Export) -> list[str]:
    return [key for key in export.mapping if key != "phone_number"]


def judge_fields(export: Export, outcome: Outcome) -> dict[str, bool]:
    """Every field but phones: is it mapped right? A country or a consent that nobody spoke of must not be mapped."""
    extra = [key for key in outcome.mapping if key in ("country", "phone_country", CONSENT)]
    found = {key: _with_cells(export, headers) for key, headers in outcome.mapping.items()}
    return {key: found.get(key, []) in export.mapping.get(key, [[]]) for key in dict.fromkeys([*_wanted(export), *extra])}


def _with_cells(export: Export, headers: list[str]) -> list[str]:
    """Without those of joined columns that have no cells below their header, and so change no value."""
    if len(headers) < 2:
        return headers
    rows = export.sheets[export.sheet]
    return [
        header
        for header in headers
        if any(header in row and _is_filled(rows[at + 1 :], row.index(header)) for at, row in enumerate(rows))
    ]


def _is_filled(rows: list[list], column: int) -> bool:
    return any(len(row) > column and row[column] != "" for row in rows)


def field_problems(outcome: Outcome, fields: dict[str, bool]) -> list[str]:
    return [
        f"{key} is mapped to {' + '.join(outcome.mapping.get(key, [])) or 'nothing'}"
        for key, right in fields.items()
        if not right
    ]


def open_questions(export: Export, outcome: Outcome) -> dict[str, list[str]]:
    """What may be asked, and the right values. In every list a further phone may be: no cell tells whether the same person
    should be called on it."""
    further = {what: export.second for what in outcome.asked if what.startswith(NEXT_PHONE)} if export.second else {}
    return further | export.asks


def question_problems(export: Export, outcome: Outcome) -> list[str]:
    """What was asked needlessly, or with another value preselected than the right one."""
    right = open_questions(export, outcome)
    needless = [f"asked for no reason: {what} ({chosen})" for what, chosen in outcome.asked.items() if what not in right]
    return needless + [
        f"{what}: {chosen or 'nothing'} is preselected"
        for what, chosen in outcome.asked.items()
        if what in right and ANYTHING not in right[what] and (chosen or NOTHING) not in right[what]
    ]


def value_problems(export: Export, outcome: Outcome) -> list[str]:
    """Values that the assistant would say wrong."""
    said = {
        (number, name): next((lead.variables.get(name, NOTHING) for lead in outcome.leads.get(number, [])), NOTHING)
        for number, name in export.values
    }
    return [
        f"row {number}: {name} is {said[number, name]!r}"
        for (number, name), value in export.values.items()
        if said[number, name] != value
    ]


def reading_problems(export: Export, outcome: Outcome) -> list[str]:
    problems = [f"not said: {kind}" for kind in export.notes if not _is_said(kind, outcome)]
    if outcome.sheet != export.sheet and export.sheet:
        problems.append(f"the sheet is {outcome.sheet}")
    if export.header_row not in (None, outcome.header_row):
        problems.append(f"the header row is {outcome.header_row}")
    return problems


def _is_said(kind: str, outcome: Outcome) -> bool:
    return any(part in note for note in outcome.notes for part in NOTES[kind])


# -- all of them -----------------------------------------------------------------------------------------------------
def summary(scores: list[Score]) -> str:
    lists, rows = Counter(one.verdict for one in scores), Counter(row for one in scores for row in one.rows.values())
    fields = [right for one in scores for right in one.fields.values()]
    values, notes = _share(scores, "values", value_problems), _share(scores, "notes", _unsaid)
    needless = sum(what not in open_questions(one.export, one.outcome) for one in scores for what in one.outcome.asked)
    clean = sum(not one.problems for one in scores)
    return "\n".join(
        [
            f"{len(scores)} lists: " + " · ".join(f"{lists[verdict]} {verdict}" for verdict in Verdict),
            f"{rows.total()} rows: " + " · ".join(f"{rows[verdict]} {verdict}" for verdict in RowVerdict),
            f"{len(fields)} variables: {sum(fields) / len(fields):.1%} mapped right",
            f"values that can be said: {values}; notes that must be said: {notes}; questions for no reason: {needless}",
            f"{clean} lists as they must be in every respect",
        ]
    )


def _unsaid(export: Export, outcome: Outcome) -> list[str]:
    return [kind for kind in export.notes if not _is_said(kind, outcome)]


def _share(scores: list[Score], attribute: str, missed) -> str:
    total = sum(len(getattr(one.export, attribute)) for one in scores)
    return f"{total - sum(len(missed(one.export, one.outcome)) for one in scores)} of {total}"
