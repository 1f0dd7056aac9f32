"""What is said of a lead is so: strangers' leads, words of every kind, clocks that are wrong; staged on the real sandbox."""

import pytest
from django.utils import timezone

from campaigns.models import Account, AnswerMeaning
from imports.models import ImportJob, ImportRow, JobState, RowState
from imports.push import sender, undo
from imports.push.row_claims import MOST_TRIES
from imports.workflow import steps as workflow
from tests.builders import a_job, phone
from tests.push.test_faults import counts

STRANGER = {"variables": {"name": "Somebody else"}}
NOTHING_LISTED = "variables secondary_contacts created_at"


@pytest.fixture(autouse=True)
def no_long_waits(settings) -> None:
    settings.LOOKUP_GAP_SECONDS = 0.1
    settings.SETTLE_SECONDS = settings.SETTLE_SECONDS_WITH_DUPLICATES = 0.2


def alive(sandbox, campaign: str = "1050") -> int:
    return sandbox.control.state()["leads"].get(campaign, 0)


def look_ups(sandbox) -> int:
    return sum(sandbox.control.state()["requests"].get("find_leads", {}).values())


# -- strangers' leads --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "foreign",
    [
        {**STRANGER, "seconds_ago": 1},
        STRANGER,
        {"seconds_ago": 1},
        {"alike": True, "seconds_ago": 3},
        {"alike": True, "seconds_ago": 30},
        {**STRANGER, "seconds_ago": 86_400},
    ],
)
@pytest.mark.parametrize("fault", [{"fault": "500_before"}, {"fault": "reset_before"}, {"fault": "garbage", "kind": "no_data"}])
def test_a_lead_of_somebody_else_is_neither_called_ours_nor_deleted(fault, foreign, job_of, sandbox):
    """They added the number just before our request, which was lost and never carried out."""
    sandbox.control.fault(**fault, phones=[phone(2)], times=1, foreign=foreign)
    job = sender.push_to_end(job_of(4).pk)
    row = ImportRow.objects.get(phone=phone(2))
    assert (
        counts(job)["created"] == 3 and row.state in (RowState.UNCONFIRMED, RowState.DUPLICATE_IN_CAMPAIGN) and not row.remote_id
    )
    workflow.undo(job, None)
    for _ in range(3):
        ImportRow.objects.update(next_ms=0)
        undo.run_slice(job.pk)
    assert counts(job)["cancelled"] == 3 and alive(sandbox) == 1


@pytest.mark.parametrize("left_out", [NOTHING_LISTED, "created_at", "variables"])
def test_where_lists_tell_too_little_nobody_knows_whose_a_lead_is(left_out, job_of, sandbox):
    sandbox.control.settings(lists_leave_out=left_out)
    sandbox.control.fault("500_before", phones=[phone(0)], times=1, foreign=STRANGER)
    sandbox.control.fault("500_after", phones=[phone(1)], times=1)
    job = sender.push_to_end(job_of(3).pk)
    assert counts(job) == {"created": 1, "unconfirmed": 2}
    assert len(sandbox.ledger.posts()) == 3  # neither is sent again: it may be there


def test_a_lead_that_says_nothing_but_its_number_is_told_by_its_time_alone(job_of, sandbox):
    sandbox.control.fault("500_before", phones=[phone(2)], times=1, foreign={"seconds_ago": 3})
    job = job_of(4)
    ImportRow.objects.update(lead={"variables": {}, "secondary_contacts": []})
    assert counts(sender.push_to_end(job.pk)) == {"created": 3, "duplicate_in_campaign": 1}


def test_what_the_service_fills_in_is_no_difference(job_of, sandbox, campaign):
    assistant = campaign.account.assistants.create(remote_id="501", name="A", variables={"company": "", "product": "paketimiz"})
    campaign.assistant = assistant
    campaign.save()
    sandbox.control.settings(fills_in=True)
    sandbox.control.fault("500_after", times=2)
    assert counts(sender.push_to_end(job_of(4).pk)) == {"created": 4}


