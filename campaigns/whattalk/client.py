"""The calls of WhatTalk's API.

    async with WhatTalkClient(base_url, api_key) as client:
        outcome = await client.create_lead(lead)          # one of replies.Outcome, never an exception
        async for lead in client.find_leads(campaign_id="1050"): ...

and, where there is no event loop (views, commands):

    me = call(base_url, api_key, lambda client: client.me())

Everything but `create_lead` raises errors.WhatTalkError.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import orjson
from yarl import URL

from .error_texts import DuplicateMatcher, denies_success, says_duplicate
from .errors import BalanceEmpty, Invalid, Nonsense, NotFound, error_of
from .lead_request import number_if_one
from .received_json import parse
from .replies import Outcome, Reply, classify, id_of
from .resources import Assistant, Campaign, Lead, LeadPage, Me, PhoneNumber, object_of, objects, whole, with_number
from .transport import Transport

T = TypeVar("T")
PAGE_SIZE = 100  # the most WhatTalk gives at once
LEAST_PAGE = 15  # what it gives where it does not follow how many are asked for: a page of fewer is the last
MAX_PAGES = 200_000  # a paginator that never ends is stopped somewhere


class WhatTalkClient(Transport):
    """The calls of one account; `options` are those of `Transport`. `is_duplicate` recognises the texts of a duplicate."""

    def __init__(self, base_url: str, api_key: str, *, is_duplicate: DuplicateMatcher = says_duplicate, **options: Any) -> None:
        super().__init__(base_url, api_key, **options)
        self._is_duplicate = is_duplicate
        self._lead_url = self._url("/user/lead")

    # Leads

    async def create_lead(self, lead: dict[str, Any], *, not_after: float | None = None) -> Outcome:
        """Add one lead, given as `lead_request.lead_request` makes it.

        `not_after`: on the `time.monotonic` clock; past it nothing is sent any more.
        """
        reply = await self._ask("POST", self._lead_url, orjson.dumps(lead), not_after)
        return classify(reply, self._is_duplicate, now=time.time(), number=str(lead.get("phone_number", "")))

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
            await self._send("DELETE", f"/user/leads/{_segment(lead_id)}")
        except NotFound as error:
            # A wrong base URL is a 404 too, and says nothing about the lead.
            if "lead" not in str(error).lower() or error.is_of_the_call:
                raise
            return False
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
        body = {"campaign_id": number_if_one(campaign_id), "action": action}
        payload = await self._send("POST", "/user/campaigns/update-status", body)
        if not isinstance(payload, dict) or payload.get("success") is not True:
            raise _unsuccessful(payload)
        data, wanted = object_of(payload.get("data")), {"start": "in-progress", "stop": "stopped"}[action]
        told, about = data.get("status") or wanted, data.get("campaign_id") or campaign_id
        if told != wanted or str(about) != str(campaign_id):
            raise Nonsense("The answer says that it was done, and shows something else.")
        return wanted

    # The account

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

    # Requests and pages

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
        answer = reply.body or b""
        payload = parse(answer, errors="replace")
        if payload is None and answer.strip():
            raise Nonsense(f"HTTP {reply.status}, but the answer is not JSON.")
        if denies_success(payload):
            raise _unsuccessful(payload)
        return payload


def call(base_url: str, api_key: str, ask: Callable[[WhatTalkClient], Awaitable[T]], **options: Any) -> T:
    """Ask WhatTalk from code without an event loop: `call(url, key, lambda client: client.me())`.

    `options` are those of `WhatTalkClient`; raises what it raises. For an async iterator: `lambda client:
    collect(client.find_leads(…))`.
    """

    async def conversation() -> T:
        async with WhatTalkClient(base_url, api_key, **options) as client:
            return await ask(client)

    return asyncio.run(conversation())


async def collect(items: AsyncIterator[T]) -> list[T]:
    return [item async for item in items]


def _has_more(payload: Any, items: list[Any], number: int, per_page: int) -> bool:
    last = whole(payload, "last_page")
    if last is not None:
        return number < last
    if isinstance(payload, dict) and "next_page_url" in payload:
        return bool(payload["next_page_url"])
    return len(items) >= min(per_page, LEAST_PAGE)


def _unsuccessful(payload: Any) -> Exception:
    """A 200 that says `success: false`, or does not say."""
    error = error_of(Reply(400, {}, orjson.dumps(payload)), now=time.time())
    return error if isinstance(error, (BalanceEmpty, Invalid)) and isinstance(payload, dict) else Nonsense(str(error))


def _segment(lead_id: str | int) -> str:
    return quote(str(lead_id), safe="")


def _without_none(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
