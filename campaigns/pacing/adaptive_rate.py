"""How fast an account may be used: learnt from its answers, kept in the database, the same for all workers. Pure.

**Start**: nothing is known. Requests are spread evenly at a rate that doubles every six seconds, then every three and two, with few
in flight, so that only one or two are refused when a low limit is met.

**Refusal** (429): the account is closed. Nothing is sent for as long as the service asks, then one request alone; while
it is refused too, the waits grow up to the end of the minute that began with the first request. What is learnt is
concluded when it is taken (`refusals.limit_after`): a service that stayed closed counts by the minute, and takes what the
minute before held; one that takes more at once counts otherwise, and is measured between its refusals. One that takes more
once a minute of the clock has ended is presumed to count by the clock, until it is closed for less than that.

**Hold**: requests are spread evenly just below the limit. After `patience_ms` a slightly higher rate is tried for a
while; each try in vain doubles the patience, so that hardly a request is refused in the long run.

Answers that grow slow halve the requests in flight. A service that fails again and again is left alone (`breaker`).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from campaigns.pacing import breaker, headers, history, refusals
from campaigns.pacing.breaker import Breaker
from campaigns.pacing.headers import Told
from campaigns.pacing.refusals import Closed
from campaigns.pacing.seen import Seen

FLOOR = 6.0  # requests a minute, whatever happens
FIRST_IN_FLIGHT = 4
FIRST_RATE = 240.0  # requests a minute
DOUBLES_MS = ((700, 2_000), (71, 3_000), (0, 6_000))  # when at least so many were accepted within a minute
HIGHEST_RAMP = 1_000_000.0  # limits nothing: what doubles for hours must stay a number that a database takes
IN_FLIGHT_SHARE = 8  # while nothing is known, this part of what was accepted may be in flight
KEEP_BELOW = 0.98  # of what is known to be taken
GROW_EVERY_MS = 2_000
LONGEST_GROWTH_MS = 6_000  # that one accepted request is reason for
STEPS = (0.15, 0.04)  # each GROW_EVERY_MS, after so many refusals of a service that does not count by the minute
FIRST_PROBE = 0.05
PROBE_MS = 75_000  # how long a higher rate is tried
PATIENCE_MS = {False: 110_000, True: 4 * 60_000}  # between two tries, at first; by "does it count by the minute"
PRESUMED_MS = 170_000  # for so long it is presumed that a service counts by the minute, then it is found out
LONGEST_PATIENCE_MS = 64 * 60_000
MINUTE_MS = 60_000
SPEED_MS = 5_000
SLOW_TIMES, SLOW_MS = 3.0, 1_000.0  # slower than usual by this factor and by so much
LONGEST_WAIT_MS = 3_600_000
IDLE_MS = 10 * 60_000  # after so long without a request what was learnt about speed is old
LONG_WAIT = 10.0  # seconds; a request that fails after so long got no answer


@dataclass(frozen=True)
class Ceilings:
    """What the account's admin allows: requests in flight, requests a minute (0: no ceiling of ours).

    `breaker_ms`: for how long a service that fails is left alone at first.
    """

    in_flight: int = 32
    per_minute: float = 0
    breaker_ms: int = 30_000


@dataclass(frozen=True)
class Pace:
    """Rates are requests a minute, 0 where no limit is known. Times are ms on the database's clock."""

    in_flight: int = FIRST_IN_FLIGHT
    is_doubling: bool = True
    ramp: float = FIRST_RATE  # while nothing is known of a limit; 0: that is over
    rate: float = 0
    good: float = 0  # what is known to be taken
    by_minute: bool = False  # how the service counts
    is_presumed: bool = False  # that it counts by the minute: one that does not might have answered the same
    step: float = 0  # by which the rate still grows
    learned: int = 0  # refusals that it was learnt from
    probe: float = FIRST_PROBE
    probe_ms: int = 0  # when the higher rate was begun; 0: it is held
    patience_ms: int = 0
    held_ms: int = 0
    grown_ms: int = 0
    halved_ms: int = 0
    fine_ms: int = 0  # when something was last accepted
    not_before_ms: int = 0
    usual_ms: float = 0  # how long an answer takes when all is well
    tokens: float = 1
    refilled_ms: int = 0
    accepted: history.History = ()
    begun: history.History = ()  # of the last minute, while a rate limits them
    total: int = 0  # accepted, ever
    marks: tuple[tuple[int, int], ...] = ()  # (when, `total` then) of the latest refusals
    closed: Closed = field(default_factory=Closed)
    told: Told = field(default_factory=Told)
    breaker: Breaker = field(default_factory=Breaker)

    @property
    def is_tried(self) -> bool:
        """Whether a single request is to show that the service takes requests again."""
        return self.closed.is_closed or not self.breaker.is_closed

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> "Pace":
        """What an earlier version has kept is taken as far as it means the same; it had begun long ago."""
        known = {name: value for name, value in json.items() if name in cls.__dataclass_fields__}
        if json and "ramp" not in json:
            known["ramp"] = 0
        for name in ("accepted", "begun", "marks"):
            known[name] = tuple((when, n) for when, n in known.get(name, ()))
        told = known.get("told")
        parts = {
            "closed": Closed(**known.get("closed", {})),
            "breaker": Breaker(**known.get("breaker", {})),
            "told": Told(**told) if isinstance(told, Mapping) else Told(),
        }
        return cls(**{**known, **parts})


