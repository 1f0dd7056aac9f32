"""WhatTalk's API in its own words. The only file that speaks HTTP to WhatTalk.

    async with WhatTalkClient(base_url, api_key) as client:
        outcome = await client.create_lead(lead)          # one of answers.Outcome, never an exception
        async for lead in client.find_leads(campaign_id="1050"): ...

and, where there is no event loop (views, commands):

    me = call(base_url, api_key, lambda client: client.me())

Everything but `create_lead` raises errors.WhatTalkError. No request that changes something is ever
repeated here: aiohttp repeats only idempotent methods, once, on a reused connection found dead.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import aiohttp
import orjson
from yarl import URL

from .addresses import LocalAddress, check_base_url, refuse_local
from .clock import Offset, narrowed, of_date
from .error_texts import DuplicateMatcher, parse, says_duplicate
from .errors import BalanceEmpty, Invalid, Nonsense, NotFound, error_of
from .replies import Failure, Outcome, Reply, classify, id_of
from .resources import Assistant, Campaign, Lead, LeadPage, Me, PhoneNumber, RateLimit, objects, whole, with_number
from .response_body import Unreadable, whole_body

T = TypeVar("T")
SANDBOX_HEADER = "X-WhatTalk-Sandbox"
PAGE_SIZE = 100  # the most WhatTalk gives at once
MAX_PAGES = 200_000  # a paginator that never ends is stopped somewhere


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
    """What one request has come to. `begun`: a byte of it may have left us."""

    not_after: float | None = None
    begun: bool = False


_attempt: ContextVar[_Attempt] = ContextVar("attempt")


class _Request(aiohttp.ClientRequest):
    async def send(self, conn):
        # aiohttp is connected now and has not written yet: from here on a request without a body has begun.
        attempt = _attempt.get()
        if attempt.not_after is not None and time.monotonic() > attempt.not_after:
            raise _TooLate
        attempt.begun = not self.body
        return await super().send(conn)

    async def write_bytes(self, writer, conn, content_length=None):
        # One with a body is written here, head and body together, some turns of the loop later: the last moment at
        # which it can be known that nothing was sent, and at which a process that was frozen can be stopped.
        attempt = _attempt.get()
        if attempt.not_after is not None and time.monotonic() > attempt.not_after:
            conn.protocol.set_exception(_TooLate())
            conn.close()
            return
        attempt.begun = True
        await super().write_bytes(writer, conn, content_length)


class WhatTalkClient:
    """One account's connection pool; `async with` opens and closes it.

    `base_url` is checked (addresses.UnusableAddress); private addresses are refused at every
    connect unless `allow_local`. `rate_limit` and `is_sandbox` tell of the latest answer (None before), `clock` is how
    far the service's clock is ahead of `time.monotonic`, as all answers say; `taken` and `limited` count the answers so far,
    those that were no 429 and those that were.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        allow_local: bool = False,
        allowed_hosts: Collection[str] = (),
        is_duplicate: DuplicateMatcher = says_duplicate,
        limits: Limits = Limits(),
    ):
        self.base_url = check_base_url(base_url, allow_local=allow_local, allowed_hosts=allowed_hosts)
        self.limits = limits
        self.rate_limit: RateLimit | None = None
        self.is_sandbox: bool | None = None
        self.clock: Offset | None = None
        self.taken = self.limited = 0
        self._key = api_key
        self._allow_local = allow_local
        self._is_duplicate = is_duplicate
        self._lead_url = self._url("/user/lead")
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"WhatTalkClient({self.base_url!r})"

    async def __aenter__(self) -> WhatTalkClient:
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

    async def __aexit__(self, *exc_info) -> None:
        await self._session.close()
        self._session = None

    # Leads

    async def create_lead(self, lead: dict[str, Any], *, not_after: float | None = None) -> Outcome:
        """Add one lead, given as it is sent: `phone_number`, `campaign_id`, `variables`,
        `secondary_contacts`, and `allow_dupplicate` where wanted.

        `not_after`: on the `time.monotonic` clock; past it nothing is sent any more.
        """
        reply = await self._ask("POST", self._lead_url, orjson.dumps(lead), not_after)
        return classify(reply, self._is_duplicate, now=time.time())

    async def find_leads(self, **filters: Any) -> AsyncIterator[Lead]:
        """Every lead that `lead_pages` finds, exactly those of `phone_number` when one is given."""
        async for page in self.lead_pages(**filters):
            number = filters.get("phone_number")
            for lead in with_number(page.leads, number) if number else page.leads:
                yield lead

    async def lead_pages(
        self,
        *,
        campaign_id: str | int | None = None,
        phone_number: str | None = None,
        status: str | None = None,
        date_from: str | None = None,
        date_to: str | None = None,
        per_page: int = PAGE_SIZE,
        first_page: int = 1,
    ) -> AsyncIterator[LeadPage]:
        """`GET /user/leads` page by page. Dates are `YYYY-MM-DD`. The number filter matches parts of numbers."""
        filters = _without_none(
            campaign_id=campaign_id, phone_number=phone_number, status=status, date_from=date_from, date_to=date_to
        )
        async for number, payload in self._pages("/user/leads", filters, per_page, first_page):
            yield LeadPage(
                [Lead.of(item) for item in objects(payload)],
                number,
                whole(payload, "last_page"),
                whole(payload, "total"),
            )

    async def update_lead(self, lead_id: str | int, **changes: Any) -> None:
        """Takes `campaign_id`, `phone_number`, `status` (created, completed, reached-max-retries), `variables` (merged)."""
        await self._send("PUT", f"/user/leads/{_segment(lead_id)}", changes)

    async def delete_lead(self, lead_id: str | int) -> bool:
        """True when this call deleted it, False when it was gone already."""
        try:
            payload = await self._send("DELETE", f"/user/leads/{_segment(lead_id)}")
        except NotFound as error:
            # A wrong base URL is a 404 too, and says nothing about the lead.
            if "lead" not in str(error).lower() or error.is_of_the_call:
                raise
            return False
        if isinstance(payload, dict) and payload.get("success") is False:
            raise _unsuccessful(payload)
        return True

    # Campaigns

    async def list_campaigns(self) -> list[Campaign]:
        return [Campaign.of(item) for item in await self._list("/user/campaigns")]

    async def create_campaign(self, **fields: Any) -> Campaign:
        """Fields as in WhatTalk's reference (`name` and `assistant_id` required). A draft, not calling yet."""
        payload = await self._send("POST", "/user/campaign", fields)
        if not id_of(payload):
            raise Nonsense("The answer does not name the campaign.")
        return Campaign.of(payload["data"])

    async def start_campaign(self, campaign_id: str | int) -> str:
        """The campaign's new status."""
        return await self._update_status(campaign_id, "start")

    async def stop_campaign(self, campaign_id: str | int) -> str:
        """The campaign's new status."""
        return await self._update_status(campaign_id, "stop")

    async def _update_status(self, campaign_id: str | int, action: str) -> str:
        body = {"campaign_id": _number_if_one(campaign_id), "action": action}
        payload = await self._send("POST", "/user/campaigns/update-status", body)
        if not isinstance(payload, dict) or payload.get("success") is not True:
            raise _unsuccessful(payload)
        data = payload.get("data")
        status = data.get("status") if isinstance(data, dict) else None
        return status or {"start": "in-progress", "stop": "stopped"}[action]

    # Around them

    async def me(self) -> Me:
        payload = await self._send("GET", "/user/me")
        if isinstance(payload, dict) and "email" not in payload and isinstance(payload.get("data"), dict):
            payload = payload["data"]
        if not isinstance(payload, dict) or not {"name", "email", "total_balance"} & payload.keys():
            raise Nonsense("The answer does not say whose key this is.")
        return Me.of(payload)

    async def outbound_assistants(self) -> list[Assistant]:
        return [Assistant.of(item) for item in await self._list("/user/assistants/outbound")]

    async def assistants(self, per_page: int = PAGE_SIZE) -> AsyncIterator[Assistant]:
        """All assistants with their post-call schema."""
        async for _, payload in self._pages("/user/assistants/get", {}, per_page, 1):
            for item in objects(payload):
                yield Assistant.of(item)

    async def phone_numbers(self, type: str = "outbound") -> list[PhoneNumber]:
        items = await self._list(f"/user/assistants/phone-numbers?{urlencode({'type': type})}")
        return [PhoneNumber.of(item) for item in items]

    # How it travels

    def _url(self, path: str) -> URL:
        return URL(self.base_url + path, encoded=True)

    async def _list(self, path: str) -> list[dict[str, Any]]:
        payload = await self._send("GET", path)
        if not isinstance(payload, list) and not (isinstance(payload, dict) and isinstance(payload.get("data"), list)):
            raise Nonsense("The answer is not a list.")
        return objects(payload)

    async def _pages(self, path: str, filters: dict[str, Any], per_page: int, first_page: int) -> AsyncIterator[tuple[int, Any]]:
        """Page number and payload, until the paginator says it is the last one.

        A bare array does not say: it goes on while pages are full, and ends at one that was seen before.
        """
        seen: Any = None
        for number in range(first_page, first_page + MAX_PAGES):
            query = urlencode({**filters, "per_page": per_page, "page": number})
            payload = await self._send("GET", f"{path}?{query}", most=self.limits.list_body)
            items = payload.get("data") if isinstance(payload, dict) else payload
            if not isinstance(items, list):
                raise Nonsense("The answer is not a list.")
            if items and items == seen:
                return
            yield number, payload
            seen = items
            if not _has_more(payload, items, number, per_page):
                return

    async def _send(self, method: str, path: str, body: dict[str, Any] | None = None, most: int | None = None) -> Any:
        """The JSON of a successful answer; errors.WhatTalkError otherwise."""
        sent = None if body is None else orjson.dumps(body)
        reply = await self._ask(method, self._url(path), sent, most=most)
        error = error_of(reply, now=time.time())
        if error:
            raise error
        payload = parse(reply.body, errors="replace")
        if payload is None and reply.body.strip():
            raise Nonsense(f"HTTP {reply.status}, but the answer is not JSON.")
        return payload

    async def _ask(
        self,
        method: str,
        url: URL,
        body: bytes | None,
        not_after: float | None = None,
        most: int | None = None,
    ) -> Reply:
        """One request, one `Reply`, whatever happens. Cancellation is the only thing that passes through."""
        attempt = _Attempt(not_after)
        _attempt.set(attempt)
        begun = time.monotonic()
        try:
            response = await self._session.request(method, url, data=body, allow_redirects=False)
        except Exception as error:
            return _lost(error) if attempt.begun else _not_sent(error)
        self._learn(response.status, response.headers, begun)
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
            # An error page may quote the request it did not like.
            body = body.replace(self._key.encode(), b"***")
        return Reply(status, headers, body)

    def _learn(self, status: int, headers, begun: float) -> None:
        self.limited += status == 429
        self.taken += status != 429
        self.is_sandbox = SANDBOX_HEADER in headers
        self.rate_limit = RateLimit.of(headers)
        if told := of_date(headers.get("Date", ""), begun, time.monotonic()):
            self.clock = narrowed(self.clock, told)


