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
BY_MINUTE_MS = 12_000  # who stays closed for longer than ten seconds counts by the minute
MARKS_MS = 150_000  # refusals so far back are compared with
ENOUGH = 10  # accepted requests, to measure a rate by
ENOUGH_LATE = 5  # requests under way
AGREE = 1.15
NOT_FAR_ABOVE = (0.65, 0.93, 0.97)  # of a rate that grew into a refusal, by how often that has happened; the last: of one held
UNEXPLAINED, UNEXPLAINED_MS = 15, 20_000  # accepted since the last refusal, in so long, at a rate that is known to be taken
RARE = 50  # one refusal among so many requests is rare
Marks = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Closed:
    """The account while it takes nothing. `refusals`: of single requests in a row, the first included.

    `since_ms`: of the first; `total`: accepted ever until then; `asked_ms`: what the latest asked to wait; `probe_ms`: when a
    single request was let through, 0 when none is under way; `was_probe`: a slightly higher rate was being tried, in vain;
    `late`: refused of what was under way when it closed.
    """

    refusals: int = 0
    since_ms: int = 0
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

    A short wait finds out whether seconds are counted. Who still refuses counts by the minute: it takes more at the turn
    of the clock's minute, or a minute after the first request that it counted, or at last a minute after it refused.
    """
    asked_ms = closed.asked_ms + MARGIN_MS if closed.asked_ms else 0
    n, waits = closed.refusals - bool(asked_ms), WAITS_MS[by_minute]
    if n == 0:
        return asked_ms  # The first wait that is asked for is believed; one that has not helped is no better than ours.
    return max(asked_ms, waits[n - 1] if n <= len(waits) else _until_the_minute_is_over(closed, accepted, n - len(waits), now_ms))


def _until_the_minute_is_over(closed: Closed, accepted: History, n: int, now_ms: int) -> int:
    begun = history.first_after(accepted, closed.since_ms - MINUTE_MS) or closed.since_ms
    turn_ms = (closed.since_ms // MINUTE_MS + 1) * MINUTE_MS + MARGIN_MS
    ends = sorted(end - now_ms for end in (turn_ms, begun + 1_000 + MINUTE_MS, closed.since_ms + MINUTE_MS + 1_000))
    return next((end for end in ends if end > MARGIN_MS), min(LONGEST_MS, 7_500 * 2**n))


def counts_by_minute(closed: Closed) -> bool:
    tried = closed.refusals - bool(closed.asked_ms) > len(WAITS_MS[None])
    return tried or closed.asked_ms >= BY_MINUTE_MS or closed.probe_ms - closed.since_ms >= BY_MINUTE_MS


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
