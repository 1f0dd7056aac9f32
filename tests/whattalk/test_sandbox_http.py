"""The sandbox speaks HTTP and behaves as a Laravel service does."""

import json
import time

import pytest

from campaigns.whattalk.client import collect
from campaigns.whattalk.replies import Created
from campaigns.whattalk.sandbox.messages import message
from campaigns.whattalk.sandbox.settings import Settings
from campaigns.whattalk.sandbox.throttle import Throttle

from .conftest import CAMPAIGN, lead, several
from .wire import Wire


@pytest.fixture
def wire(sandbox):
    with Wire(sandbox) as opened:
        yield opened


# HTTP


def test_requests_in_a_row_are_answered_in_order(wire):
    wire.send(*(wire.request("POST", "/api/user/lead", lead(number)) for number in range(20)))
    numbers = [json.loads(wire.answer()[2])["data"]["phone_number"] for _ in range(20)]
    assert numbers == [lead(number)["phone_number"] for number in range(20)]


def test_requests_in_a_row_wait_for_the_answer_before(sandbox, wire):
    sandbox.control.settings(latency_ms=50)
    wire.send(*(wire.request("POST", "/api/user/lead", lead(number)) for number in range(3)))
    assert [wire.answer()[0] for _ in range(3)] == [200] * 3
    events = [event["event"] for event in sandbox.ledger.events() if event["event"] in ("start", "end")]
    assert events == ["start", "end"] * 3


def test_a_request_may_come_in_pieces(wire):
    raw = wire.request("POST", "/api/user/lead", lead())
    for piece in (raw[:10], raw[10:60], raw[60:-5], raw[-5:]):
        wire.send(piece)
        time.sleep(0.01)
    assert wire.answer()[0] == 200


