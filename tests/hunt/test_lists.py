"""The lists that the hunt makes: the same again for the same seed, and the truth about them is true."""

import io

import phonenumbers
import pytest

from devtools.hunt.cases import Case, case_of, made
from devtools.hunt.kinds import CLEAN, KINDS, kind_at
from devtools.hunt.regions import regions
from devtools.hunt.words import choices, languages

ENOUGH = 96  # lists, so that every kind is among them


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return [made(5, index) for index in range(ENOUGH)]


def test_every_kind_is_met_and_one_list_in_eight_is_clean(cases):
    kinds = [case.kind for case in cases]
    assert set(kinds) == set(KINDS)
    assert kinds.count(CLEAN) == ENOUGH / 8
    assert kinds == [kind_at(index) for index in range(ENOUGH)]


def test_forty_regions_have_headers_in_their_language():
    assert len(regions()) == 40 and len(languages()) >= 8
    assert all(choices("name", region.language) for region in regions().values())


def test_the_same_seed_makes_the_same_file(cases):
    for case in cases:
        again = case_of(case.id)
        assert (again.data, again.truth.to_json(), again.home) == (case.data, case.truth.to_json(), case.home), case.kind


def test_another_seed_makes_another_file(cases):
    assert case_of("6-0000").data != cases[0].data


def test_everybody_has_a_valid_number_or_a_reason_to_have_none(cases):
    for case in cases:
        for person in case.truth.people:
            assert bool(person.number) != bool(person.why), (case.kind, person)
            assert not person.number or phonenumbers.is_valid_number(phonenumbers.parse(person.number)), (case.kind, person)


def test_no_number_is_two_peoples_or_a_strangers_too(cases):
    for case in cases:
        called = [person.number for person in case.truth.people if person.number]
        assert len(called) == len(set(called)) and not set(called) & set(case.truth.strangers), case.kind


def test_people_stand_in_the_row_that_the_truth_names(cases):
    """Read with another reader than ours."""
    from openpyxl import load_workbook

    workbooks = [case for case in cases if case.file_name.endswith(".xlsx") and case.kind != "mojibake"]
    assert len(workbooks) > 15
    for case in workbooks:
        book = load_workbook(io.BytesIO(case.data))
        for person in case.truth.people:
            cells = [str(cell.value) for cell in book[person.sheet][person.row]]
            assert any(person.name in cell for cell in cells) or set(person.name.rsplit(" ", 1)) <= set(cells), (case.id, person)
            assert person.cell in cells or not person.cell, (case.id, person)


def test_what_is_no_name_of_a_list_is_said_so():
    with pytest.raises(ValueError, match="named like 7-0123"):
        case_of("first")