# -- clocks ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "clocks",
    [
        {"clock_offset": -400},
        {"clock_offset": 5_000},
        {"lead_clock_offset": -400},
        {"lead_clock_offset": 3 * 3600},
        {"lead_clock_offset": -7 * 3600, "clock_offset": 250},
        {"lead_clock_offset": 3 * 3600, "date_style": "iso"},
    ],
)
def test_our_own_lead_is_known_by_the_services_own_clock(clocks, job_of, sandbox):
    sandbox.control.settings(**clocks)
    sandbox.control.faults({"fault": "500_after", "at": 6, "times": 2}, {"fault": "reset_after", "at": 6, "times": 2})
    job = sender.push_to_end(job_of(12).pk)
    assert counts(job) == {"created": 12}
    assert ImportRow.objects.filter(detail__recovered=True).count() == 4 and not sandbox.ledger.doubles()


@pytest.mark.parametrize("clocks", [{"clock_offset": -400}, {"clock_offset": 5_000}])
def test_the_date_of_the_answers_is_enough_where_the_very_first_answer_is_lost(clocks, job_of, sandbox):
    sandbox.control.settings(**clocks)
    sandbox.control.fault("500_after", times=1)
    assert counts(sender.push_to_end(job_of(1).pk)) == {"created": 1}


@pytest.mark.parametrize("clocks", [{"lead_clock_offset": -400}, {"lead_clock_offset": 3 * 3600}])
def test_where_answers_tell_no_date_one_of_our_own_leads_is_looked_up(clocks, job_of, sandbox):
    sandbox.control.settings(answers_leave_out="created_at", **clocks)
    sandbox.control.fault("500_after", at=6, times=2)
    job = sender.push_to_end(job_of(12).pk)
    assert counts(job) == {"created": 12} and ImportRow.objects.filter(detail__recovered=True).count() == 2


def test_a_clock_that_nobody_knows_yet_makes_no_duplicates(job_of, sandbox):
    """The leads' dates are not those of the answers, and no answer has told them yet."""
    sandbox.control.settings(lead_clock_offset=-400)
    sandbox.control.fault("500_after", times=1)
    job = sender.push_to_end(job_of(1).pk)
    assert counts(job) == {"unconfirmed": 1}
    sender.push_to_end(a_job(job.campaign, [phone(5)]).pk)  # its answer tells the clock
    workflow.retry_failed(job, None, in_background=False)
    assert counts(sender.push_to_end(job.pk)) == {"created": 1}


def test_what_a_process_has_learnt_of_the_clock_is_kept_with_the_account(job_of, sandbox, campaign):
    sandbox.control.settings(clock_offset=-400)
    sender.push_to_end(job_of(5).pk)
    campaign.account.refresh_from_db()
    for which in ("leads", "answers"):
        low, high = campaign.account.service_clock[which][:2]
        assert -401_500 < low <= high < -398_500


# -- words -------------------------------------------------------------------------------------------------------------
LOOSE = [
    (409, {"message": "Conflict"}),
    (409, ""),
    (422, {"message": "Kampanya zaten durduruldu."}),
    (400, {"message": "Zaten bitti."}),
    (200, {"message": "Already exists in another account", "success": False}),
    (422, {"errors": {"phone_number": ["has been used"]}}),
    (403, {"message": "This number already exists elsewhere."}),
    (422, {"message": "Lead 4711 already in review (+905551112233)"}),
    (418, {"message": "No."}),
]


@pytest.mark.parametrize(("status", "body"), LOOSE)
def test_words_are_no_duplicate_while_no_lead_is_there(status, body, job_of, sandbox):
    """Of 120 rows none is called "already in the campaign", and the run of identical refusals pauses the import."""
    sandbox.control.fault("answer", status=status, body=body)
    job = job_of(120)
    Account.objects.update(max_in_flight=16)  # what is under way when the last straw falls is refused too
    job = sender.push_to_end(job.pk)
    assert (job.state, job.reason) == (JobState.PAUSED, "every_row_refused")
    assert counts(job).keys() == {"refused", "pending"} and 50 <= counts(job)["refused"] < 100
    assert look_ups(sandbox) <= 8 and AnswerMeaning.objects.count() == 1
    assert not campaign_numbers(job)


