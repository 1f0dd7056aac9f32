"""What stopped sending is proved mended by sending one row, at growing gaps; and one mail tells of it."""

import time

import pytest
from django.urls import reverse

from background.database_clock import now_ms
from campaigns import sync
from campaigns.models import Account
from imports.models import ImportJob, ImportRow, JobState, OutgoingMail, RowState
from imports.push import probes, sender, undo
from imports.scheduling import dispatcher
from imports.workflow import steps as workflow
from tests.builders import a_campaign, a_job, phone
from tests.push.test_push import counts

pytestmark = pytest.mark.usefixtures("in_a_hurry")
MENDED = {"key_refused": "", "balance": 100.0}


@pytest.fixture(autouse=True)
def short_gaps(settings, sandbox):
    settings.PROBE_SECONDS = 1
    yield
    sandbox.control.settings(**MENDED)


def let_pass(seconds: float) -> None:
    """What the dispatcher and the workers do in so many seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        dispatcher._resume_mended(None)
        dispatcher._enqueue_rows(lambda _task, *slot: sender.run_at(*slot))
        time.sleep(0.05)


def posts(sandbox) -> int:
    return sandbox.control.state()["lead_posts"]


def mails() -> int:
    return OutgoingMail.objects.filter(kind="paused").count()


def rearm_watch() -> int:
    """Mails that were owed, those owed anew included: each was sent before."""
    return OutgoingMail.objects.filter(kind="paused", state="waiting").update(state="sent")


def test_a_key_that_can_read_but_not_send_resumes_nothing_and_is_told_once(job_of, sandbox, adam, settings):
    sandbox.control.fault("key_refused", at=4, **{"for": "posts"})
    settings.PROBE_SECONDS = 60
    job = sender.push_to_end(job_of(40).pk)
    assert (job.state, job.reason) == (JobState.PAUSED, "key") and rearm_watch() == 1
    sent = posts(sandbox)
    for _ in range(5):
        sync.sync_account(Account.objects.get())  # reading works
        let_pass(0.1)
    assert ImportJob.objects.get().reason == "key" and Account.objects.get().problem == "key"
    assert posts(sandbox) == sent and rearm_watch() == 0


def test_each_gap_is_longer_and_each_try_one_row(job_of, sandbox, adam):
    sandbox.control.settings(key_refused="posts")
    job = sender.push_to_end(job_of(40).pk)
    sent, rows = posts(sandbox), counts(job)
    let_pass(4)  # tries after 1 and after 3 seconds
    assert posts(sandbox) == sent + 2 and counts(job) == rows == {"pending": 40}
    assert ImportJob.objects.get().probe["n"] == 2 and mails() == 1 and rearm_watch() == 1
    assert [probes.gap_ms(n) for n in (0, 1, 2, 6, 500)] == [1_000, 2_000, 4_000, 60_000, 60_000]
    assert set(ImportRow.objects.values_list("attempts", flat=True)) == {0}


@pytest.mark.parametrize(
    ("broken", "mended", "reason"),
    [
        ({"key_refused": "posts"}, {"key_refused": ""}, "key"),
        ({"key_refused": "all"}, {"key_refused": ""}, "key"),
        ({"balance": 0}, {"balance": 50}, "balance"),
    ],
)
def test_what_is_restored_is_noticed_by_itself(broken, mended, reason, job_of, sandbox, adam):
    sandbox.control.settings(**broken)
    job = sender.push_to_end(job_of(20).pk)
    assert (job.state, job.reason) == (JobState.PAUSED, reason)
    sandbox.control.settings(**mended)
    let_pass(2.5)
    assert sender.push_to_end(job.pk).state == JobState.DONE and counts(job) == {"created": 20}
    account = Account.objects.get()
    assert account.problem == account.stopped_by == "" and rearm_watch() == 1
    assert not sandbox.ledger.doubles()


def test_a_campaign_that_comes_back_is_noticed_by_itself(job_of, sandbox, adam):
    sandbox.control.fault("answer", status=404, body={"message": "Campaign not found"})
    job = sender.push_to_end(job_of(20).pk)
    assert job.reason == "campaign_missing"
    sandbox.control.clear_faults()
    let_pass(2.5)
    assert counts(sender.push_to_end(job.pk)) == {"created": 20} and rearm_watch() == 1


def test_imports_that_wait_for_one_key_share_one_row_and_one_mail(job_of, campaign, sandbox, adam):
    sandbox.control.settings(key_refused="posts")
    other = a_campaign(campaign.account, str(sandbox.control.add_campaign("Other")))
    jobs = [job_of(10), a_job(other, [phone(100 + n) for n in range(10)])]
    for job in jobs:
        sender.push_to_end(job.pk)
    late = a_job(other, [phone(200 + n) for n in range(10)])  # begun while nobody has mended anything
    sender.push_to_end(late.pk)
    sent = posts(sandbox)
    assert set(ImportJob.objects.values_list("state", "reason")) == {("paused", "key")} and mails() == 1
    let_pass(1.6)
    assert posts(sandbox) == sent + 1 and mails() == 1
    sandbox.control.settings(key_refused="")
    let_pass(3)
    assert all(counts(job) == {"created": 10} for job in [*jobs, late])


def test_what_stops_again_soon_is_the_same_problem_and_later_a_new_one(job_of, sandbox, adam):
    sandbox.control.settings(key_refused="posts")
    job = sender.push_to_end(job_of(10).pk)
    assert rearm_watch() == 1
    let_pass(1.5)
    assert ImportJob.objects.get().probe["n"] == 1
    probes.succeed(job, "key")
    job = sender.push_to_end(job.pk)
    assert job.reason == "key" and job.probe["n"] == 1 and rearm_watch() == 0
    assert now_ms() + 1_000 < job.probe_ms <= now_ms() + 2_000
    probes.succeed(job, "key")
    ImportJob.objects.update(probe={"reason": "key", "n": 5, "resumed_ms": now_ms() - probes.STEADY_MS - 1})
    assert sender.push_to_end(job.pk).probe["n"] == 0 and rearm_watch() == 1


def test_a_person_and_a_new_key_begin_anew(job_of, sandbox, adam):
    sandbox.control.settings(key_refused="posts")
    job = sender.push_to_end(job_of(10).pk)
    assert rearm_watch() == 1
    workflow.resume(job, None, in_background=False)
    assert Account.objects.get().stopped_by == "" and ImportJob.objects.get().probe == {}
    assert sender.push_to_end(job.pk).reason == "key" and rearm_watch() == 1


def test_where_only_look_ups_are_left_one_of_them_is_the_try(job_of, sandbox):
    sandbox.control.fault("reset_after", phones=[phone(0)], times=1)
    job = job_of(1)
    sender.run_slice(job.pk, 0.01)
    sandbox.control.settings(key_refused="all")
    job = sender.push_to_end(job.pk)
    assert (job.state, job.reason) == (JobState.PAUSED, "key") and counts(job) == {"unknown": 1}
    let_pass(1.5)
    assert counts(job) == {"unknown": 1} and ImportRow.objects.get().lookup_failures == 0
    sandbox.control.settings(key_refused="")
    ImportRow.objects.update(next_ms=0)
    ImportJob.objects.update(probe_ms=0)
    let_pass(1)
    assert counts(job) == {"created": 1} and ImportJob.objects.get().state == JobState.DONE


def test_a_try_goes_no_further_than_a_person_has_allowed(job_of, sandbox):
    job = job_of(10, send_limit=0)
    ImportJob.objects.update(state=JobState.PAUSED, reason="key")
    let_pass(0.5)
    assert posts(sandbox) == 0 and counts(job) == {"pending": 10}


def test_a_try_whose_answer_proves_nothing_resumes_nothing(job_of, sandbox):
    sandbox.control.settings(key_refused="posts")
    job = sender.push_to_end(job_of(10).pk)
    sandbox.control.settings(key_refused="")
    sandbox.control.fault("500_before", times=1)
    let_pass(1.6)
    assert ImportJob.objects.get().state == JobState.PAUSED
    assert counts(job) == {RowState.PENDING: 9, RowState.UNKNOWN: 1}


def test_a_refused_key_is_tried_again_slowly_by_what_is_undone_and_read(job_of, sandbox):
    job = sender.push_to_end(job_of(3).pk)
    workflow.undo(job, None)
    sandbox.control.settings(key_refused="all")
    undo.run_slice(job.pk)
    assert Account.objects.get().problem == "key"
    enqueued = []
    for _ in range(3):
        dispatcher._enqueue_undo(lambda task, *_ids: enqueued.append(task))
        dispatcher._enqueue_campaign_syncs(lambda task, *_ids: enqueued.append(task))
    assert enqueued == ["undo", "sync_campaigns"]
    sandbox.control.settings(key_refused="")
    sync.sync_account_in_background(Account.objects.get().pk)
    assert Account.objects.get().problem == ""


def test_a_key_that_is_checked_by_reading_says_what_that_leaves_open(campaign, sandbox, adam, client):
    Account.objects.update(stopped_by="key", problem="key")
    client.force_login(adam, backend="django.contrib.auth.backends.ModelBackend")
    page = client.post(reverse("campaigns:check_account", args=[campaign.account_id]), follow=True).content.decode()
    assert "A lead was refused with this key" in page and Account.objects.get().stopped_by == "key"