def call(base_url: str, api_key: str, ask: Callable[[WhatTalkClient], Awaitable[T]], **options: Any) -> T:
    """Ask WhatTalk from code without an event loop: `call(url, key, lambda client: client.me())`.

    `options` are those of `WhatTalkClient`. For an async iterator: `lambda client: collect(client.find_leads(…))`.
    """

    async def conversation() -> T:
        async with WhatTalkClient(base_url, api_key, **options) as client:
            return await ask(client)

    return asyncio.run(conversation())


async def collect(items: AsyncIterator[T]) -> list[T]:
    return [item async for item in items]


def _headers(api_key: str) -> dict[str, str]:
    if not api_key.isascii() or not api_key.isprintable():
        raise ValueError("An API key consists of printable ASCII characters.")
    return {
        "Authorization": f"Bearer {api_key}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Content-Type": "application/json",
        "User-Agent": "Rowcall",
    }


def _public_socket(addr_info) -> socket.socket:
    """A socket for one address about to be connected to; `LocalAddress` when it is not public."""
    family, kind, protocol, _, address = addr_info
    refuse_local(address[0])
    return socket.socket(family, kind, protocol)


def _lost(error: Exception) -> Reply:
    """A request may have arrived, its answer did not. Details are ours: a library's text may quote headers."""
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


def _has_more(payload: Any, items: list[Any], number: int, per_page: int) -> bool:
    last = whole(payload, "last_page")
    if last is not None:
        return number < last
    if isinstance(payload, dict) and "next_page_url" in payload:
        return bool(payload["next_page_url"])
    return len(items) >= per_page


def _unsuccessful(payload: Any) -> Exception:
    """A 200 that says `success: false`, or does not say."""
    said = error_of(Reply(400, {}, orjson.dumps(payload)), now=time.time())
    return said if isinstance(said, (BalanceEmpty, Invalid)) and isinstance(payload, dict) else Nonsense(str(said))


def _segment(lead_id: str | int) -> str:
    return quote(str(lead_id), safe="")


def _number_if_one(campaign_id: str | int) -> str | int:
    return int(campaign_id) if str(campaign_id).isdecimal() else campaign_id


def _without_none(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
