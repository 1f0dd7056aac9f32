"""What is known of a row when an answer to it is judged."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from campaigns.models import AnswerMeaning
from campaigns.whattalk.errors import NotFound
from campaigns.whattalk.replies import Created, Duplicate, NotAccepted, Refused, RetryReason, Unknown, UnknownReason
from campaigns.whattalk.resources import Lead
from imports.models import ImportRow, RowState
from imports.push.conclusions import WAIT_FOR_MEANING_MS, Conclusion, Refusal
from imports.push.request_pool import Answer, latest_begin, longest_request
from imports.push.row_claims import Claimed
from imports.push.row_evidence import Dating, Judge, ending_of
from tests.builders import a_campaign, a_job, add_rows, phone

SENT = datetime(2026, 5, 1, 12, tzinfo=UTC)
SENT_MS = int(SENT.timestamp() * 1000)
EXISTS = "Bu kişi zaten var."


@pytest.fixture
def job(db):
    return a_job(a_campaign(), rows=0)


@pytest.fixture
def judge(job) -> Judge:
    return Judge(job)


def a_row(job, number: str = phone(1), state: str = RowState.SENDING, row_number: int = 2, **fields) -> Claimed:
    """A row of the import that is on its way, as its sender knows it."""
    add_rows(job, [number], state, row_number)
    row = ImportRow.objects.get(job=job, row_number=row_number)
    known = {
        "attempts": 1,
        "unknowns": 0,
        "misses": 0,
        "lookup_failures": 0,
        "first_intent_ms": SENT_MS,
        "detail": None,
        "lead": row.lead,
    }
    return Claimed(id=row.pk, token=99, phone=number, **{**known, **fields})


def answered(row: Claimed, outcome=None, error: Exception | None = None) -> Answer:
    return Answer(SimpleNamespace(row=row), outcome, error, 0.5, 100.0)


def lead(id: str = "7", name: str = "Ayşe", **fields) -> Lead:
    values = {"phone_number": phone(1), "campaign_id": "1050", "status": "created", "created_at": SENT.isoformat(), **fields}
    return Lead.of({"id": id, "variables": {"name": name}, "secondary_contacts": [], **values})


# -- endings -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "conclusion", "detail"),
    [
        (None, Conclusion("created"), None),
        ({"repairs": ["x"]}, Conclusion("created"), None),
        ({"message": "old", "repairs": ["x"]}, Conclusion("created"), {"repairs": ["x"]}),
        ({"message": "old"}, Conclusion("created"), {}),
        ({"message": "old"}, Conclusion("unknown"), None),  # nothing newer is known
        ({"message": "old"}, Conclusion("unknown", message="new"), {"message": "new"}),
        ({"message": "same"}, Conclusion("pending", message="same"), None),
        (None, Conclusion("refused", message="No."), {"message": "No.", "params": {"message": "No."}}),
        ({"recovered": True}, Conclusion("created", recovered=True), None),
        ({"refusal": {"key": "no", "message": "No."}}, Conclusion("pending"), {}),
        (None, Conclusion("unknown", refusal=Refusal("no", "No.")), {"refusal": Refusal("no", "No.")._asdict()}),
    ],
)
def test_a_row_keeps_the_words_of_the_service_and_what_was_known_before(before, conclusion, detail):
    row = Claimed(1, 99, phone(1), {}, before, 1, 0, 0, 0, 0)
    assert ending_of(row, conclusion).detail == detail


def test_an_ending_waits_for_whichever_is_longer_and_carries_all_that_was_concluded():
    row = Claimed(1, 99, phone(1), {}, None, 1, 0, 0, 0, 0)
    conclusion = Conclusion(
        "unknown", "verifying", wait_ms=500, lost=True, missed=True, in_vain=4, refunds_attempt=True, remote_id="7"
    )
    ending = ending_of(row, conclusion, wait_ms=700)
    assert (ending.id, ending.token, ending.state, ending.reason, ending.remote_id, ending.wait_ms) == (
        1,
        99,
        "unknown",
        "verifying",
        "7",
        700,
    )
    assert (ending.lost, ending.missed, ending.in_vain, ending.refunds_attempt) == (True, True, 4, True)
    assert ending_of(row, conclusion, wait_ms=100).wait_ms == 500


# -- answers -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Created("7"), RowState.CREATED),
        (NotAccepted(RetryReason.RATE_LIMITED, retry_after=5), RowState.PENDING),
        (Unknown(UnknownReason.MALFORMED), RowState.UNKNOWN),
        (Refused("validation", "Is required."), RowState.REFUSED),
    ],
)
def test_an_answer_that_says_it_all(job, judge, outcome, state):
    judged = judge.of_answer(answered(a_row(job), outcome))
    assert (judged.outcome, judged.ending.state) == (outcome, state)
    assert judged.ending.wait_ms >= judged.signal.wait_ms and not judge.awaits_meaning


def test_of_rows_that_are_told_one_lead_only_the_first_has_it(job, judge):
    """In one batch, and when a later answer names the lead of a row that has ended."""
    rows = [a_row(job, phone(n), row_number=2 + n) for n in range(3)]
    first, second = judge.of_answers([answered(rows[0], Created("7")), answered(rows[1], Created("7"))])
    assert (first.ending.state, second.ending.state, second.ending.lost) == (RowState.CREATED, RowState.UNKNOWN, True)
    ImportRow.objects.filter(pk=rows[0].id).update(state=RowState.CREATED, remote_id="7")
    assert judge.of_answer(answered(rows[2], Created("7"))).ending.state == RowState.UNKNOWN
    assert judge.of_answer(answered(rows[2], Created("8"))).ending.state == RowState.CREATED


def test_a_client_that_broke_leaves_the_row_unknown(job, judge):
    judged = judge.of_answer(answered(a_row(job), error=KeyError("id")))
    assert judged.outcome == Unknown(UnknownReason.MALFORMED, "KeyError") and judged.ending.state == RowState.UNKNOWN
    assert judged.ending.lost


def test_of_rows_refused_in_the_same_new_words_one_is_looked_up_and_the_others_wait(job, judge):
    rows = [
        a_row(job, phone(n), row_number=2 + n, lead={"variables": {"name": name}})
        for n, name in enumerate(("Ayşe", "Mehmet", "Ece"))
    ]
    refusals = [
        Refused("http_422", "Ayşe is known."),
        Refused("http_422", "Mehmet is known."),
        Refused("http_422", "Another one."),
    ]
    first, second, other = (judge.of_answer(answered(*pair)).conclusion for pair in zip(rows, refusals, strict=True))
    assert [one.state for one in (first, second, other)] == [RowState.UNKNOWN] * 3
    assert [one.wait_ms for one in (first, second, other)] == [0, WAIT_FOR_MEANING_MS, 0]
    assert first.refusal.key == second.refusal.key != other.refusal.key
    assert all(one.refusal.is_new and one.reason == "verifying" for one in (first, second, other))


def test_no_more_rows_are_sent_while_nobody_has_understood_the_words(job, judge):
    row = a_row(job)
    judge.of_answer(answered(row, Duplicate(EXISTS)))
    ImportRow.objects.filter(pk=row.id).update(state=RowState.UNKNOWN, reason="verifying")
    assert judge.awaits_meaning
    ImportRow.objects.filter(pk=row.id).update(state=RowState.CANCELLED, reason="")  # another process has found it out
    assert not judge.awaits_meaning and not judge.awaits_meaning


def test_after_a_lost_answer_new_words_are_no_reason_to_stop_the_others(job, judge):
    conclusion = judge.of_answer(answered(a_row(job, unknowns=1), Duplicate(EXISTS))).conclusion
    assert not conclusion.refusal.is_new and not judge.awaits_meaning


# -- rows that wait for a meaning --------------------------------------------------------------------------------------
def verifying(job, judge, row_number: int = 2) -> Claimed:
    row = a_row(job, phone(row_number), row_number=row_number)
    ending = judge.of_answer(answered(row, Refused("http_422", EXISTS))).ending
    return row._replace(detail=ending.detail)


def test_a_row_is_judged_without_a_look_once_the_words_are_understood(job, judge):
    row = verifying(job, judge)
    assert judge.without_look_up(row) is None
    AnswerMeaning.objects.create(account=job.campaign.account, text=Refusal.in_detail(row.detail).key, denied=1)
    conclusion = Judge(job).without_look_up(row)
    assert (conclusion.state, conclusion.message) == (RowState.REFUSED, EXISTS)


@pytest.mark.parametrize("detail", [None, {}, {"refusal": Refusal("no", "No.")._asdict()}])
def test_a_row_that_waits_for_no_meaning_has_to_be_looked_up(job, judge, detail):
    assert judge.without_look_up(a_row(job, detail=detail)) is None
    assert not judge.awaits_meaning


# -- look-ups ----------------------------------------------------------------------------------------------------------
def test_a_lead_that_is_ours_is_recovered_and_others_with_the_number_are_kept(job, judge):
    row = a_row(job, state=RowState.UNKNOWN, unknowns=1)
    conclusion = judge.of_look_up(answered(row, [lead("7"), lead("8", name="Other")]))
    assert (conclusion.state, conclusion.remote_id, conclusion.recovered) == (RowState.CREATED, "7", True)
    assert set(job.campaign.leads.values_list("remote_id", flat=True)) >= {"8"}


def test_while_another_row_with_the_number_is_on_its_way_nothing_is_concluded(job, judge):
    row = a_row(job, state=RowState.UNKNOWN, unknowns=1)
    a_row(job, row_number=3)
    conclusion = judge.of_look_up(answered(row, [lead()]))
    assert conclusion.state == RowState.UNKNOWN and not conclusion.missed and not conclusion.in_vain


def test_a_lead_of_another_row_is_not_taken_for_this_ones(job, judge):
    row = a_row(job, state=RowState.UNKNOWN, unknowns=1)
    add_rows(job, [phone(1)], RowState.CREATED, first_row=9, remote_id="7")
    assert judge.of_look_up(answered(row, [lead("7")])).state == RowState.DUPLICATE_IN_CAMPAIGN


@pytest.mark.parametrize(("misses", "missed", "state"), [(0, True, RowState.UNKNOWN), (1, True, RowState.PENDING)])
def test_only_the_second_look_that_finds_nothing_counts(job, judge, misses, missed, state):
    conclusion = judge.of_look_up(answered(a_row(job, state=RowState.UNKNOWN, unknowns=1, misses=misses), []))
    assert (conclusion.state, conclusion.missed) == (state, missed)


def test_a_look_that_failed_says_nothing_of_the_row(job, judge):
    conclusion = judge.of_look_up(answered(a_row(job, state=RowState.UNKNOWN, unknowns=1), error=NotFound("no such call")))
    assert conclusion.state == RowState.UNKNOWN and conclusion.in_vain


def test_what_a_look_shows_of_a_refusal_is_learnt_and_frees_the_others(job, judge):
    row = verifying(job, judge)
    ImportRow.objects.filter(pk=row.id).update(state=RowState.UNKNOWN, reason="verifying")
    assert judge.awaits_meaning
    assert judge.of_look_up(answered(row, [])).state == RowState.REFUSED
    assert (AnswerMeaning.objects.get().denied, judge.awaits_meaning) == (1, False)


# -- the service's clock -----------------------------------------------------------------------------------------------
def created(job, row_number: int, **fields) -> None:
    add_rows(
        job,
        [phone(row_number)],
        RowState.CREATED,
        row_number,
        **{"remote_id": str(row_number), "attempts": 1, "first_intent_ms": SENT_MS, **fields},
    )


def test_one_lead_of_ours_is_looked_up_for_its_date(job, judge):
    created(job, 2)
    created(job, 3)
    created(job, 4, attempts=2)  # which of its tries made the lead is not known
    created(job, 5, unknowns=1)
    created(job, 6, remote_id="")
    assert judge.lead_to_date() == Dating(phone(3), "3", SENT_MS)
    assert judge.lead_to_date() is None
    judge.note_dated(SimpleNamespace(key=Dating(phone(3), "3", SENT_MS), result=[lead("2"), lead("3")]))
    offset = judge.clock.clock.leads
    assert offset is not None and abs(offset.low) <= 1000 * (latest_begin() + longest_request()) + 1000
    assert Judge(job).lead_to_date() is not None  # what was heard was not saved yet


def test_a_lead_that_was_made_as_late_as_possible_does_not_set_the_service_s_clock_ahead(job, judge):
    latest_ms = SENT_MS + 1000 * (latest_begin() + longest_request()) - 10
    late = lead("3", created_at=datetime.fromtimestamp(latest_ms / 1000, UTC).isoformat())
    judge.note_dated(SimpleNamespace(key=Dating(phone(3), "3", SENT_MS), result=[late]))
    assert judge.clock.clock.leads.low <= 0 <= judge.clock.clock.leads.high


@pytest.mark.parametrize(
    "result", [None, [], [lead("9")], [lead("3", created_at=None)]], ids=["failed", "none", "other", "undated"]
)
def test_a_look_that_shows_no_date_tells_nothing_of_the_clock(job, judge, result):
    judge.note_dated(SimpleNamespace(key=Dating(phone(3), "3", SENT_MS), result=result))
    assert judge.clock.clock.leads is None


def test_nothing_is_dated_where_nothing_was_created_at_the_first_try(job, judge):
    assert judge.lead_to_date() is None


def test_an_answer_with_a_date_tells_the_clock_and_is_kept_with_the_account(job, judge):
    row = a_row(job)
    judged = judge.of_answer(answered(row, Created("7", SENT)))
    judge.note_time([judged], SENT_MS + 1_000, read=100.5, took=0.1)
    job.campaign.account.refresh_from_db()
    assert "leads" in job.campaign.account.service_clock and judge.lead_to_date() is None
