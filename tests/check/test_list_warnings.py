"""What looks wrong with a list as a whole."""

import pytest

from imports.check.list_warnings import LEAST, MANY_IN_A_ROW, MANY_TIMES, ListWatch, warnings_of
from imports.models import RowState
from imports.pipeline.row_place import encoded
from tests.builders import a_job, add_rows, phone

MOBILE, FIXED, GERMAN = "+90555{:07d}", "+90212{:07d}", "+491512345{:04d}"


def numbers(pattern: str, n: int, step: int = 3) -> list[str]:
    return [pattern.format(2_000_000 + step * i if pattern != GERMAN else step * i) for i in range(n)]


def seen(watch: ListWatch, phones: list[str], first_row: int = 2) -> list:
    watch.see(phones, range(first_row, first_row + len(phones)))
    return list(watch.warnings())


@pytest.mark.parametrize("chunk", [1, 7, MANY_IN_A_ROW, 1_000])
def test_numbers_that_count_upwards_are_seen_across_chunks(chunk):
    watch = ListWatch()
    phones = numbers(MOBILE, 5, step=9) + numbers(FIXED, MANY_IN_A_ROW, step=1) + numbers(MOBILE, 5, step=1)
    for begin in range(0, len(phones), chunk):
        watch.see(phones[begin : begin + chunk], range(2 + begin, 2 + begin + chunk))
    assert list(watch.warnings()) == [["sequential_numbers", {"count": MANY_IN_A_ROW, "row": 1 + 5 + MANY_IN_A_ROW}]]


@pytest.mark.parametrize(
    "phones",
    [
        [],
        numbers(MOBILE, MANY_IN_A_ROW - 1, step=1),
        numbers(MOBILE, 2 * MANY_IN_A_ROW, step=2),
        numbers(MOBILE, MANY_IN_A_ROW, step=1)[::-1],
        [phone(1)] * 2 * MANY_IN_A_ROW,
    ],
    ids=["none", "one too few", "by two", "downwards", "the same"],
)
def test_other_numbers_are_not_in_a_row(phones):
    assert seen(ListWatch(), phones) == []


def test_each_of_several_lists_is_watched_by_itself():
    watch = ListWatch([0, 3])
    places = [encoded(row, index) for row in range(2, 302) for index in (0, 1)]
    watch.see([f"+905{5 + n // encoded(0, 1)}{1_000_000 + n % encoded(0, 1)}" for n in places], places)
    assert list(watch.warnings()) == [["sequential_numbers", {"count": 300, "row": 301, "list_column": "A"}]]


def codes(job) -> list[str]:
    return [code for code, _params in warnings_of(job)]


def test_a_list_without_rows_has_no_warnings(db):
    assert warnings_of(a_job(rows=0)) == []


def test_one_number_many_times_is_named_with_its_place(db):
    job = a_job(rows=numbers(MOBILE, 60))
    add_rows(job, [phone(1)] * (MANY_TIMES - 1), RowState.DUPLICATE_IN_FILE, first_row=100)
    assert warnings_of(job) == []
    add_rows(job, [phone(1)], RowState.DUPLICATE_IN_FILE, first_row=200)
    assert warnings_of(job) == [["repeated_number", {"count": MANY_TIMES + 1, "row": 100}]]


def test_of_numbers_as_often_there_the_first_is_named(db):
    job = a_job(rows=numbers(MOBILE, 90))
    for first_row, number in ((300, phone(1)), (200, phone(2))):
        add_rows(job, [number] * MANY_TIMES, RowState.DUPLICATE_IN_FILE, first_row=first_row)
    assert warnings_of(job) == [["repeated_number", {"count": MANY_TIMES + 1, "row": 200}]]


def test_many_numbers_that_come_twice(db):
    phones = numbers(MOBILE, 10)
    job = a_job(rows=phones)
    add_rows(job, phones, RowState.DUPLICATE_IN_FILE, first_row=50)
    assert warnings_of(job) == []  # half of all is not most
    add_rows(job, phones[:1], RowState.DUPLICATE_IN_FILE, first_row=90)
    assert warnings_of(job) == [["many_repeated_numbers", {"count": 11}]]


@pytest.mark.parametrize(
    ("phones", "expected"),
    [
        (numbers(FIXED, LEAST), [["mostly_fixed_lines", {"percent": 100}]]),
        (numbers(FIXED, 11) + numbers(MOBILE, 9), [["mostly_fixed_lines", {"percent": 55}]]),
        (numbers(FIXED, 10) + numbers(MOBILE, 10), []),
        (numbers(GERMAN, 11) + numbers(MOBILE, 9), [["mostly_foreign", {"percent": 55, "region": "TR"}]]),
        (numbers(GERMAN, LEAST - 1), []),  # shares of so few mean nothing
    ],
)
def test_what_kind_of_numbers_a_list_has(db, phones, expected):
    assert warnings_of(a_job(rows=phones)) == expected


def test_at_home_is_where_the_phone_format_says(db):
    job = a_job(rows=numbers(GERMAN, LEAST), phone_format={"kind": "national", "region": "DE"})
    assert warnings_of(job) == []
    add_rows(job, numbers(MOBILE, LEAST + 1), first_row=100)
    assert warnings_of(job) == [["mostly_foreign", {"percent": 51, "region": "DE"}]]


@pytest.mark.parametrize(("bad", "expected"), [(20, ["phone_in_variable"]), (2, [])])
def test_a_variable_that_holds_the_phone_numbers(campaign, bad, expected):
    job = a_job(campaign, rows=0, mapping={"phone": 0, "name": 1, "company": 2})
    add_rows(job, [""] * bad, RowState.INVALID, cells=["Ayşe", phone(7).replace("+90", "0"), "ACME"])
    add_rows(job, numbers(MOBILE, 9), first_row=100, cells=[phone(1), "Ayşe", "ACME"])
    assert codes(job) == expected
