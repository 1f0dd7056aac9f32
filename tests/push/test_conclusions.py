"""What a row's state is concluded from: the table *evidence → state* of docs/reliability.md, line by line."""

from datetime import UTC, datetime

import pytest

from campaigns.whattalk.errors import NotFound, RateLimited, Unreachable
from campaigns.whattalk.replies import Created, Duplicate, NotAccepted, Refused, RetryReason, Unknown, UnknownReason
from campaigns.whattalk.resources import Lead
from config import settings as shipped
from imports.models import RowState as S
from imports.push.conclusions import (
    CANNOT,
    ENOUGH_FAILURES,
    WAIT_AFTER_FAILURE_MS,
    Circumstances,
    Meaning,
    Refusal,
    has_tried_enough,
    meaning_of,
    of_answer,
    of_failed_look_up,
    of_look_up,
)
from imports.push.lead_ownership import Whose
from imports.push.row_claims import ENOUGH_MISSES, MOST_TRIES, Claimed

FIRST, LOST = Circumstances(), Circumstances(after_lost=True)
GAP_MS = 60_000
SAYS_SO, NEUTRAL, NAMES_ONE = (
    Refusal("exists", "It exists.", True),
    Refusal("no", "No.", code="http_422"),
    Refusal("x", "Exists.", True, "7"),
)
SENT = datetime(2026, 5, 1, 12, tzinfo=UTC)


def row(**fields) -> Claimed:
    fields = {"attempts": 1, "unknowns": 1, "misses": 0, "lookup_failures": 0, **fields}
    return Claimed(
        1, 99, "+905550000001", {"variables": {"name": "Ayşe"}}, None, **fields, first_intent_ms=int(SENT.timestamp() * 1000)
    )


def lead(id: str = "7") -> Lead:
    return Lead(id, "+905550000001", "1050", "created", SENT, {}, {})


# -- answers -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("outcome", "circumstances", "state", "refunds_attempt"),
    [
        (Created("7"), FIRST, S.CREATED, False),
        (Created("7"), LOST, S.CREATED, False),
        (NotAccepted(RetryReason.KEY), FIRST, S.PENDING, True),
        (NotAccepted(RetryReason.RATE_LIMITED), FIRST, S.PENDING, True),
        *((Unknown(doubt), FIRST, S.UNKNOWN, False) for doubt in UnknownReason),
        (Refused("do_not_call", "listed"), FIRST, S.REFUSED, False),
        (Refused("validation", "Is required."), FIRST, S.REFUSED, False),
        (Refused("do_not_call", "listed"), LOST, S.UNKNOWN, False),
    ],
)
def test_an_answer(outcome, circumstances, state, refunds_attempt):
    found = of_answer(outcome, circumstances)
    assert (found.state, found.refunds_attempt, found.lost) == (state, refunds_attempt, isinstance(outcome, Unknown))


@pytest.mark.parametrize(
    ("meaning", "words", "neutral", "names_one"),
    [
        (Meaning.NEW, S.UNKNOWN, S.UNKNOWN, S.UNKNOWN),
        (Meaning.VARIES, S.UNKNOWN, S.UNKNOWN, S.UNKNOWN),
        (Meaning.NO_DUPLICATE, S.REFUSED, S.REFUSED, S.CREATED),
        (Meaning.UNTOLD, S.UNCONFIRMED, S.REFUSED, S.UNCONFIRMED),
        (Meaning.DUPLICATE, S.DUPLICATE_IN_CAMPAIGN, None, S.DUPLICATE_IN_CAMPAIGN),
    ],
)
def test_a_refusal_by_what_its_text_was_found_to_mean(meaning, words, neutral, names_one):
    for outcome, state in (
        (Duplicate("It exists."), words),
        (Refused("http_422", "No."), neutral),
        (Duplicate("Exists.", "7"), names_one),
    ):
        if state:
            assert of_answer(outcome, FIRST._replace(meaning=meaning)).state == state
            assert of_answer(outcome, LOST._replace(meaning=meaning)).state == S.UNKNOWN  # it is looked up, whatever it means
            assert of_answer(outcome, LOST._replace(cannot_look_up=True)).state == S.UNCONFIRMED


def test_a_refusal_by_the_services_own_list_says_so():
    assert of_answer(Refused("do_not_call", "listed"), FIRST).reason == "refused_do_not_call"


def test_a_lost_answer_is_left_alone_for_a_while():
    assert of_answer(Unknown(UnknownReason.TIMEOUT), Circumstances(settle_ms=600_000)).wait_ms == 600_000


