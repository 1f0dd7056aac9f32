"""Leads being called. What becomes of a lead depends on its id alone, so that every run tells the same story."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from functools import partial
from itertools import islice, takewhile
from typing import Any

from .settings import Settings
from .world import WAITING, Campaign, Lead, World, written_date

QUEUED_A_STEP = 200  # created → scheduled, per campaign
RETRY_STEPS = 5  # steps between two calls to the same lead


def fate(lead: Lead) -> str:
    """`reached` for 7 of 10 leads at the first call, for 2 at the second; `never` for the tenth."""
    return ("reached", "second", "reached", "reached", "second", "reached", "never", "reached", "reached", "reached")[
        lead.id * 7 % 10
    ]


class Pace:
    """Each step lasts one call: calls in progress end, as many begin as the campaign allows at once."""

    def __init__(self, world: World, settings: Settings) -> None:
        self.world = world
        self.settings = settings
        self.steps = 0
        self._due: dict[int, int] = {}  # lead id → step of its next call

    async def run(self) -> None:
        while True:
            await asyncio.sleep(self.settings.lead_pace or 0.5)
            if self.settings.lead_pace:
                self._announce(self.step())

    def step(self) -> list[Lead]:
        """The leads whose call has just ended."""
        self.steps += 1
        ended: list[Lead] = []
        for campaign in list(self.world.campaigns.values()):
            if campaign.status == "in-progress":
                ended += self._step_campaign(campaign)
        return ended

    def _step_campaign(self, campaign: Campaign) -> list[Lead]:
        queue = partial(self.world.queue, campaign.id)
        ended = list(queue("processing").values())
        begun = [*self._due_again(queue("rescheduled")), *queue("scheduled").values()][: campaign.max_calls_in_parallel]
        queued = list(islice(queue("created").values(), QUEUED_A_STEP))
        self.world.move(
            [
                *((lead, self._after_call(lead, campaign), lead.call_tries) for lead in ended),
                *((lead, "processing", lead.call_tries + 1) for lead in begun),
                *((lead, "scheduled", lead.call_tries) for lead in queued),
            ]
        )
        self._pay(len(ended))
        self._complete(campaign)
        return ended

    def _due_again(self, rescheduled: dict[int, Lead]) -> list[Lead]:
        """All wait equally long, so those that are due stand in front."""
        return list(takewhile(lambda lead: self._due.get(lead.id, 0) <= self.steps, rescheduled.values()))

    def _after_call(self, lead: Lead, campaign: Campaign) -> str:
        destiny = fate(lead)
        self._due.pop(lead.id, None)
        if destiny == "reached" or destiny == "second" and lead.call_tries > 1:
            return "completed"
        if lead.call_tries > campaign.max_retries:
            return "reached-max-retries"
        self._due[lead.id] = self.steps + RETRY_STEPS
        return "rescheduled"

    def _pay(self, calls: int) -> None:
        self.settings.balance = max(0.0, self.settings.balance - calls * self.settings.call_cost)

    def _complete(self, campaign: Campaign) -> None:
        left = any(self.world.queue(campaign.id, status) for status in WAITING)
        ever = self.world.by_campaign.get(campaign.id)
        if campaign.mark_complete_when_no_leads and ever and not left:
            self.world.set_status(campaign, "completed")

    # Post-call webhook

    def _announce(self, ended: list[Lead]) -> None:
        if self.settings.webhook_url:
            loop = asyncio.get_running_loop()
            for lead in ended:
                loop.run_in_executor(None, _post, self.settings.webhook_url, self._call_report(lead))

    def _call_report(self, lead: Lead) -> dict[str, Any]:
        campaign = self.world.campaigns.get(lead.campaign_id)
        now = written_date(self.world.now(), self.settings.date_style)
        reached = lead.status == "completed"
        return {
            "id": lead.id * 10 + lead.call_tries,
            "customer_phone": lead.phone_number,
            "status": "completed" if reached else "no-answer",
            "duration": 42 if reached else 0,
            "extracted_variables": {"interested": reached} if reached else {},
            "input_variables": lead.variables,
            "transcript": "Sandbox: nobody was called.",
            "recording_url": None,
            "created_at": now,
            "finished_at": now,
            "lead": {
                "id": lead.id,
                "phone_number": lead.phone_number,
                "status": lead.status,
                "call_tries": lead.call_tries,
                "campaign": {"id": lead.campaign_id, "name": campaign.name if campaign else ""},
            },
        }


def _post(url: str, report: dict[str, Any]) -> None:
    request = urllib.request.Request(url, json.dumps(report).encode(), {"Content-Type": "application/json"})
    try:
        urllib.request.urlopen(request, timeout=10).close()
    except OSError:
        pass  # what the real one does with a post-call webhook that fails is not documented
