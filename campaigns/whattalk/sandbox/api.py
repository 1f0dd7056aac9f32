"""WhatTalk's calls. Each takes a `Request` and gives an `Answer`; sockets and faults are elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlencode

from . import checks
from .messages import Answer, Request, json_answer, message
from .settings import Settings
from .world import ASSISTANTS, PHONE_NUMBERS, Campaign, Lead, World, written_date

_FIXED = {
    ("POST", "/user/lead"): "create_lead",
    ("GET", "/user/leads"): "find_leads",
    ("GET", "/user/campaigns"): "list_campaigns",
    ("POST", "/user/campaign"): "create_campaign",
    ("POST", "/user/campaigns/update-status"): "update_status",
    ("GET", "/user/me"): "me",
    ("GET", "/user/assistants/outbound"): "outbound_assistants",
    ("GET", "/user/assistants/get"): "assistants",
    ("GET", "/user/assistants/phone-numbers"): "phone_numbers",
}
_ONE_LEAD = re.compile(r"/user/leads/([^/]+)")
AFTER_ACTION = {"start": ("in-progress", "started"), "stop": ("stopped", "stopped")}  # status, and the word for it
_ON_ONE_LEAD = {"PUT": "update_lead", "DELETE": "delete_lead"}


def operation_of(method: str, path: str) -> str:
    """The name of the call, '' when there is none."""
    if operation := _FIXED.get((method, path)):
        return operation
    return _ON_ONE_LEAD.get(method, "") if _ONE_LEAD.fullmatch(path) else ""


class Api:
    def __init__(self, world: World, settings: Settings) -> None:
        self.world = world
        self.settings = settings

    def answer(self, request: Request) -> Answer:
        if self.settings.maintenance:
            return message(503, "Service Unavailable")
        if denied := self._denied(request):
            return denied
        if not request.operation:
            return message(404, f"The route api{request.path} could not be found.")
        if request.method in ("POST", "PUT") and request.json is None:
            return message(422, "The request body is not a JSON object.")
        operation: Callable[[Request], Answer] = getattr(self, request.operation)
        return operation(request)

    def _denied(self, request: Request) -> Answer | None:
        if self.settings.key_refused == "posts" and request.operation == "create_lead":
            return message(403, "This action is unauthorized.")
        is_known = request.header(b"authorization") == f"Bearer {self.settings.api_key}"
        if is_known and self.settings.key_refused != "all":
            return None
        if "json" not in request.header(b"accept"):
            return Answer(302, b"<html>Redirecting to /login</html>", (("Location", "/login"),), "text/html")
        return message(401, "Unauthenticated.")

    # Leads

    def create_lead(self, request: Request) -> Answer:
        json = request.json or {}
        if errors := checks.new_lead(json):
            return checks.invalid(errors)
        campaign = self.world.campaigns.get(json["campaign_id"])
        if campaign is None:
            return self._no_campaign()
        if refused := self._refused_lead(campaign, json):
            return refused
        number = json["phone_number"]
        if self.world.has_number(campaign.id, number) and not json.get("allow_dupplicate"):
            return self._duplicate(campaign, number)
        lead = self.world.add_lead(
            request.n, campaign.id, number, json.get("variables") or {}, json.get("secondary_contacts") or []
        )
        created = json_answer(
            200, {"message": "Lead created successfully", "data": self._lead(lead, self.settings.answers_leave_out)}
        )
        created.lead = lead.id
        return created

    def _duplicate(self, campaign: Campaign, number: str) -> Answer:
        if self.settings.duplicate_style != "named":
            return DUPLICATE_ANSWERS[self.settings.duplicate_style]
        there = next(lead for lead in self.world.newest_first(campaign.id) if lead.phone_number == number)
        return json_answer(200, {"message": "The lead already exists.", "data": self._lead(there)})

    def _refused_lead(self, campaign: Campaign, json: dict[str, Any]) -> Answer | None:
        if self.settings.balance <= 0:
            return message(402, "Insufficient balance.")
        if not checks.is_phone(json["phone_number"]):
            return checks.invalid({"phone_number": ["Invalid phone number"]})
        if self.settings.closed_campaigns == "refuse" and campaign.status in ("stopped", "completed"):
            return message(422, f"The campaign is {campaign.status} and takes no leads.")
        if self.settings.unknown_variables == "refuse":
            return self._unknown_variables(campaign, json.get("variables") or {})
        return None

    def _unknown_variables(self, campaign: Campaign, variables: dict[str, Any]) -> Answer | None:
        assistant = next((one for one in ASSISTANTS if one["id"] == campaign.assistant_id), {})
        unknown = [name for name in variables if name not in assistant.get("variables", {})]
        errors = {f"variables.{name}": [f"The variable {name} is not known to the assistant."] for name in unknown}
        return checks.invalid(errors) if errors else None

    def _no_campaign(self) -> Answer:
        if self.settings.missing_campaign_style == "422":
            return checks.invalid({"campaign_id": ["The selected campaign id is invalid."]})
        return message(404, "Campaign not found")

    def find_leads(self, request: Request) -> Answer:
        query = dict(parse_qsl(request.query))
        page, per_page = _paging(query, self.settings.most_per_page)
        if not page:
            return checks.invalid({"per_page": ["The per page field must be between 1 and 100."]})
        found, total = self._found(query, (page - 1) * per_page, per_page)
        data = [self._lead(lead) for lead in found]
        return json_answer(200, data if self.settings.bare_lists else _paginator(request, data, page, per_page, total))

    def _found(self, query: dict[str, str], skip: int, most: int) -> tuple[list[Lead], int]:
        """One page of the leads that match, and how many match."""
        within = _id(query["campaign_id"]) if query.get("campaign_id") else None
        tests = self._lead_tests(query)
        if not tests:
            leads = self.world.leads if within is None else self.world.by_campaign.get(within, {})
            return list(islice(self.world.newest_first(within), skip, skip + most)), len(leads)
        matching = [lead for lead in self.world.newest_first(within) if all(test(lead) for test in tests)]
        return matching[skip : skip + most], len(matching)

    def _lead_tests(self, query: dict[str, str]) -> list[Callable[[Lead], bool]]:
        tests: list[Callable[[Lead], bool]] = []
        if status := query.get("status"):
            tests.append(lambda lead: lead.status == status)
        if part := query.get("phone_number"):
            tests.append(lambda lead: part in lead.phone_number)
        if day := query.get("date_from"):
            tests.append(lambda lead: written_date(lead.created, "sql")[:10] >= day)
        if last_day := query.get("date_to"):
            tests.append(lambda lead: written_date(lead.created, "sql")[:10] <= last_day)
        if self.settings.lookup_lag:
            listed_before = self.world.now() - self.settings.lookup_lag
            tests.append(lambda lead: lead.created <= listed_before)
        return tests

    def update_lead(self, request: Request) -> Answer:
        lead = self._lead_of(request)
        if lead is None:
            return message(404, "Lead not found")
        json = request.json or {}
        if unknown := [field for field in json if field not in checks.LEAD_CHANGES]:
            return message(422, f"Invalid fields: {', '.join(unknown)}")
        if errors := checks.lead_changes(json):
            return checks.invalid(errors, "Validation failed")
        if "campaign_id" in json and json["campaign_id"] not in list(self.world.campaigns):
            return message(404, "Campaign not found")
        if "phone_number" in json and not checks.is_phone(json["phone_number"]):
            return message(422, "Invalid phone number")
        self.world.change_lead(lead, **_merged(lead, json))
        return message(200, "Lead updated successfully")

    def delete_lead(self, request: Request) -> Answer:
        lead = self._lead_of(request)
        if lead is None:
            return message(404, "Lead not found")
        self.world.delete_lead(lead, request.n)
        return message(200, "Lead deleted successfully")

    def _lead_of(self, request: Request) -> Lead | None:
        path = _ONE_LEAD.fullmatch(request.path)
        return self.world.leads.get(_id(path[1].removeprefix("ld_"))) if path else None

    def _lead(self, lead: Lead, left_out: str = "") -> dict[str, Any]:
        campaign = self.world.campaigns.get(lead.campaign_id)
        style, ahead = self.settings.date_style, self.settings.lead_clock_offset
        listed = {
            "id": lead.id if self.settings.id_style == "integer" else f"ld_{lead.id}",
            "campaign_id": lead.campaign_id,
            "phone_number": lead.phone_number,
            "variables": {**self._defaults(campaign), **lead.variables},
            "status": lead.status,
            "call_tries": lead.call_tries,
            "created_at": written_date(lead.created + ahead, style),
            "updated_at": written_date(lead.updated + ahead, style),
            "campaign": {"id": lead.campaign_id, "name": campaign.name if campaign else ""},
            "secondary_contacts": [
                {
                    "id": lead.id * 100 + place,
                    "phone_number": contact["phone_number"],
                    "variables": contact.get("variables") or {},
                    "status": "created",
                }
                for place, contact in enumerate(lead.secondary_contacts, 1)
            ],
        }
        left_out_names = f"{self.settings.lists_leave_out} {left_out}".split()
        return {name: value for name, value in listed.items() if name not in left_out_names}

    def _defaults(self, campaign: Campaign | None) -> dict[str, str]:
        if not self.settings.fills_in or not campaign:
            return {}
        return next((dict(one["variables"]) for one in ASSISTANTS if one["id"] == campaign.assistant_id), {})

    # Campaigns

    def list_campaigns(self, request: Request) -> Answer:
        return json_answer(200, [self._campaign(campaign) for campaign in self.world.campaigns.values()])

    def create_campaign(self, request: Request) -> Answer:
        json = {key: value for key, value in (request.json or {}).items() if value is not None}
        if errors := checks.new_campaign(json, self.settings.plan_parallel_calls):
            return checks.invalid(errors)
        if len(self.world.campaigns) >= self.settings.plan_campaigns:
            return message(403, "You have reached the campaign limit of your plan.")
        if json["assistant_id"] not in {one["id"] for one in ASSISTANTS if one["type"] == "outbound"}:
            return message(404, "Assistant not found or not an outbound assistant.")
        known = {field: value for field, value in json.items() if field in CAMPAIGN_FIELDS}
        campaign = self.world.add_campaign(**_with_seconds(known))
        return json_answer(201, {"message": "Campaign created successfully", "data": self._campaign(campaign)})

    def update_status(self, request: Request) -> Answer:
        json = request.json or {}
        id = json.get("campaign_id")
        campaign = self.world.campaigns.get(id) if isinstance(id, int) else None
        action = json.get("action")
        if not isinstance(action, str) or action not in AFTER_ACTION:
            return checks.invalid({"action": ["The selected action is invalid."]})
        if campaign is None:
            return message(404, "Campaign not found", success=False)
        if action == "start" and self.settings.balance <= 0:
            return message(400, "Insufficient balance to start the campaign.", success=False)
        status, done = AFTER_ACTION[action]
        self.world.set_status(campaign, status)
        data = {"campaign_id": campaign.id, "status": campaign.status}
        return message(200, f"Campaign {done} successfully.", success=True, data=data)

    def _campaign(self, campaign: Campaign) -> dict[str, Any]:
        """As WhatTalk lists it: without its assistant."""
        style = self.settings.date_style
        listed = {field: getattr(campaign, field) for field in LISTED_CAMPAIGN_FIELDS}
        dates = {"created_at": written_date(campaign.created, style), "updated_at": written_date(campaign.updated, style)}
        return {"id": campaign.id, **listed, **dates}

    # The account

    def me(self, request: Request) -> Answer:
        balance = f"{self.settings.balance:.2f}"
        return json_answer(200, {"name": "Sandbox", "email": "sandbox@example.com", "total_balance": balance})

    def outbound_assistants(self, request: Request) -> Answer:
        outbound = [one for one in ASSISTANTS if one["type"] == "outbound"]
        return json_answer(200, [{k: v for k, v in one.items() if k != "post_call_schema"} for one in outbound])

    def assistants(self, request: Request) -> Answer:
        page, per_page = _paging(dict(parse_qsl(request.query)))
        if not page:
            return checks.invalid({"per_page": ["The per page field must be between 1 and 100."]})
        skip = (page - 1) * per_page
        data = ASSISTANTS[skip : skip + per_page]
        return json_answer(200, _paginator(request, data, page, per_page, len(ASSISTANTS)))

    def phone_numbers(self, request: Request) -> Answer:
        wanted = dict(parse_qsl(request.query)).get("type", "outbound")
        return json_answer(200, PHONE_NUMBERS if wanted == "outbound" else [])


DUPLICATE_ANSWERS = {
    "422": json_answer(
        422,
        {
            "message": "The lead already exists in this campaign.",
            "errors": {"phone_number": ["The lead already exists in this campaign."]},
        },
    ),
    "409": message(409, "Conflict"),
    "400": message(400, "Duplicate lead"),
    "200": message(200, "Duplicate lead skipped", success=False),
    "turkish": message(422, "BU NUMARA KAMPANYADA ZATEN MEVCUT."),
    "taken": checks.invalid({"phone_number": ["The phone number has already been taken."]}),
}

CAMPAIGN_FIELDS = (
    "name", "assistant_id", "timezone", "max_calls_in_parallel", "allowed_hours_start_time", "allowed_hours_end_time",
    "allowed_days", "max_retries", "retry_interval", "retry_on_voicemail", "retry_on_goal_incomplete",
    "goal_completion_variable", "mark_complete_when_no_leads", "phone_number_ids",
)  # fmt: skip
LISTED_CAMPAIGN_FIELDS = (
    "name", "status", "max_calls_in_parallel", "mark_complete_when_no_leads", "allowed_hours_start_time",
    "allowed_hours_end_time", "allowed_days", "max_retries", "retry_interval",
)  # fmt: skip


def _with_seconds(fields: dict[str, Any]) -> dict[str, Any]:
    """Hours come as HH:MM and are listed as HH:MM:SS."""
    hours = ("allowed_hours_start_time", "allowed_hours_end_time")
    return {field: f"{value}:00" if field in hours else value for field, value in fields.items()}


def _merged(lead: Lead, json: dict[str, Any]) -> dict[str, Any]:
    return {**json, "variables": {**lead.variables, **(json["variables"] or {})}} if "variables" in json else dict(json)


def _id(text: str) -> int:
    """-1, which nothing has, where the text is no id; Python refuses to read a number of thousands of digits."""
    return int(text) if text.isdecimal() and len(text) < 20 else -1


def _paging(query: dict[str, str], most: int = 100) -> tuple[int, int]:
    """Page and page size; (0, 0) when they are not what WhatTalk takes."""
    try:
        page, per_page = int(query.get("page", 1)), int(query.get("per_page", 15))
    except ValueError:
        return 0, 0
    return (page, min(per_page, most)) if 1 <= page < 10**9 and 1 <= per_page <= 100 else (0, 0)


def _paginator(request: Request, data: list[dict[str, Any]], page: int, per_page: int, total: int) -> dict[str, Any]:
    """Laravel's length-aware paginator."""
    last_page = max(1, -(-total // per_page))
    first = (page - 1) * per_page + 1
    base = f"http://{request.header(b'host')}/api{request.path}"
    query = dict(parse_qsl(request.query))

    def url(number: int) -> str | None:
        return f"{base}?{urlencode({**query, 'page': number})}" if 1 <= number <= last_page else None

    return {
        "current_page": page,
        "data": data,
        "first_page_url": url(1),
        "from": first if data else None,
        "last_page": last_page,
        "last_page_url": url(last_page),
        "links": [
            {"url": url(page - 1), "label": "&laquo; Previous", "active": False},
            {"url": url(page), "label": str(page), "active": True},
            {"url": url(page + 1), "label": "Next &raquo;", "active": False},
        ],
        "next_page_url": url(page + 1),
        "path": base,
        "per_page": per_page,
        "prev_page_url": url(page - 1),
        "to": first + len(data) - 1 if data else None,
        "total": total,
    }
