"""The lists that the hunt makes: the same again for the same seed, and the truth about them is true."""
import io

import phonenumbers
import pytest

from config.hunt.cases import case_of, made
from config.hunt.kinds import CLEAN, KINDS, kind_at
from config.hunt.regions import regions
from config.hunt.words import choices, languages

ENOUGH = 120  # lists, so that every kind is among them
CASES = {}


def case(index: int):
    if index not in CASES:
        CASES[index] = made(5, index)
    return CASES[index]


def test_every_kind_is_met_and_one_list_in_eight_is_clean():
    kinds = [kind_at(index) for index in range(ENOUGH)]
    assert set(kinds) == set(KINDS)
    assert kinds.count(CLEAN) == ENOUGH / 8


def test_forty_regions_have_numbers_names_and_headers_in_their_language():
    assert len(regions()) == 40 and len(languages()) >= 8
    assert all(choices("name", region.language) for region in regions().values())


@pytest.mark.parametrize("index", range(ENOUGH))
def test_the_same_seed_makes_the_same_file(index):
    again = case_of(f"5-{index:04}")
    assert (again.data, again.truth.to_json(), again.home) == (case(index).data, case(index).truth.to_json(), case(index).home)


def test_another_seed_makes_another_file():
    assert case_of("6-0000").data != case(0).data


@pytest.mark.parametrize("index", range(ENOUGH))
def test_everybody_has_a_valid_number_or_a_reason_to_have_none(index):
    for person in case(index).truth.people:
        assert bool(person.number) != bool(person.why)
        assert not person.number or phonenumbers.is_valid_number(phonenumbers.parse(person.number))


@pytest.mark.parametrize("index", range(ENOUGH))
def test_no_number_is_two_peoples_or_a_strangers_too(index):
    truth = case(index).truth
    called = [person.number for person in truth.people if person.number]
    assert len(called) == len(set(called)) and not set(called) & set(truth.strangers)


@pytest.mark.parametrize("index", [index for index in range(ENOUGH) if case(index).file_name.endswith(".xlsx")])
def test_people_stand_in_the_row_that_the_truth_names(index):
    """Read with another reader than ours."""
    from openpyxl import load_workbook

    book, damaged = load_workbook(io.BytesIO(case(index).data)), case(index).kind == "mojibake"
    for person in [] if damaged else case(index).truth.people:
        cells = [str(cell.value) for cell in book[person.sheet][person.row]]
        assert any(person.name in cell for cell in cells) or all(half in cells for half in person.name.rsplit(" ", 1))
        assert person.cell in cells or not person.cell


def test_what_is_no_name_of_a_list_is_said_so():
    with pytest.raises(ValueError, match="named like 7-0123"):
        case_of("first")
