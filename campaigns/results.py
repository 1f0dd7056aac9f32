"""What became of the calls: of a campaign, or of the leads that one import has sent into it.

WhatTalk tells of each lead its status, how often it was called, and when it last changed. So a lead stands at the day and hour of
its last call; of the calls before that no time is known, and none is made up.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Count
from django.utils import timezone

from campaigns.call_facts import QUARTER
from campaigns.labels import LEAD_STATUSES, WAITING, lead_status, status_class
from campaigns.models import Account, Campaign, Lead
from ui.charts import Column
from ui.outcome_bar import Segment

REACHED, NOT_REACHED, RETRY, BEING_CALLED = "completed", "reached-max-retries", "rescheduled", "processing"
CALLED = (REACHED, NOT_REACHED, RETRY)  # statuses that a call leaves behind, as they stand on each other in a chart
STILL_WAITING = tuple(status for status in (*WAITING, BEING_CALLED) if status != RETRY)
LEAST_DAYS, MOST_DAYS = 7, 31
MOST_TRIES = 9  # told apart; more are counted together


class Group(NamedTuple):
    """So many leads that have all of this in common. `quarter`: of `call_facts.LastCall`, by the service's clock."""

    status: str
    tries: int | None
    quarter: int | None
    n: int


class Tries(NamedTuple):
    """Leads that were called so often (`is_more`: or more often), and how many of them were reached."""

    tries: int
    is_more: bool
    leads: int
    reached: int

    @property
    def rate(self) -> int:
        return percent(self.reached, self.leads)


@dataclass(frozen=True)
class Results:
    """`ahead`: quarters of an hour by which the service's clock is ahead of ours, its time zone included."""

    groups: Sequence[Group]
    ahead: int = 0

    @cached_property
    def counts(self) -> dict[str, int]:
        """Status (`labels.status_class`) → leads."""
        return dict(self._sums(lambda one: status_class(one.status), self.groups))

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def reached(self) -> int:
        return self.counts.get(REACHED, 0)

    @property
    def not_reached(self) -> int:
        return self.counts.get(NOT_REACHED, 0)

    @property
    def retry(self) -> int:
        return self.counts.get(RETRY, 0)

    @property
    def waiting(self) -> int:
        """Not called yet, or just now."""
        return sum(self.counts.get(status, 0) for status in STILL_WAITING)

    @property
    def is_over(self) -> bool:
        return not self.waiting and not self.retry

    @property
    def rate(self) -> int | None:
        """Percent of the leads whose calls have ended that were reached; None while none has ended."""
        ended = self.reached + self.not_reached
        return percent(self.reached, ended) if ended else None

    @property
    def segments(self) -> list[Segment]:
        """All leads by status, in the order of `labels.LEAD_STATUSES`; the key is WhatTalk's own word."""
        order = [*LEAD_STATUSES, *(status for status in self.counts if status not in LEAD_STATUSES)]
        shown = [(status, lead_status(status)) for status in order if self.counts.get(status)]
        return [Segment(look.style, look.label, self.counts[status], status) for status, look in shown]

    # -- tries ---------------------------------------------------------------------------------------------------------
    @cached_property
    def tries(self) -> list[Tries]:
        """Of leads that were called and whose tries the service tells, fewest first."""
        told = [one for one in self._called if one.tries]
        leads = self._sums(lambda one: min(one.tries or 0, MOST_TRIES), told)
        reached = self._sums(lambda one: min(one.tries or 0, MOST_TRIES), (one for one in told if one.status == REACHED))
        return [Tries(tries, tries == MOST_TRIES, leads[tries], reached[tries]) for tries in sorted(leads)]

    @property
    def untold_tries(self) -> int:
        """Leads that were called, of which the service does not tell how often."""
        return sum(one.n for one in self._called if not one.tries)

    @property
    def median_tries(self) -> float | None:
        """Of the leads whose calls have ended; None where no tries are told."""
        ended = self._sums(lambda one: one.tries or 0, (one for one in self._called if one.tries and one.status != RETRY))
        return _median(ended)

    # -- day and hour --------------------------------------------------------------------------------------------------
    @cached_property
    def days(self) -> list[Column]:
        """Up to the last day with a call: from the first one on, but LEAST_DAYS of them, and at most the last MOST_DAYS."""
        found = self._by(lambda at: at.date())
        if not found:
            return []
        last = max(found)
        first = max(min(*found, last - timedelta(days=LEAST_DAYS - 1)), last - timedelta(days=MOST_DAYS - 1))
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [_column(day, found.get(day, {})) for day in days]

    @property
    def before_days(self) -> int:
        """Leads whose last call was before the first of `days`."""
        return sum(one.n for one in self._timed) - sum(column.total for column in self.days)

    @cached_property
    def hours(self) -> list[Column]:
        """The 24 hours of the day, all days together; none where no time of any call is told."""
        found = self._by(lambda at: at.hour)
        return [_column(hour, found.get(hour, {})) for hour in range(24)] if found else []

    @property
    def untimed(self) -> int:
        """Leads that were called, of which the service does not tell when."""
        return sum(one.n for one in self._called if one.quarter is None)

    @property
    def last_called_at(self) -> datetime | None:
        return max((self._moment(one.quarter) for one in self._timed), default=None)

    @cached_property
    def _called(self) -> list[Group]:
        return [one for one in self.groups if one.status in CALLED]

    @cached_property
    def _timed(self) -> list[Group]:
        return [one for one in self._called if one.quarter is not None]

    def _moment(self, quarter: int | None) -> datetime:
        """In the time zone of the instance."""
        return timezone.localtime(datetime.fromtimestamp(((quarter or 0) - self.ahead) * QUARTER, UTC))

    def _by(self, key: Callable[[datetime], Any]) -> dict[Any, Counter[str]]:
        """{what `key` makes of the moment of the last call: {status: leads}}."""
        moments = {one.quarter: key(self._moment(one.quarter)) for one in self._timed}
        found: dict[Any, Counter[str]] = {}
        for one in self._timed:
            found.setdefault(moments[one.quarter], Counter())[one.status] += one.n
        return found

    @staticmethod
    def _sums(key: Callable[[Group], Any], groups: Iterable[Group]) -> Counter[Any]:
        sums: Counter[Any] = Counter()
        for one in groups:
            sums[key(one)] += one.n
        return sums


