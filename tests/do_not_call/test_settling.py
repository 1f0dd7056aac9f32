"""Who must not be called is not called: leads that wait at WhatTalk are taken out of it, as the service itself sees it."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from campaigns import do_not_call, do_not_call_list, gateway, lead_counters, running, webhook
from campaigns.do_not_call import HeldLead, enforce_on_leads
from campaigns.models import AccountBudget, Campaign, CampaignNumber, DoNotCall, Lead, Settlement
from campaigns.sync import sync_leads
from campaigns.whattalk.sandbox.process import SandboxProcess
from campaigns.whattalk.sandbox.world import WAITING
from imports import counters
from imports.do_not_call import search, settling
from imports.models import ImportRow, RowState
from imports.push import sender
from imports.retention import retention
from people.models import AuditEntry
from tests.builders import a_campaign, a_job, add_rows, an_account, phone

LISTED, OTHER = phone(1), phone(2)


def contact(number: str) -> dict:
    return {"phone_number": number, "variables": {"name": "Can"}}


def settle(rounds: int = 12) -> None:
    """What the workers do within a few dispatches."""
    search.search_new()
    for _ in range(rounds):
        Settlement.objects.update(next_ms=0)
        AccountBudget.objects.update(learnt={}, not_before_ms=0)  # and what a 429 has closed is open again
        for account_id in settling.due_accounts():
            settling.settle_due(account_id, 10)


def list_number(number: str = LISTED, **options) -> None:
    do_not_call_list.add([number], **options)
    settle()


def callable_leads(sandbox: SandboxProcess) -> dict[int, list[str]]:
    """Lead → the numbers that would still be called for it, from the service's own ledger."""
    leads: dict[int, dict] = {}
    for event in sandbox.ledger.events("lead", "delete", "change", "moved"):
        match event["event"]:
            case "lead":
                leads[event["lead"]["id"]] = dict(event["lead"])
            case "delete":
                leads.pop(event["id"], None)
            case "change":
                leads[event["id"]] |= {key: value for key, value in event.items() if key == "status"}
            case "moved":
                for lead, status, _tries in event["leads"]:
                    leads[lead]["status"] = status
    return {
        pk: [lead["phone_number"], *(one["phone_number"] for one in lead["secondary_contacts"])]
        for pk, lead in leads.items()
        if lead["status"] in WAITING
    }


def numbers(sandbox: SandboxProcess) -> list[str]:
    return sorted(number for called in callable_leads(sandbox).values() for number in called)


@pytest.fixture(scope="module")
def second_process() -> Iterator[SandboxProcess]:
    with SandboxProcess() as process:
        yield process


@pytest.fixture
def other_account(second_process, transactional_db):
    second_process.control.reset()
    return an_account(second_process.base_url, second_process.api_key, name="Other")


def outcomes() -> dict[str, str]:
    """Campaign → outcome of the settlements that concern a number in a campaign."""
    rows = Settlement.objects.exclude(phone_number="").exclude(campaign=None)
    return {f"{row.campaign.account.name} {row.campaign.remote_id}": row.outcome for row in rows if row.state == "settled"}


