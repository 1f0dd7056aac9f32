"""Whether nothing can be sent any more is shown by the next request."""

from imports.push.consecutive_failures import Stop
from imports.push.stop_check import ENOUGH_ROWS, Refused, StopCheck

STOP = Stop("key", {"message": "Unauthenticated."})


def refused(row_id: int, **known) -> list[Refused]:
    return [Refused(row_id, STOP, **known)]


def test_only_what_left_after_the_refusal_shows_that_others_are_taken():
    check = StopCheck()
    assert check.note_refused(refused(1)) is None and check.is_open
    check.note_fine([7])  # it was under way already
    assert check.is_open
    check.sent([8])
    check.note_fine([8])
    assert not check.is_open


def test_some_rows_that_are_refused_alike_stop_the_import_and_those_suspected_count_for_nothing():
    check = StopCheck()
    for row_id in range(10):
        assert check.note_refused(refused(row_id, is_suspect=True)) is None
    for row_id in range(20, 19 + ENOUGH_ROWS):
        assert check.note_refused(refused(row_id)) is None
    assert check.note_refused(refused(20)) is None  # the same once more
    assert check.note_refused(refused(30)) == STOP and not check.is_open
