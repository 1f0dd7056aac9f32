"""Whose work is done next, by all processes of one queue. Pure: no clock, no database.

Work is small (seconds) or large (minutes). The rule, for N processes:

1. At most N - 1 of them do large work, so that small work always finds a process that will be free within seconds. With one
   process, large work gives way to small work that waits (`must_yield`) and goes on later.
2. Small work goes first. Where large work has waited for `PATIENCE` seconds and none is being done, small work gets N - 1
   processes, so that large work begins however much small work there is.
3. Among people: who has the fewest pieces of that size under way; then who had a turn longest ago; then who asked first.
4. Among the pieces of one size of one person: who asked first.

So small work waits for at most one small piece of each other person, whatever large work there is, and nobody waits for ever.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

PATIENCE = 30.0  # seconds that large work waits before a process is kept for it
GIVES_WAY_AFTER = 5.0  # seconds that large work goes on at least before it gives way: reading a file again has its price
WORTH_GIVING_WAY = 2.0  # seconds that small work waits before large work gives way to it

Served = Mapping[tuple[int, bool], float]  # (person, whether large) -> when such a turn of theirs last began, in seconds


class Work(NamedTuple):
    """A piece of work. `person`: who asked for it, 0 for nobody; `since`: when, in seconds."""

    kind: str
    pk: int
    person: int
    since: float
    is_large: bool = False


def next_turn(waiting: Sequence[Work], running: Sequence[Work], served: Served, processes: int, now: float) -> Work | None:
    """What a free process does next; None when nothing waits that may begin."""
    for is_large in _sizes(waiting, running, served, processes, now):
        if mine := [work for work in waiting if work.is_large == is_large]:
            busy = Counter(work.person for work in running if work.is_large == is_large)
            return min(mine, key=lambda work: (busy[work.person], served.get((work.person, is_large), 0.0), work.since, work))
    return None


def must_yield(waiting: Sequence[Work], running: Sequence[Work], processes: int, now: float, went_on: float) -> bool:
    """Whether large work that has gone on for so many seconds gives way: every process does large work, and small work waits."""
    if went_on < GIVES_WAY_AFTER or sum(work.is_large for work in running) < processes:
        return False
    return any(not work.is_large and now - work.since >= WORTH_GIVING_WAY for work in waiting)


def _sizes(waiting: Sequence[Work], running: Sequence[Work], served: Served, processes: int, now: float) -> Iterator[bool]:
    """Whether small (False) and large (True) work may begin, in the order in which they are looked for."""
    large = sum(work.is_large for work in running)
    is_kept_free = not large and any(_is_overdue(work, served, now) for work in waiting)
    if not is_kept_free or len(running) < processes - 1:
        yield False
    if large < max(1, processes - 1):
        yield True


def _is_overdue(work: Work, served: Served, now: float) -> bool:
    return work.is_large and now - max(work.since, served.get((work.person, True), 0.0)) >= PATIENCE
