"""WhatTalk's calls as the sandbox answers them, without a socket: a `Request` in, an `Answer` out, as a Laravel service does it."""

import json
from typing import Any

import pytest

from campaigns.whattalk.sandbox.api import Api, operation_of
from campaigns.whattalk.sandbox.messages import Answer, Request
from campaigns.whattalk.sandbox.settings import Settings
from campaigns.whattalk.sandbox.world import World

from .conftest import CAMPAIGN, lead

KEY = "1|key"


class Service:
    """An API with a world of its own, and a clock that stands still unless it is moved."""

    def __init__(self, leads: int = 0, **settings: Any) -> None:
        self.now = 1_777_642_200.0  # 2026-05-01 13:30 UTC
        self.world = World(lambda event, **what: None, now=lambda: self.now)
        self.world.seed()
        for number in range(leads):
            self.world.add_lead(0, CAMPAIGN, lead(number)["phone_number"], {}, [])
        self.api = Api(self.world, Settings(api_key=KEY, **settings))

    def answer(self, method: str, target: str, body: Any = None, key: str = KEY, accept: str = "application/json") -> Answer:
        path, _, query = target.partition("?")
        headers = {b"authorization": f"Bearer {key}".encode(), b"accept": accept.encode(), b"host": b"sandbox"}
        asked = body if isinstance(body, dict) else None
        return self.api.answer(Request(1, method, path, query, headers, b"", asked, operation_of(method, path)))

    def ask(self, method: str, target: str, body: Any = None) -> tuple[int, Any]:
        answer = self.answer(method, target, body)
        return answer.status, json.loads(answer.body)

    def send(self, **more: Any) -> tuple[int, Any]:
        return self.ask("POST", "/user/lead", {**lead(), **more})


def test_a_path_with_more_than_an_id_is_no_call_on_a_lead():
    assert operation_of("DELETE", "/user/leads/ld_7") == "delete_lead"
    for method, path in (
        ("DELETE", "/user/leads/7/calls"),
        ("GET", "/user/leads/7"),
        ("GET", "/user/lead"),
        ("POST", "/user/me"),
    ):
        assert operation_of(method, path) == ""
        assert Service().ask(method, path, {})[0] == 404


def test_who_has_no_key_is_told_so_in_json_or_sent_to_a_login_page():
    answer = Service().answer("GET", "/user/me", key="wrong")
    assert (answer.status, json.loads(answer.body)) == (401, {"message": "Unauthenticated."})
    answer = Service().answer("POST", "/user/lead", lead(), key="wrong", accept="*/*")
    assert (answer.status, dict(answer.headers)) == (302, {"Location": "/login"})


@pytest.mark.parametrize(
    ("settings", "statuses"),
    [({"key_refused": "posts"}, (403, 200)), ({"key_refused": "all"}, (401, 401)), ({"maintenance": True}, (503, 503))],
)
def test_a_right_key_that_is_refused(settings, statuses):
    service = Service(**settings)
    assert (service.send()[0], service.ask("GET", "/user/me")[0]) == statuses
    assert not service.world.leads


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phone_number": None}, "phone_number"),
        ({"phone_number": "+1"}, "phone_number"),
        ({"campaign_id": "1050"}, "campaign_id"),
        ({"campaign_id": True}, "campaign_id"),
        ({"campaign_id": [CAMPAIGN]}, "campaign_id"),
        ({"variables": "name"}, "variables"),
        ({"allow_dupplicate": "yes"}, "allow_dupplicate"),
        ({"secondary_contacts": {}}, "secondary_contacts"),
        ({"secondary_contacts": [{}]}, "secondary_contacts.0.phone_number"),
        ({"secondary_contacts": [{"phone_number": "+905550000000", "variables": 1}]}, "secondary_contacts.0.variables"),
        ({"secondary_contacts": [{"phone_number": "+905550000000"}] * 11}, "secondary_contacts"),
    ],
)
def test_a_field_that_is_wrong_is_named_and_no_lead_is_added(change, field):
    service = Service()
    status, body = service.send(**change)
    assert (status, list(body["errors"]), list(service.world.leads)) == (422, [field], [])


