"""Whose lead is it? By the service's own clock, by what the lead says, and by who else may have made it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from campaigns.whattalk.clock import Offset, narrowed, of_date, of_moment
from campaigns.whattalk.resources import Lead
from imports.push.lead_ownership import Known, Made, ServiceClock, Whose, says_the_same, when, whose
from imports.push.row_claims import Claimed

SENT = datetime(2026, 5, 1, 12, 0, 0, 500_000, tzinfo=UTC)
NEAR = ServiceClock(leads=Offset(-20, 20))
AYSE = {"variables": {"name": "Ayşe"}, "secondary_contacts": []}
JUMPING = ServiceClock(leads=Offset(-3600_000, 0, is_spread=True))
CONTACT = {"phone_number": "+905550000009"}
WITH_CONTACT = {**AYSE, "secondary_contacts": [CONTACT]}


def row(lead: dict = AYSE) -> Claimed:
    return Claimed(1, 99, "+905550000001", lead, None, 1, 1, 0, 0, first_intent_ms=int(SENT.timestamp() * 1000))


def found(made=SENT, id="7", **told) -> Lead:
    raw = {"variables": {"name": "Ayşe"}, "secondary_contacts": [], **told}
    raw = {name: value for name, value in raw.items() if value != "left out"}
    return Lead(id, "+905550000001", "1050", "created", made, raw.get("variables") or {}, raw)


@pytest.mark.parametrize(
    ("lead", "of_row", "clock", "owner"),
    [
        (found(), AYSE, NEAR, Whose.OURS),
        (found(SENT - timedelta(seconds=2)), AYSE, NEAR, Whose.ELSE),  # in the very same words, but before
        (found(SENT.replace(microsecond=0)), AYSE, NEAR, Whose.OURS),  # the part of a second was cut off
        (found(SENT.replace(microsecond=0) - timedelta(seconds=1)), AYSE, NEAR, Whose.ELSE),
        (found(variables={"name": "Somebody"}), AYSE, NEAR, Whose.UNCLEAR),
        (found(variables={"name": "Ayşe", "more": "x"}), AYSE, NEAR, Whose.UNCLEAR),
        (found(secondary_contacts=[CONTACT]), AYSE, NEAR, Whose.UNCLEAR),
        (found(), {**AYSE, "secondary_contacts": [CONTACT]}, NEAR, Whose.UNCLEAR),
        (
            found(secondary_contacts=[{"phone_number": "0090 555 000 00 09"}]),
            {**AYSE, "secondary_contacts": [CONTACT]},
            NEAR,
            Whose.OURS,
        ),
        (found(variables="left out"), AYSE, NEAR, Whose.UNCLEAR),
        (found(secondary_contacts="left out"), AYSE, NEAR, Whose.OURS),
        (found(secondary_contacts="left out"), {**AYSE, "secondary_contacts": [CONTACT]}, NEAR, Whose.UNCLEAR),
        (found(made=None), AYSE, NEAR, Whose.UNCLEAR),
        (found(variables=[]), {}, NEAR, Whose.UNCLEAR),  # it says nothing, and may be a moment older
        (found(SENT + timedelta(seconds=1), variables=[]), {}, NEAR, Whose.OURS),
        (found(id="of another row"), AYSE, NEAR, Whose.ELSE),
        (found(SENT - timedelta(hours=1.5)), AYSE, JUMPING, Whose.UNCLEAR),  # a clock that jumped may have jumped further
        (found(SENT - timedelta(hours=3)), AYSE, JUMPING, Whose.ELSE),
        (found(secondary_contacts=[{"phone_number": "0555 000 00 09"}]), WITH_CONTACT, NEAR, Whose.OURS),
        (found(secondary_contacts=[{"phone_number": "0555 000 00 08"}]), WITH_CONTACT, NEAR, Whose.UNCLEAR),
    ],
)
def test_whose(lead, of_row, clock, owner):
    assert whose(lead, row(of_row), Known(clock, {"of another row"})) is owner


def test_where_a_number_may_have_several_leads_other_words_are_another_lead():
    assert whose(found(variables={"name": "Somebody"}), row(), Known(NEAR, allow_duplicates=True)) is Whose.ELSE


@pytest.mark.parametrize(
    ("lead", "of_row", "clock", "owner"),
    [
        (found(variables={"name": "Somebody"}), AYSE, NEAR, Whose.ELSE),
        (found(variables="left out"), AYSE, NEAR, Whose.UNCLEAR),
        (found(made=None, variables="left out"), AYSE, NEAR, Whose.ELSE),
        (found(SENT - timedelta(hours=1)), AYSE, ServiceClock(), Whose.UNCLEAR),
        (found(variables=[]), {}, NEAR, Whose.OURS),
        (found(SENT - timedelta(hours=1)), AYSE, NEAR, Whose.ELSE),
    ],
)
def test_of_a_lead_that_the_service_names_as_there_before_its_words_count(lead, of_row, clock, owner):
    assert whose(lead, row(of_row), Known(clock), is_named=True) is owner


@pytest.mark.parametrize(
    ("offset_ms", "apart_ms", "made"),
    [
        (-400_000, -400_000, Made.ABOUT),
        (-400_000, -402_000, Made.BEFORE),
        (-400_000, -398_000, Made.AFTER),
        (90_000, 90_000, Made.ABOUT),
        (90_000, 0, Made.BEFORE),
        (3 * 3600_000, 0, Made.BEFORE),
    ],
)
def test_the_dates_of_our_own_leads_tell_the_services_clock(offset_ms, apart_ms, made):
    clock = ServiceClock(leads=Offset(offset_ms - 20, offset_ms + 20), answers=Offset(-20, 20))
    assert when(found(SENT + timedelta(milliseconds=apart_ms)), row().first_intent_ms, clock) is made


@pytest.mark.parametrize(
    ("answers_ms", "apart", "made"),
    [
        (0, timedelta(0), Made.ABOUT),
        (-400_000, timedelta(seconds=-400), Made.ABOUT),
        (0, timedelta(seconds=-400), Made.UNTOLD),
        (0, timedelta(hours=-3), Made.UNTOLD),
        (0, timedelta(hours=-27), Made.BEFORE),
        (None, timedelta(seconds=-200), Made.ABOUT),
        (None, timedelta(hours=-1), Made.UNTOLD),
    ],
)
def test_by_the_dates_of_answers_alone_an_old_lead_may_be_new(answers_ms, apart, made):
    """The leads' dates may be another server's, or of another zone: what seems old is nobody's yet."""
    clock = ServiceClock(answers=None if answers_ms is None else Offset(answers_ms - 20, answers_ms + 20))
    assert when(found(SENT + apart), row().first_intent_ms, clock) is made


