"""Every call but the lead POST, against the sandbox: what it gives, and what it raises."""

from datetime import datetime

import pytest

from campaigns.whattalk import errors
from campaigns.whattalk.client import call, collect
from campaigns.whattalk.transport import Limits

from .conftest import CAMPAIGN, lead

PHONES = [f"+90555{number:07}" for number in range(250)]


def pages(**filters):
    return lambda client: collect(client.lead_pages(**filters))


def leads(**filters):
    return lambda client: collect(client.find_leads(**filters))


# Leads


@pytest.mark.parametrize("bare", [False, True])
def test_all_pages_of_a_campaign(sandbox, ask, bare):
    sandbox.control.add_leads(CAMPAIGN, PHONES)
    sandbox.control.add_leads(CAMPAIGN + 1, PHONES[:5])
    sandbox.control.settings(bare_lists=bare)
    found = ask(pages(campaign_id=CAMPAIGN))
    assert [len(page.leads) for page in found] == [100, 100, 50, *([0] if bare else [])]
    assert [(page.page, page.last_page, page.total) for page in found] == [
        (number, None if bare else 3, None if bare else 250) for number in range(1, 5 if bare else 4)
    ]
    assert {one.phone_number for page in found for one in page.leads} == set(PHONES)


@pytest.mark.parametrize("bare", [False, True])
def test_a_last_page_that_is_full_ends_it(sandbox, ask, bare):
    sandbox.control.add_leads(CAMPAIGN, PHONES[:200])
    sandbox.control.settings(bare_lists=bare)
    assert len(ask(leads(campaign_id=CAMPAIGN))) == 200


def test_paging_may_begin_later(sandbox, ask):
    sandbox.control.add_leads(CAMPAIGN, PHONES)
    assert [page.page for page in ask(pages(campaign_id=CAMPAIGN, first_page=3))] == [3]


def test_a_service_that_ignores_the_page_is_not_asked_for_ever(sandbox, ask):
    always = [{"id": number, "phone_number": phone} for number, phone in enumerate(PHONES[:100], 1)]
    sandbox.control.fault("answer", on="find_leads", body=always)
    assert len(ask(leads())) == 100
    assert sandbox.control.state()["requests"]["find_leads"] == {"200": 2}


def test_a_next_page_url_is_enough(sandbox, ask):
    page = {"data": [{"id": 1, "phone_number": "+905550000001"}], "next_page_url": None}
    sandbox.control.fault("answer", on="find_leads", body=page)
    assert [one.id for one in ask(leads(per_page=1))] == ["1"]


def test_no_leads(ask):
    assert ask(leads(campaign_id=CAMPAIGN)) == []


@pytest.mark.parametrize("date_style", ["sql", "iso"])
def test_a_lead_as_a_value(sandbox, ask, date_style):
    sandbox.control.settings(date_style=date_style)
    created = ask(lambda client: client.create_lead(lead()))
    [found] = ask(leads(phone_number=lead()["phone_number"]))
    assert found.id == created.remote_id
    assert (found.campaign_id, found.status, found.variables) == (str(CAMPAIGN), "created", {"name": "Ayşe"})
    assert isinstance(found.created_at, datetime)
    assert (found.created_at.tzinfo is None) == (date_style == "sql")


def test_a_number_is_found_exactly(sandbox, ask):
    """WhatTalk's filter matches parts: +90555000000 is part of ten other numbers."""
    sandbox.control.add_leads(CAMPAIGN, ["+90555000000", *PHONES[:10]])
    [found] = ask(leads(campaign_id=CAMPAIGN, phone_number="+90555000000"))
    assert found.phone_number == "+90555000000"


def test_a_number_may_be_written_otherwise_by_the_service(sandbox, ask):
    body = [
        {"id": 1, "phone_number": "90 555 000 00 01"},
        {"id": 2, "phone_number": "00905550000001"},
        {"id": 3, "phone_number": None},
    ]
    sandbox.control.fault("answer", on="find_leads", body=body)
    assert [one.id for one in ask(leads(phone_number="+905550000001"))] == ["1", "2"]


def test_leads_by_status_and_date(sandbox, ask):
    sandbox.control.add_leads(CAMPAIGN, PHONES[:3])
    assert len(ask(leads(status="created", date_from="2020-01-01", date_to="2999-12-31"))) == 3
    assert ask(leads(status="completed")) == [] == ask(leads(date_to="2020-01-01")) == ask(leads(date_from="2999-01-01"))


def test_a_lead_is_changed(sandbox, ask):
    [id] = sandbox.control.add_leads(CAMPAIGN, PHONES[:1])
    ask(lambda client: client.update_lead(id, status="completed", variables={"company": "X"}, phone_number=PHONES[1]))
    ask(lambda client: client.update_lead(id, variables={"name": "Y"}, campaign_id=CAMPAIGN + 1))
    [found] = ask(leads(campaign_id=CAMPAIGN + 1, phone_number=PHONES[1]))
    assert (found.status, found.variables) == ("completed", {"company": "X", "name": "Y"})
    assert ask(leads(campaign_id=CAMPAIGN)) == []


