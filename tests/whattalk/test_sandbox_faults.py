"""The sandbox's scripted faults."""

import time

from campaigns.whattalk.replies import Created

from .conftest import lead, several


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
