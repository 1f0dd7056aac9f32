"""What senders have found of a service within the last minute."""

from campaigns.pacing import service_record
from campaigns.pacing.service_record import Found

NOW = 1_800_000_000_000


def test_answers_of_the_last_seconds_are_told_and_old_ones_forgotten():
    record = service_record.noted({}, "a", Found(answers=2, total_ms=300, answered=2), NOW)
    record = service_record.noted(record, "b", Found(answers=1, total_ms=600, answered=1, limited=1), NOW + 1_000)
    assert service_record.lately(record, NOW + 2_000) == (3, 300.0, 1)
    assert service_record.lately(record, NOW + 61_000) == (0, 0.0, 0)
    assert service_record.noted(record, "a", Found(), NOW + 120_000)["seconds"] == []


def test_the_oldest_request_under_way_counts_while_its_sender_reports():
    record = service_record.noted({}, "a", Found(oldest_ms=7_000), NOW)
    assert service_record.waiting_ms(record, NOW + 1_000) >= 7_000
    assert service_record.waiting_ms(record, NOW + 60_000) == 0
    assert service_record.waiting_ms(service_record.noted(record, "a", Found(answered=1), NOW + 2_000), NOW + 2_000) == 0
