"""One HTTP request to WhatTalk, one `Reply`, whatever happens. The only file that speaks HTTP to WhatTalk.

No request that changes something is ever repeated here: aiohttp repeats only idempotent methods, once, on a reused connection
found dead.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Collection, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

import aiohttp
from yarl import URL

from .addresses import LocalAddress, check_base_url, refuse_local
from .clock import Offset, narrowed, of_date
from .replies import Failure, Reply
from .resources import RateLimit
from .response_body import Unreadable, whole_body

if TYPE_CHECKING:
    from aiohttp import AddrInfoType
    from aiohttp.abc import AbstractStreamWriter
    from aiohttp.connector import Connection

SANDBOX_HEADER = "X-WhatTalk-Sandbox"


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes. `idle`: an unused connection is closed before a service's usual five
    seconds are up, since a POST on a connection that has died counts as lost."""

    connections: int = 128
    connect: float = 5.0
    read: float = 30.0
    total: float = 45.0
    idle: float = 4.0
    body: int = 1024 * 1024
    list_body: int = 16 * 1024 * 1024  # of a page: a hundred leads, each with long variables


class _TooLate(Exception):
    """The moment after which a request must not begin has passed."""


@dataclass(slots=True)
class _Attempt:
    """How far one request has come. `begun`: a byte of it may have been sent."""

    not_after: float | None = None
    begun: bool = False


_attempt: ContextVar[_Attempt] = ContextVar("attempt")


class _Request(aiohttp.ClientRequest):
    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        # aiohttp is connected now and has not written yet: from here on a request without a body has begun.
        attempt = _attempt.get()
        if attempt.not_after is not None and time.monotonic() > attempt.not_after:
            raise _TooLate
        attempt.begun = not self.body
        return await super().send(conn)

    async def write_bytes(self, writer: AbstractStreamWriter, conn: Connection, content_length: int | None = None) -> None:
        # One with a body is written here, head and body together, some turns of the loop later: the last moment at
        # which it can be known that nothing was sent, and at which a process that was frozen can be stopped.
        attempt = _attempt.get()
        if attempt.not_after is not None and time.monotonic() > attempt.not_after:
            if conn.protocol is not None:
                conn.protocol.set_exception(_TooLate())
            conn.close()
            return
        attempt.begun = True
        await super().write_bytes(writer, conn, content_length)


class Transport:
    """One account's connection pool; `async with` opens and closes it.

    `base_url` is checked (addresses.UnusableAddress); private addresses are refused at every connect unless `allow_local`.
    `rate_limit` and `is_sandbox` are those of the latest reply (None before), `clock` is how far the service's clock is ahead of
    `time.monotonic`, by all replies; `taken` and `limited` count the replies so far that were no 429 and that were.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        allow_local: bool = False,
        allowed_hosts: Collection[str] = (),
        allowed_ports: Collection[int] = (),
        limits: Limits = Limits(),
    ) -> None:
        self.base_url = check_base_url(
            base_url, allow_local=allow_local, allowed_hosts=allowed_hosts, allowed_ports=allowed_ports
        )
        self.limits = limits
        self.rate_limit: RateLimit | None = None
        self.is_sandbox: bool | None = None
        self.clock: Offset | None = None
        self.taken = self.limited = 0
        self._key = api_key
        self._allow_local = allow_local
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r})"

    async def __aenter__(self) -> Self:
        limits = self.limits
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=limits.connections,
                keepalive_timeout=limits.idle,
                socket_factory=None if self._allow_local else _public_socket,
            ),
            request_class=_Request,
            timeout=aiohttp.ClientTimeout(total=limits.total, sock_connect=limits.connect, sock_read=limits.read),
            headers=_headers(self._key),
            skip_auto_headers=("User-Agent",),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()
        self._session = None

    async def _ask(
        self,
        method: str,
        url: URL,
        body: bytes | None,
        not_after: float | None = None,
        most: int | None = None,
    ) -> Reply:
        """One request and its `Reply`. Raises nothing but RuntimeError outside of `async with`, and cancellation.

        `not_after`: on the `time.monotonic` clock; past it nothing is sent any more. `most`: bytes of the body.
        """
        if self._session is None:
            raise RuntimeError("The connection is used outside of `async with`.")
        attempt = _Attempt(not_after)
        _attempt.set(attempt)
        begun = time.monotonic()
        try:
            response = await self._session.request(method, url, data=body, allow_redirects=False)
        except Exception as error:
            return _lost(error) if attempt.begun else _not_sent(error)
        self._observe(response.status, response.headers, begun)
        return await self._read(response, most or self.limits.body)

    async def _read(self, response: aiohttp.ClientResponse, most: int) -> Reply:
        status, headers = response.status, response.headers
        try:
            body = await whole_body(response, most)
        except Exception as error:
            lost = _lost(error)
            return Reply(status, headers, None, lost.failure, lost.detail)
        finally:
            response.close()  # does nothing once the body was read to its end
        if status >= 400 and self._key:
            # An error page may quote the request.
            body = body.replace(self._key.encode(), b"***")
        return Reply(status, headers, body)

    def _observe(self, status: int, headers: Mapping[str, str], begun: float) -> None:
        self.limited += status == 429
        self.taken += status != 429
        self.is_sandbox = SANDBOX_HEADER in headers
        self.rate_limit = RateLimit.of(headers)
        if offset := of_date(headers.get("Date", ""), begun, time.monotonic()):
            self.clock = narrowed(self.clock, offset)


def is_sendable(api_key: str) -> bool:
    """Whether a key can stand in a header."""
    return api_key.isascii() and api_key.isprintable()


def _headers(api_key: str) -> dict[str, str]:
    if not is_sendable(api_key):
        raise ValueError("An API key consists of printable ASCII characters.")
    return {
        "Authorization": f"Bearer {api_key}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Content-Type": "application/json",
        "User-Agent": "Rowcall",
    }


def _public_socket(addr_info: AddrInfoType) -> socket.socket:
    """A socket for one address about to be connected to; `LocalAddress` when it is not public."""
    family, kind, protocol, _, address = addr_info
    refuse_local(address[0])
    return socket.socket(family, kind, protocol)


def _lost(error: Exception) -> Reply:
    """A request may have arrived, its reply did not. The text is never a library's, which may quote headers."""
    if isinstance(error, asyncio.TimeoutError):
        return Reply(failure=Failure.TIMEOUT, detail="no answer in time")
    if isinstance(error, (Unreadable, aiohttp.ClientResponseError)):
        return Reply(failure=Failure.UNREADABLE, detail="an answer that cannot be read")
    return Reply(failure=Failure.RESET, detail=f"connection lost ({type(error).__name__})")


def _not_sent(error: Exception) -> Reply:
    return Reply(failure=Failure.NOT_SENT, detail=_why_not_sent(error))


def _why_not_sent(error: Exception) -> str:
    if isinstance(error, _TooLate):
        return "too late to send"
    if isinstance(getattr(error, "os_error", None), LocalAddress):
        return "the address leads into a private network"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "the host name cannot be found"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return "the certificate is not valid"
    if isinstance(error, aiohttp.ClientSSLError):
        return "no secure connection"
    return "no connection in time" if isinstance(error, asyncio.TimeoutError) else "no connection"
