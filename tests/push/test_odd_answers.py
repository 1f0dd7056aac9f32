"""An odd answer costs one row, by name; everything else goes on. On both databases, through the real client."""

import json
from collections import Counter

import pytest
from django.db import DataError
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from campaigns import gateway, sync
from campaigns.labels import status_class
from campaigns.models import Campaign, CampaignNumber, Lead, LeadCount
from campaigns.whattalk.replies import LONGEST_ID
from imports import counters
from imports.models import OPEN_STATES, ImportJob, ImportRow, JobState, RowState
from imports.push import row_claims, sender
from tests.builders import phone
from tests.push.test_push import counts

ODD_TEXTS = [
    "\x00",
    "a\x00b",
    "\ud800",
    "x" * 80,
    "s" * 500,
    "0000-00-00 00:00:00",
    "99999-01-01",
    "0001-01-01T00:00:00+14:00",
    "é",
    " ",
    "9" * 30,
]
texts = st.one_of(st.sampled_from(ODD_TEXTS), st.text(st.characters(), max_size=12))
numbers = st.one_of(
    st.sampled_from([0, -1, 17.0, 1.5, 10**18, 10**30, 10**400, float("nan"), float("inf"), 1e300]), st.integers(), st.floats()
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)
FIELDS = (
    "id",
    "phone_number",
    "campaign_id",
    "status",
    "variables",
    "secondary_contacts",
    "created_at",
    "updated_at",
    "campaign",
    "call_tries",
)
odd_leads = st.dictionaries(st.sampled_from(FIELDS), values, max_size=6)
odd_answers = st.one_of(
    values, st.fixed_dictionaries({"data": odd_leads}), st.fixed_dictionaries({"message": values, "errors": values})
)
some_examples = hypothesis_settings(max_examples=25, suppress_health_check=list(HealthCheck))


def as_text(value) -> str:
    """JSON as careless services write it, `NaN` and half letters included."""
    return json.dumps(value)


@pytest.fixture
def in_no_time(settings) -> None:
    settings.SETTLE_SECONDS = settings.SETTLE_SECONDS_WITH_DUPLICATES = settings.LOOKUP_GAP_SECONDS = 0


def start_over(sandbox, campaign) -> None:
    sandbox.control.reset()
    ImportJob.objects.all().delete()
    CampaignNumber.objects.all().delete()
    Lead.objects.all().delete()
    LeadCount.objects.all().delete()
    Campaign.objects.filter(pk=campaign.pk).update(leads_sync={}, leads_synced_at=None)


@given(answer=odd_answers, status=st.sampled_from([200, 201, 400, 422, 500]), is_accepted=st.booleans())
@some_examples
def test_any_answer_to_a_lead_leaves_the_other_rows_alone(answer, status, is_accepted, job_of, campaign, sandbox, in_no_time):
    start_over(sandbox, campaign)
    sandbox.control.fault("answer", phones=[phone(1)], times=1, status=status, body=as_text(answer), accepted=is_accepted)
    job = job_of(3)
    sender.push_to_end(job.pk)
    ImportJob.objects.filter(pk=job.pk, state=JobState.PAUSED).update(state=JobState.PUSHING)  # odd words may speak of money
    job = sender.push_to_end(job.pk)
    states = dict(ImportRow.objects.values_list("phone", "state"))
    assert job.state == JobState.DONE and states[phone(0)] == states[phone(2)] == RowState.CREATED
    assert states[phone(1)] not in OPEN_STATES and counters.recount(job.pk)


@given(odd=st.lists(odd_leads, max_size=4))
@some_examples
def test_any_lead_in_a_list_leaves_the_other_leads_alone(odd, campaign, sandbox):
    start_over(sandbox, campaign)
    good = {"id": 7, "campaign_id": 1050, "phone_number": phone(7), "status": "completed"}
    sandbox.control.fault("answer", on="find_leads", body=as_text({"data": [*odd, good], "current_page": 1, "last_page": 1}))
    sync.sync_leads(Campaign.objects.get())
    assert Lead.objects.get(remote_id="7").phone_number == phone(7)
    kept = Counter({status: n for status, n in LeadCount.objects.values_list("status", "n") if n})
    assert kept == Counter(map(status_class, Lead.objects.values_list("status", flat=True)))


