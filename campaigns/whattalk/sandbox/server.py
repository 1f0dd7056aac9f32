"""The sandbox as a whole: what happens to a request between arriving and being answered."""

from __future__ import annotations

import asyncio
import gc
import secrets
import time
from collections import Counter
from itertools import count
from pathlib import Path
from typing import Any

from .api import Api, operation_of
from .control import Control
from .faults import Delivery, Faults
from .http import Connection
from .ledger import Ledger, LedgerWriter
from .messages import Request, message, object_of
from .pace import Pace
from .settings import Settings
from .throttle import Throttle
from .world import World

PREFIX = "/api"
VERSION = 1


class Sandbox:
    """State lives in `data` (a directory): ledger.jsonl and api-key. What is found there is restored."""

    def __init__(self, data: Path, settings: Settings) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.settings = settings
        self.settings.api_key = settings.api_key or _stored_key(data / "api-key")
        self.ledger_path = data / "ledger.jsonl"
        self.writer = LedgerWriter(self.ledger_path)
        self.world = World(self.writer.write, self.now)
        self.api = Api(self.world, settings)
        self.pace = Pace(self.world, settings)
        self.throttle = Throttle(settings)
        self.faults = Faults(settings, self.world.delete_campaign, self._add_foreign)
        self.control = Control(self)
        self.connections: set[Connection] = set()
        self.answered: Counter[tuple[str, int | None]] = Counter()
        self.ordinals: Counter[str] = Counter()  # requests so far, by operation
        self._numbers = count(1)
        self._connection_numbers = count(1)
        self._restore()

    def _restore(self) -> None:
        for event in Ledger(self.ledger_path).all_events():
            self.world.replay(event)
            if event["event"] == "start":
                self._numbers = count(event["n"] + 1)
                self.ordinals[event["operation"]] += 1
            elif event["event"] == "reset":
                self.ordinals.clear()
        self.writer.write("boot", version=VERSION)
        if not self.world.campaigns:
            self.world.seed()

    def start_over(self) -> None:
        """As if freshly installed; settings and the key stay, rules go."""
        self.faults.clear()
        self.throttle.start_over()
        self.answered.clear()
        self.ordinals.clear()
        self.world.start_over()

    def _add_foreign(self, request: Request, lead: dict[str, Any]) -> None:
        """Somebody else adds a lead with the number of this request, before anything else becomes of it."""
        own = request.json or {}
        campaign_id, number = own.get("campaign_id"), own.get("phone_number")
        if not isinstance(campaign_id, int) or not isinstance(number, str):
            return  # it names nothing that anybody could add
        same = {name: own.get(name) for name in ("variables", "secondary_contacts")} if lead.get("alike") else {}
        foreign = {**lead, **same}
        self.world.add_lead(
            0,
            campaign_id,
            number,
            foreign.get("variables") or {},
            foreign.get("secondary_contacts") or [],
            ago=foreign.get("seconds_ago", 0),
        )

    # A connection's side (http.Receiver)

    def now(self) -> float:
        """Its own clock, in seconds since the epoch."""
        return time.time() + self.settings.clock_offset

    def receive(
        self, method: str, target: str, headers: dict[bytes, bytes], body: bytes, connection: int
    ) -> tuple[Request, Delivery]:
        path, _, query = target.partition("?")
        if path.startswith("/_sandbox"):
            request = Request(0, method, path, query, headers, body, object_of(body))
            return request, Delivery(self.control.answer(request))
        if not path.startswith(PREFIX):
            return Request(0, method, path, query, headers, body), Delivery(message(404, "Not Found"))
        request = self._arrived(method, path.removeprefix(PREFIX), query, headers, body, connection)
        delivery = self._deliver(request)
        delivery.delay += self._latency()
        return request, delivery

    def ended(self, request: Request, delivery: Delivery, answered: bool, why: str) -> None:
        if not request.n:
            return
        answer = delivery.answer
        status = answer.status if answer and answered else None
        lead = answer.lead if answer else None
        details: dict[str, Any] = {"accepted": True, "lead": lead} if lead is not None else {}
        if delivery.fault:
            details["fault"] = delivery.fault
        if why:
            details["why"] = why
        self.answered[request.operation, status] += 1
        self.writer.write("end", n=request.n, status=status, **details)

    def _arrived(self, method: str, path: str, query: str, headers: dict[bytes, bytes], body: bytes, connection: int) -> Request:
        operation = operation_of(method, path)
        json = object_of(body) if body else None
        request = Request(next(self._numbers), method, path, query, headers, body, json, operation)
        self.ordinals[operation] += 1
        details = self._about_lead(json or {}) if operation == "create_lead" else {}
        self.writer.write("start", n=request.n, operation=operation, method=method, path=path, conn=connection, **details)
        return request

    def _about_lead(self, json: dict[str, Any]) -> dict[str, Any]:
        return {
            "phone": str(json.get("phone_number")),
            "campaign": json.get("campaign_id"),
            "block": not json.get("allow_dupplicate"),
            "ordinal": self.ordinals["create_lead"],
        }

    def _deliver(self, request: Request) -> Delivery:
        if refusal := self.throttle.refuse():
            return Delivery(self.throttle.mark(refusal))
        ordinal = self.ordinals[request.operation]
        delivery = self.faults.deliver(request, ordinal, lambda: self.api.answer(request))
        if delivery.answer:
            delivery.answer = self.throttle.mark(delivery.answer)
        return delivery

    def _latency(self) -> float:
        settings = self.settings
        if not settings.jitter_ms:
            return settings.latency_ms / 1000
        return (settings.latency_ms + settings.jitter_ms * self.faults.chance.random()) / 1000

    # Start and end

    async def listen(self, host: str, port: int) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: Connection(self, self.connections, next(self._connection_numbers)), host, port, backlog=1024
        )

    async def run(self) -> None:
        """Calls leads and closes idle connections until it is cancelled."""
        # What exists at start stays; collecting it again and again costs pauses.
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)
        await asyncio.gather(self.pace.run(), self._close_idle())

    async def _close_idle(self) -> None:
        while True:
            patience = self.settings.keep_alive
            await asyncio.sleep(min(1.0, patience / 4))
            for connection in list(self.connections):
                if connection.open is None and time.monotonic() - connection.last_active > patience:
                    connection.transport.close()

    def close(self) -> None:
        for connection in list(self.connections):
            if connection.open:
                request, delivery = connection.open
                connection.open = None
                self.ended(request, delivery, answered=False, why="shutdown")
            connection.transport.abort()
        self.writer.close()


def _stored_key(path: Path) -> str:
    """The key of this data directory, made at first use."""
    if not path.exists():
        path.touch(0o600)
        path.write_text(f"1|{secrets.token_hex(20)}")
    return path.read_text().strip()
