"""What senders have found of a service within the last minute: its answers, how long they took, and what is still unanswered. Pure.

A record is `{"seconds": [[second since the epoch, answers, ms they took together, limited], …], "waiting": {sender: [ms when it
was reported, ms for which its oldest request is under way]}, "answered_ms", "timed_out_ms", "failed_ms": when there last was one}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]
KEPT_MS = 60_000
LATELY_MS = 20_000  # of which the mean is told
REPORTED_MS = 10_000  # a sender that has not reported for so long tells nothing


@dataclass(frozen=True)
class Found:
    """What one sender has found since it last reported. `oldest_ms`: how long its oldest unanswered request is under way; None where
    the sender does not know."""

    answers: int = 0  # those of which it is known how long they took
    total_ms: int = 0
    answered: int = 0  # anything at all
    limited: int = 0
    failed: int = 0
    timed_out: int = 0
    oldest_ms: int | None = None


def noted(record: Mapping[str, Any], sender: str, found: Found, now_ms: int) -> Record:
    """The record with what `sender` reports now, and without what is old."""
    seconds = [list(one) for one in record.get("seconds", ()) if one[0] * 1000 > now_ms - KEPT_MS]
    if found.answers or found.limited:
        now = now_ms // 1000
        if not seconds or seconds[-1][0] != now:
            seconds.append([now, 0, 0, 0])
        for place, more in ((1, found.answers), (2, found.total_ms), (3, found.limited)):
            seconds[-1][place] += more
    waiting = {who: one for who, one in record.get("waiting", {}).items() if now_ms - one[0] < REPORTED_MS and who != sender}
    if found.oldest_ms:
        waiting[sender] = [now_ms, found.oldest_ms]
    moments = {name: record.get(name, 0) for name in ("answered_ms", "timed_out_ms", "failed_ms")}
    for name, n in (
        ("answered_ms", found.answered),
        ("timed_out_ms", found.timed_out),
        ("failed_ms", found.failed),
    ):
        moments[name] = now_ms if n else moments[name]
    return {"seconds": seconds, "waiting": waiting, **moments}


def lately(record: Mapping[str, Any], now_ms: int) -> tuple[int, float, int]:
    """Of the last LATELY_MS: answers, how many ms one took on average, how many requests were limited."""
    recent = [one for one in record.get("seconds", ()) if one[0] * 1000 > now_ms - LATELY_MS]
    answers = sum(one[1] for one in recent)
    return answers, sum(one[2] for one in recent) / answers if answers else 0.0, sum(one[3] for one in recent)


def waiting_ms(record: Mapping[str, Any], now_ms: int) -> int:
    """For how long the oldest unanswered request of all senders is under way; 0 when there is none."""
    return max((ms + now_ms - at for at, ms in record.get("waiting", {}).values() if now_ms - at < REPORTED_MS), default=0)
