"""Groups of columns that repeat on a sheet."""

import pytest

from imports.pipeline.readers.repeated_columns import is_running, key_of, repeated, shape_of


@pytest.mark.parametrize("name", ["Tel", "Tel 2", "Tel (2)", "tel_2", "2. Tel"])
def test_numbered_headers_have_one_key(name):
    assert key_of(name) == "tel"


@pytest.mark.parametrize(
    ("cells", "shape"),
    [
        (["0532 111 22 33"], "phone"),
        (["1", "2", "3"], "running"),
        (["Ali", "Can"], "text"),
        (["a@b.de"], "other"),
        (["", ""], ""),
    ],
)
def test_what_a_column_without_a_name_holds(cells, shape):
    assert shape_of(cells) == shape


def test_groups_that_repeat_with_what_stands_beside_them():
    lists = repeated(["no", "ad", "tel", "ad", "tel"])
    assert lists.columns == ((0, 1, 2), (0, 3, 4)) and lists.own == ((1, 2), (3, 4)) and lists.starts == [1, 3]


def test_a_group_may_have_columns_that_the_others_lack():
    assert repeated(["ad", "tel", "şehir", "ad", "tel"]).columns == ((0, 1, 2), (3, 4, -1))


def test_nothing_repeats():
    assert repeated(["ad", "tel", "tel"]) is None and repeated(["ad", "tel", "şehir"]) is None


def test_running_numbers_go_up_by_one():
    assert is_running(["1.", "2.", "3."]) and not is_running(["1", "3", "9"]) and not is_running([])
