"""Columns as header and cells together describe them."""

from imports.pipeline.columns.column import names_countries, view_columns
from imports.pipeline.headers.meaning import meaning


def names(headers: list[str], rows: list[list[str]]) -> list[set[str]]:
    return [set(column.meaning.names) for column in view_columns(headers, rows, "TR")]


def test_a_header_that_says_nothing_means_what_its_cells_look_like():
    rows = [["ali@example.com", "2026-05-01"], ["can@example.com", "2026-06-01"]]
    assert names(["Column A", "Column B"], rows) == [{"email"}, {"date"}]


def test_a_name_beside_a_first_name_is_the_last_name():
    assert names(["Vorname", "Name"], [["Anna", "Weber"], ["Peter", "Klein"]])[1] == {"last_name"}


def test_cells_that_programs_left_empty_are_empty():
    assert view_columns(["Ad"], [["NULL"], ["Ali"]], "TR")[0].texts == ["", "Ali"]


def test_area_codes_name_no_countries_unless_they_are_dialing_codes():
    assert names_countries(meaning("Ülke"), ["Türkiye"])
    assert not names_countries(meaning("Alan Kodu"), ["212"]) and names_countries(meaning("Alan Kodu"), ["+90"])
