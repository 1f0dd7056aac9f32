"""The letters of columns."""

import pytest

from imports.pipeline.readers.column_letters import column_letters


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")])
def test_column_letters(index, letters):
    assert column_letters(index) == letters