@given(answer=values)
@some_examples
def test_any_list_of_the_account_is_taken_or_refused_in_a_sentence(answer, campaign, sandbox):
    sandbox.control.clear_faults()
    sandbox.control.fault("answer", on="any", body=as_text(answer))
    for read in (gateway.refresh_campaigns, gateway.refresh_assistants, gateway.refresh_phone_lines, gateway.check_key):
        try:
            read(campaign.account)
        except gateway.RemoteProblem as problem:
            assert str(problem)


def test_a_lead_id_of_eighty_characters_is_an_id(job_of, sandbox):
    sandbox.control.fault("answer", phones=[phone(1)], body={"data": {"id": "x" * 80}}, accepted=True)
    assert counts(sender.push_to_end(job_of(3).pk)) == {"created": 3}
    assert ImportRow.objects.get(phone=phone(1)).remote_id == "x" * 80


@pytest.mark.parametrize(
    ("odd", "name"),
    [
        ("y" * (LONGEST_ID + 1), "101 characters"),
        ("a\x00b", "cannot be one"),
        ([12], "[12]"),
        (1.5, "1.5"),
        (-3, "-3"),
        (10**30, "1e+30"),
    ],
)
def test_an_id_that_cannot_be_one_is_named_and_the_lead_looked_up(odd, name, job_of, sandbox, settings):
    settings.SETTLE_SECONDS = 600  # what is said meanwhile
    sandbox.control.fault("answer", phones=[phone(1)], body=as_text({"message": "Created", "data": {"id": odd}}), accepted=True)
    job = job_of(3)
    sender.run_slice(job.pk, seconds=5)
    row = ImportRow.objects.get(phone=phone(1))
    assert counts(job) == {"created": 2, "unknown": 1} and name in row.detail["message"]
    ImportRow.objects.filter(pk=row.pk).update(next_ms=0)
    sender.push_to_end(job.pk)
    assert counts(job) == {"created": 3} and ImportRow.objects.get(phone=phone(1)).detail["recovered"]


def test_an_outcome_that_the_database_refuses_costs_its_own_row(job_of, sandbox, monkeypatch):
    """Should the boundary miss something: only the row whose answer was odd is in doubt."""
    values_of = row_claims._values

    def refused(ending):
        if ending.remote_id and ImportRow.objects.get(pk=ending.id).phone == phone(1):
            raise DataError("value too long")
        return values_of(ending)

    monkeypatch.setattr(row_claims, "_values", refused)
    job = job_of(6)
    sender.run_slice(job.pk, seconds=3)
    assert counts(job) == {"created": 5, "unknown": 1} and counters.recount(job.pk)
    assert "cannot be stored" in ImportRow.objects.get(phone=phone(1)).detail["message"]


def test_a_lead_that_the_database_refuses_is_left_out_of_a_reading(campaign, sandbox, monkeypatch, caplog):
    sandbox.control.add_leads(1050, [phone(n) for n in range(5)])
    upsert = sync.lead_counters.upsert

    def refused(campaign_id, leads):
        if any(lead.phone_number == phone(3) for lead in leads.values()):
            raise DataError("numeric field overflow")
        upsert(campaign_id, leads)

    monkeypatch.setattr(sync.lead_counters, "upsert", refused)
    assert sync.sync_leads(Campaign.objects.get()).complete
    assert Lead.objects.count() == 4 and "is left out, the database does not take it" in caplog.text


@pytest.mark.parametrize(
    "headers",
    [
        {"X-RateLimit-Limit": "9" * 400, "X-RateLimit-Remaining": "1"},
        {"RateLimit-Limit": "nan", "RateLimit-Remaining": "-1", "RateLimit-Reset": "1e999"},
    ],
)
def test_odd_headers_stop_nobody(headers, job_of, sandbox):
    sandbox.control.fault("answer", times=1, status=500, headers=headers)
    assert counts(sender.push_to_end(job_of(3).pk)) == {"created": 3}


@pytest.mark.parametrize(
    "body", ['{"lead": {"id": 1}, "duration": NaN}', '{"lead": {"id": "\\ud800"}, "status": "\\u0000"}', "[" * 5000]
)
def test_an_odd_event_is_no_error_of_ours(body, client, campaign):
    from campaigns import webhook

    response = client.post(
        webhook.webhook_url(campaign.account).removeprefix("http://localhost:8000"), body, content_type="application/json"
    )
    assert response.status_code in (204, 400)
