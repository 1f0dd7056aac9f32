"""How fast an account may be used: learnt from its answers, kept in the database, the same for all workers. Pure.

It begins with a few requests at once and doubles while all is well. A 429 halves the rate, and `good` remembers what
was taken just before; the rate climbs back to it in small steps, and beyond it only by careful probes. Answers that
grow slow halve the requests in flight. A service that fails again and again is left alone for a while (the breaker).
"""
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

FLOOR = 6.0  # requests a minute, whatever happens
FIRST_IN_FLIGHT = 4
GROW_EVERY_MS = 2_000
ONE_EVENT_MS = 2_000  # complaints so close together are one
KEEP_BELOW = 0.98  # of what is known to be taken
CLIMB = 0.1  # of `good`, each GROW_EVERY_MS
FIRST_PROBE = 0.05
TAKEN_BEFORE, STEADY_MS = 0.9, 5_000  # of a rate that brought a complaint so soon after it was raised
COUNTS_BY_MINUTE_MS = 5_000
MINUTE_MS = 60_000
PATIENCE_MS = {False: (3_000, MINUTE_MS), True: (MINUTE_MS, 16 * MINUTE_MS)}  # by "does it count by the minute": least, most
SLOW_TIMES, SLOW_MS = 3.0, 1_000.0  # slower than usual by this factor and by so much
LIKELY_MS = 500.0  # an answer takes, as long as nothing is known
LONGEST_WAIT_MS = 3_600_000
BUCKET_MS = 5_000
IDLE_MS = 10 * 60_000  # after so long without a request what was learnt about speed is old

BREAKER_LOOKS_AT = 12  # the latest answers …
BREAKER_OPENS_AT = 10  # … of which so many were trouble, all within a minute
BREAKER_LONGEST = 20  # times its first opening
PROBE_MS = 60_000  # a single request that has not come back by then is replaced by another


@dataclass(frozen=True)
class Ceilings:
    """What the account's admin allows: requests in flight, requests a minute (0: no ceiling of ours).

    `breaker_ms`: for how long a service that fails is left alone at first.
    """

    in_flight: int = 32
    per_minute: float = 0
    breaker_ms: int = 30_000


@dataclass
class Seen:
    """What one sender has seen since it last reported. `marks`: the answers in order, `.` fine, `x` trouble."""

    fine: int = 0
    limited: int = 0
    marks: str = ""
    asked_ms: int = 0
    seconds: float = 0
    timed: int = 0
    wanted_more: bool = False  # it had rows that it was not allowed to send
    limit: int | None = None  # rate-limit headers of the latest answer
    remaining: int | None = None
    reset: float | None = None  # seconds

    @property
    def is_urgent(self) -> bool:
        return bool(self.limited or "x" in self.marks or self.asked_ms)


@dataclass(frozen=True)
class Breaker:
    marks: str = ""
    since_ms: int = 0  # when the oldest trouble in `marks` was seen
    open_ms: int = 0  # for how long it was opened last; 0: it is closed
    until_ms: int = 0
    probe_ms: int = 0  # when a single request was let through

    @property
    def is_closed(self) -> bool:
        return not self.open_ms


@dataclass(frozen=True)
class Pace:
    """Rates are requests a minute, 0 where no limit is known."""

    in_flight: int = FIRST_IN_FLIGHT
    rate: float = 0
    good: float = 0
    is_doubling: bool = True
    probe: float = FIRST_PROBE
    patience_ms: int = PATIENCE_MS[False][0]  # between two probes
    by_minute: bool = False  # how the service seems to count
    grown_ms: int = 0
    halved_ms: int = 0
    fine_ms: int = 0  # when something was last accepted
    not_before_ms: int = 0
    usual_ms: float = 0  # how long an answer takes when all is well
    told: float = 0  # the rate that the service's own headers allow
    tokens: float = 1
    refilled_ms: int = 0
    taken: tuple[tuple[int, int], ...] = ()  # (BUCKET_MS since the epoch, answers that were fine), of the last minute
    breaker: Breaker = field(default_factory=Breaker)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> "Pace":
        known = {name: value for name, value in json.items() if name in cls.__dataclass_fields__}
        known["taken"] = tuple((slot, n) for slot, n in known.get("taken", ()))
        return cls(**{**known, "breaker": Breaker(**known.get("breaker", {}))})


