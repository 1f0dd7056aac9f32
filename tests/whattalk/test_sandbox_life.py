"""Leads that are called, restarts, and the command that starts a sandbox."""

import http.server
import json
import subprocess
import sys
import threading
import urllib.request

import pytest

from campaigns.whattalk.client import call, collect
from campaigns.whattalk.replies import Created
from campaigns.whattalk.sandbox.process import ROOT, SandboxProcess
from config.launcher.ports import free_port
from tests.processes import PATIENCE, wait_until
from tests.servers import listens

from .conftest import CAMPAIGN, lead
from .wire import Wire

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
    wait_until(lambda: [one.status for one in ask(lambda client: collect(client.find_leads(campaign_id=1051)))] == ["completed"])


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
        wait_until(lambda: told)
        hook.shutdown()
    report = told[0]
    assert report["customer_phone"] == "+905550000001"
    assert report["lead"]["campaign"]["id"] == 1051
    assert {"id", "status", "duration", "extracted_variables", "input_variables", "transcript", "finished_at"} <= report.keys()


# Its life


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_everything_is_there_again_after_a_restart(tmp_path, end):
    with SandboxProcess(tmp_path, port=free_port()) as sandbox:

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


def test_a_request_open_at_a_kill_is_over_with_the_process(tmp_path):
    with SandboxProcess(tmp_path, port=free_port(), fault={"fault": "hang"}) as sandbox:
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
        cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    port = int(starter.stdout)
    wait_until(lambda: not listens(port), what="the sandbox ends with its starter")


def test_the_command_for_people(tmp_path):
    command = [sys.executable, "manage.py", "sandbox", "--port", "0", "--data", str(tmp_path), "--api-key", "1|people",
               "--latency", "5", "--set", "plan_campaigns=4", "--fault", "500_before:0.5", "--fault", '{"fault": "hang", "at": 9}']  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            said = process.stdout.readline()
            assert "1|people" in process.stdout.readline()
            base_url = said.split()[-1]
            state = json.load(urllib.request.urlopen(base_url.replace("/api", "/_sandbox/state"), timeout=PATIENCE))
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
    done = subprocess.run(
        [sys.executable, "manage.py", "sandbox", *options], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode != 0 and said in done.stderr and "Traceback" not in done.stderr