def test_a_body_that_is_no_object():
    assert Service().ask("POST", "/user/lead", ["x"])[0] == 422


def test_a_lead_is_added_once_unless_duplicates_are_allowed():
    service = Service()
    answer = service.answer("POST", "/user/lead", lead())
    assert (answer.status, answer.lead, list(service.world.leads)) == (200, 90_001, [90_001])
    refused = service.answer("POST", "/user/lead", lead())
    assert (refused.status, refused.lead) == (422, None)
    assert [service.send(allow_dupplicate=True)[0], service.send(campaign_id=1051)[0]] == [200, 200]
    assert len(service.world.leads) == 3


def test_a_duplicate_may_be_answered_with_the_lead_that_is_there():
    service = Service(duplicate_style="named")
    first, again = service.send(), service.answer("POST", "/user/lead", lead(variables={"name": "Other"}))
    assert json.loads(again.body)["data"] == first[1]["data"] and again.lead is None


@pytest.mark.parametrize(
    ("settings", "more", "status", "words"),
    [
        ({"balance": 0}, {}, 402, "balance"),
        ({"unknown_variables": "refuse"}, {"variables": {"name": "Ayşe", "shoe_size": "43"}}, 422, "shoe_size"),
        ({"closed_campaigns": "refuse"}, {"campaign_id": 1052}, 422, "stopped"),
        ({}, {"campaign_id": 9}, 404, "not found"),
        ({"missing_campaign_style": "422"}, {"campaign_id": 9}, 422, "campaign id is invalid"),
    ],
)
def test_where_the_real_one_is_unknown_it_is_set_why_a_lead_is_refused(settings, more, status, words):
    service = Service(**settings)
    refused, body = service.send(**more)
    assert refused == status and words in body["message"] and not service.world.leads


def test_ordinarily_unknown_variables_and_closed_campaigns_are_taken():
    service = Service()
    assert [service.send(variables={"shoe_size": "43"})[0], service.send(campaign_id=1052)[0]] == [200, 200]


def test_a_page_of_leads_is_a_laravel_paginator():
    _, page = Service(leads=7).ask("GET", f"/user/leads?campaign_id={CAMPAIGN}&per_page=3&page=2")
    told = {key: page[key] for key in ("current_page", "from", "to", "last_page", "per_page", "total")}
    assert told == {"current_page": 2, "from": 4, "to": 6, "last_page": 3, "per_page": 3, "total": 7}
    assert page["next_page_url"] == f"http://sandbox/api/user/leads?campaign_id={CAMPAIGN}&per_page=3&page=3"
    assert page["prev_page_url"].endswith("page=1")
    assert [one["phone_number"][-1] for one in page["data"]] == ["3", "2", "1"]  # newest first


def test_a_page_behind_the_last_is_empty():
    _, page = Service(leads=2).ask("GET", "/user/leads?page=3")
    assert [page[key] for key in ("data", "from", "to", "next_page_url", "total")] == [[], None, None, None, 2]


def test_fifteen_leads_a_page_unless_asked_otherwise():
    service = Service(leads=20)
    assert len(service.ask("GET", "/user/leads")[1]["data"]) == 15
    for wrong in ("per_page=101", "per_page=0", "per_page=ten", "page=0", "page=-1", f"page={10**30}"):
        assert service.ask("GET", f"/user/leads?{wrong}")[0] == 422
        assert service.ask("GET", f"/user/assistants/get?{wrong}")[0] == 422


