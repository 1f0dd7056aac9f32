"""What goes wrong with the service or the account, staged on the real sandbox: rows F21–F28 of the fault table."""

import pytest

from background import shutdown
from campaigns import accounts
from campaigns.models import Account
from imports import counters
from imports.models import ImportJob, ImportRow, JobState, OutgoingMail, RowState
from imports.push import request_pool, sender
from imports.push.row_claims import MOST_TRIES
from imports.scheduling import dispatcher
from imports.workflow import steps as workflow
from tests.builders import phone
from tests.processes import wait_until


def counts(job: ImportJob) -> dict[str, int]:
    assert counters.recount(job.pk), "the sums were wrong"
    return {state: n for state, n in counters.states(job.pk).items() if n}


def assert_each_once(sandbox, rows: int) -> None:
    assert len(sandbox.ledger.accepted()) == rows
    assert not sandbox.ledger.doubles() and not sandbox.ledger.overlaps()


@pytest.mark.parametrize("style", ["422", "409", "200", "turkish"])
def test_f21_one_answer_in_ten_lost_after_accepting_in_every_style_of_duplicate_answer(style, job_of, sandbox):
    sandbox.control.settings(duplicate_style=style)
    sandbox.control.faults({"fault": "500_after", "rate": 0.05}, {"fault": "reset_after", "rate": 0.05}, seed=7)
    job = sender.push_to_end(job_of(300).pk)
    assert counts(job) == {"created": 300}
    assert_each_once(sandbox, 300)


@pytest.mark.parametrize("style", ["422", "200"])
def test_f21_where_leads_cannot_be_looked_up_what_was_lost_is_not_confirmed(style, job_of, sandbox):
    """The service says that it has them; whose they are nobody can tell."""
    sandbox.control.settings(duplicate_style=style)
    sandbox.control.faults({"fault": "500_after", "rate": 0.1}, {"fault": "answer", "status": 404, "on": "find_leads"}, seed=7)
    job = sender.push_to_end(job_of(60).pk)
    assert counts(job).keys() == {"created", "unconfirmed"} and counts(job)["created"] >= 40
    assert_each_once(sandbox, 60)
    sandbox.control.clear_faults()
    workflow.retry_failed(job, None, in_background=False)
    assert counts(sender.push_to_end(job.pk)) == {"created": 60}
    assert_each_once(sandbox, 60)


def test_f21_with_duplicates_allowed_a_lost_answer_is_never_sent_again_without_the_block(job_of, sandbox):
    sandbox.control.add_leads(1050, [phone(1), phone(2)])
    sandbox.control.faults(
        {"fault": "500_after", "times": 1, "phones": [phone(0)]},
        {"fault": "500_after", "times": 1, "phones": [phone(1)]},
        {"fault": "500_before", "times": 1, "phones": [phone(2)]},
    )
    job = sender.push_to_end(job_of([phone(0), phone(1), phone(2), phone(1)], allow_duplicates=True).pk)
    assert counts(job) == {"created": 4}
    added = {number: len(ids) for (_campaign, number), ids in sandbox.ledger.accepted().items()}
    assert added == {phone(0): 1, phone(1): 2, phone(2): 1}


def test_f22_429_in_every_way_of_asking_to_wait(job_of, sandbox):
    sandbox.control.faults(
        *(
            {"fault": "429", "times": 1, **how}
            for how in (
                {"retry_after": 1},
                {"retry_after": "date", "seconds": 1},
                {"retry_after": "absent"},
                {"retry_after": "soon"},
                {"retry_after": "absent", "body_retry_after": 1},
            )
        )
    )
    job = sender.push_to_end(job_of(20).pk)
    assert counts(job) == {"created": 20}
    assert_each_once(sandbox, 20)
    assert set(ImportRow.objects.values_list("attempts", flat=True)) == {1}  # being asked to wait costs no try


LATE_OR_IN_PART = [
    {"fault": "hang"},
    {"fault": "hang_after"},
    {"fault": "late_accept", "seconds": 2.5},
    {"fault": "slow", "seconds": 4},
    {"fault": "half"},
    {"fault": "drip", "seconds": 0.5},
    {"fault": "close_before"},
    {"fault": "close_after"},
    {"fault": "reset_before"},
    {"fault": "reset_after"},
]


def test_f23_f24_answers_that_come_too_late_or_in_part(job_of, sandbox, settings):
    settings.SEND_LEASE_SECONDS, settings.SETTLE_SECONDS = 8, 3  # so an answer is waited for for two seconds
    sandbox.control.faults(*({**fault, "phones": [phone(n)], "times": 1} for n, fault in enumerate(LATE_OR_IN_PART)))
    job = sender.push_to_end(job_of(30).pk)
    assert counts(job) == {"created": 30}
    assert_each_once(sandbox, 30)
    lost = ImportRow.objects.filter(unknowns__gt=0).values_list("phone", flat=True)
    assert set(lost) >= {phone(n) for n in range(len(LATE_OR_IN_PART))}  # and any that a busy machine answered as late


