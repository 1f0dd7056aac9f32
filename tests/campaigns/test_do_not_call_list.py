"""Numbers put on the do-not-call list and taken off it."""

import pytest

from campaigns import do_not_call, do_not_call_list
from campaigns.do_not_call_models import DoNotCall
from people.models import AuditEntry
from tests.builders import a_campaign

NUMBERS = ["+905550000001", "+905550000002"]


def test_a_number_is_listed_once_for_a_campaign_and_once_for_all(db, alice):
    campaign = a_campaign()
    assert do_not_call_list.add(NUMBERS, user=alice) == (2, 0)
    assert do_not_call_list.add([*NUMBERS, NUMBERS[0]], campaign=campaign, note="asked") == (2, 0)
    assert do_not_call_list.add(NUMBERS) == (0, 2)
    assert DoNotCall.objects.count() == 4
    actions = AuditEntry.objects.order_by("pk").values_list("actor_name", "action", "target", "after")
    assert list(actions) == [
        ("alice", "add_do_not_call", "do-not-call list", {"numbers": 2, "source": "person"}),
        ("", "add_do_not_call", f"campaign {campaign.pk}", {"numbers": 2, "source": "person"}),
    ]


def test_whoever_lists_a_number_again_has_it_searched_for_again(db):
    do_not_call_list.add(NUMBERS)
    entries = do_not_call_list.unsearched(10)
    assert [entry.phone_number for entry in entries] == NUMBERS
    do_not_call_list.mark_searched(entries)
    assert do_not_call_list.unsearched(10) == []
    do_not_call_list.add(NUMBERS[:1])
    assert [entry.phone_number for entry in do_not_call_list.unsearched(10)] == NUMBERS[:1]


def test_the_list_is_searched_by_digits_and_shortened(db):
    campaign = a_campaign()
    do_not_call_list.add(NUMBERS[:1])
    do_not_call_list.add(NUMBERS[1:], campaign=campaign)
    assert [entry.phone_number for entry in do_not_call_list.matching("0000 002")] == NUMBERS[1:]
    assert [entry.phone_number for entry in do_not_call_list.matching("", campaign)] == NUMBERS[1:]
    assert do_not_call_list.remove(do_not_call_list.matching("")) == 2
    assert AuditEntry.objects.latest("pk").after == {"numbers": -2}


@pytest.mark.parametrize("campaign_is_named", [False, True])
def test_what_is_listed_is_forbidden(db, campaign_is_named):
    campaign, other = a_campaign(), None
    other = a_campaign(campaign.account, "1051")
    do_not_call_list.add(NUMBERS, campaign=campaign if campaign_is_named else None)
    assert do_not_call.forbidden([*NUMBERS, "+905550000009"], campaign.pk) == dict.fromkeys(NUMBERS, "do_not_call")
    assert bool(do_not_call.forbidden(NUMBERS, other.pk)) is not campaign_is_named
