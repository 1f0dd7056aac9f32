"""The sandbox itself: it must be what it says before anything can be proved against it."""

import http.server
import json
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import pytest

from campaigns.whattalk.answers import Created
from campaigns.whattalk.client import call, collect
from campaigns.whattalk.sandbox.process import ROOT, SandboxProcess

from .conftest import CAMPAIGN, lead


class Wire:
    """A socket to the sandbox, to say things no client would."""

    def __init__(self, sandbox: SandboxProcess):
        self.sandbox = sandbox
        self.socket = socket.create_connection(("127.0.0.1", sandbox.options["port"]), timeout=5)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.file.close()
        self.socket.close()

    def request(self, method: str, path: str, body: dict | None = None, accept: str = "application/json", key: str = "") -> bytes:
        data = b"" if body is None else json.dumps(body).encode()
        head = (f"{method} {path} HTTP/1.1\r\nHost: sandbox\r\nAccept: {accept}\r\nContent-Length: {len(data)}\r\n"
                f"Authorization: Bearer {key or self.sandbox.api_key}\r\n\r\n")  # fmt: skip
        return head.encode() + data

    def send(self, *raw: bytes) -> None:
        self.socket.sendall(b"".join(raw))

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        status = int(self.file.readline().split()[1])
        headers = {}
        while line := self.file.readline().strip():
            name, _, value = line.decode().partition(": ")
            headers[name] = value
        return status, headers, self.file.read(int(headers.get("Content-Length", 0)))

    def is_closed(self) -> bool:
        return self.file.read() == b""


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
    time.sleep(1.1)  # until the watch that began with the longer patience is over
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
    unknown, closed, known = ask(lambda client: _several(
        client, lead(variables={"shoe_size": "43"}), lead(campaign_id=1052), lead(variables={"company": "X"})
    ))  # fmt: skip
    assert "shoe_size" in unknown.message and "stopped" in closed.message
    assert isinstance(known, Created)


async def _several(client, *leads):
    return [await client.create_lead(one) for one in leads]


def test_the_real_rate_limit_has_windows(sandbox, ask):
    sandbox.control.settings(rate_limit=2, rate_window=0.3)
    outcomes = ask(lambda client: _several(client, *map(lead, range(3))))
    time.sleep(0.35)
    outcomes += ask(lambda client: _several(client, *map(lead, range(3, 5))))
    assert [type(outcome).__name__ for outcome in outcomes] == ["Created", "Created", "NotAccepted", "Created", "Created"]


def test_a_new_lead_may_be_listed_late(sandbox, ask):
    sandbox.control.settings(lookup_lag=60)
    ask(lambda client: client.create_lead(lead()))
    assert ask(lambda client: collect(client.find_leads(campaign_id=CAMPAIGN))) == []
    sandbox.control.settings(lookup_lag=0)
    assert len(ask(lambda client: collect(client.find_leads(campaign_id=CAMPAIGN)))) == 1


# Trouble


def test_rules_combine(sandbox, ask):
    phones = [lead(number)["phone_number"] for number in (2, 4, 6)]
    sandbox.control.faults({"fault": "500_before", "phones": phones, "times": 2, "at": 3})
    outcomes = ask(lambda client: _several(client, *map(lead, range(8))))
    assert [index for index, outcome in enumerate(outcomes) if not isinstance(outcome, Created)] == [2, 4]
    assert sandbox.control.state()["faults_fired"] == {"500_before": 2}


def test_a_rate_is_kept_and_can_be_repeated(sandbox, ask):
    def hit() -> list[int]:
        sandbox.control.reset()
        sandbox.control.faults({"fault": "500_before", "rate": 0.2}, seed=7)
        outcomes = ask(lambda client: _several(client, *map(lead, range(300))))
        return [index for index, outcome in enumerate(outcomes) if not isinstance(outcome, Created)]

    first = hit()
    assert 35 <= len(first) <= 85
    assert hit() == first