def test_leads_are_searched_by_campaign_status_number_and_day():
    service = Service(leads=2)
    service.now += 86_400
    service.world.add_lead(0, 1051, "+905559999999", {}, [])
    service.world.change_lead(service.world.leads[90_001], status="completed")

    def found(query: str) -> list[int]:
        return [one["id"] for one in service.ask("GET", f"/user/leads?{query}")[1]["data"]]

    assert found("campaign_id=1051") == [90_003]
    assert found("campaign_id=9") == found("campaign_id=x") == []
    assert found("status=completed") == [90_001]
    assert found(f"campaign_id={CAMPAIGN}&date_from=2026-05-01&date_to=2026-05-01") == [90_002, 90_001]
    assert found("date_from=2026-05-02") == [90_003]
    # As everywhere on the web a plus is a space; who means a plus writes %2B.
    assert found("phone_number=+90555") == []
    assert found("phone_number=%2B9055599") == [90_003]


def test_a_new_lead_may_be_listed_late():
    service = Service(lookup_lag=60)
    service.send()
    assert service.ask("GET", "/user/leads")[1]["total"] == 0
    service.now += 60
    assert service.ask("GET", "/user/leads")[1]["total"] == 1


def test_a_lead_is_written_as_the_settings_say():
    service = Service(id_style="string", date_style="iso", lead_clock_offset=3600, fills_in=True, lists_leave_out="campaign status",
                      answers_leave_out="created_at")  # fmt: skip
    answered = service.send(secondary_contacts=[{"phone_number": "+905550000002", "variables": None}])[1]["data"]
    [listed] = service.ask("GET", "/user/leads")[1]["data"]
    assert listed.pop("created_at") == "2026-05-01T14:30:00.000000Z"
    assert answered == listed == {
        "id": "ld_90001", "campaign_id": CAMPAIGN, "phone_number": lead()["phone_number"],
        "variables": {"name": "Ayşe", "company": "", "product": "paketimiz"}, "call_tries": 0,
        "updated_at": "2026-05-01T14:30:00.000000Z",
        "secondary_contacts": [{"id": 9_000_101, "phone_number": "+905550000002", "variables": {}, "status": "created"}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"id": 5}, 422, "Invalid fields: id"),
        ({"status": "scheduled"}, 422, "Validation failed"),
        ({"status": []}, 422, "Validation failed"),
        ({"variables": "x"}, 422, "Validation failed"),
        ({"campaign_id": 9}, 404, "Campaign not found"),
        ({"campaign_id": [CAMPAIGN]}, 404, "Campaign not found"),
        ({"phone_number": "12"}, 422, "Invalid phone number"),
    ],
)
def test_a_change_that_is_refused_changes_nothing(change, status, words):
    service = Service(leads=1)
    _, before = service.ask("GET", "/user/leads")
    refused, body = service.ask("PUT", "/user/leads/90001", {"variables": {"name": "Changed"}, **change})
    assert refused == status and words in body["message"]
    assert service.ask("GET", "/user/leads")[1] == before


def test_a_change_adds_variables_and_moves_the_number():
    service = Service()
    service.send()
    assert service.ask("PUT", "/user/leads/90001", {"variables": {"company": "X"}, "phone_number": "+905550000009"})[0] == 200
    [listed] = service.ask("GET", "/user/leads")[1]["data"]
    assert listed["variables"] == {"name": "Ayşe", "company": "X"}
    assert service.send()[0] == 200 and service.send(phone_number="+905550000009")[0] == 422


def test_a_lead_that_is_changed_stays_where_it_was_among_the_newest():
    service = Service(leads=3)
    service.ask("PUT", "/user/leads/90001", {"status": "completed"})
    assert [one["id"] for one in service.ask("GET", "/user/leads")[1]["data"]] == [90_003, 90_002, 90_001]
    for id in (90_003, 90_001, 90_002):
        service.ask("PUT", f"/user/leads/{id}", {"campaign_id": 1051})
    assert [one["id"] for one in service.ask("GET", "/user/leads?campaign_id=1051")[1]["data"]] == [90_003, 90_002, 90_001]
    assert service.ask("GET", f"/user/leads?campaign_id={CAMPAIGN}")[1]["total"] == 0