def campaign_numbers(job: ImportJob) -> list[str]:
    return list(job.campaign.numbers.values_list("phone_number", flat=True))


@pytest.mark.parametrize("text", ["Already in your do not call list.", "Numara kara listede mevcut"])
@pytest.mark.parametrize("status", [200, 403, 409, 422])
def test_a_list_of_the_service_is_named_and_looked_up_nowhere(status, text, job_of, sandbox):
    sandbox.control.add_leads(1050, [phone(1)])
    sandbox.control.fault("answer", status=status, body={"message": text}, phones=[phone(0), phone(1)])
    job = sender.push_to_end(job_of(4).pk)
    assert counts(job) == {"created": 2, "refused": 2} and look_ups(sandbox) == 0
    assert set(ImportRow.objects.filter(state="refused").values_list("reason", flat=True)) == {"refused_do_not_call"}


@pytest.mark.parametrize("style", ["422", "400", "200", "turkish", "taken"])
def test_a_text_is_verified_by_two_rows_and_then_believed(style, job_of, campaign, sandbox):
    sandbox.control.settings(duplicate_style=style)
    sandbox.control.add_leads(1050, [phone(n) for n in range(0, 80, 2)])
    job = sender.push_to_end(job_of(80).pk)
    assert counts(job) == {"created": 40, "duplicate_in_campaign": 40}
    assert 2 <= look_ups(sandbox) <= 12
    before = look_ups(sandbox)
    sandbox.control.add_leads(1050, [phone(n) for n in range(100, 110)])
    assert counts(sender.push_to_end(a_job(campaign, [phone(n) for n in range(100, 110)]).pk)) == {"duplicate_in_campaign": 10}
    assert look_ups(sandbox) == before


def test_a_conflict_without_words_is_looked_up_row_by_row(job_of, sandbox):
    sandbox.control.settings(duplicate_style="409")
    sandbox.control.add_leads(1050, [phone(n) for n in range(0, 20, 2)])
    sandbox.control.fault("answer", status=409, body={"message": "Conflict"}, phones=[phone(1), phone(11)])
    assert counts(sender.push_to_end(job_of(20).pk)) == {"created": 8, "duplicate_in_campaign": 10, "refused": 2}


def test_a_text_that_means_now_this_and_now_that_is_looked_up_row_by_row(job_of, sandbox):
    sandbox.control.add_leads(1050, [phone(n) for n in range(0, 30, 3)])
    sandbox.control.fault(
        "answer",
        status=422,
        body={"message": "The lead already exists in this campaign."},
        phones=[phone(n) for n in range(1, 30, 3)],
    )
    assert counts(sender.push_to_end(job_of(30).pk)) == {"created": 10, "duplicate_in_campaign": 10, "refused": 10}


@pytest.mark.parametrize("foreign", [STRANGER, {**STRANGER, "seconds_ago": 3600}, {"alike": True, "seconds_ago": 60}])
def test_an_id_of_a_lead_that_exists_already_is_not_ours(foreign, job_of, sandbox):
    """The service answers 200, names the lead, and says that it was there: it is looked up before it is believed."""
    sandbox.control.fault(
        "answer",
        status=200,
        body={"message": "The lead already exists.", "data": {"id": 90_004}},
        phones=[phone(3)],
        foreign=foreign,
    )
    job = job_of(3)
    sender.push_to_end(job.pk)  # three leads, so that the clock is known and the next id is
    other = sender.push_to_end(a_job(job.campaign, [phone(3)]).pk)
    assert counts(other) == {"duplicate_in_campaign": 1}
    ImportJob.objects.filter(pk=other.pk).update(undo_requested_at=timezone.now())
    undo.run_slice(other.pk)
    assert alive(sandbox) == 4