def test_a_moment_without_a_zone_is_told_by_our_own_leads():
    local = timezone(timedelta(hours=3))
    naive = SENT.astimezone(local).replace(tzinfo=None)
    ms = int(SENT.timestamp() * 1000)
    clock = ServiceClock(leads=of_moment(naive, ms - 20, ms + 20))
    assert when(found(naive), ms, clock) is Made.ABOUT
    assert when(found(naive - timedelta(seconds=2)), ms, clock) is Made.BEFORE


@pytest.mark.parametrize(
    ("sent", "said", "same"),
    [
        ({"n": "1"}, {"n": 1}, True),
        ({"n": "a  b "}, {"n": "a b"}, True),
        ({"n": ""}, {}, True),
        ({"n": ""}, {"n": None}, True),
        ({}, {"n": "there"}, True),
        ({}, {"n": "elsewhere"}, False),
        ({"n": "x"}, {}, False),
        ({"n": "x"}, {"n": "X"}, False),
    ],
)
def test_the_service_may_fill_in_what_was_not_said(sent, said, same):
    assert says_the_same(found(variables=said), {"variables": sent}, {"n": "there"}) is same


def test_each_answer_makes_the_clock_narrower_unless_there_are_several():
    first = of_date("Fri, 01 May 2026 12:00:00 GMT", 100.0, 100.2)
    assert first.high - first.low == pytest.approx(1200)
    second = of_date("Fri, 01 May 2026 12:00:01 GMT", 100.9, 101.0)
    both = narrowed(first, second)
    assert both.low == max(first.low, second.low) and both.high == min(first.high, second.high)
    other = of_date("Fri, 01 May 2026 12:10:00 GMT", 102.0, 102.1)
    spread = narrowed(both, other)
    assert spread.is_spread and spread.low == both.low and spread.high == other.high
    assert narrowed(spread, both) == spread
    assert of_date("soon", 1, 2) is None and narrowed(None, first) == first