@pytest.mark.parametrize(("changes", "message"), [
    ({"status": "processing"}, "The selected status is invalid."),
    ({"name": "x"}, "Invalid fields: name"),
    ({"phone_number": "12"}, "Invalid phone number"),
])  # fmt: skip
def test_a_change_is_refused(sandbox, ask, changes, message):
    [id] = sandbox.control.add_leads(CAMPAIGN, PHONES[:1])
    with pytest.raises(errors.Invalid, match=message):
        ask(lambda client: client.update_lead(id, **changes))


def test_a_lead_or_campaign_that_is_not_there_cannot_be_changed(sandbox, ask):
    [id] = sandbox.control.add_leads(CAMPAIGN, PHONES[:1])
    with pytest.raises(errors.NotFound, match="Lead not found"):
        ask(lambda client: client.update_lead(4, status="created"))
    with pytest.raises(errors.NotFound, match="Campaign not found"):
        ask(lambda client: client.update_lead(id, campaign_id=4))


@pytest.mark.parametrize("id_style", ["integer", "string"])
def test_a_lead_is_deleted_once(sandbox, ask, id_style):
    sandbox.control.settings(id_style=id_style)
    created = ask(lambda client: client.create_lead(lead()))
    assert ask(lambda client: client.delete_lead(created.remote_id)) is True
    assert ask(lambda client: client.delete_lead(created.remote_id)) is False
    assert ask(leads(campaign_id=CAMPAIGN)) == []


def test_a_wrong_address_does_not_mean_that_a_lead_is_gone(sandbox, ask):
    sandbox.control.fault("answer", on="delete_lead", status=404, body={"message": "Not Found"})
    with pytest.raises(errors.NotFound):
        ask(lambda client: client.delete_lead(1))


def test_an_id_cannot_lead_elsewhere(sandbox, ask):
    ask(lambda client: client.delete_lead("../campaigns?x=1"))
    [path] = [event["path"] for event in sandbox.ledger.events() if event["event"] == "start"]
    assert path == "/user/leads/..%2Fcampaigns%3Fx%3D1"


# Campaigns


def test_campaigns(ask):
    found = ask(lambda client: client.list_campaigns())
    assert [(one.id, one.status) for one in found] == [("1050", "draft"), ("1051", "in-progress"), ("1052", "stopped")]
    assert not any(key.startswith("assistant") for one in found for key in one.raw)


def test_a_campaign_is_made_started_and_stopped(ask):
    made = ask(lambda client: client.create_campaign(
        name="Yaz", assistant_id=502, timezone="Europe/Istanbul", max_calls_in_parallel=5, allowed_hours_start_time="09:00",
        allowed_hours_end_time="18:30", allowed_days=["monday"], max_retries=2, retry_interval=30, retry_on_voicemail=True,
        goal_completion_variable="confirmed", phone_number_ids=[71, 72],
    ))  # fmt: skip
    assert (made.name, made.status, made.raw["allowed_hours_end_time"]) == ("Yaz", "draft", "18:30:00")
    assert ask(lambda client: client.start_campaign(made.id)) == "in-progress"
    assert ask(lambda client: client.stop_campaign(made.id)) == "stopped"
    assert [one.status for one in ask(lambda client: client.list_campaigns()) if one.id == made.id] == ["stopped"]


@pytest.mark.parametrize(("field", "value"), [
    ("name", ""), ("name", "x" * 256), ("name", 7), ("assistant_id", "one"), ("timezone", "Istanbul"), ("max_calls_in_parallel", 11),
    ("allowed_hours_start_time", "9:00"), ("allowed_hours_end_time", "24:00"), ("allowed_days", ["Monday"]), ("max_retries", 0),
    ("retry_interval", 9), ("retry_interval", 4321), ("retry_on_voicemail", "yes"), ("phone_number_ids", [71, 71]),
    ("phone_number_ids", ["a"]), ("goal_completion_variable", "x" * 256), ("mark_complete_when_no_leads", 3),
])  # fmt: skip
def test_a_campaign_is_refused_by_field(ask, field, value):
    with pytest.raises(errors.Invalid) as refused:
        ask(lambda client: client.create_campaign(**{"name": "Yaz", "assistant_id": 501, field: value}))
    assert list(refused.value.fields) == [field]


def test_a_campaign_needs_an_outbound_assistant(ask):
    for assistant in (503, 4):
        with pytest.raises(errors.NotFound, match="not an outbound assistant"):
            ask(lambda client, id=assistant: client.create_campaign(name="Yaz", assistant_id=id))


def test_a_plan_has_its_limits(sandbox, ask):
    sandbox.control.settings(plan_campaigns=3)
    with pytest.raises(errors.PlanLimit, match="limit of your plan"):
        ask(lambda client: client.create_campaign(name="Yaz", assistant_id=501))


def test_a_start_may_fail(sandbox, ask):
    with pytest.raises(errors.NotFound):
        ask(lambda client: client.start_campaign(4))
    sandbox.control.settings(balance=0)
    with pytest.raises(errors.BalanceEmpty, match="Insufficient balance"):
        ask(lambda client: client.start_campaign(CAMPAIGN))


