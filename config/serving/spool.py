"""A response that is sent while it is made: one thread writes a file without a name, the event loop reads behind it."""

import asyncio
import errno
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from typing import Protocol

from django.conf import settings
from django.db import close_old_connections

BLOCK = 256 * 1024  # bytes


class Parts(Protocol):
    """What Django gives to be sent."""

    def __iter__(self) -> Iterator[bytes]: ...

    def close(self) -> None: ...


class Spool:
    """How fast it is read does not hold up who writes. Made by the event loop."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, buffering=0)
        self._loop, self._news = asyncio.get_running_loop(), asyncio.Event()
        self._written = self._read = 0
        self._is_stopped, self._is_ended = threading.Event(), False

    def fill(self, parts: Parts) -> None:
        """Write all parts, in a thread; fewer where nobody reads any more. OSError where the disk has no room."""
        try:
            waiting = bytearray()
            for part in parts if not self._is_stopped.is_set() else ():
                waiting += part
                if len(waiting) >= BLOCK:
                    self._write(waiting)
                    waiting = bytearray()
                    if self._is_stopped.is_set():
                        return
            self._write(waiting)
        finally:
            parts.close()
            close_old_connections()

    def fill_ended(self, _filling: object) -> None:
        self._is_ended = True
        self._news.set()
        if self._is_stopped.is_set():
            self._file.close()

    def stop(self) -> None:
        """Nobody reads any more."""
        self._is_stopped.set()
        if self._is_ended:
            self._file.close()

    async def next_block(self) -> bytes:
        """What comes next, at most BLOCK bytes; none at the end."""
        while self._read == self._written and not self._is_ended:
            self._news.clear()
            await self._news.wait()
        block = os.pread(self._file.fileno(), min(BLOCK, self._written - self._read), self._read)
        self._read += len(block)
        return block

    def _write(self, block: bytearray) -> None:
        if shutil.disk_usage(settings.FILE_UPLOAD_TEMP_DIR).free < settings.DISK_FLOOR_BYTES:
            raise OSError(errno.ENOSPC, "no room on the disk for a response")
        self._file.write(block)
        self._written += len(block)
        self._loop.call_soon_threadsafe(self._news.set)
