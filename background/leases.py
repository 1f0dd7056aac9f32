"""A row of the database that one process at a time works on: claimed, renewed, fenced and released.

A claim draws a token and a lease in steady time (`background.database_clock`). A process that dies leaves a lease that runs
out, and another one claims the row. A process that was frozen past its lease wakes with a token that no longer stands:
whatever it writes goes through `mine`, which then matches nothing.

Two tables have forms of their own. Rows of an import (`imports.push.row_claims`) are claimed hundreds at a time, by one statement that
skips what others have locked. Slots of senders (`imports.push.slots`) take the token from a message and count it up.
"""

import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any, Generic, TypeVar

from django.db import DatabaseError, connection
from django.db.models import Model, QuerySet

from background.database_clock import now_ms

log = logging.getLogger(__name__)
RENEWALS_OF_A_LEASE = 4  # a lease outlives three renewals that fail
Row = TypeVar("Row", bound=Model)


class Lost(Exception):
    """Another process has the row now, or it is in another state: what this process has made of it must not be written."""


class Leases(Generic[Row]):
    """The leases of one table, whose rows have the columns `state`, `<prefix>token` and `<prefix>lease_ms`.

    A row can be held in `state` and in no other; a lease lasts `lease_ms` milliseconds. `related`: what is read along with a
    claimed row.
    """

    def __init__(self, model: type[Row], state: str, lease_ms: int, prefix: str = "", related: tuple[str, ...] = ()) -> None:
        self._rows, self._state, self._lease_ms, self._related = model._default_manager, state, lease_ms, related
        self._token, self._lease = f"{prefix}token", f"{prefix}lease_ms"

    def free(self) -> QuerySet[Row]:
        """Rows that are to be worked on and that nobody holds."""
        return self._rows.filter(**{"state": self._state, f"{self._lease}__lt": now_ms()})

    def claim(self, pk: int, among: QuerySet[Row] | None = None, **changes: Any) -> Row | None:
        """The row, which is this process's from now on; None when it is not `among` those that may be claimed (by default `free`).

        `changes` are written along with the claim; they must leave the row in the state in which it can be held.
        """
        token = secrets.randbits(62)
        claimable = self.free() if among is None else among
        if not claimable.filter(pk=pk).update(**{self._token: token, self._lease: now_ms() + self._lease_ms}, **changes):
            return None
        return self._rows.select_related(*self._related).filter(**{"pk": pk, self._token: token}).first()

    def mine(self, row: Row) -> QuerySet[Row]:
        """The row, for as long as its token and its state are those of the claim; else nothing."""
        return self._rows.filter(**{"pk": row.pk, "state": self._state, self._token: getattr(row, self._token)})

    def renew(self, row: Row, **changes: Any) -> bool:
        """Write `changes` and begin the lease anew; whether the row was still this process's."""
        return bool(self.mine(row).update(**{self._lease: now_ms() + self._lease_ms}, **changes))

    def hold(self, row: Row, **changes: Any) -> None:
        """As `renew`, in the transaction of what has been made of the row. Raises Lost, which takes that back."""
        if not self.renew(row, **changes):
            raise Lost

    def release(self, row: Row, **changes: Any) -> bool:
        """Write `changes` and let others claim the row at once; whether it was still this process's."""
        return bool(self.mine(row).update(**{self._lease: 0}, **changes))

    @contextmanager
    def renewed(self, row: Row, stalls_after: float) -> Iterator["Renewal"]:
        """A thread renews the lease while the block runs, until it makes no progress for `stalls_after` seconds.

        So a lease lasts as long as its process lives and gets on: a killed or frozen process renews nothing, and one that is
        stuck, or whose child is, is given up like them.
        """
        renewal = Renewal(stalls_after)
        thread = Thread(target=self._renew_until_over, args=(row, renewal), name="lease", daemon=True)
        thread.start()
        try:
            yield renewal
        finally:
            renewal.is_over.set()
            thread.join()

    def _renew_until_over(self, row: Row, renewal: "Renewal") -> None:
        while not renewal.is_over.wait(self._lease_ms / 1000 / RENEWALS_OF_A_LEASE):
            if renewal.is_stalled:
                log.warning("%s %s: no progress, its lease is not renewed", row._meta.model_name, row.pk)
                continue
            try:
                self.renew(row)
            except DatabaseError as error:  # a database that is away for a moment: a lease outlives several renewals
                log.warning("%s %s: its lease was not renewed (%s)", row._meta.model_name, row.pk, type(error).__name__)
        connection.close()


class Renewal:
    """The renewing of one lease: `note_progress` says that the work gets on."""

    def __init__(self, stalls_after: float) -> None:
        self.is_over = Event()
        self._stalls_after, self._progress = stalls_after, time.monotonic()

    def note_progress(self) -> None:
        self._progress = time.monotonic()

    @property
    def is_stalled(self) -> bool:
        return time.monotonic() - self._progress > self._stalls_after
