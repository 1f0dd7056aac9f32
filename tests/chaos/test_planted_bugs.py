"""The judge is judged: mistakes that senders really make, each planted on purpose, each must be caught.

Every stage is also run with nothing planted, and must then be clean: a judge that cries always is worth nothing.
"""

import time

import pytest

from campaigns.models import AccountBudget
from campaigns.whattalk import client
from campaigns.whattalk.replies import Created, NotAccepted, RetryReason, Unknown
from devtools.chaos.checker import Observations, judge
from imports import counters
from imports.models import ImportJob, ImportRow, JobState, RowState
from imports.push import number_claims, row_claims, row_evidence, sender, undo
from imports.push.account_share import take_share
from imports.push.conclusions import Conclusion, Meaning
from imports.push.lead_ownership import Whose
from imports.push.ledger import Ledger
from imports.push.refusal_meanings import Meanings
from imports.push.request_pool import Answer, RequestPool
from imports.workflow import steps as workflow
from tests.builders import a_job, phone
from tests.push.conftest import campaign, in_a_hurry, job_of, nobody_asked_to_stop  # noqa: F401

ROWS = 6


class Killed(BaseException):
    """The process is gone: nothing after this is carried out."""


# -- stages: what happens to the import --------------------------------------------------------------------------------
def run_calmly(job, sandbox, monkeypatch) -> None:
    sender.push_to_end(job.pk)


def lose_answers(fault: str):
    def stage(job, sandbox, monkeypatch) -> None:
        sandbox.control.fault(fault, times=2)
        sender.push_to_end(job.pk)

    stage.__name__ = f"lose_answers_{fault}"
    return stage


def die_after_the_service_accepted(job, sandbox, monkeypatch) -> None:
    def gone(pool, *_args, **_kwargs):
        if pool.in_flight:
            sandbox.control.wait_for(lambda state: state["lead_posts"] >= pool.in_flight)
            raise Killed
        return []

    _die(job, monkeypatch, "answers", gone)


def die_before_anything_leaves(job, sandbox, monkeypatch) -> None:
    def gone(pool, requests):
        if requests:
            raise Killed

    _die(job, monkeypatch, "start", gone)


def _die(job, monkeypatch, where: str, gone) -> None:
    with monkeypatch.context() as killing:
        killing.setattr(RequestPool, where, gone)
        killing.setattr(sender._Slice, "_drain", lambda self: None)
        with pytest.raises(Killed):
            sender.run_slice(job.pk)
    ImportRow.objects.update(lease_ms=1)
    sender.push_to_end(job.pk)


def come_back_from_a_freeze(job, sandbox, monkeypatch) -> None:
    job = ImportJob.objects.select_related("campaign__account").get(pk=job.pk)
    frozen = Ledger(job, take_share(job))
    claimed = frozen.commit_batch([], 0, may_begin=True).send[0]
    ImportRow.objects.update(lease_ms=1)
    sender.push_to_end(job.pk)
    frozen.commit_batch([Answer(claimed, NotAccepted(RetryReason.RATE_LIMITED), None, 0.1)], 0, may_begin=False)


def meet_strangers(job, sandbox, monkeypatch) -> None:
    """Somebody else adds a number a moment before our request is lost."""
    sandbox.control.fault("500_before", times=2, foreign={"variables": {"name": "Somebody else"}})
    sender.push_to_end(job.pk)


def hear_loose_words(job, sandbox, monkeypatch) -> None:
    sandbox.control.fault("answer", status=422, body={"message": "Kampanya zaten bitti."}, times=3)
    sender.push_to_end(job.pk)


def share_numbers(job, sandbox, monkeypatch) -> None:
    """An import that cannot send, another with its numbers, and the first is cancelled."""
    sandbox.control.fault("429", retry_after=3600)
    sender.run_slice(job.pk, 0.1)
    sandbox.control.clear_faults()
    AccountBudget.objects.all().delete()
    sender.push_to_end(a_job(job.campaign, ROWS).pk)
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.CANCELLED)
    sender.run_slice(job.pk)


def undo_while_lists_lag(job, sandbox, monkeypatch) -> None:
    job = sender.push_to_end(job.pk)
    sandbox.control.settings(lookup_lag=3600)
    undo_to_end(job)


def undo_beside_strangers(job, sandbox, monkeypatch) -> None:
    """Somebody else has added the same numbers since."""
    job = sender.push_to_end(job.pk)
    sandbox.control.add_leads(1050, [phone(n) for n in range(ROWS)])
    undo_to_end(job)


def undo_to_end(job) -> None:
    workflow.undo(job, None)
    for _ in range(3):
        ImportRow.objects.update(next_ms=0)
        undo.run_slice(job.pk)


def send_again_after_an_undo(job, sandbox, monkeypatch) -> None:
    undo_to_end(sender.push_to_end(job.pk))
    sender.push_to_end(a_job(job.campaign, ROWS).pk)