GARBAGE = ["malformed_json", "html", "empty", "204", "id_list", "id_true", "huge", "gzip_bomb", "invalid_utf8", "null"]


def test_f25_garbage_is_never_an_acceptance(job_of, sandbox):
    sandbox.control.faults(
        *({"fault": "garbage", "kind": kind, "phones": [phone(n)], "times": 1} for n, kind in enumerate(GARBAGE))
    )
    job = sender.push_to_end(job_of(len(GARBAGE)).pk)
    assert counts(job) == {"created": len(GARBAGE)}
    assert_each_once(sandbox, len(GARBAGE))


def test_f26_a_key_that_dies_pauses_with_one_mail_and_a_new_one_goes_on_from_the_same_row(job_of, sandbox, adam, bob):
    sandbox.control.fault("dead_key", at=30)
    job = sender.push_to_end(job_of(100).pk)
    assert (job.state, job.reason) == (JobState.PAUSED, "key")
    posted = sandbox.control.state()["lead_posts"]
    assert counts(job)["created"] == 29 and counts(job)["pending"] == 71
    assert {mail.recipient for mail in OutgoingMail.objects.filter(kind="paused")} == {adam, bob}
    assert Account.objects.get().problem == "key"

    sandbox.control.settings(api_key="new|key-of-the-account")
    account = Account.objects.get()
    accounts.set_key(account, "new|key-of-the-account")
    account.save()
    dispatcher.dispatch_due_work(lambda name, *ids: None)
    job = sender.push_to_end(job.pk)
    assert job.state == JobState.DONE and counts(job) == {"created": 100}
    assert_each_once(sandbox, 100)
    assert set(ImportRow.objects.values_list("attempts", flat=True)) == {1}
    assert posted < 30 + 33  # what was in flight when the key died, nothing more


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"fault": "answer", "status": 403, "body": {"message": "Forbidden."}}, "key"),
        ({"fault": "answer", "status": 402, "body": {"message": "Insufficient balance."}}, "balance"),
        ({"fault": "answer", "status": 404, "body": {"message": "Campaign not found"}}, "campaign_missing"),
        ({"fault": "redirect"}, "misconfigured"),
        ({"fault": "answer", "status": 422, "body": {"message": "Leads are closed."}}, "every_row_refused"),
    ],
)
def test_f27_what_a_person_must_mend_pauses_and_resume_goes_on(fault, reason, job_of, sandbox):
    sandbox.control.fault(**fault)
    job = job_of(90)
    Account.objects.update(max_in_flight=16)  # so that some are left when it pauses
    job = sender.push_to_end(job.pk)
    assert (job.state, job.reason) == (JobState.PAUSED, reason)
    assert not sandbox.ledger.accepted()
    sandbox.control.clear_faults()
    workflow.resume(job, None, in_background=False)
    job = sender.push_to_end(job.pk)
    assert job.state == JobState.DONE
    assert counts(job).get("created", 0) + counts(job).get("refused", 0) == 90
    assert_each_once(sandbox, counts(job)["created"])


def test_f27_a_service_in_maintenance_is_left_alone_until_it_is_back(job_of, sandbox, settings):
    settings.SEND_LEASE_SECONDS = 4  # the breaker opens for a second at first
    sandbox.control.settings(maintenance=True)
    job = job_of(60)
    Account.objects.update(max_in_flight=16)  # so many may be under way when the breaker opens
    wait_until(lambda: reason_after_a_slice(job) == "breaker", what="the breaker opens")
    for _ in range(2):
        assert reason_after_a_slice(job) == "breaker"
    assert job.state == JobState.PUSHING
    assert sandbox.control.state()["lead_posts"] < 40
    sandbox.control.settings(maintenance=False)
    job = sender.push_to_end(job.pk)
    assert counts(job) == {"created": 60} and job.reason == ""
    assert_each_once(sandbox, 60)


def reason_after_a_slice(job: ImportJob) -> str:
    sender.run_slice(job.pk, seconds=1.5)
    job.refresh_from_db()
    return job.reason


def test_f28_a_host_that_does_not_exist_costs_no_try(job_of, sandbox):
    base_url = Account.objects.get().base_url
    Account.objects.update(base_url="http://nowhere.invalid/api")
    job = sender.push_to_end(job_of(30).pk)
    assert (job.state, job.reason) == (JobState.PAUSED, "misconfigured")
    assert set(ImportRow.objects.values_list("attempts", flat=True)) == {0}
    Account.objects.update(base_url=base_url)
    workflow.resume(job, None, in_background=False)
    assert counts(sender.push_to_end(job.pk)) == {"created": 30}


