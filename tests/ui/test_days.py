"""A day is one of the instance's time zone, from its midnight on."""

from datetime import UTC, date, datetime

from django.db.models import Q

from ui.days import begin_of, within

MAY_5 = datetime(2026, 5, 4, 21, tzinfo=UTC)  # midnight in Istanbul


def test_a_day_begins_at_midnight_and_the_last_one_belongs_to_the_span():
    day = date(2026, 5, 5)
    assert begin_of(day) == MAY_5
    assert within("at", day, date(2026, 5, 5)) == Q(at__gte=MAY_5) & Q(at__lt=begin_of(date(2026, 5, 6)))


def test_days_beyond_any_that_is_recorded_are_no_bound():
    assert within("at", date.min, date.max) == within("at", None, None) == Q()
    assert within("at", None, date.min) == Q(at__lt=begin_of(date(1970, 1, 2)))