@pytest.mark.parametrize(("body", "error"), [
    ({"success": False, "message": "Not now."}, errors.Invalid),
    ({"success": False, "message": "Insufficient balance"}, errors.BalanceEmpty),
    ({"message": "Campaign started successfully."}, errors.Invalid),
    ({"success": "true"}, errors.Invalid),
    ({"success": True, "data": {"status": "stopped"}}, errors.Nonsense),
    ({"success": True, "data": {"status": ["in-progress"]}}, errors.Nonsense),
    ({"success": True, "data": {"status": "in-progress", "campaign_id": 1}}, errors.Nonsense),
    ([], errors.Nonsense),
    ("<html>", errors.Nonsense),
    ("", errors.Nonsense),
])  # fmt: skip
def test_a_start_needs_more_than_a_200(sandbox, ask, body, error):
    sandbox.control.fault("answer", on="update_status", body=body)
    with pytest.raises(error):
        ask(lambda client: client.start_campaign(CAMPAIGN))


# Around them


def test_whose_key_it_is(sandbox, ask):
    sandbox.control.settings(balance=12.5)
    me = ask(lambda client: client.me())
    assert (me.name, me.email, me.total_balance) == ("Sandbox", "sandbox@example.com", "12.50")


def test_assistants(ask):
    outbound = ask(lambda client: client.outbound_assistants())
    assert {one.name: list(one.variables) for one in outbound} == {
        "Satış Asistanı": ["name", "company", "product"],
        "Appointment reminder": ["name", "appointment_date", "clinic"],
    }
    everyone = ask(lambda client: collect(client.assistants(per_page=1)))
    assert [one.id for one in everyone] == ["501", "502", "503"]
    assert everyone[0].post_call_schema[0]["name"] == "interested"


@pytest.mark.parametrize("variables", [[], None, "none"])
def test_an_assistant_may_have_no_variables(sandbox, ask, variables):
    sandbox.control.fault("answer", on="outbound_assistants", body=[{"id": 1, "name": "A", "variables": variables}])
    assert ask(lambda client: client.outbound_assistants())[0].variables == {}


def test_phone_numbers(ask):
    found = ask(lambda client: client.phone_numbers())
    assert [(one.id, one.country_code, one.is_available) for one in found] == [
        ("71", "TR", True), ("72", "GB", True), ("73", "TR", False),
    ]  # fmt: skip


# What goes wrong

FAULTS = [
    ({"fault": "dead_key"}, errors.KeyRejected, False),
    ({"fault": "answer", "status": 403, "body": {"message": "Forbidden"}}, errors.KeyRejected, False),
    ({"fault": "answer", "status": 402, "body": {}}, errors.BalanceEmpty, False),
    ({"fault": "429", "retry_after": 5}, errors.RateLimited, True),
    ({"fault": "500"}, errors.Unreachable, True),
    ({"fault": "maintenance"}, errors.Unreachable, True),
    ({"fault": "reset_before", "times": 2}, errors.Unreachable, True),
    ({"fault": "hang"}, errors.Unreachable, True),
    ({"fault": "half"}, errors.Unreachable, True),
    ({"fault": "redirect"}, errors.Nonsense, False),
    ({"fault": "garbage", "kind": "html"}, errors.Nonsense, False),
    ({"fault": "garbage", "kind": "huge"}, errors.Unreachable, True),
    ({"fault": "garbage", "kind": "empty"}, errors.Nonsense, False),
    ({"fault": "garbage", "kind": "no_data"}, errors.Nonsense, False),
]


@pytest.mark.parametrize("question", ["me", "list_campaigns", "outbound_assistants"])
@pytest.mark.parametrize(("fault", "error", "retryable"), FAULTS)
def test_what_an_error_tells(sandbox, ask, question, fault, error, retryable):
    sandbox.control.fault(on="any", **fault)
    limits = Limits(read=0.4, total=0.8) if fault["fault"] == "hang" else Limits()
    with pytest.raises(error) as raised:
        ask(lambda client: getattr(client, question)(), limits=limits)
    assert raised.value.retryable is retryable
    assert str(raised.value)
    assert getattr(raised.value, "sent", True) is True
    assert getattr(raised.value, "retry_after", 5) == 5


def test_nobody_listens_and_nothing_was_sent(ask):
    with pytest.raises(errors.Unreachable) as raised:
        call("http://127.0.0.1:9/api", "key", lambda client: client.me(), allow_local=True)
    assert raised.value.sent is False


def test_a_question_may_be_asked_again_on_a_fresh_connection(sandbox, ask):
    """Unlike a POST: a GET on a reused connection found dead is repeated, since it changes nothing."""
    sandbox.control.fault("close_before", on="me", at=2, times=1)

    async def twice(client):
        return [await client.me(), await client.me()]

    assert len(ask(twice)) == 2
    assert sandbox.control.state()["requests"]["me"] == {"200": 2, "unanswered": 1}
