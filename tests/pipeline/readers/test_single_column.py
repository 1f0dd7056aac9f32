"""Tables whose every row stands in one cell."""

from imports.pipeline.readers.single_column import Unpacked, unpacked
from imports.pipeline.readers.table import Row
from imports.pipeline.readers.whole_sheets import Grid, Table, TableBook


def book(*lines: list[str]) -> TableBook:
    return TableBook("xlsx", [Table("Liste", True, Grid([Row(n, cells) for n, cells in enumerate(lines, 1)]))])


def test_cells_are_cut_by_the_character_that_cuts_the_header_too():
    workbook = unpacked(book(["Ad,Telefon"], ['"Kaya, Ali",0532 111 22 33']), "Liste")
    assert isinstance(workbook, Unpacked) and workbook.size("Liste") == (2, 1)
    assert [row.cells for row in workbook.rows("Liste")] == [["Ad", "Telefon"], ["Kaya, Ali", "0532 111 22 33"]]
    assert workbook.notes("Liste")[0] == ("columns_unpacked", {"delimiter": ","})
    assert list(workbook.peek("Liste")) == workbook.spread("Liste") and workbook.sheet_names() == [("Liste", True)]


def test_a_list_of_names_or_a_second_column_is_left_as_it_is():
    names, two = book(["Ad"], ["Kaya, Ali"]), book(["Ad,Telefon", "x"], ["Ali,0532 111 22 33", "y"])
    assert unpacked(names, "Liste") is names and unpacked(two, "Liste") is two
