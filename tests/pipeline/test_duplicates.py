"""The first row of a number wins; the index stays small."""

import tracemalloc

from imports.pipeline.duplicates import DuplicateIndex
from tests.figures import record_figure

BYTES_A_NUMBER = 110


def test_later_rows_learn_the_first():
    index = DuplicateIndex()
    assert index.seen("+905321234567", 2) is None
    assert index.seen("+905552345678", 3) is None
    assert index.seen("+905321234567", 9) == 2
    assert index.seen("+905321234567", 12) == 2, "always the first, never the one before"
    assert len(index) == 2


def test_a_row_checked_again_is_not_its_own_duplicate():
    index = DuplicateIndex()
    index.seen("+905321234567", 2)
    assert index.seen("+905321234567", 2) is None


def test_numbers_of_different_countries_never_meet():
    index = DuplicateIndex()
    assert index.seen("+15321234567", 2) is None
    assert index.seen("+905321234567", 3) is None


def test_a_million_numbers_fit():
    count = 1_000_000
    tracemalloc.start()
    index = DuplicateIndex()
    for number in range(count):
        index.seen(f"+90532{number:07d}", number + 2)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    record_figure("duplicates", f"{size / count:.0f} bytes a number at {count:,} numbers")
    assert size <= BYTES_A_NUMBER * count
