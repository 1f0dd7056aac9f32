"""An answer says that nothing can be sent any more: the key, the balance, the campaign is refused. Whether that is so is shown by the
next request, which goes alone: another row, or a look-up where none is left. Until then the import is not paused.

One sender's, in memory: should it end meanwhile, the next one finds out anew.
"""

from typing import NamedTuple

from imports.push.consecutive_failures import Stop

ENOUGH_ROWS = 3  # different rows refused, of which nothing was suspected: then it is not due to a row
MOST_CHECKS = 6  # look-ups that were answered right after the same row was refused: it cannot be told


class Refused(NamedTuple):
    """A row that was refused so. `is_suspect`: others were taken after it was refused before. `checks`: look-ups answered after that."""

    row_id: int
    stop: Stop
    is_suspect: bool = False
    checks: int = 0


class StopCheck:
    def __init__(self) -> None:
        self._refused: dict[int, Refused] = {}
        self._sent: set[int] = set()  # rows that were sent since, to see

    @property
    def is_open(self) -> bool:
        return bool(self._refused)

    @property
    def last(self) -> Refused:
        return next(reversed(self._refused.values()))

    def sent(self, row_ids: list[int]) -> None:
        self._sent.update(row_ids)

    def note_refused(self, refused: list[Refused]) -> Stop | None:
        """Why the import must wait for a person after these, if it is certain by now."""
        self._refused |= {one.row_id: one for one in refused}
        unsuspected = [one for one in self._refused.values() if not one.is_suspect]
        return self.stopped() if len(unsuspected) >= ENOUGH_ROWS else None

    def note_fine(self, row_ids: list[int]) -> None:
        """These were answered as requests are; that shows something where they left after the refusal."""
        if self._sent & set(row_ids):
            self.close()

    def stopped(self) -> Stop:
        stop = self.last.stop
        self.close()
        return stop

    def close(self) -> None:
        self._refused, self._sent = {}, set()
