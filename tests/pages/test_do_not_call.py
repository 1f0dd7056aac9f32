"""What the page of the do-not-call list shows beside the list."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import DoNotCall, Settlement
from imports.models import NumberList
from imports.pages.do_not_call import MOST, lists_read, settlements_of, settlements_waiting
from tests.builders import a_campaign, phone

NUMBER = phone(1)


def settlement(campaign, number: str = NUMBER, state: str = "waiting", everywhere: bool = False, **fields) -> Settlement:
    settled = {"settled_at": timezone.now()} if state == "settled" else {}
    return Settlement.objects.create(
        account=campaign.account, campaign=None if everywhere else campaign, phone_number=number, state=state,
        **{"opened_at": timezone.now(), **settled, **fields},
    )  # fmt: skip


def test_what_waits_is_told_the_latest_first_and_all_of_it_counted(campaign, alice):
    assert settlements_waiting(alice) == ([], 0)
    settlement(campaign, state="settled", outcome="deleted")
    settlement(campaign, phone(2), outcome="key")
    settlement(campaign, phone(3), everywhere=True)
    waiting = settlements_waiting(alice)
    assert [(line.number, line.where) for line in waiting.lines] == [(phone(3), str(campaign.account)), (phone(2), str(campaign))]
    assert "does not accept the key" in waiting.lines[1].sentence and waiting.lines[0].at is None
    for n in range(10, 10 + MOST):
        settlement(campaign, phone(n))
    waiting = settlements_waiting(alice)
    assert (len(waiting.lines), waiting.total) == (MOST, MOST + 2)


@pytest.mark.parametrize(
    ("outcome", "detail", "words"),
    [
        ("refused", {"said": "It is busy."}, "It is busy."),
        ("balance", {}, "–"),
        ("undecided", {"said": "5%s off"}, "again"),
        ("not_made", {"leads": {"7": {"at": "made"}, "8": {"at": "not_made", "said": "100% full"}}}, "100% full"),
    ],
)
def test_the_words_of_the_service_are_told_as_they_are(campaign, alice, outcome, detail, words):
    settlement(campaign, outcome=outcome, detail=detail)
    assert words in settlements_waiting(alice).lines[0].sentence


def test_what_was_done_for_some_entries(campaign, alice):
    entries = [DoNotCall.objects.create(phone_number=phone(n)) for n in (1, 2)]
    hour_ago = timezone.now() - timedelta(hours=1)
    settlement(campaign, state="settled", outcome="deleted", settled_at=hour_ago)
    settlement(a_campaign(campaign.account, "2000"), phone(2), state="settled", outcome="made")
    settlement(a_campaign(campaign.account, "3000"), state="settled", outcome="nothing")
    settlement(campaign, everywhere=True, state="settled", outcome="searched")
    settlement(campaign, phone(2), outcome="key")
    settlement(campaign, phone(3), state="settled", outcome="deleted")
    assert [(line.number, line.at == hour_ago) for line in settlements_of(alice, entries)] == [
        (phone(2), False),
        (phone(1), True),
    ]
    assert settlements_of(alice, []) == []


def test_a_list_tells_what_became_of_it(db, alice):
    def a_list(**fields) -> NumberList:
        return NumberList.objects.create(file_key=uuid.uuid4(), added_by=alice, **fields)

    a_list(file_name="just come.csv")
    a_list(
        file_name="read.csv",
        state="done",
        progress={"parts": 1, "new": 3, "known": 2, "doubtful": 1, "named": [[4, "12", "phone_too_short", {}]]},
    )
    a_list(state="failed", reason=["file_empty", {}])
    by_name = {one.source.file_name: one for one in lists_read(alice)}
    assert by_name["just come.csv"][1:] == (0, 0, 0, [], "")
    read = by_name["read.csv"]
    assert (read.new, read.known, read.doubtful, read.why) == (3, 2, 1, "") and read.named[0].sentence
    assert "empty" in by_name[""].why
