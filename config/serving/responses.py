"""Delivering a response: a thread makes it, and whoever reads it slowly holds none.

A page is handed over whole. A file is read block by block, when its reader has taken the block before. A response that is made
while it is sent (an export) is made as fast as the database gives it, into a file without a name, from which it is sent.
"""

import asyncio
import contextvars
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.db import Error as DatabaseUnavailable
from django.db import close_old_connections

from config.serving.bodies import Receive
from config.serving.spool import BLOCK, Parts, Spool
from config.serving.threads import Threads, run, with_connections_closed

Send = Callable[[dict[str, Any]], Awaitable[None]]
WITHOUT_BODY = (204, 304)
HELD_SECONDS = 0.5  # whoever clicks sees something within a second
HELD_GAP_SECONDS = 0.1
READER_SECONDS = 60.0  # a reader that takes no block for so long is cut


class ReaderGone(Exception):
    """Whoever was to read the response has gone, or takes nothing."""


@dataclass
class Response:
    """`body`: the whole of it, or its first block. `file`, `stream`: where the rest comes from."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    file: Parts | None = None
    stream: Parts | None = None
    is_ready: Callable[[], bool] | None = None  # see ui.held_response

    def start(self, status: str, headers: Sequence[tuple[str, str]], _error: object = None) -> None:
        """PEP 3333's start_response."""
        self.status = int(status.split(" ", 1)[0])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def respond(application: Callable[..., Any], environ: dict[str, Any]) -> Response:
    """Django's response, in a thread for pages; what lasts is left to others."""
    response = Response()
    parts = application(environ, response.start)
    response.is_ready = getattr(parts, "is_ready", None)
    if environ["REQUEST_METHOD"] == "HEAD" or response.status in WITHOUT_BODY:
        parts.close()
    elif hasattr(parts, "filelike"):  # wsgiref's FileWrapper
        response.file = parts
        response.body = parts.filelike.read(BLOCK)
        if len(response.body) < BLOCK:
            response.file = None
            parts.close()
    elif getattr(parts, "streaming", False):
        response.stream = parts
    else:
        response.body = b"".join(parts)
        parts.close()
    close_old_connections()  # the thread that ends a file or a stream has other ones
    return response


async def hold(response: Response, threads: Threads) -> None:
    """Wait until what the response leads to is ready, for HELD_SECONDS at most, without a thread. Where that cannot be read, the
    response is sent as it is: what it tells of is done."""
    if response.is_ready is None:
        return
    is_ready = with_connections_closed(response.is_ready)
    try:
        async with asyncio.timeout(HELD_SECONDS):
            while not await run(threads.pages, contextvars.copy_context(), is_ready):
                await asyncio.sleep(HELD_GAP_SECONDS)
    except (TimeoutError, DatabaseUnavailable):
        pass


async def deliver(response: Response, context: contextvars.Context, threads: Threads, receive: Receive, send: Send) -> None:
    """Send it to its end, or until its reader is gone or takes nothing."""
    is_whole = response.file is None and response.stream is None
    await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
    if is_whole:
        await send({"type": "http.response.body", "body": response.body, "more_body": False})
        return
    gone = asyncio.ensure_future(_is_gone(receive))
    try:
        blocks = _blocks_of_file(response, threads) if response.file else _blocks_of_stream(response, context, threads)
        async for block in blocks:
            await _send_block(send, block, gone)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    except ReaderGone:
        pass  # returning without an end closes the connection
    finally:
        gone.cancel()
        await blocks.aclose()


async def _is_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_block(send: Send, block: bytes, gone: asyncio.Future[None]) -> None:
    sending = asyncio.ensure_future(send({"type": "http.response.body", "body": block, "more_body": True}))
    await asyncio.wait({sending, gone}, timeout=READER_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    if gone.done() or not sending.done():
        sending.cancel()
        raise ReaderGone
    await sending


async def _blocks_of_file(response: Response, threads: Threads) -> AsyncGenerator[bytes, None]:
    loop, parts = asyncio.get_running_loop(), response.file
    assert parts is not None
    file: BinaryIO = parts.filelike  # type: ignore[attr-defined]  # wsgiref's FileWrapper
    block = response.body
    try:
        while block:
            yield block
            block = await loop.run_in_executor(threads.disk, file.read, BLOCK)
    finally:
        await loop.run_in_executor(threads.disk, parts.close)


async def _blocks_of_stream(response: Response, context: contextvars.Context, threads: Threads) -> AsyncGenerator[bytes, None]:
    assert response.stream is not None
    spool = Spool()
    filling = asyncio.ensure_future(run(threads.streams, context, spool.fill, response.stream))
    filling.add_done_callback(spool.fill_ended)
    try:
        while block := await spool.next_block():
            yield block
        await filling
    finally:
        spool.stop()