# -- bugs: what somebody might have written ----------------------------------------------------------------------------
def no_intent(monkeypatch) -> None:
    """Rows are sent first and written down when the answer is there."""
    after_commit(monkeypatch, lambda ids: ImportRow.objects.filter(pk__in=ids).update(state=RowState.PENDING, lease_ms=0))
    no_fence(monkeypatch)


def early_state(monkeypatch) -> None:
    """Rows are written down as created, and sent then."""
    after_commit(monkeypatch, lambda ids: ImportRow.objects.filter(pk__in=ids).update(state=RowState.CREATED, remote_id="1"))


def after_commit(monkeypatch, write) -> None:
    commit = Ledger.commit_batch

    def changed(ledger, *args, **kwargs):
        planned = commit(ledger, *args, **kwargs)
        write([sending.row.id for sending in planned.send])
        counters.recount(ledger.job.pk)
        return planned

    monkeypatch.setattr(Ledger, "commit_batch", changed)


def no_fence(monkeypatch) -> None:
    """Whoever comes last is right."""
    sql = row_claims._record_sql
    monkeypatch.setattr(
        row_claims, "_record_sql", lambda n, before: sql(n, before).replace(f"AND r.token = v.held AND r.state = '{before}'", "")
    )


def error_500_means_not_sent(monkeypatch) -> None:
    outcome = row_evidence._outcome
    monkeypatch.setattr(
        row_evidence,
        "_outcome",
        lambda answer: NotAccepted(RetryReason.NOT_SENT) if isinstance(outcome(answer), Unknown) else outcome(answer),
    )


def expired_means_not_sent(monkeypatch) -> None:
    def reap(job_id: int) -> int:
        rows = ImportRow.objects.filter(job_id=job_id, state=RowState.SENDING, lease_ms=1)
        n = rows.update(state=RowState.PENDING, token=None, lease_ms=0)
        counters.add(job_id, counters.moves(RowState.SENDING, [RowState.PENDING] * n))
        return n

    monkeypatch.setattr(row_claims, "reap", reap)


def library_repeats_posts(monkeypatch) -> None:
    create = client.WhatTalkClient.create_lead

    async def repeated(self, lead, **kwargs):
        outcome = await create(self, lead, **kwargs)
        return await create(self, lead, **kwargs) if isinstance(outcome, Unknown) else outcome

    monkeypatch.setattr(client.WhatTalkClient, "create_lead", repeated)


def sums_drift(monkeypatch) -> None:
    moves = counters.moves
    monkeypatch.setattr(counters, "moves", lambda before, after: moves(before, list(after)[1:]))


def redirects_are_followed(monkeypatch) -> None:
    """… to a page that says 200, which is taken for success."""
    outcome = row_evidence._outcome
    monkeypatch.setattr(
        row_evidence, "_outcome", lambda answer: Created("1") if isinstance(outcome(answer), Unknown) else outcome(answer)
    )


def whatever_is_found_is_ours(monkeypatch) -> None:
    monkeypatch.setattr(row_evidence, "whose", lambda lead, row, known, is_named: Whose.OURS)


def words_are_believed(monkeypatch) -> None:
    monkeypatch.setattr(Meanings, "believe", lambda meanings, refusal: Meaning.DUPLICATE)


def held_numbers_are_there(monkeypatch) -> None:
    monkeypatch.setattr(number_claims, "release", lambda campaign_id, phone_of: None)
    monkeypatch.setattr(number_claims, "numbers_in_campaign", lambda campaign_id, phones: set(phones))


def what_is_not_listed_is_gone(monkeypatch) -> None:
    async def undo_lead(client, campaign, one):
        found = await undo.look_up(client, campaign, one.row.phone)
        return undo.UndoResult(deleted=one.remote_id) if not found else undo.UndoResult(missing=True)

    monkeypatch.setattr(undo, "undo_lead", undo_lead)


def undone_is_whatever_has_the_number(monkeypatch) -> None:
    monkeypatch.setattr(undo, "_is_ours", lambda lead, one: True)


def expired_means_cancelled(monkeypatch) -> None:
    def reap(job_id: int) -> int:
        rows = ImportRow.objects.filter(job_id=job_id, state=RowState.SENDING, lease_ms=1)
        n = rows.update(state=RowState.CANCELLED, token=None, lease_ms=0)
        counters.add(job_id, counters.moves(RowState.SENDING, [RowState.CANCELLED] * n))
        return n

    monkeypatch.setattr(row_claims, "reap", reap)


def answers_are_mixed_up(monkeypatch) -> None:
    """Each row takes the answer of another one: all numbers are right, and no row is."""
    start = RequestPool.start

    def mixed_up(pool, requests):
        keys, sent = zip(*requests, strict=True)
        start(pool, list(zip(keys[1:] + keys[:1], sent, strict=True)))

    monkeypatch.setattr(RequestPool, "start", mixed_up)


