"""Each list through the product: the right number or no number, and what is asked only where the cells leave it open."""

from functools import cache

import pytest

from tests.figures import record_figure

from .export import Export, exports
from .scoring import (
    Score,
    Verdict,
    field_problems,
    question_problems,
    reading_problems,
    row_problems,
    score,
    summary,
    value_problems,
)

NEEDLESS = "asked for no reason"
MOST_NEEDLESS = 4
EACH = pytest.mark.parametrize("export", exports(), ids=lambda export: export.name)


@cache
def _scored(name: str) -> Score:
    return score(next(export for export in exports() if export.name == name))


@EACH
def test_no_number_is_wrong_and_nobody_is_lost_without_a_question(export: Export):
    one = _scored(export.name)
    assert one.verdict not in (Verdict.WRONG, Verdict.MISLED), one.problems


@EACH
def test_everybody_who_can_be_called_is_called_and_refusals_are_named(export: Export):
    one = _scored(export.name)
    assert one.outcome.refusal == ""
    assert row_problems(export, one.outcome, one.rows) == []


@EACH
def test_variables_come_from_the_right_columns(export: Export):
    one = _scored(export.name)
    assert one.outcome.refusal == ""
    assert field_problems(one.outcome, one.fields) == []


@EACH
def test_what_is_asked_has_the_truth_preselected(export: Export):
    one = _scored(export.name)
    assert one.outcome.refusal == ""
    assert [problem for problem in question_problems(export, one.outcome) if not problem.startswith(NEEDLESS)] == []


def test_little_is_asked_without_need():
    """In short lists a few misfits or foreign numbers leave a country open that a person would not doubt."""
    needless = [
        f"{export.name}: {problem}"
        for export in exports()
        for problem in question_problems(export, _scored(export.name).outcome)
        if problem.startswith(NEEDLESS)
    ]
    record_figure("lists of real programs", f"{len(needless)} questions without need in {len(exports())} lists")
    assert len(needless) <= MOST_NEEDLESS, needless


@EACH
def test_values_can_be_said_and_what_a_person_must_know_is_said(export: Export):
    one = _scored(export.name)
    assert one.outcome.refusal == ""
    assert value_problems(export, one.outcome) + reading_problems(export, one.outcome) == []


def test_the_score():
    scores = [_scored(export.name) for export in exports()]
    record_figure("lists of real programs", summary(scores).replace("\n", "; "))
    assert [one.export.name for one in scores if one.verdict is Verdict.WRONG] == []
