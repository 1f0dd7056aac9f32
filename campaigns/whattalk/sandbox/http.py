"""HTTP/1.1 on asyncio, just what the sandbox needs: keep-alive, pipelining, bodies with a Content-Length."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, Protocol

from .faults import Delivery
from .messages import Answer, Request, message

HEAD_LIMIT = 64 * 1024
BODY_LIMIT = 1024 * 1024
_REASONS = {status.value: status.phrase for status in HTTPStatus}


class Receiver(Protocol):
    """What the sandbox offers to its connections."""

    def receive(
        self, method: str, target: str, headers: dict[bytes, bytes], body: bytes, connection: int
    ) -> tuple[Request, Delivery]: ...

    def ended(self, request: Request, delivery: Delivery, answered: bool, why: str) -> None: ...

    def now(self) -> float: ...


class Connection(asyncio.Protocol):
    """One client. Requests are taken one after the other, however they arrive."""

    def __init__(self, receiver: Receiver, everyone: set[Connection], number: int) -> None:
        self.receiver = receiver
        self.everyone = everyone
        self.number = number
        self.transport: Any = None
        self.buffer = bytearray()
        self.open: tuple[Request, Delivery] | None = None  # the request being answered
        self.last_active = time.monotonic()
        self._timer: asyncio.TimerHandle | None = None
        self._drip: asyncio.Task[None] | None = None
        self._keeps = True

    # asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.everyone.add(self)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        self._take_requests()

    def connection_lost(self, error: Exception | None) -> None:
        self.everyone.discard(self)
        if self._drip:
            self._drip.cancel()
        if self.open:
            if self._timer and not self.open[1].later:  # a late accept goes on without its client
                self._timer.cancel()
            self._end(answered=False, why="gone")

    # Requests

    def _take_requests(self) -> None:
        self.last_active = time.monotonic()
        while self.open is None and not self.transport.is_closing() and self._take_request():
            pass

    def _take_request(self) -> bool:
        """Take one whole request out of the buffer, if there is one."""
        end = self.buffer.find(b"\r\n\r\n")
        if (end if end >= 0 else len(self.buffer)) > HEAD_LIMIT:
            return self._refuse(431)
        if end < 0:
            return False
        lines = bytes(self.buffer[:end]).split(b"\r\n")
        try:
            method, target, version = lines[0].decode("ascii").split(" ")
            headers = dict(_header(line) for line in lines[1:])
            length = int(headers.get(b"content-length", b"0"))
        except ValueError:
            return self._refuse(400)
        if b"transfer-encoding" in headers:
            return self._refuse(411)
        if not 0 <= length <= BODY_LIMIT:
            return self._refuse(413)
        begin = end + 4
        if len(self.buffer) < begin + length:
            return False
        body = bytes(self.buffer[begin : begin + length])
        del self.buffer[: begin + length]
        self._keeps = version == "HTTP/1.1" and headers.get(b"connection", b"").lower() != b"close"
        self._handle(method, target, headers, body)
        return True

    def _refuse(self, status: int) -> bool:
        self._write(message(status, _REASONS[status]), keep=False)
        self.transport.close()
        self.buffer.clear()
        return False

    def _handle(self, method: str, target: str, headers: dict[bytes, bytes], body: bytes) -> None:
        request, delivery = self.receiver.receive(method, target, headers, body, self.number)
        self.open = (request, delivery)
        if delivery.delay > 0:
            self._timer = asyncio.get_running_loop().call_later(delivery.delay, self._deliver_late, delivery)
        else:
            self._deliver(delivery)

    # Answers

    def _deliver_late(self, delivery: Delivery) -> None:
        if delivery.later:
            delivery.answer, delivery.later = delivery.later(), None
        if not self.transport.is_closing():
            self._deliver(delivery)
            self._take_requests()

    def _deliver(self, delivery: Delivery) -> None:
        # The ledger is written first: whoever has an answer finds it there.
        answer = delivery.answer or Answer(500)
        match delivery.manner:
            case "whole":
                self._end(answered=True)
                self._write(answer, self._keeps)
                if not self._keeps:
                    self.transport.close()
            case "half":
                self._end(answered=False, why="fault")
                written = _written(answer, True, self.receiver.now())
                self.transport.write(written[: len(written) - len(answer.body) // 2 - 1])
                self.transport.close()
            case "drip":
                self._drip = asyncio.ensure_future(self._write_slowly(answer, delivery.seconds))
            case "reset":
                self._end(answered=False, why="fault")
                _reset(self.transport)
            case "close":
                self._end(answered=False, why="fault")
                self.transport.close()
            case "hang":
                pass  # until the client gives up

    def _write(self, answer: Answer, keep: bool) -> None:
        self.transport.write(_written(answer, keep, self.receiver.now()))

    async def _write_slowly(self, answer: Answer, seconds: float) -> None:
        for byte in _written(answer, True, self.receiver.now()):
            self.transport.write(bytes((byte,)))
            await asyncio.sleep(seconds)
        self._drip = None
        self._end(answered=True)
        self._take_requests()

    def _end(self, answered: bool, why: str = "") -> None:
        if self.open is None:
            return
        request, delivery = self.open
        if delivery.later is None:  # else only the client is gone, and what it asked for is still to come
            self.open = None
        self.receiver.ended(request, delivery, answered, why)


def _header(line: bytes) -> tuple[bytes, bytes]:
    name, colon, value = line.partition(b":")
    if not colon:
        raise ValueError
    return name.strip().lower(), value.strip()


def _written(answer: Answer, keep: bool, now: float) -> bytes:
    head = [
        f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, 'Unknown')}",
        f"Date: {_date(int(now))}",
        f"Content-Type: {answer.content_type}",
        "X-WhatTalk-Sandbox: 1",
        *(f"{name}: {value}" for name, value in answer.headers),
    ]
    if answer.status != 204:
        head.append(f"Content-Length: {len(answer.body)}")
    if not keep:
        head.append("Connection: close")
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + (answer.body if answer.status != 204 else b"")


_today = (0, "")


def _date(second: int) -> str:
    global _today
    if _today[0] != second:
        _today = (second, formatdate(second, usegmt=True))
    return _today[1]


def _reset(transport: asyncio.Transport) -> None:
    """A TCP reset instead of an orderly close."""
    raw = transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
