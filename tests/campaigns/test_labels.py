"""Statuses of the service have labels; one that is not known is its own label."""

from campaigns.labels import LEAD_STATUSES, OTHER_STATUS, campaign_status, lead_status, service_word, status_class
from campaigns.models import Campaign
from campaigns.templatetags.campaigns import lead_segments, total


def test_a_campaign_whose_status_was_asked_for_is_not_known():
    assert campaign_status(Campaign(status="draft")) == ("not started", "")
    assert campaign_status(Campaign(status="draft", status_asked="in-progress")) == ("not known", "warn")
    assert campaign_status(Campaign(status="archived")) == ("archived", "")


def test_an_unknown_status_of_a_lead_is_counted_with_the_others():
    assert {status_class(status) for status in LEAD_STATUSES} == set(LEAD_STATUSES)
    assert status_class("on-hold") == OTHER_STATUS
    assert lead_status("on-hold") == ("on-hold", "silent") and lead_status(OTHER_STATUS) == ("another status", "silent")


def test_the_bar_of_a_campaign_begins_with_who_was_reached():
    segments = lead_segments({"created": 3, "completed": 2, "other": 1, "processing": 0})
    assert [(segment.key, segment.style, segment.n) for segment in segments] == [
        ("completed", "sent", 2),
        ("created", "waiting", 3),
        ("other", "silent", 1),
    ]
    assert total(segments) == 6


def test_whattalks_own_word_stands_beside_ours_where_it_is_another_one():
    words = {
        status: service_word(Campaign(status=status)) for status in ("draft", "in-progress", "stopped", "completed", "archived")
    }
    assert words == {"draft": "Draft", "in-progress": "In Progress", "stopped": "Paused", "completed": "", "archived": ""}
    assert service_word(Campaign(status="draft", status_asked="in-progress")) == ""