def test_no_more_trouble(sandbox, ask):
    sandbox.control.fault("500_before")
    sandbox.control.clear_faults()
    assert isinstance(ask(lambda client: client.create_lead(lead())), Created)


@pytest.mark.parametrize("ask_for", [
    lambda control: control.fault("earthquake"),
    lambda control: control.fault("garbage", kind="sweet"),
    lambda control: control.settings(gravity=2),
    lambda control: control.settings(latency_ms="slow"),
    lambda control: control.settings(duplicate_style="polite"),
    lambda control: control._ask("GET", "/nothing"),
    lambda control: control._ask("POST", "/leads", {}),
])  # fmt: skip
def test_what_the_control_does_not_know_it_refuses(sandbox, ask_for):
    with pytest.raises(RuntimeError):
        ask_for(sandbox.control)


def test_settings_may_change_at_a_certain_lead(sandbox, ask):
    sandbox.control.fault("set", at=2, settings={"duplicate_style": "409", "balance": 5})
    ask(lambda client: _several(client, *map(lead, range(3))))
    settings = sandbox.control.state()["settings"]
    assert (settings["duplicate_style"], settings["balance"]) == ("409", 5)
    assert "api_key" not in settings


def test_latency_is_waited(sandbox, ask):
    sandbox.control.settings(latency_ms=80)
    began = time.monotonic()
    ask(lambda client: client.create_lead(lead()))
    assert 0.08 <= time.monotonic() - began < 1


def test_campaigns_come_and_go(sandbox, ask):
    id = sandbox.control.add_campaign("Deneme", id=7000, status="in-progress")
    assert id == 7000
    assert isinstance(ask(lambda client: client.create_lead(lead(campaign_id=7000))), Created)
    sandbox.control.delete_campaign(7000)
    assert "7000" not in sandbox.control.state()["campaigns"]


# The ledger


def test_the_ledger_tells_what_happened(sandbox, ask):
    sandbox.control.fault("500_after", at=2)
    ask(lambda client: _several(client, lead(1), lead(2, allow_dupplicate=True)))
    first, second = sandbox.ledger.posts()
    assert (first.phone, first.campaign, first.block, first.status, first.fault) == (
        lead(1)["phone_number"], str(CAMPAIGN), True, 200, None,
    )  # fmt: skip
    assert (second.block, second.status, second.fault) == (False, 500, "500_after")
    assert sandbox.ledger.accepted() == {
        (first.campaign, first.phone): [first.lead],
        (second.campaign, second.phone): [second.lead],
    }
    assert first.started <= first.ended <= second.started
    assert abs(first.wall - time.time()) < 60


def test_open_requests_for_one_number_are_seen(sandbox):
    sandbox.control.settings(latency_ms=150)
    with Wire(sandbox) as one, Wire(sandbox) as other:
        one.send(one.request("POST", "/api/user/lead", lead(1)))
        other.send(other.request("POST", "/api/user/lead", lead(1)))
        assert {one.answer()[0], other.answer()[0]} == {200, 422}
        one.send(one.request("POST", "/api/user/lead", lead(2)))
        other.send(other.request("POST", "/api/user/lead", lead(3)))
        assert {one.answer()[0], other.answer()[0]} == {200}
    [(first, second)] = sandbox.ledger.overlaps()
    assert first.phone == second.phone == lead(1)["phone_number"]


def test_a_client_that_hangs_up_ends_its_request(sandbox):
    sandbox.control.fault("hang_after")
    with Wire(sandbox) as wire:
        wire.send(wire.request("POST", "/api/user/lead", lead()))
        sandbox.control.wait_for(lambda state: state["open"] == 1)
    sandbox.control.wait_for(lambda state: state["open"] == 0)
    [post] = sandbox.ledger.posts()
    assert (post.status, post.lead is not None, post.fault) == (None, True, "hang_after")
    assert [event["why"] for event in sandbox.ledger.events() if event["event"] == "end"] == ["gone"]


