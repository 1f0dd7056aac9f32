"""What only the sandbox has: its state, settings, faults, campaigns and leads, changed from outside."""

import json
from typing import Any

import pytest

from campaigns.whattalk.sandbox.control import Control
from campaigns.whattalk.sandbox.ledger import Ledger
from campaigns.whattalk.sandbox.messages import Request
from campaigns.whattalk.sandbox.server import Sandbox
from campaigns.whattalk.sandbox.settings import Settings

from .conftest import CAMPAIGN

KEY = "1|key"


@pytest.fixture
def box(tmp_path):
    sandbox = Sandbox(tmp_path, Settings(api_key=KEY))
    yield sandbox
    sandbox.close()


def ask(sandbox: Sandbox, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    answer = Control(sandbox).answer(Request(0, method, f"/_sandbox{path}", "", {}, b"", body))
    return answer.status, json.loads(answer.body)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/settings", {"gravity": 2}),
        ("POST", "/settings", {"latency_ms": "slow"}),
        ("POST", "/settings", {"balance": 7, "duplicate_style": "polite"}),
        ("POST", "/settings", {"balance": 7, "gravity": 2}),
        ("POST", "/faults", {"fault": "earthquake"}),
        ("POST", "/faults", {"rules": [{"fault": "hang"}, {"fault": "garbage", "kind": "sweet"}]}),
        ("POST", "/faults", {"rules": ["hang"]}),
        ("POST", "/faults", {"rules": {"fault": "hang"}}),
        ("POST", "/faults", {"fault": "hang", "at": "soon"}),
        ("POST", "/faults", {"fault": "set", "settings": {"gravity": 2}}),
        ("POST", "/faults", {"fault": "set", "settings": ["balance"]}),
        ("POST", "/faults", {"fault": "key_refused", "for": "nobody"}),
        ("POST", "/faults", {"fault": "campaign_deleted"}),
        ("POST", "/campaigns", {}),
        ("POST", "/campaigns", {"name": "Yaz", "colour": "red"}),
        ("POST", "/campaigns", {"name": "Yaz", "id": "7000"}),
        ("POST", "/campaigns", {"name": "Yaz", "id": [7000]}),
        ("POST", "/leads", {}),
        ("POST", "/leads", {"campaign_id": [CAMPAIGN], "phones": ["+905550000001"]}),
        ("POST", "/leads", {"campaign_id": CAMPAIGN, "phones": "+905550000001"}),
        ("POST", "/leads", {"campaign_id": CAMPAIGN, "phones": ["+905550000001", 1]}),
        ("POST", "/step", {"steps": "three"}),
        ("GET", "/nothing", None),
        ("GET", "/reset", None),
        ("DELETE", "/campaigns/x", None),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else str(value),
)
def test_what_it_does_not_know_is_refused_and_changes_nothing(box, method, path, body):
    before, recorded = Control(box).state(), box.ledger_path.read_bytes()
    status, told = ask(box, method, path, body)
    assert status in (400, 404) and told["message"]
    assert Control(box).state() == before and box.ledger_path.read_bytes() == recorded


def test_the_state_tells_what_was_asked_and_never_the_key(box):
    for path, method in (("/api/user/lead", "POST"), ("/api/nowhere", "GET")):
        request, delivery = box.receive(method, path, {}, b"{}", 1)
        box.ended(request, delivery, answered=method == "GET", why="")
    ask(box, "POST", "/faults", {"fault": "hang", "at": 9})
    status, state = ask(box, "GET", "/state")
    assert status == 200 and KEY not in json.dumps(state)
    assert state["requests"] == {"create_lead": {"unanswered": 1}, "unknown": {"302": 1}}
    assert (state["lead_posts"], state["rules"]) == (1, [{"fault": "hang", "at": 9, "fired": 0}])
    assert (state["leads"], state["campaigns"]) == ({}, {"1050": "draft", "1051": "in-progress", "1052": "stopped"})


def test_campaigns_come_and_go_and_their_leads_stay(box):
    assert ask(box, "POST", "/campaigns", {"name": "Yaz", "id": 7000, "status": "in-progress"}) == (201, {"id": 7000})
    assert ask(box, "POST", "/campaigns", {"name": "Next"}) == (201, {"id": 7001})
    ask(box, "POST", "/leads", {"campaign_id": 7000, "phones": ["+905550000001"]})
    assert ask(box, "DELETE", "/campaigns/7000")[0] == ask(box, "DELETE", "/campaigns/7000")[0] == 200
    state = Control(box).state()
    assert "7000" not in state["campaigns"] and state["leads"] == {"7000": 1}


def test_leads_that_were_there_before_are_nobodys(box):
    leads = {"campaign_id": CAMPAIGN, "phones": ["+905550000001", "+905550000001"], "status": "completed", "call_tries": 2}
    assert ask(box, "POST", "/leads", leads) == (201, {"ids": [90_001, 90_002]})
    assert [(lead.status, lead.call_tries) for lead in box.world.leads.values()] == [("completed", 2)] * 2
    assert Ledger(box.ledger_path).accepted() == {}


def test_a_reset_keeps_settings_and_forgets_rules_and_leads(box):
    ask(box, "POST", "/settings", {"balance": 7, "webhook_url": "http://127.0.0.1/"})
    ask(box, "POST", "/faults", {"fault": "hang"})
    ask(box, "POST", "/leads", {"campaign_id": CAMPAIGN, "phones": ["+905550000001"]})
    ask(box, "POST", "/reset")
    state = Control(box).state()
    assert (state["settings"]["balance"], state["rules"], state["leads"], state["lead_posts"]) == (7, [], {}, 0)


def test_steps_move_leads(box):
    ask(box, "POST", "/leads", {"campaign_id": 1051, "phones": ["+905550000001"]})
    ask(box, "POST", "/step", {})
    assert [lead.status for lead in box.world.leads.values()] == ["scheduled"]
    ask(box, "POST", "/step", {"steps": 9})
    assert [lead.status for lead in box.world.leads.values()] == ["completed"]
