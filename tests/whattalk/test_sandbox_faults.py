"""The sandbox's scripted faults, and the ledger that records them."""

import time

from campaigns.whattalk.replies import Created

from .conftest import CAMPAIGN, lead, several
from .wire import Wire

# Faults


def test_rules_combine(sandbox, ask):
    phones = [lead(number)["phone_number"] for number in (2, 4, 6)]
    sandbox.control.faults({"fault": "500_before", "phones": phones, "times": 2, "at": 3})
    outcomes = ask(lambda client: several(client, *map(lead, range(8))))
    assert [index for index, outcome in enumerate(outcomes) if not isinstance(outcome, Created)] == [2, 4]
    assert sandbox.control.state()["faults_fired"] == {"500_before": 2}


def test_a_rate_is_kept_and_can_be_repeated(sandbox, ask):
    def hit() -> list[int]:
        sandbox.control.reset()
        sandbox.control.faults({"fault": "500_before", "rate": 0.2}, seed=7)
        outcomes = ask(lambda client: several(client, *map(lead, range(300))))
        return [index for index, outcome in enumerate(outcomes) if not isinstance(outcome, Created)]

    first = hit()
    assert 35 <= len(first) <= 85
    assert hit() == first


def test_a_moment_to_wait_for_is_told_on_the_services_own_clock(sandbox, ask):
    sandbox.control.settings(clock_offset=-400)
    sandbox.control.fault("429", retry_after="date", seconds=5)
    assert 3 <= ask(lambda client: client.create_lead(lead())).retry_after <= 5


def test_no_more_faults(sandbox, ask):
    sandbox.control.fault("500_before")
    sandbox.control.clear_faults()
    assert isinstance(ask(lambda client: client.create_lead(lead())), Created)


def test_settings_may_change_at_a_certain_lead(sandbox, ask):
    sandbox.control.fault("set", at=2, settings={"duplicate_style": "409", "balance": 5})
    ask(lambda client: several(client, *map(lead, range(3))))
    settings = sandbox.control.state()["settings"]
    assert (settings["duplicate_style"], settings["balance"]) == ("409", 5)
    assert "api_key" not in settings


def test_latency_is_waited(sandbox, ask):
    sandbox.control.settings(latency_ms=80)
    began = time.monotonic()
    ask(lambda client: client.create_lead(lead()))
    assert time.monotonic() - began >= 0.08


# The ledger


def test_the_ledger_tells_what_happened(sandbox, ask):
    sandbox.control.fault("500_after", at=2)
    ask(lambda client: several(client, lead(1), lead(2, allow_dupplicate=True)))
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
    assert abs(first.wall - time.time()) < 3600  # of this day, not of 1970


def test_open_requests_for_one_number_are_seen(sandbox):
    sandbox.control.fault("hang_after", times=1)
    with Wire(sandbox) as one, Wire(sandbox) as other:
        one.send(one.request("POST", "/api/user/lead", lead(1)))
        sandbox.control.wait_for(lambda state: state["open"] == 1)
        other.send(other.request("POST", "/api/user/lead", lead(1)), other.request("POST", "/api/user/lead", lead(2)))
        assert [other.answer()[0] for _ in range(2)] == [422, 200]
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


def test_the_ledger_tells_whose_leads_there_are_and_who_deleted_them(sandbox, ask):
    sandbox.control.faults(
        {"fault": "500_before", "at": 1, "times": 1, "foreign": {"variables": {"name": "Before"}}},
        {"fault": "500_after", "at": 2, "times": 1, "foreign": {"alike": True, "after": True}},
    )
    ask(lambda client: several(client, lead(1), lead(2)))
    told = [
        (event["n"] > 0, event["lead"]["phone_number"][-1], event["lead"]["variables"]["name"])
        for event in sandbox.ledger.events("lead")
    ]
    assert told == [(False, "1", "Before"), (True, "2", "Ayşe"), (False, "2", "Ayşe")]
    ask(lambda client: client.delete_lead("90001"))
    [deleted] = sandbox.ledger.events("delete")
    assert deleted["id"] == 90_001 and deleted["n"] > max(post.n for post in sandbox.ledger.posts())