def adapt(pace: Pace, seen: Seen, ceilings: Ceilings, now_ms: int) -> Pace:
    """The pace after what one sender has seen."""
    pace = _count(_forget_old(pace, now_ms), seen, now_ms)
    pace = replace(pace, breaker=breaker.after(pace.breaker, seen.marks, ceilings.breaker_ms, now_ms))
    pace = _apply_headers(pace, seen, now_ms)
    asked_ms = min(seen.asked_ms, LONGEST_WAIT_MS)
    if asked_ms:
        pace = replace(pace, not_before_ms=max(pace.not_before_ms, now_ms + asked_ms))
    if seen.limited:
        return _refused(pace, seen, asked_ms, now_ms)
    if pace.closed.is_closed:
        return _reopened(pace, seen.fine, now_ms) if seen.fine and pace.closed.probe_ms else pace
    if _is_slow(pace, seen, now_ms):
        return replace(pace, in_flight=max(1, pace.in_flight // 2), is_doubling=False, halved_ms=now_ms, grown_ms=now_ms)
    return _speed_up(_learn_latency(pace, seen), seen, ceilings, now_ms) if seen.fine else pace


def rate_now(pace: Pace, ceilings: Ceilings) -> float:
    """Requests a minute; 0 when nothing limits them. Never below the floor, never above what we were told or allow."""
    learnt = [rate for rate in (pace.rate or pace.ramp, pace.told.per_minute * KEEP_BELOW) if rate]
    allowed = [ceilings.per_minute * KEEP_BELOW] if ceilings.per_minute else []
    return min([max(FLOOR, min(learnt))] + allowed) if learnt else sum(allowed)


def limit_now(pace: Pace, ceilings: Ceilings) -> float:
    """Requests a minute that are known to be the most; 0 while that is not known, or when there is no limit."""
    learnt = pace.rate
    if not learnt and pace.closed.is_closed and refusals.counts_by_minute(pace.closed):
        learnt = KEEP_BELOW * _before_it_closed(pace)
    known = [rate for rate in (learnt, pace.told.per_minute * KEEP_BELOW, ceilings.per_minute * KEEP_BELOW) if rate]
    return min(known) if known and not pace.step else 0.0


def room_now(pace: Pace, ceilings: Ceilings, now_ms: int) -> int:
    """Requests that may be in flight at once, all senders together; 0 while the service is left alone."""
    if wait_now(pace, now_ms):
        return 0
    if pace.is_tried:
        tried_ms = max(pace.closed.probe_ms, pace.breaker.probe_ms)
        return 1 if not tried_ms or now_ms - tried_ms >= breaker.PROBE_MS else 0
    return max(1, min(pace.in_flight, ceilings.in_flight))


def wait_now(pace: Pace, now_ms: int) -> int:
    """Milliseconds for which nothing may be sent at all."""
    return max(0, pace.not_before_ms - now_ms, pace.breaker.until_ms - now_ms)


def tried(pace: Pace, now_ms: int) -> Pace:
    """A single request has been let through to see whether the service takes requests again."""
    if pace.closed.is_closed:
        pace = replace(pace, closed=replace(pace.closed, probe_ms=now_ms))
    if not pace.breaker.is_closed:
        pace = replace(pace, breaker=replace(pace.breaker, probe_ms=now_ms))
    return pace


def _forget_old(pace: Pace, now_ms: int) -> Pace:
    if not pace.fine_ms or now_ms - pace.fine_ms < IDLE_MS:
        return pace
    return replace(pace, in_flight=min(pace.in_flight, FIRST_IN_FLIGHT), is_doubling=True, ramp=FIRST_RATE, grown_ms=now_ms)


def _count(pace: Pace, seen: Seen, now_ms: int) -> Pace:
    return replace(
        pace,
        accepted=history.with_past(pace.accepted, seen.ago_ms, seen.fine, now_ms),
        total=pace.total + seen.fine,
        fine_ms=now_ms if seen.fine else pace.fine_ms,
        closed=replace(pace.closed, total=pace.closed.total + seen.fine_before),
    )


def _refused(pace: Pace, seen: Seen, asked_ms: int, now_ms: int) -> Pace:
    """Closed now, or still."""
    closed = pace.closed
    if not closed.is_closed:
        held = history.between(pace.accepted, now_ms - MINUTE_MS, now_ms)
        closed = Closed(
            1,
            since_ms=now_ms,
            total=pace.total - seen.fine_after,
            late=seen.limited - 1,
            was_probe=bool(pace.probe_ms) and pace.probe == FIRST_PROBE,
        )
        pace = replace(pace, told=headers.contradicted(pace.told, held))
    elif closed.probe_ms:
        closed = replace(closed, refusals=closed.refusals + 1, probe_ms=0)
    else:
        return replace(pace, closed=replace(closed, late=closed.late + seen.limited))
    closed = replace(closed, asked_ms=asked_ms, refused_ms=now_ms)
    wait_ms = refusals.wait_ms(closed, pace.accepted, pace.by_minute if pace.learned else None, now_ms)
    return replace(pace, closed=closed, not_before_ms=max(pace.not_before_ms, now_ms + wait_ms), tokens=0.0)


def _reopened(pace: Pace, fine: int, now_ms: int) -> Pace:
    """A single request was taken: what the refusal has taught."""
    closed = pace.closed
    before = _before_it_closed(pace)
    by_minute, is_presumed = _counts_by_minute(pace)
    is_refuted = pace.is_presumed and not by_minute
    if not by_minute and refusals.took_others(closed, pace.total - fine - closed.total):
        return replace(pace, closed=Closed(), tokens=0.0, grown_ms=now_ms)
    marks = tuple(mark for mark in pace.marks if closed.since_ms - mark[0] < refusals.MARKS_MS)
    pace = replace(pace, closed=Closed(), tokens=0.0, grown_ms=now_ms, held_ms=now_ms, probe_ms=0, is_doubling=False)
    if before < FLOOR and pace.total - fine <= before:
        return replace(pace, ramp=FIRST_RATE, is_doubling=True)  # nothing was accepted yet that could tell a limit
    closed = replace(closed, total=pace.total - fine)  # with what was in flight when it closed
    grew = pace.learned if pace.step else 0
    if refusals.is_beside_the_point(closed, marks, before, pace.good, by_minute, is_held=not grew and not closed.was_probe):
        return replace(pace, step=STEPS[-1], marks=(*marks, (closed.since_ms, closed.total))[-6:])
    exact = refusals.exact_limit(closed, marks, pace.accepted, pace.rate) if (grew or is_refuted) and not by_minute else 0.0
    good = before if by_minute else exact or refusals.limit_after(closed, marks, before, pace.rate, pace.good, grew)
    good = max(FLOOR, min(good, pace.good) if closed.was_probe and by_minute else good)
    patience_ms = max(PATIENCE_MS[by_minute], min(LONGEST_PATIENCE_MS, pace.patience_ms * (2 if closed.was_probe else 1)))
    step = 0.0 if by_minute or exact or pace.learned >= len(STEPS) else STEPS[pace.learned]
    return replace(
        pace,
        ramp=0.0,
        good=good,
        rate=good * KEEP_BELOW,
        by_minute=by_minute,
        is_presumed=is_presumed,
        tokens=_missed(pace, closed, now_ms) * good * KEEP_BELOW if by_minute and not pace.learned else 0.0,
        step=step,
        learned=len(STEPS) + 1 if exact else pace.learned + 1,
        probe=FIRST_PROBE,
        patience_ms=PRESUMED_MS if is_presumed else patience_ms,
        marks=(*marks, (closed.since_ms, closed.total))[-6:],
    )


def _counts_by_minute(pace: Pace) -> tuple[bool, bool]:
    """Whether the service counts by the minute, now that it takes requests again, and whether that is only presumed."""
    if refusals.counts_by_minute(pace.closed):
        return True, False
    is_presumed = refusals.may_count_by_the_clock(pace.closed) and (pace.is_presumed or not pace.learned)
    return is_presumed or pace.by_minute and not pace.is_presumed, is_presumed


def _missed(pace: Pace, closed: Closed, now_ms: int) -> float:
    """Minutes for which it was closed after the minute that began with the first request, as that of the clock may end later."""
    return max(0, now_ms - refusals.minute_after_first(closed, pace.accepted)) / MINUTE_MS


def _before_it_closed(pace: Pace) -> int:
    """Requests accepted in the minute before the refusal."""
    return refusals.taken_before(pace.closed, pace.accepted)


def _speed_up(pace: Pace, seen: Seen, ceilings: Ceilings, now_ms: int) -> Pace:
    if not pace.breaker.is_closed:
        return pace
    if pace.rate:
        pace = _climb(pace, now_ms) if seen.wanted_more else pace
    elif pace.ramp:
        pace = _ramp(pace, seen.wanted_more, ceilings, now_ms)
    return _more_in_flight(pace, ceilings, now_ms)


def _ramp(pace: Pace, wanted_more: bool, ceilings: Ceilings, now_ms: int) -> Pace:
    """Doubling, until it is so far above what really goes out that it limits nothing any more."""
    speed = history.between(pace.accepted, now_ms - SPEED_MS, now_ms) * MINUTE_MS / SPEED_MS
    if pace.in_flight >= ceilings.in_flight and pace.ramp > 2 * speed and pace.ramp > 4 * FIRST_RATE:
        return replace(pace, ramp=0.0)
    lately = history.between(pace.accepted, now_ms - MINUTE_MS, now_ms)
    doubles_ms = next(ms for least, ms in DOUBLES_MS if lately >= least)
    since_ms = min(doubles_ms, now_ms - pace.grown_ms) if pace.grown_ms else 0
    more = 2 ** (since_ms / doubles_ms) if wanted_more else 1
    return replace(pace, ramp=min(HIGHEST_RAMP, pace.ramp * more), grown_ms=now_ms)


def _more_in_flight(pace: Pace, ceilings: Ceilings, now_ms: int) -> Pace:
    if pace.in_flight >= ceilings.in_flight:
        return pace
    if pace.is_doubling and pace.ramp:
        lately = history.between(pace.accepted, now_ms - MINUTE_MS, now_ms)
        return replace(pace, in_flight=min(ceilings.in_flight, max(pace.in_flight, lately // IN_FLIGHT_SHARE)))
    if now_ms - pace.halved_ms < GROW_EVERY_MS:
        return pace
    more = pace.in_flight + max(1, pace.in_flight // 8)
    return replace(pace, in_flight=min(ceilings.in_flight, more), halved_ms=now_ms)


def _climb(pace: Pace, now_ms: int) -> Pace:
    since_ms = now_ms - pace.grown_ms
    if pace.step:
        if since_ms < GROW_EVERY_MS / 2:
            return pace
        more = (1 + pace.step) ** (min(since_ms, LONGEST_GROWTH_MS) / GROW_EVERY_MS)
        return replace(pace, rate=pace.rate * more, grown_ms=now_ms)
    if pace.probe_ms:
        if now_ms - pace.probe_ms < (PROBE_MS if pace.probe == FIRST_PROBE or pace.by_minute else PROBE_MS / 3):
            return pace
        pace = replace(pace, good=pace.rate / KEEP_BELOW, probe=min(1.0, 2 * pace.probe))
    elif now_ms - pace.held_ms < pace.patience_ms:
        return pace
    elif pace.is_presumed:
        return replace(pace, is_presumed=False, by_minute=False, step=STEPS[0], grown_ms=now_ms)
    return replace(pace, rate=pace.good * KEEP_BELOW * (1 + pace.probe), probe_ms=now_ms, grown_ms=now_ms)


def _is_slow(pace: Pace, seen: Seen, now_ms: int) -> bool:
    if not seen.timed or not pace.usual_ms or now_ms - pace.halved_ms < 2 * GROW_EVERY_MS:
        return False
    took = 1000 * seen.seconds / seen.timed
    return took > max(SLOW_TIMES * pace.usual_ms, pace.usual_ms + SLOW_MS)


def _learn_latency(pace: Pace, seen: Seen) -> Pace:
    if not seen.timed:
        return pace
    took = 1000 * seen.seconds / seen.timed
    # Down at once, up only slowly: a service that grows slow must not become the usual one.
    return replace(pace, usual_ms=took if not pace.usual_ms else min(took, pace.usual_ms * 1.02))


def _apply_headers(pace: Pace, seen: Seen, now_ms: int) -> Pace:
    if not seen.limit or seen.limit <= 0:
        return pace
    lately = history.between(pace.accepted, now_ms - MINUTE_MS, now_ms)
    if not pace.told.limit and not pace.rate:
        pace = replace(pace, tokens=min(pace.tokens, 1.0 - lately))  # what went out before the limit was known is part of it
    pace = replace(pace, told=headers.heard(pace.told, seen.limit, seen.reset, now_ms))
    if seen.remaining is None or seen.remaining > 0 or not seen.reset or lately >= KEEP_BELOW * seen.limit - 1:
        return pace  # who keeps to the limit need not wait for its window to end
    return replace(pace, not_before_ms=max(pace.not_before_ms, now_ms + int(1000 * min(seen.reset, 3600))))