def test_a_listed_number_is_taken_out_of_three_campaigns_of_two_accounts_and_out_of_two_leads_as_a_contact(
    campaign,
    sandbox,
    second_process,
    other_account,
):
    """One of the campaigns is running; nobody has told us of some of these leads."""
    running = a_campaign(campaign.account, "1051", name="Running", status="in-progress")
    elsewhere = a_campaign(other_account, "1050", name="Elsewhere")
    for one in (campaign, running, elsewhere):
        job = a_job(one, [LISTED])
        add_rows(job, [phone(10)], first_row=5, lead={"variables": {"name": "Ece"}, "secondary_contacts": [contact(OTHER)]})
        sender.push_to_end(job.pk)
    sandbox.control.add_leads(1052, [phone(20)], secondary_contacts=[contact(LISTED), contact(OTHER)], variables={"name": "Ada"})
    a_campaign(campaign.account, "1052", name="Not read yet")
    second_process.control.add_leads(1051, [phone(21)], secondary_contacts=[contact(LISTED)], status="rescheduled", call_tries=1)
    a_campaign(other_account, "1051", name="Not read yet either", status="in-progress")

    list_number()

    assert LISTED not in numbers(sandbox) + numbers(second_process)
    assert numbers(sandbox) == sorted([phone(10), OTHER, phone(10), OTHER, phone(20), OTHER])  # nobody else lost anything
    assert numbers(second_process) == sorted([phone(10), OTHER])  # a lead that is being called goes as a whole
    assert outcomes() == {
        "Test 1050": "deleted",
        "Test 1051": "deleted",
        "Test 1052": "made",
        "Other 1050": "deleted",
        "Other 1051": "deleted_whole",
    }
    assert not Settlement.objects.filter(state="waiting").exists()
    assert AuditEntry.objects.filter(action="settle_do_not_call").count() == 5
    taken_out = ImportRow.objects.filter(phone=LISTED)
    assert {(row.state, row.reason) for row in taken_out} == {(RowState.DO_NOT_CALL, "taken_out")}
    for one in Campaign.objects.all():
        assert lead_counters.recount(one.pk) and not Lead.objects.filter(campaign=one, phone_number=LISTED).exists()
        assert all(counters.recount(job.pk) for job in one.imports.all())


def test_a_lead_made_anew_keeps_variables_and_order_and_belongs_to_its_row(campaign, sandbox):
    job = a_job(campaign, [])
    add_rows(
        job,
        [phone(10)],
        lead={"variables": {"name": "Ece"}, "secondary_contacts": [contact(OTHER), contact(LISTED), contact(phone(3))]},
    )
    sender.push_to_end(job.pk)
    list_number()
    row = ImportRow.objects.get()
    ((lead, called),) = callable_leads(sandbox).items()
    assert called == [phone(10), OTHER, phone(3)] and row.remote_id == str(lead) and row.state == RowState.CREATED
    made = [event["lead"] for event in sandbox.ledger.events("lead")][-1]
    assert made["variables"] == {"name": "Ece"} and made["secondary_contacts"][0]["variables"] == {"name": "Can"}
    assert row.detail["warnings"] == [["secondary_taken_out", {"phone": LISTED}]] and counters.of(job.pk)["warning"] == {
        "secondary_taken_out": 1
    }
    assert [one["phone_number"] for one in row.lead["secondary_contacts"]] == [OTHER, phone(3)]


@pytest.mark.parametrize("fault", ["500_after", "reset_after", "500_before", "429"])
@pytest.mark.parametrize("on", ["delete_lead", "create_lead", "find_leads"])
def test_a_fault_on_the_way_neither_keeps_the_contact_nor_loses_or_doubles_the_lead(campaign, sandbox, fault, on):
    sandbox.control.add_leads(1050, [phone(10)], secondary_contacts=[contact(LISTED)], variables={"name": "Ece"})
    sync_leads(campaign)
    sandbox.control.fault(fault, on=on, times=2)
    list_number()
    assert list(callable_leads(sandbox).values()) == [[phone(10)]]


