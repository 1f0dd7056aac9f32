"""What a service's refusals (429) teach: when to ask again, and what its limit is. Pure."""

from dataclasses import dataclass

from campaigns.pacing import history
from campaigns.pacing.history import History

MINUTE_MS = 60_000
# Waits after the first and further refusals, where none is asked for; then the minute is waited out. By what is known of how
# the service counts: nothing, shorter than a minute, by the minute.
WAITS_MS: dict[bool | None, tuple[int, ...]] = {None: (10_500,), False: (1_500, 8_500), True: (2_000,)}
MARGIN_MS = 300  # services round the wait they ask for
LONGEST_MS = 300_000
BY_MINUTE_MS = 12_000  # who asks to wait for longer than ten seconds counts by the minute …
CLOSED_FOR_LONG_MS = 10_000  # … and who refuses again so long after the first refusal
ROUNDED_MS = 1_500  # a wait is asked for in whole seconds, and the answer takes its time
SHORTEST_MS, BEFORE_TURN_MS = 1_500, 1_000  # of the first wait; so long before the clock's minute ends is surely within it
LATE_MS = 1_000  # a refusal is reported so long after its request began
AT_THE_TURN_MS = 3_000  # who takes requests again so soon after the turn of the clock's minute counts by the clock
MARKS_MS = 150_000  # refusals so far back are compared with
ENOUGH = 10  # accepted requests, to measure a rate by
ENOUGH_LATE = 5  # requests under way
AGREE = 1.15
NOT_FAR_ABOVE = (0.65, 0.93, 0.97)  # of a rate that grew into a refusal, by how often that has happened; the last: of one held
UNEXPLAINED, UNEXPLAINED_MS = 15, 20_000  # accepted since the last refusal, in so long, at a rate that is known to be taken
EXACT = 18  # accepted requests, to measure a rate to a few percent by
RARE = 50  # one refusal among so many requests is rare
Marks = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Closed:
    """The account while it takes nothing. `refusals`: of single requests in a row, the first included.

    `since_ms`: of the first; `refused_ms`: of the latest; `total`: accepted ever until then; `asked_ms`: what the latest asked
    to wait; `probe_ms`: when a single request was let through, 0 when none is under way; `was_probe`: a slightly higher rate
    was being tried, in vain; `late`: refused of what was under way when it closed.
    """

    refusals: int = 0
    since_ms: int = 0
    refused_ms: int = 0
    total: int = 0
    asked_ms: int = 0
    probe_ms: int = 0
    was_probe: bool = False
    late: int = 0

    @property
    def is_closed(self) -> bool:
        return self.refusals > 0


def wait_ms(closed: Closed, accepted: History, by_minute: bool | None, now_ms: int) -> int:
    """How long to wait before the next single request. `by_minute`: how the service counts, None when that is not known.

    A short wait, which ends before the turn of the clock's minute where it can, finds out whether seconds are counted. Who
    still refuses counts by the minute: it takes more at the turn of the clock's minute, or a minute after the first request
    that it counted, or at last a minute after it refused.
    """
    asked_ms = closed.asked_ms + MARGIN_MS if closed.asked_ms else 0
    n, waits = closed.refusals - bool(asked_ms), WAITS_MS[by_minute]
    if n == 0:
        return asked_ms  # The first wait that is asked for is believed; one that has not helped is no better than ours.
    if n <= len(waits):
        turn_ms = _next_turn(closed.since_ms) - BEFORE_TURN_MS - now_ms
        is_soon = by_minute is None and SHORTEST_MS < turn_ms < waits[0]
        return turn_ms if is_soon else max(asked_ms, waits[n - 1])
    return max(asked_ms, _until_the_minute_is_over(closed, accepted, n - len(waits), by_minute is not None, now_ms))


def _until_the_minute_is_over(closed: Closed, accepted: History, n: int, is_known: bool, now_ms: int) -> int:
    first_ms, turn_ms = minute_after_first(closed, accepted), _next_turn(closed.since_ms) + MARGIN_MS
    if not is_known and turn_ms < first_ms:
        turn_ms = first_ms  # a minute of the clock has begun by then too, and one request less is refused
    ends = sorted(end - now_ms for end in (turn_ms, first_ms, closed.since_ms + MINUTE_MS + 1_000))
    return next((end for end in ends if end > MARGIN_MS), min(LONGEST_MS, 7_500 * 2**n))


def minute_after_first(closed: Closed, accepted: History) -> int:
    """When the minute is over that began with the first request that is counted."""
    return (history.first_after(accepted, closed.since_ms - MINUTE_MS) or closed.since_ms) + MINUTE_MS + 1_000


