"""How many requests were begun, or accepted, in which second of the last minutes. Pure.

A history is a tuple of `(second since the epoch, how many)`, oldest first; seconds without any are left out.
"""

from collections import Counter
from collections.abc import Sequence

KEPT_SECONDS = 130  # a refusal is judged by the minute before it, and the wait it asks for may last another

History = tuple[tuple[int, int], ...]


def with_more(history: History, n: int, now_ms: int, seconds: int = KEPT_SECONDS) -> History:
    """With `n` more now, and without what is older than so many seconds."""
    now = now_ms // 1000
    kept = [one for one in history if one[0] > now - seconds]
    if not n:
        return tuple(kept)
    if kept and kept[-1][0] >= now:
        return (*kept[:-1], (kept[-1][0], kept[-1][1] + n))
    return (*kept, (now, n))


def with_past(history: History, ago_ms: Sequence[int], n: int, now_ms: int) -> History:
    """With `n` more, of which so many as `ago_ms` holds were accepted so long ago, and the others now."""
    seconds = Counter(dict(history))
    seconds.update((now_ms - ms) // 1000 for ms in ago_ms)
    return with_more(tuple(sorted(seconds.items())), max(0, n - len(ago_ms)), now_ms)


def between(history: History, after_ms: int, until_ms: int) -> int:
    """How many were accepted after one moment, until and with the second of another."""
    return sum(n for second, n in history if after_ms < (second + 1) * 1000 and second * 1000 <= until_ms)


def first_after(history: History, after_ms: int) -> int | None:
    """When the first one after a moment was accepted, in ms; None when there is none."""
    return next((second * 1000 for second, _n in history if second * 1000 > after_ms), None)
