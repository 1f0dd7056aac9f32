"""Resources are made from whatever JSON came."""

import pytest

from campaigns.whattalk import resources
from campaigns.whattalk.resources import (
    Assistant,
    Campaign,
    Lead,
    Me,
    PhoneNumber,
    RateLimit,
    int_of,
    objects,
    whole,
    with_number,
)


def test_a_lead_without_anything_is_empty():
    lead = Lead.of({})
    assert (lead.id, lead.phone_number, lead.campaign_id, lead.status, lead.created_at, lead.variables) == (
        "",
        "",
        "",
        "",
        None,
        {},
    )


def test_a_lead_names_its_campaign_in_either_way():
    assert Lead.of({"campaign_id": 7}).campaign_id == Lead.of({"campaign": {"id": "7"}}).campaign_id == "7"


def test_a_status_is_cut_to_what_the_column_holds():
    assert len(Campaign.of({"status": "x" * 100}).status) == 40


def test_defaults_of_an_assistant_are_texts():
    assistant = Assistant.of({"id": 1, "variables": {"name": None, "size": 4}, "post_call_schema": [{"name": "a"}, 7]})
    assert (assistant.variables, assistant.post_call_schema) == ({"name": "", "size": "4"}, [{"name": "a"}])
    assert Me.of({"name": "Ada"}) == Me("Ada", "", "") and PhoneNumber.of({"id": 71}).id == "71"


def test_limits_are_read_with_or_without_the_x():
    limits = RateLimit.of({"X-RateLimit-Limit": "60", "RateLimit-Remaining": "x", "X-RateLimit-Reset": "30"})
    assert limits == RateLimit(60, None, "30") and RateLimit.of({}) is None


def test_a_reset_moment_becomes_a_span_by_the_clock_that_named_it():
    headers = {"RateLimit-Reset": "1700000060", "Date": "Tue, 14 Nov 2023 22:13:20 GMT"}  # second 1700000000
    limits = RateLimit.of(headers)
    assert limits is not None and limits.reset == "60"


@pytest.mark.parametrize(
    ("value", "number"), [("7", 7), (7.0, 7), (True, None), ("x", None), (None, None), (2**60, None), (float("inf"), None)]
)
def test_whole_numbers(value, number):
    assert int_of(value) == number == whole({"n": value}, "n")


def test_objects_of_a_list_or_a_page():
    assert objects([{"a": 1}, 2]) == objects({"data": [{"a": 1}]}) == [{"a": 1}] and objects("x") == []


def test_a_number_is_compared_by_its_digits():
    leads = [Lead.of({"phone_number": number}) for number in ("+90 532 1", "00905321", "+905322")]
    assert with_number(leads, "+905321") == leads[:2]


@pytest.mark.parametrize(("told", "known", "is_same"), [
    ("0532 100 00 01", "+905321000001", True), ("+05321000001", "+905321000001", True), ("5321000001", "+905321000001", True),
    ("+905321000001", "+905321000001", False), ("0532 100 00 02", "+905321000001", False), ("000001", "+905321000001", False),
    ("", "+905321000001", False), ("5321000001", "", False),
])  # fmt: skip
def test_a_number_without_its_country_is_known_by_its_end(told, known, is_same):
    assert resources.without_country(told, known) is is_same
