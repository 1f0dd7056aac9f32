"""A lease has one holder: who was frozen past it, or whose row has moved on, writes nothing."""

import time
import uuid
from collections.abc import Callable

import pytest

from background.leases import Leases, Lost
from imports.models import NumberList

LEASES = Leases(NumberList, "waiting", 60_000)


@pytest.fixture
def number_list(db) -> NumberList:
    return NumberList.objects.create(file_key=uuid.uuid4())


def taken_over(row: NumberList) -> NumberList:
    NumberList.objects.update(lease_ms=0)
    return LEASES.claim(row.pk)


def test_one_claims_it_and_no_other_until_it_is_released(number_list):
    held = LEASES.claim(number_list.pk, attempts=7)
    assert held.attempts == 7 and not LEASES.free().exists() and LEASES.claim(number_list.pk) is None
    assert LEASES.release(held, attempts=0) and LEASES.claim(number_list.pk).attempts == 0


def test_a_lease_that_has_run_out_goes_to_the_next_and_the_first_writes_nothing(number_list):
    frozen = LEASES.claim(number_list.pk)
    held = taken_over(number_list)
    assert held.token != frozen.token
    assert not LEASES.renew(frozen, attempts=9) and not LEASES.release(frozen, attempts=9)
    with pytest.raises(Lost):
        LEASES.hold(frozen, attempts=9)
    number_list.refresh_from_db()
    assert (number_list.attempts, number_list.token) == (0, held.token) and not LEASES.free().exists()


def test_a_row_that_has_ended_is_nobody_s(number_list):
    held = LEASES.claim(number_list.pk)
    NumberList.objects.update(state="failed")
    assert not LEASES.renew(held) and LEASES.claim(number_list.pk) is None


def test_only_those_among_the_claimable_are_claimed(number_list):
    assert LEASES.claim(number_list.pk, LEASES.free().filter(note="another")) is None


SHORT = Leases(NumberList, "waiting", 1_000)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.django_db(transaction=True)
def test_it_is_renewed_while_the_work_gets_on_and_not_when_it_is_stuck():
    row = NumberList.objects.create(file_key=uuid.uuid4())
    held = SHORT.claim(row.pk)
    with SHORT.renewed(held, stalls_after=0.5) as renewal:
        longer_than_a_lease = time.monotonic() + 2.0
        while time.monotonic() < longer_than_a_lease:
            renewal.note_progress()
            assert not SHORT.free().exists(), "nobody else may begin"
            time.sleep(0.05)
        until(lambda: SHORT.free().exists())  # stuck: the thread no longer speaks for it
        assert SHORT.claim(row.pk)
        renewal.note_progress()
        assert not SHORT.renew(held), "it comes too late"