@pytest.mark.parametrize(
    ("has_words", "agreed", "denied", "untold", "meaning"),
    [
        (True, 0, 0, 0, Meaning.NEW),
        (True, 1, 0, 0, Meaning.NEW),
        (True, 2, 0, 0, Meaning.DUPLICATE),
        (True, 0, 1, 0, Meaning.NEW),
        (True, 0, 2, 0, Meaning.NO_DUPLICATE),
        (True, 9, 1, 0, Meaning.VARIES),
        (True, 0, 0, 1, Meaning.UNTOLD),
        (True, 2, 0, 5, Meaning.DUPLICATE),
        (False, 0, 0, 0, Meaning.NEW),
        (False, 0, 1, 0, Meaning.NO_DUPLICATE),
        (False, 5, 0, 0, Meaning.VARIES),
        (False, 0, 0, 1, Meaning.UNTOLD),
    ],
)
def test_what_look_ups_have_shown_of_a_text(has_words, agreed, denied, untold, meaning):
    """Words that say duplicate are believed after two look-ups; without such words no number of them is enough."""
    assert meaning_of(has_words, agreed, denied, untold) is meaning


# -- look-ups ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("owners", "doubling", "state"),
    [
        ([Whose.OURS], False, S.CREATED),
        ([Whose.OURS], True, S.CREATED),
        ([Whose.ELSE, Whose.OURS], True, S.CREATED),
        ([Whose.ELSE], False, S.DUPLICATE_IN_CAMPAIGN),
        ([Whose.ELSE], True, S.UNKNOWN),
        ([Whose.UNCLEAR], False, S.UNKNOWN),
        ([Whose.UNCLEAR], True, S.UNKNOWN),
        ([Whose.UNCLEAR, Whose.ELSE], False, S.UNKNOWN),
        ([], False, S.UNKNOWN),
    ],
)
def test_after_a_lost_answer(owners, doubling, state):
    found = [(lead(str(n)), owner) for n, owner in enumerate(owners, 1)]
    ending = of_look_up(row(), found, None, GAP_MS, doubling)
    assert (ending.state, ending.recovered) == (state, state == S.CREATED)
    assert ending.remote_id == (str(len(found)) if state == S.CREATED else None)
    assert ending.missed == (state == S.UNKNOWN and Whose.UNCLEAR not in owners)


@pytest.mark.parametrize(
    ("refusal", "owners", "state", "taught"),
    [
        (SAYS_SO, [Whose.ELSE], S.DUPLICATE_IN_CAMPAIGN, Meaning.DUPLICATE),
        (SAYS_SO, [Whose.UNCLEAR], S.DUPLICATE_IN_CAMPAIGN, Meaning.DUPLICATE),
        (SAYS_SO, [Whose.OURS], S.DUPLICATE_IN_CAMPAIGN, Meaning.DUPLICATE),  # the words say that it is not ours
        (SAYS_SO, [], S.REFUSED, Meaning.NO_DUPLICATE),
        (NEUTRAL, [Whose.ELSE], S.DUPLICATE_IN_CAMPAIGN, Meaning.DUPLICATE),
        (NEUTRAL, [Whose.OURS], S.CREATED, None),  # it was added, and something else went wrong
        (NEUTRAL, [], S.REFUSED, Meaning.NO_DUPLICATE),
        (NAMES_ONE, [Whose.OURS], S.CREATED, Meaning.NO_DUPLICATE),
        (NAMES_ONE, [Whose.ELSE], S.DUPLICATE_IN_CAMPAIGN, Meaning.DUPLICATE),
        (NAMES_ONE, [Whose.UNCLEAR], S.UNKNOWN, None),
        (NAMES_ONE, [], S.UNKNOWN, None),
    ],
)
def test_after_a_refusal(refusal, owners, state, taught):
    ending = of_look_up(row(unknowns=0), [(lead(), owner) for owner in owners], refusal, GAP_MS)
    assert (ending.state, ending.taught) == (state, taught)
    assert ending.remote_id == ("7" if state == S.CREATED else None)


@pytest.mark.parametrize(
    ("refusal", "owners", "meaning", "state"),
    [
        (SAYS_SO, [Whose.OURS], Meaning.NEW, S.CREATED),
        (SAYS_SO, [Whose.ELSE], Meaning.NEW, S.DUPLICATE_IN_CAMPAIGN),
        (NEUTRAL, [Whose.OURS], Meaning.NO_DUPLICATE, S.CREATED),
        (SAYS_SO, [Whose.UNCLEAR], Meaning.NEW, S.UNKNOWN),
        (SAYS_SO, [], Meaning.NO_DUPLICATE, S.UNKNOWN),
        (NEUTRAL, [], Meaning.NEW, S.UNKNOWN),
        (NEUTRAL, [], Meaning.VARIES, S.UNKNOWN),
        (NEUTRAL, [], Meaning.NO_DUPLICATE, S.REFUSED),
        (NEUTRAL._replace(code="validation"), [], Meaning.NEW, S.REFUSED),
    ],
)
def test_after_a_lost_answer_and_a_refusal(refusal, owners, meaning, state):
    """What is refused may be our own lead that lists do not show yet, unless the words are known to mean something else."""
    ending = of_look_up(row(misses=2), [(lead(), owner) for owner in owners], refusal, GAP_MS, meaning=meaning)
    assert ending.state == state and not ending.taught


