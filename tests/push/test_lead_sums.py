"""Whatever changes a campaign's leads, and in whatever order, its sums are what counting would give."""

import threading
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test import RequestFactory
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from campaigns import lead_counters, sync, webhook
from campaigns.labels import status_class
from campaigns.models import Lead, LeadCount
from campaigns.whattalk import resources
from imports.models import ImportRow, RowState
from imports.push import number_claims, undo
from imports.push.request_pool import Answer
from imports.push.row_claims import Claimed, Ending
from imports.push.undo import ToUndo, UndoResult
from tests.builders import a_campaign, a_job, phone

MANY = 8
STATUSES = ["created", "completed", "never heard of"]
one_lead = st.tuples(st.integers(1, MANY), st.sampled_from(STATUSES))
some_leads = st.lists(one_lead, max_size=5)
steps = st.lists(
    st.tuples(st.sampled_from(["send", "recover", "sync", "forget", "undo", "webhook", "roll back"]), some_leads), max_size=12
)


def sums(campaign) -> tuple[Counter, Counter]:
    """What is kept, and what counting gives."""
    kept = Counter({status: n for status, n in LeadCount.objects.filter(campaign=campaign).values_list("status", "n") if n})
    return kept, Counter(map(status_class, campaign.leads.values_list("status", flat=True)))


def seen(n: int, status: str) -> resources.Lead:
    return resources.Lead.of(
        {"id": n, "campaign_id": 1050, "phone_number": phone(n), "status": status, "created_at": "2026-05-01 10:00:00"}
    )


def send(campaign, leads) -> None:
    row = Claimed(1, 1, phone(1), {"variables": {"name": "Ayşe"}}, None, 1, 0, 0, 0, 0)
    endings = [Ending(1, 1, RowState.CREATED, remote_id=str(n)) for n, _status in leads]
    number_claims.save_leads(campaign.pk, endings, {1: row})


def recover(campaign, leads) -> None:
    number_claims.save_other_leads(campaign.pk, phone(1), [seen(n, status) for n, status in leads])


def read(campaign, leads) -> None:
    sync.save_leads(campaign, [seen(n, status) for n, status in leads])


def forget(campaign, leads) -> None:
    met = {str(n) for n, _status in leads}
    known = campaign.leads.filter(created_at__lt=datetime(2026, 6, 1, tzinfo=UTC)).values_list("pk", "remote_id", "phone_number")
    sync._delete_missing(campaign, [sync.Missing(*lead) for lead in known if lead[1] not in met])


def take_back(campaign, leads) -> None:
    """The rows of these leads are undone, as the slice of an undo records it."""
    job = campaign.imports.get()
    answers = []
    for n, _status in leads:
        row = ImportRow.objects.filter(job=job, row_number=n + 1)
        row.update(state=RowState.CREATED, remote_id=str(n), token=7)
        claimed = Claimed(row.get().pk, 7, phone(n), {}, None, 1, 0, 0, 0, 0)
        answers.append(Answer(ToUndo(claimed, str(n)), UndoResult(deleted=str(n)), None, 0.1))
    undoing = undo._Undoing(job, SimpleNamespace(note=lambda *_: None), None, 1)
    undoing._record(answers)


def tell(campaign, leads) -> None:
    for n, status in leads:
        body = {"status": "completed", "lead": {"id": n, "status": status}}
        request = RequestFactory().post("/", body, content_type="application/json")
        account_id = campaign.account_id
        assert webhook.post_call(request, account_id, webhook.secret_of(account_id)).status_code in (200, 202)


def roll_back(campaign, leads) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        read(campaign, leads)
        1 / 0


STEPS = {
    "send": send,
    "recover": recover,
    "sync": read,
    "forget": forget,
    "undo": take_back,
    "webhook": tell,
    "roll back": roll_back,
}


@given(steps=steps)
@hypothesis_settings(max_examples=30, suppress_health_check=list(HealthCheck))
def test_the_sums_of_leads_are_a_recount_after_any_mixture(steps, db):
    with rolled_back():
        campaign = a_campaign()
        a_job(campaign, [phone(n) for n in range(1, MANY + 1)])
        for step, leads in steps:
            STEPS[step](campaign, leads)
            kept, counted = sums(campaign)
            assert kept == counted, step
        assert lead_counters.recount(campaign.pk)


@contextmanager
def rolled_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_leads_that_two_processes_learn_of_at_once_are_counted_once(transactional_db):
    campaign = a_campaign()
    leads = [(n, "created") for n in range(1, 200)]

    def work(step, some) -> None:
        try:
            for begin in range(0, len(some), 20):
                with transaction.atomic():
                    step(campaign, some[begin : begin + 20])
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(step, leads)) for step in (send, read, recover, read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    kept, counted = sums(campaign)
    assert kept == counted == Counter(created=199) and Lead.objects.count() == 199
