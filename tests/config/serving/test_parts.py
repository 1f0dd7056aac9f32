"""The parts of the server: threads by kind of work, a response made while it is sent, Django's response as the server keeps it."""

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import InterfaceError, OperationalError

from config.serving.application import Application
from config.serving.responses import Response, hold, respond
from config.serving.spool import BLOCK, Spool
from config.serving.threads import Threads, run


class Parts:
    """What Django gives to be sent."""

    def __init__(self, *parts: bytes) -> None:
        self.parts, self.is_closed = parts, False

    def __iter__(self):
        return iter(self.parts)

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture(autouse=True)
def a_folder(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path


def test_what_is_written_faster_than_it_is_read_arrives_whole_and_in_order(tmp_path):
    parts = Parts(b"a" * BLOCK, b"b" * 7, b"c" * (2 * BLOCK))

    async def read() -> bytes:
        spool, threads, found = Spool(), Threads(), b""
        filling = asyncio.ensure_future(run(threads.streams, contextvars.copy_context(), spool.fill, parts))
        filling.add_done_callback(spool.fill_ended)
        while block := await spool.next_block():
            assert len(block) <= BLOCK
            found += block
        return found

    assert asyncio.run(read()) == b"".join(parts.parts)
    assert parts.is_closed and list(tmp_path.iterdir()) == []


def test_a_disk_without_room_ends_the_response_and_closes_what_made_it(settings):
    settings.DISK_FLOOR_BYTES = 2**62
    parts = Parts(b"x")

    async def fill() -> None:
        spool = Spool()
        await run(Threads().streams, contextvars.copy_context(), spool.fill, parts)

    with pytest.raises(OSError, match="no room"):
        asyncio.run(fill())
    assert parts.is_closed


@pytest.mark.parametrize(("method", "body"), [("GET", b"hello"), ("HEAD", b"")])
def test_a_page_is_kept_whole_and_the_head_has_none(method, body):
    parts = Parts(b"hel", b"lo")

    def application(environ, start_response):
        start_response("200 OK", [("X-Name", "value")])
        return parts

    with ThreadPoolExecutor(1) as page:  # a thread without a database connection
        response = page.submit(respond, application, {"REQUEST_METHOD": method}).result()
    assert (response.status, response.body, response.headers) == (200, body, [(b"x-name", b"value")]) and parts.is_closed


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_response_is_sent_although_the_database_does_not_say_whether_it_may_be(error):
    asked = []

    def is_ready() -> bool:
        asked.append(1)
        raise error

    asyncio.run(hold(Response(is_ready=is_ready), Threads()))
    assert asked == [1]


def test_the_server_is_told_that_it_may_begin_and_that_it_may_end():
    said = []

    async def receive():
        return {}

    async def send(message):
        said.append(message["type"])

    asyncio.run(Application(WSGIHandler())({"type": "lifespan"}, receive, send))
    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
