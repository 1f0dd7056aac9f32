"""Plain numbers of a column's own region, all by one expression; what is not plainly one is left to be read by itself."""

import pytest

from imports.pipeline.phones.batch_column import Column
from imports.pipeline.phones.batch_home import home_results
from imports.pipeline.phones.normalise import PhoneFormat, normalise

PLAIN = {
    "TR": ["05321112233", "0532 111 22 33", "532 111 22 33", "(0532) 111-22-33", "0212 555 66 77", "5321112233"],
    "DE": ["0151 23456789", "01512 3456789", "030 123456"],
    "US": ["(212) 736-5000", "212-736-5000", "2127365000"],
    "IT": ["06 698 12345", "347 123 4567"],
}
LEFT = [
    "",
    "   ",
    "-",
    "Ayşe",
    "12",
    "0000000000",
    "0532 111 22 33 / 0533 444 55 66",
    "+44 20 7946 0100",
    "fax 0212 555 66 77",
    "5,32111E+09",
    "a\nb",
]


@pytest.mark.parametrize("region", PLAIN)
def test_plain_numbers_are_read_as_one_by_one(region):
    cells = PLAIN[region]
    results = home_results(Column(cells), region)
    expected = [normalise(cell, PhoneFormat("national", region)) for cell in cells]
    assert all(found in (None, one) and one.e164 for found, one in zip(results, expected, strict=True))
    assert results.count(None) <= 1


def test_what_is_not_plainly_a_number_of_the_region_is_left_over():
    assert home_results(Column(LEFT), "TR") == [None] * len(LEFT)


@pytest.mark.parametrize("region", PLAIN)
def test_each_cell_keeps_its_place_among_those_that_are_left(region):
    cells = [cell for plain, left in zip(PLAIN[region] * 4, LEFT * 2) for cell in (left, plain, left)]
    alone = {cell: home_results(Column([cell]), region)[0] for cell in cells}
    results = home_results(Column(cells), region)
    assert results == [alone[cell] for cell in cells]
    assert [result.e164 for result in results if result] and None in results


def test_the_same_cell_gives_the_same_result_however_large_the_column():
    cells = PLAIN["TR"] * 500
    results = home_results(Column(cells), "TR")
    assert results[: len(PLAIN["TR"])] * 500 == results


def test_repairs_are_those_of_what_stood_before_the_number():
    bare, spaced, without_zero = home_results(Column(["05321112233", "0532 111 22 33", "5321112233"]), "TR")
    assert {one.e164 for one in (bare, spaced, without_zero)} == {"+905321112233"}
    assert [one.repairs for one in (bare, spaced, without_zero)] == [
        normalise(cell, PhoneFormat("national", "TR")).repairs for cell in ("05321112233", "0532 111 22 33", "5321112233")
    ]


def test_a_column_of_one_empty_cell():
    assert home_results(Column([""]), "TR") == [None]
