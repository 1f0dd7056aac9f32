"""What exists in a sandbox, in memory; every change is written to `record` (the ledger) first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import lru_cache
from itertools import count
from typing import Any

ALL_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WAITING = ("created", "scheduled", "processing", "rescheduled")

Record = Callable[..., None]


@dataclass(slots=True)
class Lead:
    id: int
    campaign_id: int
    phone_number: str
    variables: dict[str, Any]
    secondary_contacts: list[dict[str, Any]]
    status: str
    created: float
    updated: float
    call_tries: int = 0


@dataclass(slots=True)
class Campaign:
    id: int
    name: str
    assistant_id: int
    status: str = "draft"
    timezone: str = "Europe/Istanbul"
    max_calls_in_parallel: int = 3
    mark_complete_when_no_leads: bool = True
    allowed_hours_start_time: str = "00:00:00"
    allowed_hours_end_time: str = "23:59:00"
    allowed_days: list[str] = field(default_factory=ALL_DAYS.copy)
    max_retries: int = 3
    retry_interval: int = 60
    retry_on_voicemail: bool = False
    retry_on_goal_incomplete: bool = False
    goal_completion_variable: str | None = None
    phone_number_ids: list[int] = field(default_factory=list)
    created: float = 0
    updated: float = 0


ASSISTANTS: list[dict[str, Any]] = [
    {
        "id": 501,
        "name": "Satış Asistanı",
        "type": "outbound",
        "status": "active",
        "timezone": "Europe/Istanbul",
        "variables": {"name": "Müşterimiz", "company": "", "product": "paketimiz"},
        "post_call_schema": [
            {"name": "interested", "type": "boolean", "description": "Whether the customer wants an offer"},
            {"name": "call_back_at", "type": "string", "description": "When to call again"},
        ],
    },
    {
        "id": 502,
        "name": "Appointment reminder",
        "type": "outbound",
        "status": "active",
        "timezone": "Europe/London",
        "variables": {"name": "there", "appointment_date": "", "clinic": ""},
        "post_call_schema": [{"name": "confirmed", "type": "boolean", "description": "Whether the visit is confirmed"}],
    },
    {
        "id": 503,
        "name": "Front desk",
        "type": "inbound",
        "status": "active",
        "timezone": "Europe/London",
        "variables": [],
        "post_call_schema": [],
    },
]
PHONE_NUMBERS = [
    {"id": 71, "phone_number": "+902125550100", "country_code": "TR", "type_label": "Outbound", "is_available": True},
    {"id": 72, "phone_number": "+442079460100", "country_code": "GB", "type_label": "Outbound", "is_available": True},
    {"id": 73, "phone_number": "+902125550199", "country_code": "TR", "type_label": "Outbound", "is_available": False},
]


def first_campaigns(now: float) -> list[Campaign]:
    """A draft, a running and a stopped one. The running one stays in progress when it has called everybody."""
    return [
        Campaign(1050, "Bahar kampanyası", 501, created=now, updated=now),
        Campaign(1051, "Appointment reminders", 502, "in-progress", mark_complete_when_no_leads=False, created=now, updated=now),
        Campaign(1052, "Geri kazanım", 501, "stopped", created=now, updated=now),
    ]


class World:
    """`now()` is its clock, in seconds since the epoch. Lead ids are never used twice, but after `start_over`."""

    def __init__(self, record: Record, now: Callable[[], float] = time.time) -> None:
        self.record = record
        self.now = now
        self._clear()

    def _clear(self) -> None:
        self.campaigns: dict[int, Campaign] = {}
        self.leads: dict[int, Lead] = {}
        self.by_campaign: dict[int, dict[int, Lead]] = {}
        self._queues: dict[tuple[int, str], dict[int, Lead]] = {}  # (campaign, status) → leads, longest there first
        self._numbers: dict[tuple[int, str], int] = {}  # how many leads (campaign, number) has
        self._lead_ids = count(90_001)
        self._next_campaign_id = 1053

    def seed(self) -> None:
        """Put in what a new sandbox starts with."""
        for campaign in first_campaigns(self.now()):
            self.put_campaign(campaign)

    def start_over(self) -> None:
        self.record("reset")
        self._clear()
        self.seed()

    # Leads

    def has_number(self, campaign_id: int, phone_number: str) -> bool:
        return (campaign_id, phone_number) in self._numbers

    def add_lead(
        self,
        n: int,
        campaign_id: int,
        phone_number: str,
        variables: dict[str, Any],
        secondary: list[dict[str, Any]],
        ago: float = 0,
    ) -> Lead:
        """`n`: the request that asked for it; `ago`: seconds since it was added."""
        now = self.now() - ago
        lead = Lead(next(self._lead_ids), campaign_id, phone_number, variables, secondary, "created", now, now)
        details = {"again": True} if self.has_number(campaign_id, phone_number) else {}
        self.record("lead", n=n, lead=lead, **details)
        self._store(lead)
        return lead

    def change_lead(self, lead: Lead, **changes: Any) -> None:
        self.record("change", id=lead.id, **changes)
        self._change(lead, changes)

    def delete_lead(self, lead: Lead, n: int) -> None:
        """`n`: the request that asked for it."""
        self.record("delete", n=n, id=lead.id)
        self._drop(lead)

    def move(self, moves: list[tuple[Lead, str, int]]) -> None:
        """Leads were queued or called: their new status and number of calls."""
        if moves:
            self.record("moved", leads=[[lead.id, status, tries] for lead, status, tries in moves])
        for lead, status, tries in moves:
            self._move(lead, status, tries)

    def queue(self, campaign_id: int, status: str) -> dict[int, Lead]:
        """The leads of a campaign that have this status, longest first. Ask again after a change."""
        return self._queues.get((campaign_id, status), {})

    def newest_first(self, campaign_id: int | None = None) -> Iterator[Lead]:
        leads = self.leads if campaign_id is None else self.by_campaign.get(campaign_id, {})
        return reversed(leads.values())

    def _store(self, lead: Lead) -> None:
        self.leads[lead.id] = lead
        self.by_campaign.setdefault(lead.campaign_id, {})[lead.id] = lead
        self._index(lead)

    def _index(self, lead: Lead) -> None:
        key = (lead.campaign_id, lead.phone_number)
        self._numbers[key] = self._numbers.get(key, 0) + 1
        self._enqueue(lead)

    def _enqueue(self, lead: Lead) -> None:
        if lead.status in WAITING:
            self._queues.setdefault((lead.campaign_id, lead.status), {})[lead.id] = lead

    def _dequeue(self, lead: Lead) -> None:
        self._queues.get((lead.campaign_id, lead.status), {}).pop(lead.id, None)

    def _move(self, lead: Lead, status: str, tries: int) -> None:
        self._dequeue(lead)
        lead.status, lead.call_tries, lead.updated = status, tries, self.now()
        self._enqueue(lead)

    def _drop(self, lead: Lead) -> None:
        self._unindex(lead)
        del self.leads[lead.id], self.by_campaign[lead.campaign_id][lead.id]

    def _unindex(self, lead: Lead) -> None:
        self._dequeue(lead)
        key = (lead.campaign_id, lead.phone_number)
        self._numbers[key] -= 1
        if not self._numbers[key]:
            del self._numbers[key]

    def _change(self, lead: Lead, changes: dict[str, Any]) -> None:
        """It keeps its place among the newest."""
        before = lead.campaign_id
        self._unindex(lead)
        for name, value in changes.items():
            setattr(lead, name, value)
        self._index(lead)
        if lead.campaign_id != before:
            del self.by_campaign[before][lead.id]
            self.by_campaign[lead.campaign_id] = dict(
                sorted({**self.by_campaign.get(lead.campaign_id, {}), lead.id: lead}.items())
            )
        lead.updated = self.now()

    # Campaigns

    def add_campaign(self, **values: Any) -> Campaign:
        now = self.now()
        campaign = Campaign(**{"id": self._next_campaign_id, "created": now, "updated": now, **values})
        self.put_campaign(campaign)
        return campaign

    def set_status(self, campaign: Campaign, status: str) -> None:
        campaign.status, campaign.updated = status, self.now()
        self.put_campaign(campaign)

    def delete_campaign(self, campaign_id: int) -> None:
        """Only a fault does this: WhatTalk's API has no call for it."""
        self.record("campaign", campaign={"id": campaign_id, "deleted": True})
        self.campaigns.pop(campaign_id, None)

    def put_campaign(self, campaign: Campaign) -> None:
        self.record("campaign", campaign=campaign)
        self._store_campaign(campaign)

    def _store_campaign(self, campaign: Campaign) -> None:
        self.campaigns[campaign.id] = campaign
        self._next_campaign_id = max(self._next_campaign_id, campaign.id + 1)

    # Replay

    def replay(self, event: dict[str, Any]) -> None:
        """Apply one event of an earlier process's ledger, in order."""
        match event["event"]:
            case "reset":
                self._clear()
            case "lead":
                self._store(Lead(**event["lead"]))
                self._lead_ids = count(event["lead"]["id"] + 1)
            case "change":
                ignored = ("event", "wall", "mono", "id")
                self._change(self.leads[event["id"]], {k: v for k, v in event.items() if k not in ignored})
            case "delete":
                self._drop(self.leads[event["id"]])
            case "moved":
                for id, status, tries in event["leads"]:
                    if lead := self.leads.get(id):
                        self._move(lead, status, tries)
            case "campaign":
                self._replay_campaign(event["campaign"])

    def _replay_campaign(self, values: dict[str, Any]) -> None:
        if values.get("deleted"):
            self.campaigns.pop(values["id"], None)
        else:
            self._store_campaign(Campaign(**values))


def written_date(seconds: float, style: str) -> str:
    """UTC, as `2026-05-01 13:30:00` or ISO."""
    return _written_second(int(seconds), style)


@lru_cache(maxsize=4096)
def _written_second(seconds: int, style: str) -> str:
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.strftime("%Y-%m-%d %H:%M:%S" if style == "sql" else "%Y-%m-%dT%H:%M:%S.000000Z")