def results_of(campaign: Campaign, origin: int | None = None) -> Results:
    """Of all leads of the campaign; with `origin`, of those that this import has sent. Needs `campaign.account`."""
    leads = Lead.objects.filter(campaign=campaign)
    if origin is not None:
        leads = leads.filter(origin=origin)
    # grouped in the order of the index `lead_results`, which alone is read
    counted = leads.order_by().values_list("origin", "status", "tries", "last_call").annotate(n=Count("*"))
    return Results([Group(*group) for _origin, *group in counted], quarters_ahead(campaign.account))


def quarters_ahead(account: Account) -> int:
    """Quarters of an hour by which the account's service is ahead of us, from what its answers to our own leads have shown. The
    service writes times without a zone: its zone is most of that."""
    low, high, *_ = account.service_clock.get("leads") or (0, 0)
    return round((low + high) / 2 / 1000 / QUARTER)


def percent(part: int, whole: int) -> int:
    """Rounded down, so that 100 means all."""
    return 100 * part // whole if whole else 0


def _column(key: date | int, by_status: Counter[str] | dict[str, int]) -> Column:
    return Column(key, [by_status.get(status, 0) for status in CALLED])


def _median(counts: Counter[int]) -> float | None:
    """Of numbers that occur so often each."""
    n = counts.total()
    if not n:
        return None
    return (_at(counts, (n - 1) // 2) + _at(counts, n // 2)) / 2


def _at(counts: Counter[int], place: int) -> int:
    """The number at this place of all, in order."""
    for number in sorted(counts):
        place -= counts[number]
        if place < 0:
            return number
    raise IndexError(place)