def lost_means_refused(monkeypatch) -> None:
    of_answer = row_evidence.of_answer
    monkeypatch.setattr(
        row_evidence,
        "of_answer",
        lambda outcome, row: (
            Conclusion(RowState.REFUSED, reason="refused", message="HTTP 500")
            if isinstance(outcome, Unknown)
            else of_answer(outcome, row)
        ),
    )


def numbers_stay_there_for_ever(monkeypatch) -> None:
    """What an undone import has deleted still counts as being in the campaign."""
    monkeypatch.setattr(undo.number_claims, "release", lambda campaign_id, phone_of: None)
    monkeypatch.setattr(number_claims, "numbers_in_campaign", lambda campaign_id, phones: set(phones))


BUGS = [
    (no_intent, die_after_the_service_accepted, "I3"),
    (error_500_means_not_sent, lose_answers("500_after"), "I3"),
    (expired_means_not_sent, die_after_the_service_accepted, "I3"),
    (no_fence, come_back_from_a_freeze, "I1"),
    (library_repeats_posts, lose_answers("reset_after"), "I3"),
    (early_state, die_before_anything_leaves, "I4"),
    (sums_drift, run_calmly, "I6"),
    (redirects_are_followed, lose_answers("redirect"), "I4"),
    (whatever_is_found_is_ours, meet_strangers, "I9"),
    (words_are_believed, hear_loose_words, "I9"),
    (held_numbers_are_there, share_numbers, "I2"),
    (what_is_not_listed_is_gone, undo_while_lists_lag, "I2"),
    (whatever_is_found_is_ours, meet_strangers, "I4"),
    (words_are_believed, hear_loose_words, "I2"),
    (held_numbers_are_there, share_numbers, "I9"),
    (what_is_not_listed_is_gone, undo_while_lists_lag, "I9"),
    (undone_is_whatever_has_the_number, undo_beside_strangers, "I9"),
    (expired_means_cancelled, die_after_the_service_accepted, "I9"),
    (answers_are_mixed_up, run_calmly, "I9"),
    (lost_means_refused, lose_answers("500_after"), "I9"),
    (lost_means_refused, lose_answers("reset_before"), "I9"),
    (numbers_stay_there_for_ever, send_again_after_an_undo, "I9"),
]
WITH_THE_BLOCK = (
    meet_strangers,
    hear_loose_words,
    share_numbers,
    undo_while_lists_lag,
    undo_beside_strangers,
    send_again_after_an_undo,
)


def verdict_after(stage, job_of, sandbox, monkeypatch):
    sandbox.control.add_leads(1050, [phone(900_000)])
    job = job_of(ROWS, allow_duplicates=stage not in WITH_THE_BLOCK)
    stage(job, sandbox, monkeypatch)
    return judge(sandbox.ledger, ImportJob.objects.select_related("campaign"))


@pytest.mark.any_database  # the checker is the same; the stages themselves are run on both, below
@pytest.mark.parametrize(
    ("bug", "stage", "invariant"), BUGS, ids=[f"{bug.__name__}-{stage.__name__}-{invariant}" for bug, stage, invariant in BUGS]
)
def test_a_planted_bug_is_caught(bug, stage, invariant, job_of, sandbox, monkeypatch):
    bug(monkeypatch)
    assert verdict_after(stage, job_of, sandbox, monkeypatch).violations[invariant]


def test_a_number_that_is_posted_after_it_was_listed_is_seen(job_of, sandbox):
    sender.push_to_end(job_of(ROWS).pk)
    seen = Observations(listed={phone(0): time.monotonic() - 3600, phone(1): time.monotonic()})
    verdict = judge(sandbox.ledger, ImportJob.objects.select_related("campaign"), seen)
    assert [phone(0)[-2:] in found for found in verdict.violations["I8"] if "was posted" in found] == [True]


def test_a_duplicate_that_came_after_its_row_had_ended_is_none(job_of, sandbox):
    sandbox.control.fault("answer", status=422, body={"message": "No."}, phones=[phone(0)])
    job = sender.push_to_end(job_of(ROWS).pk)
    refused = ImportRow.objects.filter(state=RowState.REFUSED)
    ended = {row.pk: time.monotonic() for row in refused}
    refused.update(state=RowState.DUPLICATE_IN_CAMPAIGN)
    sandbox.control.add_leads(1050, [phone(0)])
    assert len(ended) == judge(sandbox.ledger, [job], Observations(ended=ended)).misnamed == 1
    assert judge(sandbox.ledger, [job]).misnamed == 0


@pytest.mark.parametrize(
    "stage",
    [
        run_calmly,
        lose_answers("500_after"),
        lose_answers("reset_after"),
        lose_answers("redirect"),
        die_after_the_service_accepted,
        die_before_anything_leaves,
        come_back_from_a_freeze,
        *WITH_THE_BLOCK,
    ],
)
def test_without_a_bug_the_same_stage_is_clean(stage, job_of, sandbox, monkeypatch):
    verdict = verdict_after(stage, job_of, sandbox, monkeypatch)
    assert verdict.is_clean, verdict.violations