def test_a_process_killed_after_the_deletion_has_the_lead_made_anew_by_the_next(campaign, sandbox, monkeypatch):
    sandbox.control.add_leads(1050, [phone(10)], secondary_contacts=[contact(LISTED)])
    sync_leads(campaign)
    monkeypatch.setattr(settling, "_acted", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        list_number()
    assert callable_leads(sandbox) == {}
    monkeypatch.undo()
    Settlement.objects.update(lease_ms=0)
    settle()
    assert list(callable_leads(sandbox).values()) == [[phone(10)]]


@pytest.mark.parametrize("held_up_by", ["budget", "refusal", "no key"])
def test_a_lead_that_somebody_deletes_before_our_request_leaves_is_not_made_anew(campaign, sandbox, monkeypatch, held_up_by):
    [lead] = sandbox.control.add_leads(1050, [OTHER], secondary_contacts=[contact(LISTED)])
    sync_leads(campaign)
    do_not_call_list.add([LISTED])
    search.search_new()
    with monkeypatch.context() as patch:
        if held_up_by == "budget":
            waits = iter((0, 60_000))
            patch.setattr(settling.budget, "take_ahead", lambda account, n: next(waits))
        elif held_up_by == "no key":
            patch.setattr(
                settling, "ACT", settling.ACT._replace(requests=lambda task: patch.setattr(gateway, "ask", refuse) or 1)
            )
        else:
            sandbox.control.fault("answer", on="delete_lead", status=403, body={"message": "This action is unauthorized."})
        settling.settle_due(campaign.account_id, 10)
    sandbox.control.clear_faults()
    assert Settlement.objects.get(campaign=campaign, phone_number=LISTED).detail["leads"][str(lead)]["at"] == "parting"
    gateway.ask(campaign.account, lambda client: client.delete_lead(str(lead)))
    settle()
    assert numbers(sandbox) == [] and outcomes() == {"Test 1050": "gone"}


def test_a_lead_that_is_called_before_our_request_leaves_is_not_made_anew(campaign, sandbox, monkeypatch):
    sandbox.control.add_leads(1050, [OTHER], secondary_contacts=[contact(LISTED)])
    sync_leads(campaign)
    do_not_call_list.add([LISTED])
    search.search_new()
    with monkeypatch.context() as patch:
        waits = iter((0, 60_000))
        patch.setattr(settling.budget, "take_ahead", lambda account, n: next(waits))
        settling.settle_due(campaign.account_id, 10)
    gateway.ask(campaign.account, lambda client: client.start_campaign("1050"))
    sandbox.control.step(2)
    settle()
    assert numbers(sandbox) == [] and outcomes() == {"Test 1050": "deleted_whole"}


def test_a_lead_that_is_deleted_already_is_made_anew_though_its_number_is_taken_off_the_list(campaign, sandbox, monkeypatch):
    [lead] = sandbox.control.add_leads(1050, [OTHER], secondary_contacts=[contact(LISTED)])
    sync_leads(campaign)
    do_not_call_list.add([LISTED])
    search.search_new()
    with monkeypatch.context() as patch:
        waits = iter((0, 0, 60_000))
        patch.setattr(settling.budget, "take_ahead", lambda account, n: next(waits))
        settling.settle_due(campaign.account_id, 10)
    assert Settlement.objects.get(campaign=campaign, phone_number=LISTED).detail["leads"][str(lead)]["at"] == "making"
    do_not_call_list.remove(DoNotCall.objects.all())
    settle()
    assert numbers(sandbox) == [OTHER] and outcomes() == {"Test 1050": "made"}


def refuse(*_asked, **_options) -> None:
    raise gateway.RemoteProblem("no_key")


def test_a_row_on_its_way_while_its_number_is_listed_leaves_nothing_behind(campaign, sandbox):
    """Its answer was lost: the number was listed before it was found out that WhatTalk has the lead."""
    job = a_job(campaign, [LISTED, OTHER])
    sandbox.control.fault("reset_after", times=1, phones=[LISTED])
    sender.run_slice(job.pk, 0.01)
    assert counters.states(job.pk)["unknown"] == 1
    sandbox.control.settings(lookup_lag=3600)
    list_number()
    assert LISTED in numbers(sandbox)  # neither its id nor the list tells of it yet
    assert Settlement.objects.get(phone_number=LISTED, campaign=campaign).outcome == "in_flight"
    sandbox.control.settings(lookup_lag=0)
    sender.push_to_end(job.pk)
    settle()
    assert numbers(sandbox) == [OTHER]
    assert counters.states(job.pk)["do_not_call"] == 1 and counters.recount(job.pk)


def test_a_number_is_asked_about_right_before_its_request_and_contacts_are_left_out_then(campaign, sandbox):
    job = a_job(campaign, [LISTED])
    add_rows(job, [phone(10)], first_row=5, lead={"variables": {}, "secondary_contacts": [contact(LISTED), contact(OTHER)]})
    do_not_call_list.add([LISTED])
    sender.push_to_end(job.pk)
    assert list(callable_leads(sandbox).values()) == [[phone(10), OTHER]]
    assert counters.states(job.pk)["do_not_call"] == 1 and counters.of(job.pk)["warning"] == {"secondary_do_not_call": 1}
    kept = ImportRow.objects.get(phone=phone(10))
    assert kept.detail["warnings"] == [["secondary_do_not_call", {"position": 1, "phone": LISTED}]]
    assert counters.recount(job.pk)


def test_a_list_of_one_campaign_leaves_the_others_alone(campaign, sandbox):
    other = a_campaign(campaign.account, "1051", name="Other")
    do_not_call_list.add([LISTED], campaign=campaign)
    for one in (campaign, other):
        sender.push_to_end(a_job(one, [LISTED]).pk)
    settle()
    assert sandbox.control.state()["leads"] == {"1051": 1}


def test_leads_that_have_ended_stay_as_the_record_of_their_calls(campaign, sandbox):
    sandbox.control.add_leads(1050, [LISTED], status="completed", call_tries=1)
    list_number()
    assert sandbox.control.state()["leads"]["1050"] == 1 and not Settlement.objects.filter(state="waiting").exists()


def test_a_lead_that_is_listed_late_is_deleted_by_its_id(campaign, sandbox):
    sender.push_to_end(a_job(campaign, [LISTED]).pk)
    sandbox.control.settings(lookup_lag=3600)
    list_number()
    assert numbers(sandbox) == []


def test_what_cannot_be_deleted_is_ended_otherwise(campaign, sandbox):
    sandbox.control.add_leads(1050, [LISTED], status="processing")
    sandbox.control.fault("answer", on="delete_lead", status=422, body={"message": "The lead is being called."})
    list_number()
    assert numbers(sandbox) == [] and set(outcomes().values()) == {"stopped"}


def test_blacklisted_leads_put_their_number_on_the_list_once(campaign, sandbox):
    sandbox.control.add_leads(1050, [LISTED], status="blacklisted")
    sync_leads(campaign)
    entry = DoNotCall.objects.get()
    assert (entry.phone_number, entry.source, entry.campaign) == (LISTED, "whattalk", None)
    entry.delete()  # a manager has decided otherwise
    sync_leads(campaign)
    assert not DoNotCall.objects.exists()


def test_while_a_key_is_refused_the_settlement_waits_and_says_so(campaign, sandbox):
    sender.push_to_end(a_job(campaign, [LISTED]).pk)
    sandbox.control.fault("answer", on="any", status=401, body={"message": "Unauthenticated."})
    list_number()
    waiting = Settlement.objects.filter(state="waiting", campaign=campaign, phone_number=LISTED).get()
    assert waiting.outcome == "key" and LISTED in numbers(sandbox)
    sandbox.control.clear_faults()
    settle()
    assert numbers(sandbox) == [] and set(outcomes().values()) == {"deleted"}


def test_a_number_taken_off_the_list_before_it_was_settled_is_left_alone(campaign, sandbox):
    sender.push_to_end(a_job(campaign, [LISTED]).pk)
    do_not_call_list.add([LISTED])
    search.search_new()
    do_not_call_list.remove(DoNotCall.objects.all())
    settle()
    assert numbers(sandbox) == [LISTED] and set(outcomes().values()) == {"delisted"}


class TestStart:
    def test_a_campaign_does_not_start_while_a_listed_number_may_be_in_it(self, campaign, sandbox, bob):
        sender.push_to_end(a_job(campaign, [LISTED]).pk)
        do_not_call_list.add([LISTED])
        for _moment in ("not searched for yet", "not settled yet"):
            with pytest.raises(gateway.RemoteProblem, match="must not be called"):
                running.start(campaign, bob)
            search.search_new()
        settle()
        running.start(campaign, bob)
        assert numbers(sandbox) == [] and sandbox.control.state()["campaigns"]["1050"] == "in-progress"


class TestForgetting:
    @pytest.fixture
    def known(self, campaign, sandbox) -> Campaign:
        sandbox.control.add_leads(1050, [LISTED], variables={"name": "Ece"})
        sandbox.control.add_leads(1050, [phone(10)], variables={"name": "Ada"}, secondary_contacts=[contact(LISTED)])
        sandbox.control.add_leads(1050, [phone(11), phone(12)])
        sync_leads(campaign)
        return campaign

    def everything(self) -> str:
        """All that is kept of leads and numbers, as text."""
        kept = [
            *Lead.objects.values_list("phone_number", "variables", "secondary_contacts", "call"),
            *CampaignNumber.objects.values_list("phone_number"),
            *DoNotCall.objects.values_list("phone_number", "note"),
            *Settlement.objects.values_list("phone_number", "detail"),
            *ImportRow.objects.values_list("phone", "cells", "lead", "detail"),
        ]
        return "".join(str(one) for one in kept).replace(" ", "")

    def test_nothing_of_the_number_is_kept_and_whattalk_no_longer_calls_it(self, known, sandbox):
        do_not_call_list.add([LISTED], note="a neighbour of +90 555 000 00 01")
        search.search_new()
        call_command("forget_number", LISTED, stdout=StringIO())
        assert "5550000001" not in self.everything() and "Ece" not in self.everything()
        assert numbers(sandbox) == [phone(10), phone(11), phone(12)] and lead_counters.recount(known.pk)
        sync_leads(known)
        assert "5550000001" not in self.everything() and Lead.objects.filter(phone_number=phone(10)).exists()

    def test_leads_of_campaigns_that_are_no_longer_read_are_forgotten_too(self, known, sandbox):
        Campaign.objects.update(missing_since=timezone.now())
        Lead.objects.filter(phone_number=phone(11)).update(variables={"name": "Can", "other": "0555 000 00 01"})
        call_command("forget_number", LISTED, stdout=StringIO())
        assert "5550000001" not in self.everything() and lead_counters.recount(known.pk)
        assert CampaignNumber.objects.count() == 3

    def test_a_forgotten_number_that_comes_again_is_not_sent_and_says_why(self, known, sandbox):
        retention.forget(LISTED)
        settle()
        job = a_job(known, [LISTED])
        add_rows(job, [phone(20)], first_row=5, lead={"variables": {}, "secondary_contacts": [contact(LISTED)]})
        sender.push_to_end(job.pk)
        assert LISTED not in numbers(sandbox) and phone(20) in numbers(sandbox)
        row, other = ImportRow.objects.order_by("row_number")
        assert (row.state, row.reason) == (RowState.DO_NOT_CALL, "forgotten")
        assert other.detail["warnings"] == [["secondary_forgotten", {"position": 1}]]

    def test_a_forgotten_number_that_somebody_adds_at_whattalk_is_taken_out_unseen(self, known, sandbox):
        retention.forget(LISTED)
        settle()
        sandbox.control.add_leads(1050, [LISTED], status="rescheduled", call_tries=1)
        sync_leads(known)
        settle()
        assert LISTED not in numbers(sandbox) and "5550000001" not in self.everything()

    def test_people_go_from_leads_that_ended_long_ago_and_do_not_come_back(self, campaign, sandbox, settings):
        sandbox.control.add_leads(1050, [LISTED], status="completed", call_tries=1, variables={"name": "Ece"})
        sandbox.control.add_leads(1050, [OTHER])
        sync_leads(campaign)
        settings.KEEP_ROWS_DAYS = 30
        Lead.objects.update(created_at=timezone.now() - timedelta(days=31), updated_at=timezone.now() - timedelta(days=31))
        retention.sweep()
        assert "5550000001" not in self.everything() and "Ece" not in self.everything() and OTHER in self.everything()
        assert lead_counters.recount(campaign.pk) and Lead.objects.count() == 2


def test_what_a_call_says_of_a_blacklisted_number_lists_it(campaign, client):
    Lead.objects.create(campaign=campaign, remote_id="7", phone_number=LISTED, status="processing")
    call = {"status": "failed", "lead": {"id": 7, "status": "blacklisted", "phone_number": LISTED}}
    client.post(webhook.webhook_url(campaign.account), call, content_type="application/json")
    assert DoNotCall.objects.get().source == "whattalk"


def test_a_lead_read_at_the_very_moment_of_listing_is_found_by_one_side_or_the_other(campaign):
    """Whoever reads it has asked before the listing, and commits after the search began."""
    asked = threading.Event()

    def read() -> None:
        with transaction.atomic():
            Lead.objects.create(campaign=campaign, remote_id="7", phone_number=LISTED)
            enforce_on_leads(campaign.pk, [HeldLead("7", LISTED, "created", [])])
            asked.set()
            time.sleep(1.5)
        connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    asked.wait(10)
    do_not_call_list.add([LISTED])
    search.search_new()
    reader.join()
    assert Settlement.objects.get(phone_number=LISTED, campaign=campaign).detail["leads"] == {"7": {}}


def test_a_refused_key_is_noted_of_the_account_and_not_taken_for_mended(campaign, sandbox):
    sender.push_to_end(a_job(campaign, [LISTED]).pk)
    sandbox.control.fault("answer", on="any", status=401, body={"message": "Unauthenticated."})
    list_number()
    campaign.account.refresh_from_db()
    assert campaign.account.problem == "key"


def test_a_service_that_ignores_the_filter_and_names_no_campaign_still_has_its_leads_taken_out(campaign, sandbox):
    ids = sandbox.control.add_leads(1050, [LISTED, phone(10)])
    leads = [{"id": pk, "phone_number": number, "status": "created"} for pk, number in zip(ids, (LISTED, phone(10)))]
    sandbox.control.fault("answer", on="find_leads", body=leads)
    list_number()
    assert numbers(sandbox) == [phone(10)]


AT_HOME = "0" + LISTED.removeprefix("+90")


@pytest.mark.parametrize("told", [AT_HOME, AT_HOME[1:], f"0{AT_HOME[1:4]} {AT_HOME[4:7]} {AT_HOME[7:]}"])
@pytest.mark.parametrize("is_contact", [False, True])
def test_a_number_that_strangers_wrote_without_its_country_is_found_by_the_country_of_the_campaign(
    told, is_contact, campaign, sandbox
):
    sender.push_to_end(a_job(campaign, [phone(50), phone(51)]).pk)
    contacts = [contact(told), contact("0555 000 0077")] if is_contact else []
    sandbox.control.add_leads(1050, [phone(60) if is_contact else told], secondary_contacts=contacts)
    sandbox.control.add_leads(1050, ["+49" + LISTED.removeprefix("+90")])  # of another country: a stranger's
    list_number()
    left = [phone(50), phone(51), "+49" + LISTED.removeprefix("+90")]
    assert numbers(sandbox) == sorted([*left, *((phone(60), phone(77)) if is_contact else ())])


@pytest.mark.parametrize("ours", [[], [phone(50), "+4915112345678"], ["+4915112345678"]])
def test_where_nothing_says_of_which_country_a_number_is_it_is_named_and_nothing_is_deleted(ours, campaign, sandbox):
    if ours:
        sender.push_to_end(a_job(campaign, ours).pk)
    (lead,) = sandbox.control.add_leads(1050, [AT_HOME])
    list_number()
    waiting = Settlement.objects.get(campaign=campaign, phone_number=LISTED)
    assert (waiting.state, waiting.outcome, waiting.detail["said"]) == ("waiting", "doubtful", str(lead))
    assert numbers(sandbox) == sorted([AT_HOME, *ours]) and not do_not_call.is_settled(campaign)
    gateway.ask(campaign.account, lambda client: client.delete_lead(lead))  # somebody looked at it
    settle()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.outcome) == ("settled", "gone")


def test_a_lead_without_a_country_that_comes_after_its_number_was_listed_is_met_by_the_next_reading(campaign, sandbox):
    list_number()
    sandbox.control.add_leads(1050, [AT_HOME[1:]])
    sync_leads(campaign)
    assert Settlement.objects.filter(campaign=campaign, phone_number=LISTED, state="waiting").exists()
    sender.push_to_end(a_job(campaign, [phone(50)]).pk)
    settle()
    assert numbers(sandbox) == [phone(50)]


@pytest.mark.parametrize("told", [LISTED, AT_HOME])
def test_a_forgotten_number_that_strangers_have_added_unread_is_taken_out(told, campaign, sandbox):
    sender.push_to_end(a_job(campaign, [phone(50)]).pk)
    sandbox.control.add_leads(1050, [told])
    retention.forget(LISTED)
    settle()
    assert numbers(sandbox) == [phone(50)] and not Settlement.objects.filter(phone_number=LISTED).exists()
