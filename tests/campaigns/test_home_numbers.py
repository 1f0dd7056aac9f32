"""Numbers that a service tells without their country: which they may be, and what says so."""

import pytest

from campaigns.home_numbers import (
    at_home,
    by_home,
    dialing_code,
    matches,
    may_be,
    may_lack_country,
    possible,
    recognised,
)

AYSE = "+905321234567"


@pytest.mark.parametrize(
    ("number", "code", "home"),
    [
        (AYSE, "90", "5321234567"),
        ("+14155550100", "1", "4155550100"),
        ("+79121234567", "7", "9121234567"),
        ("+994501234567", "994", "501234567"),
        ("+390612345678", "39", "612345678"),  # Italians dial the zero from abroad too
    ],
)
def test_a_number_begins_with_the_code_of_its_country(number, code, home):
    assert (dialing_code(number), at_home(number)) == (code, home)


@pytest.mark.parametrize(
    ("told", "is_possible"),
    [
        ("0532 123 45 67", True),
        ("5321234567", True),
        ("(0) 532-123-4567", True),
        ("+5321234567", False),  # with a country, another one
        ("005321234567", False),
        ("532123456", False),
        ("15321234567", False),
        ("", False),
    ],
)
def test_a_number_without_its_country_may_be_one_that_ends_so(told, is_possible):
    assert may_be(told, AYSE) is is_possible
    # A stored number has lost whether its country was told: it is looked at once more.
    assert not is_possible or matches([told], by_home([AYSE])) == {AYSE}


def test_the_trunk_digit_of_some_countries_is_left_out():
    assert may_be("8 912 123-45-67", "+79121234567") and not may_be("7 912 123-45-67", AYSE)


@pytest.mark.parametrize(
    ("told", "country", "ours", "is_recognised"),
    [
        ("0532 123 45 67", "90", (), True),
        ("0532 123 45 67", "", (), False),
        ("0532 123 45 67", "49", (), False),
        ("0532 123 45 67", "", (AYSE,), True),  # so we sent it
        ("0532 123 45 67", "90", ("+495321234567",), False),  # and here another
        ("+5321234567", "90", (), False),
    ],
)
def test_only_evidence_says_which_it_is(told, country, ours, is_recognised):
    assert recognised(told, AYSE, country, ours) is is_recognised


def test_what_it_may_be_is_thought_of_in_the_countries_of_the_campaign_or_in_all():
    assert possible(["0532 123 45 67", "+905320000000", "905320000000"], {"90"}) == {"0532 123 45 67": [AYSE]}
    everywhere = possible(["05321234567", "905321234567"], set())
    assert everywhere.keys() == {"05321234567"} and {AYSE, "+495321234567"} < set(everywhere["05321234567"])
    assert may_lack_country("5321234567") and not may_lack_country("905321234567") and not may_lack_country(AYSE)