def test_what_tells_nothing_is_looked_at_three_times_and_never_sent_again():
    for before in (0, CANNOT):
        assert of_look_up(row(lookup_failures=before), [(lead(), Whose.UNCLEAR)], None, GAP_MS).state == S.UNKNOWN
    for refusal in (None, SAYS_SO):
        given_up = of_look_up(row(lookup_failures=2 * CANNOT), [(lead(), Whose.UNCLEAR)], refusal, GAP_MS)
        assert (given_up.state, given_up.reason, given_up.remote_id) == (S.UNCONFIRMED, "unconfirmed", None)


def test_only_the_second_miss_sends_it_again():
    assert of_look_up(row(misses=1), [], None, GAP_MS).state == S.PENDING


def test_after_eight_tries_it_has_failed_however_long_they_took():
    assert of_look_up(row(misses=1, attempts=MOST_TRIES), [], None, GAP_MS).state == S.FAILED
    assert [n for n in range(1, 25) if has_tried_enough(n)] == [8, 16, 24] and not has_tried_enough(0)


# -- look-ups that went wrong --------------------------------------------------------------------------------------------
def test_a_look_up_that_the_service_cannot_make_is_tried_three_times_then_the_row_is_sent_with_the_block_on():
    failures = 0
    for _ in range(2):
        again = of_failed_look_up(row(lookup_failures=failures), NotFound("no such page"), None, GAP_MS)
        assert again.state == S.UNKNOWN
        failures += again.in_vain
    given_up = of_failed_look_up(row(lookup_failures=failures), NotFound("no such page"), None, GAP_MS)
    assert given_up.state == S.PENDING and not given_up.missed


@pytest.mark.parametrize("error", [Unreachable("connection lost", sent=True), Unreachable("HTTP 500", sent=True)])
def test_connections_that_are_cut_say_nothing_of_look_ups_for_hours(error):
    failures, waited_ms = 0, 0
    while (ending := of_failed_look_up(row(lookup_failures=failures), error, None, GAP_MS)).state == S.UNKNOWN:
        failures, waited_ms = failures + ending.in_vain, waited_ms + ending.wait_ms
    assert failures == 11 and waited_ms > 3 * 3600 * 1000 and ending.state == S.PENDING


def test_being_asked_to_wait_says_nothing_of_the_row():
    ending = of_failed_look_up(row(lookup_failures=8), RateLimited("slow down", 30), None, GAP_MS)
    assert (ending.state, ending.wait_ms, ending.in_vain) == (S.UNKNOWN, 30_000, 0)


def test_after_eight_tries_without_a_look_up_nobody_knows():
    ending = of_failed_look_up(row(lookup_failures=8, attempts=MOST_TRIES), NotFound("no such page"), None, GAP_MS)
    assert ending.state == S.UNCONFIRMED


@pytest.mark.parametrize(
    ("refusal", "lost", "state"),
    [
        (SAYS_SO, 0, S.UNCONFIRMED),
        (NAMES_ONE, 0, S.UNCONFIRMED),
        (NEUTRAL, 0, S.REFUSED),
        (NEUTRAL, 1, S.UNCONFIRMED),
    ],
)
def test_a_refusal_that_nobody_can_look_up(refusal, lost, state):
    ending = of_failed_look_up(row(unknowns=lost, lookup_failures=8), NotFound("no such page"), refusal, GAP_MS)
    assert (ending.state, ending.taught) == (state, None if lost else Meaning.UNTOLD)


@pytest.mark.parametrize(
    ("settle_seconds", "minutes"),
    [
        (shipped.SETTLE_SECONDS, 15),
        (shipped.SETTLE_SECONDS_WITH_DUPLICATES, 30),
    ],
)
def test_what_a_kill_leaves_in_doubt_is_settled_in_time(settle_seconds, minutes):
    """As Rowcall is shipped: the lease, the wait, the look-ups (found at the last, or impossible), a dispatch before each."""
    failures = ENOUGH_FAILURES // CANNOT
    looks = max(ENOUGH_MISSES * shipped.LOOKUP_GAP_SECONDS, failures * WAIT_AFTER_FAILURE_MS / 1000)
    dispatches = (1 + max(ENOUGH_MISSES, failures)) * 2 * shipped.DISPATCH_SECONDS
    assert shipped.SEND_LEASE_SECONDS + settle_seconds + looks + dispatches < minutes * 60
