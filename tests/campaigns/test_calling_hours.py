"""When a campaign may call, up to the last second of a day."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from campaigns.calling_hours import CallingHours, effect_of_calling
from campaigns.models import Campaign
from tests.builders import a_campaign

ISTANBUL = ZoneInfo("Europe/Istanbul")
WORKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]


def hours(timezone: str = "Europe/Istanbul", **settings) -> CallingHours:
    return CallingHours.of(Campaign(timezone=timezone, settings=settings))


def office(start: str = "09:00:00", end: str = "18:00:00", days=WORKDAYS, **fields) -> CallingHours:
    return hours(allowed_hours_start_time=start, allowed_hours_end_time=end, allowed_days=days, **fields)


def at(text: str) -> dt.datetime:
    """Of the week from Monday, 4 May 2026, in Istanbul."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ISTANBUL)


@pytest.mark.parametrize(
    "moment", ["2026-05-04 00:00:00", "2026-05-04 23:58:59", "2026-05-04 23:59:00", "2026-05-04 23:59:59.999"]
)
@pytest.mark.parametrize("settings", [{}, {"allowed_hours_end_time": "23:59:00"}, {"allowed_hours_start_time": "nonsense"}])
def test_a_campaign_without_hours_calls_at_any_time(moment, settings):
    assert hours(**settings).is_always
    assert hours(**settings).next_start(at(moment)) == at(moment)


def test_hours_that_end_with_the_day_hold_until_midnight():
    late = office(end="23:59:00")
    assert late.next_start(at("2026-05-08 23:59:30")) == at("2026-05-08 23:59:30")
    assert late.next_start(at("2026-05-09 00:00:00")) == at("2026-05-11 09:00:00")


@pytest.mark.parametrize(
    ("now", "start"),
    [
        ("2026-05-04 08:59:59", "2026-05-04 09:00:00"),
        ("2026-05-04 09:00:00", "2026-05-04 09:00:00"),
        ("2026-05-04 18:00:00", "2026-05-04 18:00:00"),
        ("2026-05-04 18:00:01", "2026-05-05 09:00:00"),
        ("2026-05-08 18:00:01", "2026-05-11 09:00:00"),
        ("2026-05-09 12:00:00", "2026-05-11 09:00:00"),
    ],
)
def test_calls_begin_with_the_hours_of_an_allowed_day(now, start):
    assert office().next_start(at(now)) == at(start)


def test_hours_over_midnight_belong_to_the_day_on_which_they_begin():
    night = office("22:00:00", "02:00:00", days=["friday"])
    assert night.next_start(at("2026-05-09 01:30:00")) == at("2026-05-09 01:30:00")
    assert night.next_start(at("2026-05-09 02:00:01")) == at("2026-05-15 22:00:00")


def test_the_campaign_s_own_time_zone_counts():
    london = office(timezone="Europe/London")
    assert london.next_start(at("2026-05-04 09:00:00")) == at("2026-05-04 11:00:00")  # 9 o'clock there, in summer
    assert office(timezone="Nowhere/At_All").next_start(at("2026-05-04 09:00:00")) == at("2026-05-04 09:00:00")


def test_without_an_allowed_day_calls_never_begin():
    assert office(days=["someday"]).next_start(at("2026-05-04 09:00:00")) is None


def test_the_effect_of_calling_counts_the_leads_that_wait(db):
    campaign = a_campaign(timezone="Europe/Istanbul")
    effect = effect_of_calling(campaign, {"created": 2, "scheduled": 1, "rescheduled": 3, "completed": 9})
    assert (effect["waiting"], effect["at_once"], effect["is_old"]) == (6, True, False)
    assert effect["hours"].is_always
