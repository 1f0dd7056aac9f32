"""The rule that grades a choice."""

import pytest

from imports.pipeline.evidence import REFUTATIONS, Grade, Reading, Support, decide
from tests.pipeline.columns.evidence import WHY

OPEN, REFUTED = Reading("Tel 2"), Reading("Tesisat No", "counts_upwards")


@pytest.mark.parametrize(
    ("supports", "others", "grade"),
    [
        ({Support.PERSON}, [OPEN], Grade.PROVEN),
        ({Support.OWN_NAME}, [OPEN], Grade.PROVEN),
        ({Support.CELLS}, [], Grade.PROVEN),
        ({Support.CELLS, Support.HEADER}, [REFUTED], Grade.PROVEN),
        ({Support.PRESUMPTION}, [REFUTED], Grade.PROVEN),
        ({Support.CELLS, Support.HEADER}, [OPEN, REFUTED], Grade.LIKELY),
        ({Support.HEADER}, [], Grade.LIKELY),
        ({Support.HEADER}, [REFUTED], Grade.LIKELY),
        (set(), [], Grade.UNKNOWN),
    ],
)
def test_the_rule(supports, others, grade):
    decision = decide("phone_number", "Telefon", WHY, supports, others)
    assert decision.grade is grade
    assert decision.instead == tuple(other.value for other in others if not other.refuted)
    assert decision.must_be_asked is (grade is not Grade.PROVEN)


def test_what_decides_no_number_and_no_person_is_never_asked_about():
    assert not decide("customer_name", "Ad", WHY, {Support.HEADER}).must_be_asked
    assert not decide("encoding", "cp1254", WHY, {Support.CELLS}, [Reading("cp1252")]).must_be_asked


def test_a_decision_survives_being_stored():
    decision = decide("country", "", WHY, {Support.CELLS}, [OPEN])
    assert type(decision).from_json(decision.to_json()) == decision


def test_every_refutation_that_a_reading_names_is_explained():
    assert all(REFUTATIONS.values()) and REFUTED.refuted in REFUTATIONS