@pytest.mark.parametrize(("raw", "status"), [
    (b"nonsense\r\n\r\n", 400),
    (b"POST /api/user/lead HTTP/1.1\r\nContent-Length: many\r\n\r\n", 400),
    (b"POST /api/user/lead HTTP/1.1\r\nno colon\r\n\r\n", 400),
    (b"POST /api/user/lead HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
    (b"POST /api/user/lead HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413),
    (b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000, 431),
])  # fmt: skip
def test_what_is_no_request_is_refused_and_the_connection_closed(wire, raw, status):
    wire.send(raw)
    assert wire.answer()[0] == status
    assert wire.is_closed()


def test_a_client_may_ask_to_close(wire):
    wire.send(b"GET /api/user/me HTTP/1.1\r\nConnection: close\r\nAccept: application/json\r\n\r\n")
    status, headers, _ = wire.answer()
    assert (status, headers["Connection"]) == (401, "close")
    assert wire.is_closed()


def test_every_answer_says_that_it_is_the_sandbox(wire):
    for path in ("/api/user/me", "/api/nowhere", "/elsewhere", "/_sandbox/state"):
        wire.send(wire.request("GET", path))
        assert wire.answer()[1]["X-WhatTalk-Sandbox"] == "1"


def test_idle_connections_are_closed_without_a_word(sandbox):
    sandbox.control.settings(keep_alive=0.05)
    with Wire(sandbox) as idle:
        assert idle.is_closed()


# Laravel's ways


def test_who_has_no_key_is_told_so_in_json_or_sent_to_a_login_page(wire):
    wire.send(wire.request("GET", "/api/user/me", key="wrong"))
    status, _, body = wire.answer()
    assert (status, json.loads(body)) == (401, {"message": "Unauthenticated."})
    wire.send(wire.request("POST", "/api/user/lead", lead(), accept="*/*", key="wrong"))
    status, headers, _ = wire.answer()
    assert (status, headers["Location"]) == (302, "/login")


def test_what_is_not_there(wire):
    wire.send(wire.request("GET", "/api/user/nothing"), wire.request("POST", "/api/user/leads", {}))
    assert [wire.answer()[0] for _ in range(2)] == [404, 404]


@pytest.mark.parametrize(("change", "fields"), [
    ({"phone_number": None}, ["phone_number"]),
    ({"campaign_id": "1050"}, ["campaign_id"]),
    ({"campaign_id": True}, ["campaign_id"]),
    ({"campaign_id": None, "phone_number": ""}, ["phone_number", "campaign_id"]),
    ({"variables": "name"}, ["variables"]),
    ({"allow_dupplicate": "yes"}, ["allow_dupplicate"]),
    ({"secondary_contacts": {}}, ["secondary_contacts"]),
    ({"secondary_contacts": "x"}, ["secondary_contacts"]),
    ({"secondary_contacts": [{}]}, ["secondary_contacts.0.phone_number"]),
    ({"secondary_contacts": [{"phone_number": "+905550000000", "variables": 1}]}, ["secondary_contacts.0.variables"]),
    ({"secondary_contacts": [{"phone_number": "+905550000000"}] * 11}, ["secondary_contacts"]),
])  # fmt: skip
def test_validation(wire, change, fields):
    wire.send(wire.request("POST", "/api/user/lead", {**lead(), **change}))
    status, _, body = wire.answer()
    assert (status, list(json.loads(body)["errors"])) == (422, fields)


def test_a_body_that_is_no_object(wire):
    wire.send(wire.request("POST", "/api/user/lead", ["x"]))
    assert wire.answer()[0] == 422


def test_a_page_of_leads_is_a_laravel_paginator(sandbox, wire):
    sandbox.control.add_leads(CAMPAIGN, [lead(number)["phone_number"] for number in range(7)])
    wire.send(wire.request("GET", f"/api/user/leads?campaign_id={CAMPAIGN}&per_page=3&page=2"))
    page = json.loads(wire.answer()[2])
    told = {key: page[key] for key in ("current_page", "from", "to", "last_page", "per_page", "total")}
    assert told == {"current_page": 2, "from": 4, "to": 6, "last_page": 3, "per_page": 3, "total": 7}
    assert page["next_page_url"].endswith("page=3") and page["prev_page_url"].endswith("page=1")
    assert [one["phone_number"][-1] for one in page["data"]] == ["3", "2", "1"]  # newest first
    assert {"id", "campaign_id", "status", "variables", "created_at", "updated_at", "campaign"} <= page["data"][0].keys()


def test_fifteen_leads_a_page_unless_asked_otherwise(sandbox, wire):
    sandbox.control.add_leads(CAMPAIGN, [lead(number)["phone_number"] for number in range(20)])
    wire.send(wire.request("GET", "/api/user/leads"), wire.request("GET", "/api/user/leads?per_page=101"))
    assert len(json.loads(wire.answer()[2])["data"]) == 15
    assert wire.answer()[0] == 422


def test_a_plus_in_an_address_is_a_space(sandbox, wire):
    """As everywhere on the web; who means a plus writes %2B."""
    sandbox.control.add_leads(CAMPAIGN, ["+905550000001"])
    wire.send(*(wire.request("GET", f"/api/user/leads?phone_number={plus}90555") for plus in ("+", "%2B")))
    assert [json.loads(wire.answer()[2])["total"] for _ in range(2)] == [0, 1]


def test_settings_where_the_real_one_is_unknown(sandbox, ask):
    sandbox.control.settings(unknown_variables="refuse", closed_campaigns="refuse")
    unknown, closed, known = ask(lambda client: several(
        client, lead(variables={"shoe_size": "43"}), lead(campaign_id=1052), lead(variables={"company": "X"})
    ))  # fmt: skip
    assert "shoe_size" in unknown.message and "stopped" in closed.message
    assert isinstance(known, Created)


def test_the_real_rate_limit_has_windows(sandbox, ask):
    sandbox.control.settings(rate_limit=2, rate_window=600)
    outcomes = ask(lambda client: several(client, *map(lead, range(3))))
    assert [type(outcome).__name__ for outcome in outcomes] == ["Created", "Created", "NotAccepted"]


def test_a_window_of_the_rate_limit_begins_with_its_first_request():
    moments = iter([5.0, 5.2, 5.25, 5.31, 5.4, 5.6])
    throttle = Throttle(Settings(rate_limit=2, rate_window=0.3), clock=lambda: next(moments))
    assert [throttle.refuse() is None for _ in range(6)] == [True, True, False, True, True, False]


def taken_at(moments: list[float], **settings) -> list[bool]:
    """Which requests of these moments a limit of two in ten seconds takes."""
    clock = iter(moments)
    throttle = Throttle(Settings(rate_limit=2, rate_window=10, **settings), clock=lambda: next(clock))
    return [throttle.refuse() is None for _ in moments]


def test_limits_are_counted_in_every_usual_way():
    moments = [8.0, 8.1, 9.0, 10.5, 18.05, 18.2]
    assert taken_at(moments, rate_kind="fixed") == [True, True, False, False, True, True]
    assert taken_at(moments, rate_kind="clock") == [True, True, False, True, True, False]
    assert taken_at(moments, rate_kind="sliding") == [True, True, False, False, True, True]
    assert taken_at(moments, rate_kind="bucket") == [True, True, False, False, True, True]
    assert taken_at(moments, rate_kind="bucket", rate_burst=1) == [True, False, False, False, True, False]
    assert taken_at(moments, rate_kind="sliding", rate_counts_refused=True) == [True, True, False, False, False, False]


@pytest.mark.parametrize(("says", "headers"), [(True, {"Retry-After", "X-RateLimit-Reset"}), (False, set())])
def test_a_limit_may_be_told_or_kept_quiet(says, headers):
    throttle = Throttle(Settings(rate_limit=1, rate_headers=says, rate_retry_after=says))
    taken = throttle.mark(message(200, "fine"))
    assert {name for name, _ in taken.headers} == ({"X-RateLimit-Limit", "X-RateLimit-Remaining"} if says else set())
    assert throttle.refuse() is None
    assert {name for name, _ in throttle.refuse().headers} == headers


def test_a_new_lead_may_be_listed_late(sandbox, ask):
    sandbox.control.settings(lookup_lag=60)
    ask(lambda client: client.create_lead(lead()))
    assert ask(lambda client: collect(client.find_leads(campaign_id=CAMPAIGN))) == []
    sandbox.control.settings(lookup_lag=0)
    assert len(ask(lambda client: collect(client.find_leads(campaign_id=CAMPAIGN)))) == 1