# More digits than Python turns into a number, and none at all.
@pytest.mark.parametrize("id", ["7", "ld_7", "x", "ld_", "-90001", "9" * 5_000], ids=str.__len__)
def test_a_lead_that_is_not_there(id):
    service = Service(leads=1)
    assert service.ask("PUT", f"/user/leads/{id}", {"status": "completed"})[0] == 404
    assert service.ask("DELETE", f"/user/leads/{id}")[0] == 404
    assert service.ask("GET", f"/user/leads?campaign_id={id}")[1]["data"] == []


def test_a_campaign_is_made_with_what_it_was_given_and_listed_without_its_assistant():
    service = Service()
    given = {"name": "Yaz", "assistant_id": 501, "allowed_hours_start_time": "09:30", "max_retries": None, "colour": "red"}
    status, body = service.ask("POST", "/user/campaign", given)
    assert (status, body["data"]["id"], body["data"]["status"], body["data"]["max_retries"]) == (201, 1053, "draft", 3)
    assert body["data"]["allowed_hours_start_time"] == "09:30:00"
    assert not {"assistant_id", "colour"} & body["data"].keys()
    assert service.ask("GET", "/user/campaigns")[1][-1] == body["data"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"assistant_id": 503}, 404),  # calls nobody: it is called
        ({"assistant_id": 999}, 404),
        ({"timezone": "Nowhere"}, 422),
        ({"timezone": ["Europe/Istanbul"]}, 422),
        ({"timezone": {}}, 422),
        ({"allowed_days": [["monday"]]}, 422),
        ({"allowed_hours_start_time": "24:00"}, 422),
        ({"max_calls_in_parallel": 11}, 422),
        ({"phone_number_ids": [[71]]}, 422),
        ({"phone_number_ids": [71, 71]}, 422),
    ],
)
def test_a_campaign_that_is_refused(fields, status):
    service = Service()
    assert service.ask("POST", "/user/campaign", {"name": "Yaz", "assistant_id": 501, **fields})[0] == status
    assert len(service.world.campaigns) == 3


def test_a_plan_takes_no_more_campaigns_than_it_has():
    service = Service(plan_campaigns=4)
    assert [service.ask("POST", "/user/campaign", {"name": "Yaz", "assistant_id": 501})[0] for _ in range(2)] == [201, 403]


@pytest.mark.parametrize(
    ("json", "settings", "status"),
    [
        ({"campaign_id": CAMPAIGN, "action": "pause"}, {}, 422),
        ({"campaign_id": CAMPAIGN, "action": ["start"]}, {}, 422),
        ({"campaign_id": 9, "action": "start"}, {}, 404),
        ({"campaign_id": [CAMPAIGN], "action": "start"}, {}, 404),
        ({"campaign_id": CAMPAIGN, "action": "start"}, {"balance": 0}, 400),
    ],
)
def test_a_start_that_is_refused(json, settings, status):
    service = Service(**settings)
    assert service.ask("POST", "/user/campaigns/update-status", json)[0] == status
    assert service.world.campaigns[CAMPAIGN].status == "draft"


def test_a_campaign_without_balance_can_be_stopped():
    body = {"campaign_id": 1051, "action": "stop"}
    status, told = Service(balance=0).ask("POST", "/user/campaigns/update-status", body)
    assert (status, told["success"], told["data"]) == (200, True, {"campaign_id": 1051, "status": "stopped"})


def test_what_the_account_has():
    service = Service(balance=12.5)
    assert service.ask("GET", "/user/me")[1]["total_balance"] == "12.50"
    outbound = service.ask("GET", "/user/assistants/outbound")[1]
    assert [one["id"] for one in outbound] == [501, 502] and "post_call_schema" not in outbound[0]
    assert [one["id"] for one in service.ask("GET", "/user/assistants/get?per_page=2&page=2")[1]["data"]] == [503]
    assert len(service.ask("GET", "/user/assistants/phone-numbers")[1]) == 3
    assert service.ask("GET", "/user/assistants/phone-numbers?type=inbound")[1] == []
