"""The number by which a row is known, and where the row stands."""

import pytest

from imports.pipeline.row_place import LIST_SPAN, Place, encoded, place_of


@pytest.mark.parametrize(("row", "list_index"), [(1, 0), (1_048_576, 0), (5, 1), (2, 7)])
def test_a_place_survives_being_a_number(row, list_index):
    assert place_of(encoded(row, list_index)) == Place(row, list_index)


def test_rows_of_the_first_list_come_before_all_of_the_second():
    assert encoded(1_048_576, 0) < encoded(1, 1) == LIST_SPAN + 1
