"""Receiving a request's body: under limits of size, time and disk, and without a thread.

A small body stays in memory. A large one goes to a file without a name in `var/incoming`: of a broken request, and of a process
that was killed, nothing stays behind.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager
from io import BytesIO
from typing import Any, BinaryIO

from django.conf import settings

from config.serving.refusals import NO_ROOM, TOO_LARGE, TOO_SLOW, Refusal
from people.bodies import SMALL_BODY

Receive = Callable[[], Awaitable[dict[str, Any]]]
BLOCK = 256 * 1024  # bytes that wait in memory to be written
LEAST_RATE = 16 * 1024  # bytes a second of a large body, once BODY_SECONDS are over
MOST_SMALL = 512  # small bodies that are waited for at once; with one more, the oldest is cut
COPIES = 3  # of a file on the disk while it is taken in: the request, its part, and the file that is kept


class Disconnected(Exception):
    """Nobody waits for an answer any more."""


class Body:
    """What has come so far."""

    def __init__(self, disk: ThreadPoolExecutor) -> None:
        self.size = 0
        self.file: BinaryIO = BytesIO()
        self.at_end = ExitStack()
        self._disk, self._waiting, self._is_on_disk = disk, bytearray(), False

    async def add(self, chunk: bytes) -> None:
        self.size += len(chunk)
        self._waiting += chunk
        if len(self._waiting) >= BLOCK or self._is_on_disk is False and self.size > SMALL_BODY:
            await self._write()

    async def finish(self) -> None:
        if self._is_on_disk:
            await self._write()
        else:
            self.file.write(self._waiting)
        self.file.seek(0)

    def close(self) -> None:
        self.at_end.close()
        self.file.close()

    async def _write(self) -> None:
        block, self._waiting = self._waiting, bytearray()
        await asyncio.get_running_loop().run_in_executor(self._disk, self._append, block)

    def _append(self, block: bytearray) -> None:
        if not self._is_on_disk:
            self.file, self._is_on_disk = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR), True
        self.file.write(block)


class Reception:
    """All bodies that are being received by this process."""

    def __init__(self, disk: ThreadPoolExecutor) -> None:
        self._disk = disk
        self._small: dict[int, asyncio.Timeout] = {}  # oldest first
        self._promised = 0  # bytes on the disk that large bodies may take

    async def receive(self, receive: Receive, declared: int | None, permitted: Callable[[], Awaitable[int]]) -> Body:
        """The whole body, ready to be read. `permitted()`: how many bytes this caller may send, asked only for a large one.
        Raises Refusal and Disconnected."""
        body = Body(self._disk)
        try:
            may_be_small = declared is None or declared <= SMALL_BODY
            is_over = may_be_small and await self._receive_small(receive, body)
            if not is_over or body.size > SMALL_BODY:
                await self._receive_large(receive, body, declared, await permitted(), is_over)
            await body.finish()
        except BaseException:
            body.close()
            raise
        return body

    async def _receive_small(self, receive: Receive, body: Body) -> bool:
        """Receive it until it ends or is large. Whether it has ended: with its last piece it may have become large as well."""
        is_over = False
        async with self._small_place():
            while not is_over and body.size <= SMALL_BODY:
                chunk, is_over = await _next(receive)
                await body.add(chunk)
        return is_over

    @asynccontextmanager
    async def _small_place(self) -> AsyncIterator[None]:
        """Time for a small body. Somebody who opens very many cuts the oldest, not the one that has just come."""
        if len(self._small) >= MOST_SMALL:
            self._small.pop(next(iter(self._small))).reschedule(asyncio.get_running_loop().time())
        try:
            async with asyncio.timeout(settings.BODY_SECONDS) as timeout:
                self._small[id(timeout)] = timeout
                try:
                    yield
                finally:
                    self._small.pop(id(timeout), None)
        except TimeoutError:
            raise Refusal(TOO_SLOW) from None

    async def _receive_large(self, receive: Receive, body: Body, declared: int | None, largest: int, is_over: bool) -> None:
        if max(declared or 0, body.size) > largest:
            raise Refusal(TOO_LARGE, largest)
        self._promise_room(body, COPIES * (declared or largest))
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(settings.BODY_SECONDS) as timeout:
                while not is_over:
                    chunk, is_over = await _next(receive)
                    await body.add(chunk)
                    if body.size > largest:
                        raise Refusal(TOO_LARGE, largest)
                    slowest = began + settings.BODY_SECONDS + body.size / LEAST_RATE
                    timeout.reschedule(min(slowest, loop.time() + settings.BODY_SECONDS))
        except TimeoutError:
            raise Refusal(TOO_SLOW) from None

    def _promise_room(self, body: Body, size: int) -> None:
        """Keep room on the disk until the request is over. Refused where others were promised what is free."""
        free = shutil.disk_usage(settings.FILE_UPLOAD_TEMP_DIR).free
        if free - self._promised - size < settings.DISK_FLOOR_BYTES:
            raise Refusal(NO_ROOM)
        self._promised += size
        body.at_end.callback(self._release_room, size)

    def _release_room(self, size: int) -> None:
        self._promised -= size


async def _next(receive: Receive) -> tuple[bytes, bool]:
    """The next piece, and whether it is the last."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Disconnected
    return message.get("body", b""), not message.get("more_body", False)