def test_the_first_few_are_sent_and_then_somebody_is_asked(job_of, sandbox):
    job = sender.push_to_end(job_of(50, send_limit=20).pk)
    assert (job.state, job.reason, job.reason_detail) == (JobState.PAUSED, "first_sent", {"count": 20})
    assert counts(job) == {"created": 20, "pending": 30}
    assert {row.row_number for row in ImportRow.objects.filter(state=RowState.CREATED)} == set(range(2, 22))
    workflow.send_rest(job, None, in_background=False)
    assert counts(sender.push_to_end(job.pk)) == {"created": 50}


def test_a_lead_that_is_refused_keeps_the_services_words_and_frees_its_number(job_of, sandbox, campaign):
    sandbox.control.fault("answer", status=422, body={"errors": {"phone_number": ["Not a number."]}}, phones=[phone(1)])
    job = sender.push_to_end(job_of(3).pk)
    assert counts(job) == {"created": 2, "refused": 1}
    row = ImportRow.objects.get(state=RowState.REFUSED)
    assert row.detail["message"] == "Not a number." and row.reason == "refused"
    assert not campaign.numbers.filter(phone_number=phone(1)).exists()


def test_nobody_is_called_who_asked_not_to_be_between_check_and_sending(job_of, sandbox):
    from campaigns.models import DoNotCall

    DoNotCall.objects.create(phone_number=phone(1))
    job = sender.push_to_end(job_of(3).pk)
    assert counts(job) == {"created": 2, "do_not_call": 1}
    assert ("1050", phone(1)) not in sandbox.ledger.accepted()


def test_a_row_that_may_be_there_is_not_called_cancelled(job_of, sandbox):
    """Nobody can look it up, and the import has been cancelled: it is said not to be known, and found by trying again."""
    sandbox.control.faults(
        {"fault": "reset_after", "phones": [phone(0)], "times": 1}, {"fault": "answer", "status": 404, "on": "find_leads"}
    )
    job = job_of(1)
    sender.run_slice(job.pk, 0.01)
    workflow.cancel(job, None)
    for _ in range(3):
        ImportRow.objects.update(next_ms=0)
        sender.run_slice(job.pk, 0.5)
    assert counts(job) == {"unconfirmed": 1}
    sandbox.control.clear_faults()
    job.refresh_from_db()
    workflow.retry_failed(job, None, in_background=False)
    assert counts(sender.push_to_end(job.pk)) == {"created": 1}
    assert len(sandbox.ledger.posts()) == 1  # it was looked up first


def test_a_row_that_was_not_confirmed_and_is_not_there_is_sent_again(job_of, sandbox):
    job = job_of(1, state=JobState.CANCELLED, finished_at="2026-05-01T12:00Z")
    ImportRow.objects.update(state=RowState.UNCONFIRMED, unknowns=1, attempts=MOST_TRIES, first_intent_ms=1)
    counters.recount(job.pk)
    workflow.retry_failed(job, None, in_background=False)
    assert counts(sender.push_to_end(job.pk)) == {"created": 1}


def test_a_key_that_dies_while_only_look_ups_are_left_pauses_and_costs_nothing(job_of, sandbox):
    sandbox.control.fault("reset_after", phones=[phone(0)], times=1)
    job = job_of(1)
    sender.run_slice(job.pk, 0.01)
    sandbox.control.settings(api_key="another|key")
    job = sender.push_to_end(job.pk)
    assert (job.state, job.reason) == (JobState.PAUSED, "key") and counts(job) == {"unknown": 1}
    assert ImportRow.objects.get().lookup_failures == 0
    sandbox.control.settings(api_key=sandbox.api_key)
    workflow.resume(job, None, in_background=False)  # the same key works again, says the person who goes on
    assert Account.objects.get().problem == ""
    ImportRow.objects.update(next_ms=0)
    assert counts(sender.push_to_end(job.pk)) == {"created": 1}


def test_who_presses_pause_while_the_key_is_dead_is_not_overruled_by_a_new_key(job_of, sandbox):
    job = job_of(3)
    sender.pause_with_reason(job.pk, "key")
    workflow.pause(job, None)
    Account.objects.update(problem="")
    dispatcher._resume_mended(None)
    job.refresh_from_db()
    assert (job.state, job.reason) == (JobState.PAUSED, "paused_by_person")


def test_f8_a_process_that_is_asked_to_stop_begins_nothing_that_was_still_queued(job_of, sandbox):
    job = job_of(3)
    shutdown.ask()
    sender.run_slice(job.pk)
    assert not sandbox.ledger.posts() and counts(job) == {"pending": 3}


def test_a_process_that_was_held_up_begins_no_request(job_of, sandbox, monkeypatch):
    """Somebody may have pressed pause meanwhile. The service is not blamed, and no try is counted."""
    monkeypatch.setattr(request_pool, "STOPS_WITHIN", -1)
    job = job_of(20)
    sender.run_slice(job.pk, 0.5)
    assert not sandbox.ledger.posts() and counts(job) == {"pending": 20}
    assert set(ImportRow.objects.values_list("attempts", flat=True)) == {0}
    monkeypatch.undo()
    assert counts(sender.push_to_end(job.pk)) == {"created": 20}
