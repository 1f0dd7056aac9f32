"""Rows whose answers neither take nor refuse them, again and again: asked to wait (429 …), or told that a key, a balance or a
campaign is missing. Is that so of everything that is sent, or of the row alone? Pure.

Against a row speaks every such answer that came after others had been taken which were sent later than it. For the row speaks
every such answer to rows that are taken all the same: where many are put off, it is by chance. Only what chance cannot explain
is said of the row. A row that is the last of its import has no others to be compared with: it is given many tries and much time.
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

WAIT = "wait"  # kind of an answer that asks to wait; other kinds are the reasons for which an import would pause
FEWEST = {WAIT: 8}  # answers that speak against a row before it is blamed
FEWEST_REFUSED = 3
CHANCE = {WAIT: 1e-9}  # that a row which is like all others is blamed
CHANCE_REFUSED = 1e-6
SMALL = 0.02  # answers of others that are presumed to have been of this kind where none was
FEW = 4  # others count as few where there are so many times fewer of them than of rows that were taken
LAST_TRIES, LAST_MS = 12, 120_000  # of a row that is alone at the end, and was passed by others before
ALONE_TRIES, ALONE_MS = 15, 600_000  # of the only row that is left, and that nothing was sent after
ALONE_WITH_OTHERS_MS = 25 * 3600 * 1000  # of one of some few that are left so: longer than a day's quota
ENOUGH_CHECKS = 3  # look-ups that were answered right after its refusals
LONGEST_DOUBLING = 5


class Progress(NamedTuple):
    """Of an import at one moment: rows that were `taken` or refused for good; rows `under_way`, whose requests may have left; answers of
    this kind to `others`, rows of which nothing is suspected; rows that are still `open`."""

    taken: int
    under_way: int
    others: int
    open: int
    now_ms: int


class Deferral(NamedTuple):
    """What a row keeps of such answers. `n`: in a row; `against`: of these, how many speak against it; `taken`, `others`, `since_ms`: as it
    was at the first one. `beyond`: when more rows are taken than that, one of them was sent after the last such answer. `checked`:
    look-ups that were answered right after one."""

    n: int = 0
    against: int = 0
    taken: int = 0
    others: int = 0
    since_ms: int = 0
    beyond: int = 0
    checked: int = 0

    @classmethod
    def in_detail(cls, detail: Mapping[str, Any] | None) -> "Deferral":
        return cls(**(detail or {}).get("deferral", {}))

    @property
    def is_suspect(self) -> bool:
        """Whether such answers are not counted among those of all rows."""
        return self.against > 0

    @property
    def counted(self) -> int:
        """How many of the answers to it are counted among those of all rows."""
        return 0 if self.is_suspect else self.n

    def wait_ms(self) -> int:
        """Before it is sent again after a refusal: others go first, and show whether it is theirs too."""
        return int(1000 * 2 ** min(LONGEST_DOUBLING, self.n - 1)) if self.is_suspect or self.checked else 1000


def after(before: Deferral, progress: Progress) -> Deferral:
    """What the row keeps after one more such answer."""
    beyond = progress.taken + progress.under_way
    if not before.n:
        return Deferral(1, 0, progress.taken, progress.others, progress.now_ms, beyond)
    is_against = progress.taken > before.beyond
    return before._replace(n=before.n + 1, against=before.against + is_against, beyond=beyond)


def is_of_the_row(row: Deferral, kind: str, progress: Progress) -> bool:
    """Whether such answers are due to the row and to nothing else, `row` being what it keeps after the last one."""
    if row.against >= _enough(row, kind, progress):
        return True
    if kind != WAIT:
        return row.checked >= ENOUGH_CHECKS and 0 < FEW * progress.open <= progress.taken
    for_ms = progress.now_ms - row.since_ms
    if row.is_suspect and are_others_few(row, progress):
        return row.n >= LAST_TRIES and for_ms >= LAST_MS
    is_only_one = progress.open <= 1 and not _others(row, progress)
    is_alone = not row.is_suspect and progress.taken > 0 and (is_only_one or FEW * progress.open <= progress.taken)
    return is_alone and row.n >= ALONE_TRIES and for_ms >= (ALONE_MS if is_only_one else ALONE_WITH_OTHERS_MS)


def are_others_few(row: Deferral, progress: Progress) -> bool:
    """Whether hardly any other row was put off since this one was, of those that were sent."""
    return FEW * _others(row, progress) <= progress.taken - row.taken


def _enough(row: Deferral, kind: str, progress: Progress) -> float:
    """How many answers against it chance cannot explain, by how often others were answered so."""
    taken, others = progress.taken - row.taken, _others(row, progress) + SMALL
    if taken <= 0:
        return math.inf
    by_chance = others / (taken + others)
    return max(FEWEST.get(kind, FEWEST_REFUSED), math.log(CHANCE.get(kind, CHANCE_REFUSED)) / math.log(by_chance))


def _others(row: Deferral, progress: Progress) -> int:
    """Answers of this kind to other rows since the first one to this row."""
    own = 0 if row.is_suspect else row.n - 1  # counted so far
    return max(0, progress.others - row.others - own)
