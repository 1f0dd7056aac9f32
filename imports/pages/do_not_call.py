"""What the page of the do-not-call list shows beside the list: what waits at WhatTalk, what was done there, lists being read."""

from collections.abc import Sequence
from typing import NamedTuple

from campaigns.access import where_visible
from campaigns.models import DoNotCall, Settlement
from imports.do_not_call import lists
from imports.do_not_call.numbers import Doubtful
from imports.do_not_call.wording import settlement_sentence
from imports.messages import lookup
from imports.models import NumberList
from people.models import User

MOST = 20  # settlements that are shown one by one


class Line(NamedTuple):
    """One settlement in words. `where`: the campaign, or the account where the number is looked for in all of its campaigns."""

    number: str
    where: str
    sentence: str
    at: object


class Waiting(NamedTuple):
    lines: list[Line]
    total: int


class ListRead(NamedTuple):
    """A list and what became of it. `why`: of one that could not be read."""

    source: NumberList
    new: int
    known: int
    doubtful: int
    named: list[Doubtful]
    why: str


def settlements_waiting(user: User) -> Waiting:
    rows = Settlement.objects.filter(where_visible(user), state="waiting").select_related("campaign", "account").order_by("-pk")
    return Waiting([_line(one) for one in rows[:MOST]], rows.count())


def settlements_of(user: User, entries: Sequence[DoNotCall]) -> list[Line]:
    """What was done at WhatTalk for these entries, the latest first."""
    numbers = [entry.phone_number for entry in entries]
    rows = Settlement.objects.filter(where_visible(user), state="settled", phone_number__in=numbers)
    settled = rows.exclude(outcome__in=("searched", "nothing")).select_related("campaign", "account").order_by("-settled_at")
    return [_line(one) for one in settled[:MOST]]


def _line(one: Settlement) -> Line:
    return Line(one.phone_number, str(one.campaign or one.account), settlement_sentence(one), one.settled_at)


def lists_read(user: User) -> list[ListRead]:
    return [_read(one) for one in lists.recent(NumberList.objects.filter(where_visible(user)))]


def _read(one: NumberList) -> ListRead:
    progress = one.progress
    named = [Doubtful(*doubtful) for doubtful in progress.get("named", [])]
    why = " ".join(filter(None, (lookup.sentence(*one.reason), lookup.remedy(*one.reason)))) if one.reason else ""
    return ListRead(one, progress.get("new", 0), progress.get("known", 0), progress.get("doubtful", 0), named, why)
