"""Cells placed on a grid, and workbooks whose sheets are read whole."""

import pytest

from imports.pipeline.readers.column_letters import MOST_COLUMNS
from imports.pipeline.readers.table import BadRow, Row, UnreadableFile
from imports.pipeline.readers.whole_sheets import Grid, Table, TableBook, unique_names
from imports.pipeline.readers.zip_safety import LONGEST_CELL, MOST_ROWS


def row_of(*texts: str, **options) -> Grid:
    grid = Grid()
    grid.begin_row(**options)
    for text in texts:
        grid.place(text)
    grid.end_row()
    return grid


def test_cells_stand_where_no_merged_cell_from_above_stands():
    grid = Grid()
    grid.begin_row()
    grid.place("Güneş", down=2)
    grid.place("Ali")
    grid.end_row()
    grid.begin_row()
    grid.place("Can")
    grid.end_row()
    assert grid.rows == [Row(1, ["Güneş", "Ali"]), Row(2, ["", "Can"])] and grid.merges == [(1, 2, 0)]


def test_blank_rows_are_left_out_and_hidden_ones_counted():
    assert row_of(" ").rows == [] and row_of("Ali", hidden=True).hidden == 1
    assert row_of("Ali", number=7).rows == [Row(7, ["Ali"])]


def test_limits():
    grid = Grid(last=5)
    with pytest.raises(UnreadableFile):
        grid.begin_row(5)
    with pytest.raises(UnreadableFile):
        row_of("Ali", number=MOST_ROWS + 1)
    far = Grid()
    far.begin_row()
    far.place("x", column=16_000)
    far.end_row()
    assert len(far.rows[0].cells) == MOST_COLUMNS + 1
    too_long = row_of("a" * (LONGEST_CELL + 5)).rows[0]
    assert isinstance(too_long, BadRow) and too_long.reason.code == "cell_too_long"


def test_a_sheet_is_read_when_it_is_asked_for():
    read = []

    def grid() -> Grid:
        read.append("Liste")
        return row_of("Ali")

    book = TableBook("ods", [Table("Liste", True, grid), Table("Gizli", False, row_of("x", hidden=True))])
    assert book.sheet_names() == [("Liste", True), ("Gizli", False)] and not read
    assert list(book.rows("Liste")) == list(book.peek("Liste")) == [Row(1, ["Ali"])] and read == ["Liste"]
    assert book.size("Liste") == (1, 1) and [note.code for note in book.notes("Gizli")] == ["hidden_rows"]


def test_names_of_sheets_are_made_different():
    assert unique_names(["Liste", "Ek", "Liste"]) == ["Liste", "Ek", "Liste (2)"]