def test_an_id_of_a_strangers_lead_is_not_ours_though_no_clock_is_known_yet(job_of, sandbox):
    sandbox.control.settings(lead_clock_offset=3 * 3600)
    sandbox.control.fault(
        "answer",
        status=200,
        body={"message": "Zaten kayıtlı.", "data": {"id": 90_001}},
        times=1,
        foreign={**STRANGER, "seconds_ago": 3600},
    )
    assert counts(sender.push_to_end(job_of(1).pk)) == {"duplicate_in_campaign": 1}


def test_an_id_beside_odd_words_is_believed_when_the_lead_is_ours(job_of, sandbox):
    job, first = job_of(3), 90_001
    for n in range(3):
        sandbox.control.fault(
            "answer",
            accepted=True,
            status=200,
            phones=[phone(n)],
            body={"message": "Created. 7 leads are already in the queue.", "data": {"id": first + n}},
        )
    ImportJob.objects.update(send_limit=None)
    job.campaign.account.max_in_flight = 1
    job.campaign.account.save()
    assert counts(sender.push_to_end(job.pk)) == {"created": 3}


@pytest.mark.parametrize(
    ("body", "state"), [({"message": "The lead already exists."}, "unconfirmed"), ({"message": "Nope"}, "refused")]
)
def test_words_that_nobody_can_look_up(body, state, job_of, sandbox):
    sandbox.control.faults(
        {"fault": "answer", "status": 422, "body": body, "phones": [phone(n) for n in range(5)]},
        {"fault": "answer", "status": 404, "on": "find_leads"},
    )
    assert counts(sender.push_to_end(job_of(15).pk)) == {"created": 10, state: 5}


# -- tries -------------------------------------------------------------------------------------------------------------
def test_cut_connections_say_nothing_of_whether_leads_can_be_looked_up(job_of, sandbox):
    sandbox.control.faults({"fault": "500_after", "times": 1}, {"fault": "reset_before", "on": "find_leads", "times": 4})
    job = sender.push_to_end(job_of(1).pk)
    assert counts(job) == {"created": 1} and len(sandbox.ledger.posts()) == 1


def test_a_pause_is_no_time_of_trying(job_of, sandbox):
    """One try was lost, then the import was paused for more than a day: it is tried again."""
    sandbox.control.fault("500_before", times=1)
    job = job_of(1)
    sender.run_slice(job.pk, 0.01)
    ImportRow.objects.update(first_intent_ms=1, next_ms=0)
    job = sender.push_to_end(job.pk)
    assert counts(job) == {"created": 1} and ImportRow.objects.get().attempts == 2 < MOST_TRIES


# -- refusals after a lost answer --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "set", "at": 2, "settings": {"duplicate_style": "409"}},
        {"fault": "answer", "at": 2, "status": 422, "body": {"message": "Bu kişi listenizde var."}},
    ],
)
def test_a_refusal_after_a_lost_answer_is_not_believed_while_lists_lag(fault, job_of, sandbox):
    """The service refuses the second request because the first one was carried out, in words that nobody knows."""
    sandbox.control.settings(lookup_lag=3600)
    sandbox.control.faults({"fault": "500_after", "times": 1}, fault)
    job = sender.push_to_end(job_of(1).pk)
    assert counts(job) == {"unconfirmed": 1} and alive(sandbox) == 1
    sandbox.control.settings(lookup_lag=0)
    workflow.retry_failed(job, None, in_background=False)
    assert counts(sender.push_to_end(job.pk)) == {"created": 1}


def test_a_refusal_after_a_lost_answer_is_one_where_its_words_have_meant_that(job_of, sandbox):
    sandbox.control.faults(
        {"fault": "answer", "status": 422, "body": {"message": "Out of range."}, "phones": [phone(0)]},
        {"fault": "500_before", "times": 1, "phones": [phone(1)]},
        {"fault": "answer", "status": 422, "body": {"message": "Out of range."}, "phones": [phone(1)]},
    )
    assert counts(sender.push_to_end(job_of(3).pk)) == {"created": 1, "refused": 2}
