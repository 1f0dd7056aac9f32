"""`manage.py do_not_call`: as an operator meets it, against a WhatTalk that answers, and one that does not."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from campaigns.models import DoNotCall, Settlement
from imports.do_not_call import terminal
from imports.push import sender
from people.models import AuditEntry
from tests.builders import a_campaign, a_job, add_rows, an_account, phone
from tests.push.conftest import campaign, in_a_hurry, job_of, nobody_asked_to_stop  # noqa: F401

LISTED = phone(1)


def run(*words: str) -> tuple[int, dict, str]:
    """Exit code, the one object, and what was said on the side."""
    out, said = StringIO(), StringIO()
    code = 0
    try:
        call_command("do_not_call", *words, "--json", stdout=out, stderr=said)
    except SystemExit as end:
        code = end.code
    return code, json.loads(out.getvalue() or "{}"), said.getvalue()


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(terminal, "GIVE_UP_SECONDS", 6.0)


def test_add_settles_what_waits_at_whattalk_and_says_so_by_campaign(campaign, sandbox):
    job = a_job(campaign, [LISTED])
    add_rows(
        job, [phone(10)], first_row=5, lead={"variables": {}, "secondary_contacts": [{"phone_number": LISTED, "variables": {}}]}
    )
    sender.push_to_end(job.pk)
    code, told, _ = run("add", "0555 000 00 01", "--reason", "asked by phone")
    assert code == 0 and (told["added"], told["already_listed"], told["numbers"], told["settled"]) == (1, 0, [LISTED], True)
    one = next(one for one in told["campaigns"] if one["campaign"] == "1050")
    assert (one["deleted"], one["contacts_removed"], one["failed"]) == (1, 1, 0)
    assert sandbox.control.state()["leads"]["1050"] == 1
    entry = DoNotCall.objects.get()
    assert (entry.note, entry.source, entry.added_by) == ("asked by phone", "terminal", None)
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"add_do_not_call", "settle_do_not_call"}


def test_what_cannot_be_settled_ends_with_3_and_names_it(campaign, sandbox):
    sender.push_to_end(a_job(campaign, [LISTED]).pk)
    sandbox.control.fault("500", on="any")
    code, told, said = run("add", LISTED)
    assert code == 3 and not told["settled"] and "again" in said
    assert DoNotCall.objects.exists()  # not called by us, whatever WhatTalk says
    sandbox.control.clear_faults()
    Settlement.objects.update(next_ms=0)
    code, told, _ = run("add", LISTED)
    assert code == 0 and told["already_listed"] == 1 and sandbox.control.state()["leads"]["1050"] == 0


def test_a_refused_key_needs_a_person_and_is_not_waited_for(campaign, sandbox):
    sandbox.control.fault("answer", on="any", status=401, body={"message": "Unauthenticated."})
    assert run("add", LISTED)[0] == 3


def test_doubtful_numbers_are_named_and_nothing_is_guessed(db):
    code, told, said = run("add", "0532 111 22 33", "5", "0532 111 22 33 / 0533 111 22 34")
    assert code == 2 and told["numbers"] == ["+905321112233"]
    assert [one["text"] for one in told["doubtful"]] == [
        "5",
        "0532 111 22 33 / 0533 111 22 34",
    ] and "more than one number" in said
    assert list(DoNotCall.objects.values_list("phone_number", flat=True)) == ["+905321112233"]


@pytest.mark.parametrize("words", [["add"], ["remove"], ["add", "--file", "nowhere.csv"], ["add", LISTED, "--reason", "x" * 201]])
def test_wrong_options_end_with_2_and_a_sentence(db, words):
    code, told, said = run(*words)
    assert code == 2 and not told and said.strip() and not DoNotCall.objects.exists()


def test_a_list_by_spreadsheet_takes_every_phone_column(db, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Ad;Telefon;Cep;Not\nAli;0532 111 22 33;0533 111 22 34;x\nVeli;0532 111 22 35;;y\nCan;12;;z\n")
    code, told, _ = run("add", "--file", str(path))
    assert code == 2 and told["added"] == 3 and [one["line"] for one in told["doubtful"]] == [4]


def test_a_list_of_one_campaign_and_taking_off(campaign, sandbox):
    assert run("add", LISTED, "--campaign", "1050")[0] == 0
    assert DoNotCall.objects.get().campaign == campaign
    code, told, _ = run("list", "--campaign", "1050")
    assert code == 0 and told["total"] == 1 and (told["listed"][0]["number"], told["listed"][0]["campaign"]) == (LISTED, "1050")
    assert run("remove", LISTED)[1] | {} == {"action": "remove", "campaign": None, "removed": 0, "not_listed": 1, "doubtful": []}
    assert run("remove", LISTED, "--campaign", "1050")[1]["removed"] == 1 and not DoNotCall.objects.exists()
    assert AuditEntry.objects.filter(action="remove_do_not_call").count() == 1
    assert run("add", LISTED, "--campaign", "999")[0] == 2


def test_words_for_people(campaign, sandbox):
    sender.push_to_end(a_job(campaign, [LISTED]).pk)
    out = StringIO()
    call_command("do_not_call", "add", LISTED, stdout=out)
    assert "Added: 1." in out.getvalue() and ": +905550000001 The lead was deleted at WhatTalk." in out.getvalue()


def test_an_account_without_a_key_holds_nothing_up(campaign, sandbox):
    keyless = an_account(name="Keyless")
    keyless.encrypted_key = b""
    keyless.save()
    a_campaign(keyless, "77", name="Old")
    assert run("add", LISTED)[0] == 0
