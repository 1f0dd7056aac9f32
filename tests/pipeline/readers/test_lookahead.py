"""Rows that can be looked at before it is their turn."""

from imports.pipeline.readers.lookahead import MOST_LOOKS, NEAR_THE_END, Lookahead
from imports.pipeline.readers.table import Row

ROWS = [Row(number, [str(number)] if number % 2 else [" "]) for number in range(1, 12)]


def test_filled_rows_are_seen_and_none_is_lost():
    ahead = Lookahead(iter(ROWS))
    assert next(iter(ahead)).number == 1
    assert ahead() == [["3"], ["5"], ["7"], ["9"]] == ahead() and NEAR_THE_END == 3
    assert [row.number for row in ahead] == list(range(2, 12))


def test_at_the_end_there_is_nothing_to_see():
    assert Lookahead(iter([]))() == []


def test_a_table_may_look_ahead_only_so_often():
    ahead = Lookahead(iter(ROWS))
    assert None not in [ahead() for _ in range(MOST_LOOKS)] and ahead() is None
