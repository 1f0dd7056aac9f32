"""When a campaign may call: its hours and days, in its own time zone."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from campaigns.labels import WAITING
from campaigns.models import Campaign

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LAST_MINUTE = dt.time(23, 59)  # how WhatTalk writes the end of a day: its hours have no seconds and no 24:00


@dataclass(frozen=True)
class CallingHours:
    """From `start` until `end` on `days` (0 = Monday), in `timezone`; `end` before `start` is on the next day."""

    start: dt.time
    end: dt.time
    days: tuple[int, ...]
    timezone: str

    @classmethod
    def of(cls, campaign: Campaign) -> "CallingHours":
        """The hours that a campaign's settings give; what they do not give, or not as hours, is not limited."""
        settings_given = campaign.settings if isinstance(campaign.settings, dict) else {}
        allowed = settings_given.get("allowed_days")
        days = [str(day).lower() for day in (allowed if isinstance(allowed, list) and allowed else DAYS)]
        return cls(
            _time(settings_given.get("allowed_hours_start_time"), dt.time(0, 0)),
            _end(settings_given.get("allowed_hours_end_time")),
            tuple(number for number, name in enumerate(DAYS) if name in days),
            _zone(campaign.timezone).key,
        )

    @property
    def is_always(self) -> bool:
        return len(self.days) == 7 and self.start == dt.time(0, 0) and self.end >= LAST_MINUTE

    @property
    def day_names(self) -> str:
        if len(self.days) == 7:
            return _("every day")
        if self.days == (0, 1, 2, 3, 4):
            return _("Monday to Friday")
        return get_text_list([str(WEEKDAYS[day]) for day in self.days], _("and"))

    def next_start(self, now: dt.datetime) -> dt.datetime | None:
        """The first moment from `now` on (an aware time) when calls may be made; None where no day is allowed."""
        local = now.astimezone(_zone(self.timezone))
        if self._contains(local):
            return local
        for ahead in range(8):
            day = local.date() + dt.timedelta(days=ahead)
            opens = dt.datetime.combine(day, self.start, local.tzinfo)
            if day.weekday() in self.days and opens > local:
                return opens
        return None

    def _contains(self, local: dt.datetime) -> bool:
        clock, today = local.time(), local.weekday()
        if self.start <= self.end:
            return today in self.days and self.start <= clock <= self.end
        yesterday = (today - 1) % 7
        return (today in self.days and clock >= self.start) or (yesterday in self.days and clock <= self.end)


class EffectOfCalling(TypedDict):
    """What happens if a campaign calls: `waiting` leads are called (`is_old`: the number may have changed), from `start` on
    (None: never), which `at_once` says is now."""

    hours: CallingHours
    waiting: int
    is_old: bool
    start: dt.datetime | None
    at_once: bool


def effect_of_calling(campaign: Campaign, counts: Mapping[str, int]) -> EffectOfCalling:
    """What starting the campaign does now; `counts`: status → leads."""
    hours, now = CallingHours.of(campaign), timezone.now()
    start = hours.next_start(now)
    waiting = sum(counts.get(status, 0) for status in WAITING)
    at_once = bool(start and start <= now)
    return {"hours": hours, "waiting": waiting, "is_old": campaign.are_leads_old, "start": start, "at_once": at_once}


def _end(text: object) -> dt.time:
    """The last minute of a day belongs to it as a whole."""
    end = _time(text, LAST_MINUTE)
    return dt.time.max if end >= LAST_MINUTE else end


def _time(text: object, default: dt.time) -> dt.time:
    try:
        return dt.time.fromisoformat(str(text)) if text else default
    except ValueError:
        return default


def _zone(name: str) -> ZoneInfo:
    """The zone of that name; the instance's own where there is none. A name may be that of a folder, or too long for a file."""
    try:
        return ZoneInfo(name or settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(settings.TIME_ZONE)
