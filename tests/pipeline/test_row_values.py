"""The values of a row: what is kept, what is left out, and what is warned about."""

from imports.pipeline.columns.source import Joined
from imports.pipeline.row_values import column_texts, repair_leads, values_of_row, values_of_rows


def test_filled_cells_are_kept_and_what_programs_write_for_nothing_is_left_out():
    warned = []
    cells = [" Ali ", "NULL", "", "nan", "Kaya"]
    placed = [("name", Joined((0, 4))), ("city", 1), ("note", 2), ("age", 3)]
    assert values_of_row(cells, placed, warned) == {"name": "Ali Kaya"}
    assert warned == []


def test_errors_of_formulas_and_unreadable_characters_are_warned_about():
    warned = []
    assert values_of_row(["#YOK", "Ay\ufffde"], [("city", 0), ("name", 1)], warned) == {"name": "Ay\ufffde"}
    assert [code for code, _ in warned] == ["cell_error", "damaged_characters"]


def test_rows_at_once_have_the_values_and_warnings_of_each_alone():
    doubted = [
        "NULL",
        "undefined undefined",
        "'nan'",
        "Nan",
        "İnan",
        "#N/A",
        "#YOK",
        "No # 5",
        "Ay\ufffde",
        "",
        "  ",
        " Ali ",
        "Nil",
        "x" * 90,
    ]
    table = [[first, second, "Kaya"] for first in doubted for second in doubted]
    for placed in ([("name", 0), ("city", 1)], [("name", Joined((0, 1, 2))), ("city", 1), ("note", 2)], [("note", 2)], []):
        at_once, alone = [[] for _ in table], [[] for _ in table]
        expected = [values_of_row(cells, placed, warned) for cells, warned in zip(table, alone)]
        assert values_of_rows(table, placed, at_once) == expected
        assert at_once == alone


def test_the_texts_of_a_column_or_of_joined_columns():
    table = [["a", "b"], ["", "d"]]
    assert column_texts(table, 1) == ["b", "d"]
    assert column_texts(table, Joined((0, 1), "-")) == ["a-b", "d"]
    assert column_texts(table, None) == ["", ""]


def test_letters_of_leads_and_of_their_contacts_are_repaired_in_place():
    values, warnings = [{"name": "GÃ¼rsoy"}, {"name": "Ali"}], [[], []]
    contacts = [[{"phone_number": "+905321112233", "variables": {"name": "AyÅŸe"}}], []]
    repair_leads(values, contacts, warnings, {"encodings": ["sloppy-windows-1252"], "turkish": False, "doubtful": ""})
    assert values == [{"name": "Gürsoy"}, {"name": "Ali"}]
    assert contacts[0][0]["variables"] == {"name": "Ayşe"}
    assert [[code for code, _ in row] for row in warnings] == [["letters_repaired", "letters_repaired"], []]
