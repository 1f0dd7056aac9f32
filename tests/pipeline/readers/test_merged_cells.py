"""The value of a merged cell stands beside every row that it covers."""

from imports.pipeline.readers.merged_cells import filled_down
from imports.pipeline.readers.table import Row

ROWS = [Row(1, ["Firma", "Ad"]), Row(2, ["Güneş", "Ali"]), Row(3, ["", "Can"]), Row(4, ["", ""]), Row(5, ["", "Elif"])]


def test_a_merge_is_filled_down_to_its_last_row():
    filled = list(filled_down(iter(ROWS), [(2, 3, 0)]))
    assert [row.cells[0] for row in filled] == ["Firma", "Güneş", "Güneş", "", ""]


def test_blank_rows_stay_blank_and_own_values_stay():
    filled = list(filled_down(iter([*ROWS, Row(6, ["Ay", "Cem"])]), [(2, 6, 0)]))
    assert [row.cells[0] for row in filled] == ["Firma", "Güneş", "Güneş", "", "Güneş", "Ay"]


def test_merges_within_one_row_change_nothing():
    rows = iter(ROWS)
    assert filled_down(rows, [(2, 2, 0)]) is rows