def test_a_reset_forgets(sandbox, ask):
    ask(lambda client: client.create_lead(lead()))
    sandbox.control.reset()
    assert sandbox.ledger.posts() == [] and sandbox.ledger.accepted() == {}
    assert sandbox.control.state()["leads"] == {}
    assert any("phone" in event for event in sandbox.ledger.all_events())


def test_leads_that_were_there_before_are_nobodys(sandbox):
    sandbox.control.add_leads(CAMPAIGN, ["+905550000001"])
    assert sandbox.ledger.accepted() == {}


# Being called


def test_leads_move_while_their_campaign_is_in_progress(sandbox, ask):
    sandbox.control.add_leads(CAMPAIGN, [lead(number)["phone_number"] for number in range(20)])
    sandbox.control.step(3)
    assert _statuses(ask) == {"created": 20}
    ask(lambda client: client.start_campaign(CAMPAIGN))
    sandbox.control.step()
    assert _statuses(ask) == {"scheduled": 20}
    sandbox.control.step()
    assert _statuses(ask) == {"scheduled": 17, "processing": 3}
    ask(lambda client: client.stop_campaign(CAMPAIGN))
    sandbox.control.step(5)
    assert _statuses(ask) == {"scheduled": 17, "processing": 3}
    ask(lambda client: client.start_campaign(CAMPAIGN))
    sandbox.control.step(80)
    assert _statuses(ask) == {"completed": 18, "reached-max-retries": 2}
    assert sandbox.control.state()["campaigns"][str(CAMPAIGN)] == "completed"


def _statuses(ask) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in ask(lambda client: collect(client.find_leads(campaign_id=CAMPAIGN))):
        found[one.status] = found.get(one.status, 0) + 1
    return found


def test_a_campaign_without_leads_stays_in_progress(sandbox, ask):
    ask(lambda client: client.start_campaign(CAMPAIGN))
    sandbox.control.step(5)
    assert sandbox.control.state()["campaigns"][str(CAMPAIGN)] == "in-progress"


def test_they_move_by_themselves(sandbox, ask):
    sandbox.control.settings(lead_pace=0.01)
    sandbox.control.add_leads(1051, ["+905550000001"])
    until = time.monotonic() + 10
    while time.monotonic() < until:
        [one] = ask(lambda client: collect(client.find_leads(campaign_id=1051)))
        if one.status == "completed":
            return
    pytest.fail(f"the lead is still {one.status}")


def test_a_call_is_told_to_the_webhook(sandbox, ask):
    told: list[dict] = []

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Hook) as hook:
        threading.Thread(target=hook.serve_forever, daemon=True).start()
        sandbox.control.settings(webhook_url=f"http://127.0.0.1:{hook.server_port}/secret", lead_pace=0.02)
        sandbox.control.add_leads(1051, ["+905550000001"])
        until = time.monotonic() + 10
        while not told and time.monotonic() < until:
            time.sleep(0.02)
        hook.shutdown()
    report = told[0]
    assert report["customer_phone"] == "+905550000001"
    assert report["lead"]["campaign"]["id"] == 1051
    assert {"id", "status", "duration", "extracted_variables", "input_variables", "transcript", "finished_at"} <= report.keys()


