"""Rows are judged chunk by chunk: beside those before them, the campaign and the do-not-call list."""

import json

import pytest

from campaigns import erasure
from campaigns.models import CampaignNumber, DoNotCall
from imports.check.bulk_insert import store_rows
from imports.check.chunk_judge import ChunkJudge
from imports.check.list_warnings import MANY_IN_A_ROW
from imports.models import ImportRow
from imports.pipeline.process.protocol import PackedRow
from tests.builders import a_campaign, a_job, phone

CONTACTS = {"variables": {}, "secondary_contacts": [{"phone_number": phone(8)}, {"phone_number": phone(9)}]}


def row(number: int, n: int, state: str = "pending", lead: dict | None = None, detail: dict | None = None) -> PackedRow:
    texts = [None if one is None else json.dumps(one, separators=(",", ":")) for one in (lead, detail)]
    return PackedRow(number, state, "" if state == "pending" else "too_short", phone(n), "[]", *texts)


def judged(judge: ChunkJudge, *rows: PackedRow) -> list[tuple]:
    """Row number, state, reason and params of each."""
    return [
        (one.row_number, one.state, one.reason, json.loads(one.detail)["params"] if one.detail else None)
        for one in judge.judge(rows)
    ]


@pytest.fixture
def job(campaign):
    return a_job(campaign, rows=0)


def test_the_first_row_that_can_be_sent_wins_its_number(job):
    judge = ChunkJudge.of(job)
    assert judged(judge, row(2, 1, "invalid"), row(3, 1), row(4, 1), row(5, 2)) == [
        (2, "invalid", "too_short", None), (3, "pending", "", None),
        (4, "duplicate_in_file", "duplicate_in_file", {"row": 3}), (5, "pending", "", None),
    ]  # fmt: skip
    assert judged(judge, row(6, 2)) == [(6, "duplicate_in_file", "duplicate_in_file", {"row": 5})]
    assert judge.judge([]) == []


def test_a_number_that_must_not_be_called_is_said_so_of_each_row_and_won_by_none(job, campaign):
    DoNotCall.objects.create(phone_number=phone(1), campaign=campaign)
    DoNotCall.objects.create(phone_number=phone(2), campaign=a_campaign(campaign.account, "2000"))
    CampaignNumber.objects.create(campaign=campaign, phone_number=phone(1))
    CampaignNumber.objects.create(campaign=campaign, phone_number=phone(2))
    assert judged(ChunkJudge.of(job), row(2, 1), row(3, 1), row(4, 2), row(5, 2)) == [
        (2, "do_not_call", "do_not_call", None), (3, "do_not_call", "do_not_call", None),
        (4, "duplicate_in_campaign", "duplicate_in_campaign", None), (5, "duplicate_in_file", "duplicate_in_file", {"row": 4}),
    ]  # fmt: skip


def test_where_duplicates_are_sent_only_the_do_not_call_list_holds_rows(job, campaign):
    DoNotCall.objects.create(phone_number=phone(1))
    CampaignNumber.objects.create(campaign=campaign, phone_number=phone(2))
    job.allow_duplicates = True
    assert [state for _, state, _, _ in judged(ChunkJudge.of(job), row(2, 1), row(3, 2), row(4, 2))] == [
        "do_not_call", "pending", "pending",
    ]  # fmt: skip


def test_a_row_that_is_held_keeps_its_lead_and_what_was_said_of_it(job):
    judge = ChunkJudge.of(job)
    [_, held] = judge.judge([row(2, 1), row(3, 1, lead=CONTACTS, detail={"repairs": ["spaces"]})])
    assert json.loads(held.detail) == {"repairs": ["spaces"], "params": {"row": 2}} and json.loads(held.lead) == CONTACTS


def test_contacts_that_must_not_be_called_are_left_out_and_counted_for_their_chunk(job):
    erasure.record_forgotten(phone(9))
    judge = ChunkJudge.of(job)
    [left] = judge.judge([row(2, 1, lead=CONTACTS, detail={"warnings": [["odd", {}]]})])
    assert [one["phone_number"] for one in json.loads(left.lead)["secondary_contacts"]] == [phone(8)]
    assert json.loads(left.detail)["warnings"] == [["odd", {}], ["secondary_forgotten", {"position": 2}]]
    assert (left.state, judge.warnings_of_chunk) == ("pending", {"secondary_forgotten": 1})
    without = row(3, 2, lead={"variables": {}, "secondary_contacts": []})
    assert judge.judge([without]) == [without] and not judge.warnings_of_chunk


def test_a_row_whose_contacts_and_number_must_not_be_called_says_both(job):
    for n in (1, 8):
        DoNotCall.objects.create(phone_number=phone(n))
    [held] = ChunkJudge.of(job).judge([row(2, 1, lead=CONTACTS)])
    assert held.state == "do_not_call"
    assert json.loads(held.detail) == {"warnings": [["secondary_do_not_call", {"position": 1, "phone": phone(8)}]]}


def test_resumed_after_any_row_it_judges_and_warns_the_same(job, campaign):
    DoNotCall.objects.create(phone_number=phone(100))  # in the middle of numbers that count upwards
    CampaignNumber.objects.create(campaign=campaign, phone_number=phone(101))
    rows = [row(2 + n, n) for n in range(MANY_IN_A_ROW)] + [row(400, 101), row(401, 100), row(402, 5, "no_consent"), row(403, 5)]
    whole = ChunkJudge.of(job)
    expected = whole.judge(rows)
    for cut in (1, 101, 102, 240, len(rows) - 1):
        ImportRow.objects.filter(job=job).delete()
        store_rows(job.pk, expected[:cut])
        resumed = ChunkJudge.of(job)
        assert resumed.judge(rows[cut:]) == expected[cut:]
        assert list(resumed.watch.warnings()) == list(whole.watch.warnings()) != []
