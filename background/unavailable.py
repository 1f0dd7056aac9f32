"""The server cannot take anything just now: its disk is full, its database is locked or away, or it takes too long."""

import errno
import sqlite3
from collections.abc import Iterator
from enum import StrEnum

from django.db import InterfaceError, OperationalError


class Lack(StrEnum):
    """What the server lacks: `room` on a disk, a `database` that answers, or `time`: nobody knows yet what keeps it waiting."""

    ROOM = "room"
    DATABASE = "database"
    TIME = "time"


NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
NO_ROOM_SQLSTATE = "53100"  # PostgreSQL's disk_full


def lack_of(error: BaseException | None) -> Lack | None:
    """What was lacking, judged by an error and those that led to it; None for any other error."""
    chain = list(_with_causes(error))
    if any(_says_no_room(one) for one in chain):
        return Lack.ROOM
    return Lack.DATABASE if any(isinstance(one, (OperationalError, InterfaceError)) for one in chain) else None


def _says_no_room(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    is_full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return is_full or getattr(error, "sqlstate", None) == NO_ROOM_SQLSTATE


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