# Its life


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_everything_is_there_again_after_a_restart(tmp_path, end):
    with SandboxProcess(tmp_path) as sandbox:

        def ask(question):
            return call(sandbox.base_url, sandbox.api_key, question, allow_local=True)

        kept, changed, deleted = (ask(lambda client, n=n: client.create_lead(lead(n))).remote_id for n in range(3))
        ask(lambda client: client.update_lead(changed, status="completed", variables={"company": "X"}))
        ask(lambda client: client.delete_lead(deleted))
        ask(lambda client: client.create_campaign(name="Yaz", assistant_id=501))
        ask(lambda client: client.start_campaign(CAMPAIGN))
        sandbox.control.step(2)
        before = (ask(lambda client: collect(client.find_leads())), ask(lambda client: client.list_campaigns()))
        base_url, key, posts = sandbox.base_url, sandbox.api_key, sandbox.ledger.posts()

        getattr(sandbox, end)()
        sandbox.start()

        assert (sandbox.base_url, sandbox.api_key) == (base_url, key)
        after = (ask(lambda client: collect(client.find_leads())), ask(lambda client: client.list_campaigns()))
        assert [one.raw | {"updated_at": ""} for one in after[0]] == [one.raw | {"updated_at": ""} for one in before[0]]
        assert [(one.id, one.name, one.status) for one in after[1]] == [(one.id, one.name, one.status) for one in before[1]]
        assert sandbox.ledger.posts() == posts
        assert not isinstance(ask(lambda client: client.create_lead(lead(0))), Created)
        again = ask(lambda client: client.create_lead(lead(2)))
        assert isinstance(again, Created) and again.remote_id not in (kept, changed, deleted)
        assert sandbox.control.state()["lead_posts"] == 5


def test_half_a_line_is_forgiven(tmp_path):
    with SandboxProcess(tmp_path) as sandbox:
        call(sandbox.base_url, sandbox.api_key, lambda client: client.create_lead(lead()), allow_local=True)
        sandbox.kill()
        with sandbox.ledger.path.open("ab") as file:
            file.write(b'{"event":"start","n":99')
        sandbox.start()
        assert len(sandbox.ledger.posts()) == 1


def test_a_request_open_at_a_kill_is_over_with_the_process(tmp_path):
    with SandboxProcess(tmp_path, fault={"fault": "hang"}) as sandbox:
        with Wire(sandbox) as wire:
            wire.send(wire.request("POST", "/api/user/lead", lead()))
            sandbox.control.wait_for(lambda state: state["open"] == 1)
            sandbox.kill()
        sandbox.options["fault"] = []
        sandbox.start()
        call(sandbox.base_url, sandbox.api_key, lambda client: client.create_lead(lead()), allow_local=True)
        assert len(sandbox.ledger.posts()) == 2 and sandbox.ledger.overlaps() == []


def test_it_ends_with_its_starter():
    starter = subprocess.run(
        [sys.executable, "-c", "from campaigns.whattalk.sandbox.process import SandboxProcess as S; s = S().start(); "
         "print(s.options['port'], flush=True); import os; os._exit(1)"],
        cwd=ROOT, capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    port = int(starter.stdout)
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.05)
    pytest.fail("the sandbox outlived its starter")


def test_the_command_for_people(tmp_path):
    command = [sys.executable, "manage.py", "sandbox", "--port", "0", "--data", str(tmp_path), "--api-key", "1|people",
               "--latency", "5", "--set", "plan_campaigns=4", "--fault", "500_before:0.5", "--fault", '{"fault": "hang", "at": 9}']  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            said = process.stdout.readline()
            assert "1|people" in process.stdout.readline()
            base_url = said.split()[-1]
            state = json.load(urllib.request.urlopen(base_url.replace("/api", "/_sandbox/state"), timeout=10))
        finally:
            process.terminate()
    assert process.returncode == 0
    assert (state["settings"]["latency_ms"], state["settings"]["plan_campaigns"]) == (5, 4)
    assert [(rule["fault"], rule.get("rate"), rule.get("at")) for rule in state["rules"]] == [
        ("500_before", 0.5, None), ("hang", None, 9),
    ]  # fmt: skip


@pytest.mark.parametrize(("option", "said"), [
    (["--port", "{taken}"], "another port"),
    (["--port", "0", "--set", "gravity=1"], "gravity"),
    (["--port", "0", "--fault", "earthquake"], "earthquake"),
])  # fmt: skip
def test_the_command_says_what_is_wrong(sandbox, option, said):
    options = [part.format(taken=sandbox.options["port"]) for part in option]
    done = subprocess.run([sys.executable, "manage.py", "sandbox", *options], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode != 0 and said in done.stderr and "Traceback" not in done.stderr