def adapt(pace: Pace, seen: Seen, ceilings: Ceilings, now_ms: int) -> Pace:
    """The pace after what one sender has seen."""
    pace = _count(_forget_old(pace, now_ms), seen.fine, now_ms)
    pace = replace(pace, breaker=_watch(pace.breaker, seen.marks, ceilings.breaker_ms, now_ms))
    pace = _heed_headers(pace, seen, now_ms)
    asked_ms = min(seen.asked_ms, LONGEST_WAIT_MS)
    if asked_ms:
        pace = replace(pace, not_before_ms=max(pace.not_before_ms, now_ms + asked_ms))
    if seen.limited:
        return _slow_down(pace, asked_ms, now_ms)
    if _is_slow(pace, seen, now_ms):
        return replace(pace, in_flight=max(1, pace.in_flight // 2), is_doubling=False, halved_ms=now_ms, grown_ms=now_ms)
    return _speed_up(_learn_latency(pace, seen), seen, ceilings, now_ms) if seen.fine else pace


def rate_now(pace: Pace, ceilings: Ceilings) -> float:
    """Requests a minute; 0 when nothing limits them. Never below the floor, never above what we were told or allow."""
    learnt = [rate for rate in (pace.rate, pace.told * KEEP_BELOW) if rate]
    allowed = [ceilings.per_minute * KEEP_BELOW] if ceilings.per_minute else []
    return min([max(FLOOR, min(learnt))] + allowed) if learnt else sum(allowed)


def room_now(pace: Pace, ceilings: Ceilings, now_ms: int) -> int:
    """Requests that may be in flight at once, all senders together; 0 while the service is left alone."""
    if now_ms < pace.not_before_ms or now_ms < pace.breaker.until_ms:
        return 0
    if not pace.breaker.is_closed:
        return 1 if not pace.breaker.probe_ms or now_ms - pace.breaker.probe_ms >= PROBE_MS else 0
    return max(1, min(pace.in_flight, ceilings.in_flight))


def wait_now(pace: Pace, now_ms: int) -> int:
    """Milliseconds for which nothing may be sent at all."""
    return max(0, pace.not_before_ms - now_ms, pace.breaker.until_ms - now_ms)


def refill(pace: Pace, ceilings: Ceilings, now_ms: int) -> Pace:
    """With the tokens of the time that has passed. The bucket is shallow, so that no minute holds more than its rate."""
    rate = rate_now(pace, ceilings)
    earned = (now_ms - pace.refilled_ms) * rate / MINUTE_MS if pace.refilled_ms else 1.0
    return replace(pace, tokens=min(depth(rate), pace.tokens + max(0.0, earned)), refilled_ms=now_ms)


def depth(rate: float) -> float:
    """A little more than one, so that a token is not lost while somebody is on the way to take it."""
    return 1.0 + rate / 250


def _forget_old(pace: Pace, now_ms: int) -> Pace:
    if not pace.fine_ms or now_ms - pace.fine_ms < IDLE_MS:
        return pace
    return replace(pace, in_flight=min(pace.in_flight, FIRST_IN_FLIGHT), is_doubling=True)


def _count(pace: Pace, fine: int, now_ms: int) -> Pace:
    slot = now_ms // BUCKET_MS
    kept = {one: n for one, n in pace.taken if one > slot - MINUTE_MS // BUCKET_MS}
    if fine:
        kept[slot] = kept.get(slot, 0) + fine
    return replace(pace, taken=tuple(sorted(kept.items())), fine_ms=now_ms if fine else pace.fine_ms)


def _taken_within(pace: Pace, span_ms: int, now_ms: int) -> int:
    return sum(n for slot, n in pace.taken if slot * BUCKET_MS > now_ms - span_ms)


def _slow_down(pace: Pace, asked_ms: int, now_ms: int) -> Pace:
    if now_ms - pace.halved_ms < ONE_EVENT_MS or now_ms < pace.not_before_ms - asked_ms:
        return pace
    by_minute = asked_ms >= COUNTS_BY_MINUTE_MS
    current = pace.rate or _speed(pace)
    if by_minute:
        # Who asks for a long wait counts by the minute, and what the last minute held is what it takes.
        good = max(FLOOR, float(_taken_within(pace, MINUTE_MS, now_ms)))
    else:
        # A rate that went well for a while is not what the complaint is about.
        good = max(FLOOR, current * (TAKEN_BEFORE if now_ms - pace.grown_ms < STEADY_MS else 1))
    probed_in_vain = pace.good and pace.rate >= pace.good * KEEP_BELOW
    least, most = PATIENCE_MS[by_minute]
    patience_ms = max(least, pace.patience_ms * (2 if probed_in_vain else 1))
    return replace(
        pace, rate=max(FLOOR, min(current / 2, good * KEEP_BELOW)), good=good, is_doubling=False, probe=FIRST_PROBE, tokens=0.0,
        patience_ms=min(most, patience_ms), by_minute=by_minute, halved_ms=now_ms, grown_ms=now_ms,
    )


def _speed(pace: Pace) -> float:
    """Requests a minute that went out while nothing limited them."""
    return pace.in_flight * MINUTE_MS / (pace.usual_ms or LIKELY_MS)


def _speed_up(pace: Pace, seen: Seen, ceilings: Ceilings, now_ms: int) -> Pace:
    since_ms = now_ms - pace.grown_ms
    if since_ms < GROW_EVERY_MS or not pace.breaker.is_closed:
        return pace
    if pace.rate and seen.wanted_more:
        pace = _climb(pace, since_ms, now_ms)
    if pace.in_flight < ceilings.in_flight:
        more = 2 * pace.in_flight if pace.is_doubling else pace.in_flight + max(1, pace.in_flight // 8)
        pace = replace(pace, in_flight=min(ceilings.in_flight, more), grown_ms=now_ms)
    return pace


def _climb(pace: Pace, since_ms: int, now_ms: int) -> Pace:
    safe = pace.good * KEEP_BELOW
    if pace.rate < safe:
        return replace(pace, rate=min(safe, pace.rate + CLIMB * pace.good), grown_ms=now_ms)
    if since_ms < pace.patience_ms:
        return pace
    more = pace.rate * (1 + pace.probe)
    patience_ms = max(PATIENCE_MS[pace.by_minute][0], pace.patience_ms // 2)
    return replace(pace, rate=more, good=more / KEEP_BELOW, probe=min(1.0, 2 * pace.probe), patience_ms=patience_ms,
                   grown_ms=now_ms)


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


def _heed_headers(pace: Pace, seen: Seen, now_ms: int) -> Pace:
    if seen.limit is None or seen.limit <= 0:
        return pace
    if seen.remaining is None or seen.reset is None:
        return replace(pace, told=float(seen.limit))  # by the minute, as everywhere where no other window is named
    if seen.remaining <= 0:
        return replace(pace, not_before_ms=max(pace.not_before_ms, now_ms + int(1000 * min(seen.reset, 3600))))
    return replace(pace, told=max(FLOOR, seen.remaining * 60 / max(seen.reset, 1.0)))


def _watch(breaker: Breaker, marks: str, first_ms: int, now_ms: int) -> Breaker:
    if not marks:
        return breaker
    if not breaker.is_closed:
        return Breaker() if "." in marks else _opened(breaker, first_ms, now_ms)
    latest = (breaker.marks + marks)[-BREAKER_LOOKS_AT:]
    if "x" not in latest:
        return Breaker() if breaker.marks else breaker
    since_ms = breaker.since_ms if "x" in breaker.marks else now_ms
    if now_ms - since_ms > MINUTE_MS:
        latest, since_ms = marks[-BREAKER_LOOKS_AT:], now_ms
    if latest.count("x") >= BREAKER_OPENS_AT:
        return _opened(breaker, first_ms, now_ms)
    return Breaker(marks=latest, since_ms=since_ms)


def _opened(breaker: Breaker, first_ms: int, now_ms: int) -> Breaker:
    if now_ms < breaker.until_ms:
        return breaker  # what was in flight when it opened
    for_ms = min(BREAKER_LONGEST * first_ms, 2 * breaker.open_ms) if breaker.open_ms else first_ms
    return Breaker(open_ms=for_ms, until_ms=now_ms + for_ms)


def probing(pace: Pace, now_ms: int) -> Pace:
    """A single request has been let through to see whether the service is well again."""
    return replace(pace, breaker=replace(pace.breaker, probe_ms=now_ms))
