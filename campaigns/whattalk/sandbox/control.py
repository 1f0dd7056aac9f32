"""/_sandbox/…: not WhatTalk's, only the sandbox has it. JSON both ways, no key.

GET    /_sandbox/state               counts, settings, rules
POST   /_sandbox/settings            {name: value, …} (settings.Settings)
POST   /_sandbox/faults              {"rules": [rule, …], "seed"?: n} or one rule (faults.Rule)
DELETE /_sandbox/faults              no more faults from now on
POST   /_sandbox/campaigns           make one: {"id"?, "name", "assistant_id"?, "status"?, …}
DELETE /_sandbox/campaigns/{id}      it is gone, its leads are not
POST   /_sandbox/leads               {"campaign_id", "phones": […], "variables"?, "secondary_contacts"?, "status"?, "call_tries"?}:
                                     leads that were there before, or that somebody else adds
POST   /_sandbox/step                {"steps"?: n}: leads move as if so many calls' time had passed
POST   /_sandbox/reset               as freshly installed; settings and key stay, rules go
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .messages import Answer, Request, json_answer, message

if TYPE_CHECKING:
    from .server import Sandbox

_ONE_CAMPAIGN = re.compile(r"/_sandbox/campaigns/(\d+)")


class Control:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def answer(self, request: Request) -> Answer:
        json = request.json or {}
        try:
            return self._answer(request.method, request.path, json)
        except (ValueError, TypeError, KeyError) as error:
            return message(400, f"{type(error).__name__}: {error}")

    def _answer(self, method: str, path: str, json: dict[str, Any]) -> Answer:
        sandbox = self.sandbox
        match method, path:
            case "GET", "/_sandbox/state":
                return json_answer(200, self.state())
            case "POST", "/_sandbox/settings":
                sandbox.settings.change(**json)
            case "POST", "/_sandbox/faults":
                sandbox.faults.add(json["rules"] if "rules" in json else [json], json.get("seed"))
            case "DELETE", "/_sandbox/faults":
                sandbox.faults.clear()
            case "POST", "/_sandbox/campaigns":
                return json_answer(201, {"id": self._campaign(json)})
            case "POST", "/_sandbox/leads":
                return json_answer(201, {"ids": self._leads(**json)})
            case "POST", "/_sandbox/step":
                for _ in range(json.get("steps", 1)):
                    sandbox.pace.step()
            case "POST", "/_sandbox/reset":
                sandbox.start_over()
            case "DELETE", _ if found := _ONE_CAMPAIGN.fullmatch(path):
                sandbox.world.delete_campaign(int(found[1]))
            case _:
                return message(404, "No such control.")
        return json_answer(200, {"ok": True})

    def _campaign(self, json: dict[str, Any]) -> int:
        _check_numbers(json, "id", "assistant_id")
        return self.sandbox.world.add_campaign(**{"assistant_id": 501, **json}).id

    def _leads(
        self,
        campaign_id: int,
        phones: list[str],
        variables: dict[str, Any] | None = None,
        secondary_contacts: list[dict[str, Any]] | None = None,
        status: str = "created",
        call_tries: int = 0,
    ) -> list[int]:
        world = self.sandbox.world
        _check_numbers({"campaign_id": campaign_id, "call_tries": call_tries}, "campaign_id", "call_tries")
        if not isinstance(phones, list) or not all(isinstance(phone, str) for phone in phones):
            raise TypeError("phones is a list of texts")
        added = [world.add_lead(0, campaign_id, phone, variables or {}, secondary_contacts or []) for phone in phones]
        if (status, call_tries) != ("created", 0):
            world.move([(lead, status, call_tries) for lead in added])
        return [lead.id for lead in added]

    def state(self) -> dict[str, Any]:
        sandbox = self.sandbox
        world = sandbox.world
        return {
            "requests": self._answered(),
            "lead_posts": sandbox.ordinals["create_lead"],
            "open": sum(connection.open is not None for connection in sandbox.connections),
            "connections": len(sandbox.connections),
            "leads": {str(id): len(leads) for id, leads in world.by_campaign.items()},
            "campaigns": {str(campaign.id): campaign.status for campaign in world.campaigns.values()},
            "faults_fired": dict(sandbox.faults.fired),
            "rules": [rule.details | {"fired": rule.fired} for rule in sandbox.faults.rules],
            "settings": sandbox.settings.public(),
            "ledger": str(sandbox.ledger_path),
        }

    def _answered(self) -> dict[str, dict[str, int]]:
        """Operation → status, or "unanswered" → how often."""
        counts: dict[str, dict[str, int]] = {}
        for (operation, status), times in self.sandbox.answered.items():
            counts.setdefault(operation or "unknown", {})[str(status or "unanswered")] = times
        return counts


def _check_numbers(json: dict[str, Any], *names: str) -> None:
    """TypeError before anything is recorded: what stands in the ledger must be readable after a restart."""
    for name in names:
        if not isinstance(json.get(name, 0), int):
            raise TypeError(f"{name} is a number, not {json[name]!r}")
