"""What one sender tells of the answers that it has got. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass
class Seen:
    """What one sender has seen since it last reported. `marks`: the answers in order, `.` fine, `x` failure."""

    fine: int = 0
    ago_ms: Sequence[int] = ()  # how long ago the fine ones had begun; of those that are missing it is not known
    limited: int = 0
    fine_after: int = 0  # of the fine ones: after one that was limited
    fine_before: int = 0  # of the fine ones: before the account closed, which another sender reported first
    marks: str = ""
    asked_ms: int = 0
    seconds: float = 0
    timed: int = 0
    wanted_more: bool = False  # it had rows that it was not allowed to send
    ended: int = 0  # rows that have their outcome
    limit: int | None = None  # rate-limit headers of the latest answer
    remaining: int | None = None
    reset: float | None = None  # seconds
    failed: int = 0
    timed_out: int = 0  # of the failed ones: no answer came in time
    oldest_ms: int | None = None  # for how long the oldest unanswered request is under way; None: not known

    @property
    def is_urgent(self) -> bool:
        return bool(self.limited or "x" in self.marks or self.asked_ms)