def _next_turn(moment_ms: int) -> int:
    """When the minute of the clock that holds this moment is over."""
    return (moment_ms // MINUTE_MS + 1) * MINUTE_MS


def may_count_by_the_clock(closed: Closed) -> bool:
    """Whether a minute of the clock ended while it was closed, or just when it said: that may be why it takes more.

    So may a bucket, or a window of seconds. Who grew faster would use up a minute of the clock within seconds.
    """
    turn_ms = _next_turn(closed.since_ms - LATE_MS)
    if closed.asked_ms:
        return closed.refusals == 1 and turn_ms <= closed.since_ms + closed.asked_ms < turn_ms + ROUNDED_MS
    if closed.refusals > 1:  # what counts shorter would most likely have taken the request before the turn
        return closed.since_ms + SHORTEST_MS <= closed.refused_ms < turn_ms < closed.probe_ms
    return turn_ms < closed.probe_ms < closed.since_ms + WAITS_MS[None][0] + AT_THE_TURN_MS


def counts_by_minute(closed: Closed) -> bool:
    """Whether the service said so, or was seen closed for long: it was not where only nobody asked it for so long."""
    return closed.asked_ms >= BY_MINUTE_MS or closed.refused_ms - closed.since_ms >= CLOSED_FOR_LONG_MS


def taken_before(closed: Closed, accepted: History) -> int:
    """Requests accepted in the minute before the refusal; in the service's window alone where it is seen when that began."""
    taken = history.between(accepted, closed.since_ms - MINUTE_MS, closed.since_ms + 1_000)
    began_ms = _window_began(closed)
    within = history.between(accepted, began_ms, closed.since_ms + 1_000) if began_ms else 0
    return within if 2 * within >= taken else taken  # the window before took no more than the limit either


def _window_began(closed: Closed) -> int:
    """When the minute began that the service counts; 0 when that is not known."""
    if closed.asked_ms >= BY_MINUTE_MS:
        return _began_before(closed.since_ms + closed.asked_ms) if closed.refusals == 1 else 0
    turn_ms = closed.probe_ms // MINUTE_MS * MINUTE_MS
    is_clock = turn_ms > closed.since_ms and closed.probe_ms - turn_ms < AT_THE_TURN_MS
    return turn_ms - MINUTE_MS if is_clock else 0


def _began_before(ends_ms: int) -> int:
    """When the minute began that is said to end then. What is said is rounded up, so that the clock's minute can be told exactly."""
    into_ms = ends_ms % MINUTE_MS
    return ends_ms - MINUTE_MS - (into_ms if into_ms < ROUNDED_MS else 1_000)


def took_others(closed: Closed, taken: int) -> bool:
    """Whether most of what was under way when it closed was `taken` all the same: who has a limit refuses what comes after it."""
    return taken >= ENOUGH_LATE and taken > 2 * closed.late


def is_beside_the_point(closed: Closed, marks: Marks, before: int, good: float, by_minute: bool, is_held: bool) -> bool:
    """Whether a refusal says nothing of the rate: a rate that was measured was held, and went well for many requests.

    Such a service refuses at random, or because of others. Who lowered the rate each time would end at the floor.
    """
    if not good or not is_held or not marks:
        return False
    since_ms, n = marks[-1]
    if closed.total - n < UNEXPLAINED or closed.since_ms - since_ms < UNEXPLAINED_MS:
        return False
    return before < 0.9 * good and not counts_by_minute(closed) if by_minute else True


def exact_limit(closed: Closed, marks: Marks, accepted: History, rate: float) -> float:
    """Requests a minute that a bucket earns, measured between two refusals at which it was empty; 0 when that cannot be told.

    What is accepted in between is all that it earned, unless it was full at some time. It was not when, even at the `rate`
    that it refused, no more would have been left over than the largest burst that it has accepted, which it has room for.
    """
    a_ms = rate / MINUTE_MS
    if closed.asked_ms > 1_000 + 1 / a_ms:
        return 0.0  # a bucket asks to wait for its next token, a window for its end
    for since_ms, total in reversed(marks):
        span_ms, taken = closed.since_ms - since_ms, closed.total - total
        if taken >= EXACT:
            if _largest_rest(accepted, since_ms, closed.since_ms, a_ms) < _largest_burst(accepted, since_ms, a_ms):
                return (taken + 0.5) * MINUTE_MS / span_ms  # what is left at a refusal is less than one
            return 0.0
    return 0.0


def _largest_rest(accepted: History, since_ms: int, until_ms: int, a_ms: float) -> float:
    """The most that was earned and not taken at any time, at so many requests a millisecond."""
    largest = taken = 0.0
    for second, n in accepted:
        if since_ms < second * 1000 <= until_ms:
            largest, taken = max(largest, (second * 1000 - since_ms) * a_ms - taken), taken + n
    return largest


def _largest_burst(accepted: History, until_ms: int, a_ms: float) -> float:
    """The most that was taken in any span beyond what was earned in it."""
    largest = burst = 0.0
    before = None
    for second, n in accepted:
        if second * 1000 > until_ms + 1_000:
            break
        burst = max(0.0, burst - (1000 * (second - before) * a_ms if before else 0.0)) + n
        largest, before = max(largest, burst), second
    return largest


def limit_after(closed: Closed, marks: Marks, before: int, rate: float, good: float, grew: int) -> float:
    """Requests a minute that the service takes.

    `marks`: when it refused before, and how much it had accepted until then; `before`: accepted in the minute before it
    closed; `rate`: at which it closed; `good`: what was believed; `grew`: how often the rate has grown into a refusal, 0
    when it was held.
    """
    # Between two refusals nothing was left over, so what was accepted is what the service allows …
    spans = [(closed.since_ms - ms, closed.total - n) for ms, n in marks if ms < closed.since_ms]
    measured = [n * MINUTE_MS / span for span, n in spans]
    if not spans:
        # At least one more is taken in the time it asks to wait.
        return max(float(before), MINUTE_MS / closed.asked_ms if closed.asked_ms else 0.0)
    latest = measured[-1] if spans[-1][1] >= ENOUGH else min(0.9 * good, max(0.5 * good, measured[-1]))
    longer = next((one for one in measured if latest / AGREE < one < latest * AGREE), latest)
    # … unless it began far below the limit; and a rate that grew only little, or is refused rarely, is not far above it.
    if grew or spans[-1][1] >= RARE:
        return max(longer, rate * NOT_FAR_ABOVE[min(grew, len(NOT_FAR_ABOVE)) - 1])
    return longer
