"""The sandbox as a whole, in one process: what happens to a request between arriving and being answered, and what a restart finds."""

import json
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from campaigns.whattalk.sandbox.faults import Delivery
from campaigns.whattalk.sandbox.http import Connection
from campaigns.whattalk.sandbox.ledger import Ledger
from campaigns.whattalk.sandbox.server import Sandbox
from campaigns.whattalk.sandbox.settings import Settings

from .conftest import CAMPAIGN, lead

KEY = "1|key"
Begin = Callable[..., Sandbox]


@pytest.fixture
def begin(tmp_path) -> Iterator[Begin]:
    """`begin(latency_ms=5)`: a sandbox with the data that the one before has left."""
    with ExitStack() as opened:

        def beginning(**settings: Any) -> Sandbox:
            sandbox = Sandbox(tmp_path / "data", Settings(**{"api_key": KEY, **settings}))
            opened.callback(sandbox.writer.close)
            return sandbox

        yield beginning


def ask(sandbox: Sandbox, method: str, target: str, body: dict | None = None) -> Delivery:
    """Received and, unless it hangs, answered."""
    headers = {b"authorization": f"Bearer {sandbox.settings.api_key}".encode(), b"accept": b"application/json"}
    request, delivery = sandbox.receive(method, target, headers, b"" if body is None else json.dumps(body).encode(), 1)
    if delivery.manner == "whole":
        sandbox.ended(request, delivery, answered=True, why="")
    return delivery


def send(sandbox: Sandbox, number: int = 1, **more: Any) -> Delivery:
    return ask(sandbox, "POST", "/api/user/lead", lead(number, **more))


def ledger(sandbox: Sandbox) -> Ledger:
    return Ledger(sandbox.ledger_path)


def test_only_what_is_asked_of_whattalk_is_recorded(begin):
    sandbox = begin()
    statuses = [ask(sandbox, "GET", target).answer.status for target in ("/", "/user/me", "/_sandbox/state", "/api/user/me?x=1")]
    assert statuses == [404, 404, 200, 200]
    assert [(event["n"], event["operation"], event["path"]) for event in ledger(sandbox).events("start")] == [
        (1, "me", "/user/me")
    ]


def test_the_ledger_tells_what_became_of_a_lead(begin):
    sandbox = begin()
    sandbox.faults.add([{"fault": "500_after", "at": 2, "times": 1}, {"fault": "hang", "at": 3}])
    send(sandbox, 1)
    send(sandbox, 2, allow_dupplicate=True)
    assert send(sandbox, 3).answer is None
    posts = [(post.phone[-1], post.block, post.status, post.lead, post.fault) for post in ledger(sandbox).posts()]
    assert posts == [("1", True, 200, "90001", None), ("2", False, 500, "90002", "500_after"), ("3", True, None, None, None)]
    assert [event.get("accepted") for event in ledger(sandbox).events("end")] == [True, True]


def test_whose_leads_there_are_and_who_deleted_them(begin):
    sandbox = begin()
    sandbox.faults.add(
        [
            {"fault": "500_before", "at": 1, "times": 1, "foreign": {"variables": {"name": "Before"}, "seconds_ago": 60}},
            {"fault": "500_after", "at": 2, "times": 1, "foreign": {"alike": True, "after": True}},
        ]
    )
    send(sandbox, 1)
    send(sandbox, 2)
    told = [
        (event["n"], event["lead"]["phone_number"][-1], event["lead"]["variables"]["name"])
        for event in ledger(sandbox).events("lead")
    ]
    assert told == [(0, "1", "Before"), (2, "2", "Ayşe"), (0, "2", "Ayşe")]
    assert sandbox.world.leads[90_001].created < sandbox.world.leads[90_002].created - 50
    ask(sandbox, "DELETE", "/api/user/leads/90001")
    assert [(event["n"], event["id"]) for event in ledger(sandbox).events("delete")] == [(3, 90_001)]


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"x"', b"\xff", b'{"phone_number": null, "campaign_id": {"a": 1}}'])
def test_a_body_that_is_no_lead_is_answered_and_recorded(begin, body):
    sandbox = begin()
    sandbox.faults.add([{"fault": "500_after", "foreign": {}, "at": 2}])
    headers = {b"authorization": f"Bearer {KEY}".encode(), b"accept": b"application/json"}
    statuses = [sandbox.receive("POST", "/api/user/lead", headers, body, 1)[1].answer.status for _ in range(2)]
    assert statuses == [422, 500]
    assert [post.lead for post in ledger(sandbox).posts()] == [None, None]
    begin()  # and what was recorded can be read


