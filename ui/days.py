"""Whole days of the instance's time zone, as conditions on a moment."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

FIRST_YEAR = 1970  # nothing was recorded before; and the first days of the calendar cannot be told in every time zone


def within(field: str, since: date | None, until: date | None) -> Q:
    """The condition that the moment in `field` lies on `since`, on `until`, or between; None: without a bound."""
    condition = Q()
    if since and since.year >= FIRST_YEAR:
        condition &= Q(**{f"{field}__gte": begin_of(since)})
    if until and until.year < date.max.year:
        condition &= Q(**{f"{field}__lt": begin_of(max(until, date(FIRST_YEAR, 1, 1)) + timedelta(days=1))})
    return condition


def begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
