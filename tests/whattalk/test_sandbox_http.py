"""The sandbox speaks HTTP/1.1: one connection of it, without a socket."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from campaigns.whattalk.sandbox.http import BODY_LIMIT, Connection
from campaigns.whattalk.sandbox.server import Sandbox
from campaigns.whattalk.sandbox.settings import Settings
from tests.processes import PATIENCE

from .conftest import lead
from .wire import Wire

KEY = "1|key"


class Transport:
    """What asyncio hands to a connection."""

    def __init__(self) -> None:
        self.written = b""
        self.closed = False

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


class Client:
    """The other end of one connection to a sandbox."""

    def __init__(self, data: Path, **settings) -> None:
        self.sandbox = Sandbox(data, Settings(api_key=KEY, **settings))
        self.transport = Transport()
        self.connection = Connection(self.sandbox, self.sandbox.connections, 1)
        self.connection.connection_made(self.transport)

    def send(self, *raw: bytes) -> None:
        self.connection.data_received(b"".join(raw))

    def hang_up(self) -> None:
        self.transport.close()
        self.connection.connection_lost(None)

    def answers(self) -> list[tuple[int, dict[str, str], bytes]]:
        """Status, headers and body of each answer so far."""
        found, left = [], self.transport.written
        while left:
            head, _, left = left.partition(b"\r\n\r\n")
            first, *lines = head.decode().split("\r\n")
            headers = dict(line.split(": ", 1) for line in lines)
            length = int(headers.get("Content-Length", 0))
            found.append((int(first.split()[1]), headers, left[:length]))
            left = left[length:]
        return found

    def statuses(self) -> list[int]:
        return [status for status, _, _ in self.answers()]

    def events(self) -> list[str]:
        recorded = self.sandbox.ledger_path.read_bytes().splitlines()
        return [event for event in (json.loads(line)["event"] for line in recorded) if event in ("start", "end")]


@pytest.fixture
def connect(tmp_path) -> Iterator[Callable[..., Client]]:
    """`connect(latency_ms=1)`: a client of a sandbox with these settings."""
    with ExitStack() as opened:

        def connecting(**settings) -> Client:
            client = Client(tmp_path, **settings)
            opened.callback(client.sandbox.writer.close)
            return client

        yield connecting


@pytest.fixture
def client(connect) -> Client:
    return connect()


def post(number: int = 1, *, version: str = "1.1", more: str = "") -> bytes:
    body = json.dumps(lead(number))
    head = f"POST /api/user/lead HTTP/{version}\r\nAccept: application/json\r\nAuthorization: Bearer {KEY}\r\n{more}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def test_requests_in_a_row_are_answered_in_order(client):
    client.send(*map(post, range(20)))
    numbers = [json.loads(body)["data"]["phone_number"] for _, _, body in client.answers()]
    assert numbers == [lead(number)["phone_number"] for number in range(20)]


def test_requests_in_a_row_wait_for_the_answer_before(connect):
    async def three() -> Client:
        client = connect(latency_ms=1)
        client.send(*map(post, range(3)))
        while len(client.answers()) < 3:
            await asyncio.sleep(0)
        return client

    assert asyncio.run(three()).events() == ["start", "end"] * 3


def test_a_request_may_come_byte_by_byte(client):
    whole = post()
    for byte in whole[:-1]:
        client.send(bytes((byte,)))
    assert client.statuses() == [] and client.events() == []
    client.send(whole[-1:])
    assert client.statuses() == [200]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"\r\n\r\n", 400),
        (b"GET /\xff HTTP/1.1\r\n\r\n", 400),
        (b"POST /api/user/lead HTTP/1.1\r\nContent-Length: many\r\n\r\n", 400),
        (b"POST /api/user/lead HTTP/1.1\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n", 400),
        (b"POST /api/user/lead HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"POST /api/user/lead HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"POST /api/user/lead HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 413),
        (b"POST /api/user/lead HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (BODY_LIMIT + 1), 413),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000, 431),
    ],
    ids=lambda value: value[:12] if isinstance(value, bytes) else str(value),
)
def test_what_is_no_request_is_refused_and_the_connection_closed(client, raw, status):
    client.send(raw, post())
    assert client.statuses() == [status] and client.transport.closed
    assert client.answers()[0][1]["Connection"] == "close"
    assert client.events() == []


@pytest.mark.parametrize("request_", [post(more="Connection: Close\r\n"), post(version="1.0")], ids=["asked", "1.0"])
def test_a_client_may_ask_to_close(client, request_):
    client.send(request_, post(2))
    assert client.statuses() == [200] and client.transport.closed
    assert client.answers()[0][1]["Connection"] == "close"


def test_every_answer_says_that_it_is_the_sandbox_and_tells_its_own_time(connect):
    client = connect(clock_offset=-800_000_000)  # 25 years
    for path in ("/api/user/me", "/api/nowhere", "/elsewhere", "/_sandbox/state"):
        client.send(f"GET {path} HTTP/1.1\r\nAccept: application/json\r\n\r\n".encode())
    assert client.statuses() == [401, 401, 404, 200]
    assert all(headers["X-WhatTalk-Sandbox"] == "1" and " 200" in headers["Date"] for _, headers, _ in client.answers())


def test_no_content_has_no_body_and_no_length(client):
    client.sandbox.faults.add([{"fault": "answer", "status": 204, "body": {"ignored": 1}}])
    client.send(post())
    [(status, headers, _)] = client.answers()
    assert status == 204 and "Content-Length" not in headers


def test_an_answer_is_in_the_ledger_before_it_is_on_the_wire(client):
    seen = []
    client.transport.write = lambda data: seen.append(client.events())
    client.send(post())
    assert seen == [["start", "end"]]


def test_half_an_answer_is_cut_inside_its_body(client):
    client.sandbox.faults.add([{"fault": "half"}])
    client.send(post())
    [(_, headers, body)] = client.answers()
    assert client.transport.closed and 0 < len(body) < int(headers["Content-Length"])


def test_who_hangs_up_ends_the_request_that_waits_and_no_other_is_begun(client):
    client.sandbox.faults.add([{"fault": "hang"}])
    client.send(post(1), post(2))
    assert (client.statuses(), client.events()) == ([], ["start"])
    client.hang_up()
    assert client.events() == ["start", "end"] and not client.sandbox.connections
    client.hang_up()
    assert client.events() == ["start", "end"]


@pytest.mark.parametrize(("fault", "leads"), [("slow", 1), ("late_accept", 1), ("reset_before", 0)])
def test_who_hangs_up_leaves_what_is_carried_out_later(connect, fault, leads):
    async def hangs_up() -> Client:
        client = connect(latency_ms=1)
        client.sandbox.faults.add([{"fault": fault, "seconds": 0.001}])
        client.send(post())
        client.hang_up()
        await asyncio.sleep(0.01)
        return client

    client = asyncio.run(hangs_up())
    assert client.statuses() == [] and len(client.sandbox.world.leads) == leads
    assert client.events() == ["start", "end"]


def test_an_answer_byte_by_byte_and_a_reset_over_a_socket(sandbox):
    sandbox.control.faults({"fault": "drip", "seconds": 0, "at": 1, "times": 1}, {"fault": "reset_after", "at": 2})
    with Wire(sandbox) as wire:
        wire.send(post(1).replace(KEY.encode(), sandbox.api_key.encode()))
        assert wire.answer()[0] == 200
        with pytest.raises(ConnectionResetError):
            wire.send(post(2))
            wire.answer()
    assert [post.status for post in sandbox.ledger.posts()] == [200, None]


def test_idle_connections_are_closed_without_a_word(connect):
    async def idle() -> Client:
        client = connect(keep_alive=0.001)
        closing = asyncio.ensure_future(client.sandbox._close_idle())
        client.sandbox.faults.add([{"fault": "hang"}])
        client.send(post())
        await asyncio.sleep(0.01)
        assert not client.transport.closed  # it waits for an answer
        client.connection.open = None
        while not client.transport.closed:
            await asyncio.sleep(0.001)
        closing.cancel()
        return client

    assert asyncio.run(asyncio.wait_for(idle(), PATIENCE)).statuses() == []