def test_the_rate_limit_comes_before_faults_and_counts_what_it_takes(begin):
    sandbox = begin(rate_limit=2)
    sandbox.faults.add([{"fault": "500_before", "times": 1}])
    deliveries = [send(sandbox, number) for number in range(4)]
    assert [one.answer.status for one in deliveries] == [500, 200, 429, 429]
    assert [dict(one.answer.headers).get("X-RateLimit-Remaining") for one in deliveries] == ["1", "0", "0", "0"]
    assert sandbox.ordinals["create_lead"] == 4 and len(sandbox.world.leads) == 1
    sandbox.start_over()
    assert send(sandbox).answer.status == 200 and sandbox.ordinals["create_lead"] == 1


def test_latency_jitter_and_a_slow_fault_add_up(begin):
    sandbox = begin(latency_ms=50)
    assert send(sandbox, 1).delay == 0.05
    sandbox.settings.change(jitter_ms=100)
    delays = {send(sandbox, number).delay for number in range(2, 22)}
    assert len(delays) == 20 and all(0.05 <= delay <= 0.15 for delay in delays)
    sandbox.faults.add([{"fault": "slow", "seconds": 3}])
    assert 3.05 <= send(sandbox, 30).delay <= 3.15
    assert ask(sandbox, "GET", "/_sandbox/state").delay == 0


def test_everything_is_there_again_after_a_restart(begin):
    first = begin()
    first.world.add_campaign(name="Yaz", assistant_id=501)
    first.world.delete_campaign(1052)
    for number in range(3):
        send(first, number)
    ask(first, "PUT", "/api/user/leads/90001", {"status": "completed", "phone_number": "+905550000009"})
    ask(first, "DELETE", "/api/user/leads/90003")
    ask(first, "POST", "/api/user/campaigns/update-status", {"campaign_id": CAMPAIGN, "action": "start"})
    first.pace.step()
    with first.ledger_path.open("ab") as file:
        file.write(b'{"event":"start","n":99')  # it was killed while it wrote
    second = begin()

    def left(sandbox: Sandbox) -> list[tuple]:
        return [(one.id, one.phone_number, one.status, one.variables) for one in sandbox.world.newest_first()]

    assert left(second) == left(first) == [
        (90_002, lead(1)["phone_number"], "scheduled", {"name": "Ayşe"}),
        (90_001, "+905550000009", "completed", {"name": "Ayşe"}),
    ]  # fmt: skip
    assert [(one.id, one.name, one.status) for one in second.world.campaigns.values()] == [
        (one.id, one.name, one.status) for one in first.world.campaigns.values()
    ]
    assert (send(second, 1).answer.status, send(second, 2).answer.lead) == (422, 90_004)
    assert second.ordinals["create_lead"] == 5
    assert [post.n for post in ledger(second).posts()] == [1, 2, 3, 7, 8]


def test_a_restart_after_a_reset_finds_what_came_after_it(begin):
    first = begin()
    send(first, 1)
    first.start_over()
    send(first, 2)
    second = begin()
    assert [(one.id, one.phone_number) for one in second.world.leads.values()] == [(90_001, lead(2)["phone_number"])]
    assert second.ordinals["create_lead"] == 1 and len(second.world.campaigns) == 3
    assert send(second, 3).answer.lead == 90_002


def test_a_key_is_made_once_and_kept_from_others(begin, tmp_path):
    made = begin(api_key="").settings.api_key
    assert len(made) > 40 and begin(api_key="").settings.api_key == made
    assert stat.S_IMODE((tmp_path / "data/api-key").stat().st_mode) == 0o600
    assert begin(api_key="1|other").settings.api_key == "1|other"


def test_what_is_open_at_the_end_is_recorded_as_cut_short(tmp_path):
    class Transport:
        aborted = False

        def is_closing(self) -> bool:
            return False

        def abort(self) -> None:
            self.aborted = True

    sandbox = Sandbox(tmp_path, Settings())
    sandbox.faults.add([{"fault": "hang"}])
    connection = Connection(sandbox, sandbox.connections, 1)
    connection.connection_made(Transport())
    connection.data_received(b"POST /api/user/lead HTTP/1.1\r\n\r\n")
    sandbox.close()
    assert connection.transport.aborted
    assert [(event["status"], event["why"]) for event in ledger(sandbox).events("end")] == [(None, "shutdown")]
