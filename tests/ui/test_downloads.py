"""Downloads, responses that wait, and numbers that anybody may have sent."""

import pytest
from django.http import HttpResponse

from ui.downloads import LONGEST_NAME, as_download
from ui.held_response import held_until
from ui.whole_numbers import LARGEST_COUNT, LARGEST_KEY, whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("007", 7),
        (str(LARGEST_KEY), LARGEST_KEY),
        (str(LARGEST_KEY + 1), None),
        ("9" * 5000, None),
        ("٣", None),
        ("", None),
    ],
)
def test_a_whole_number_is_written_in_ascii_digits_and_has_room_in_the_database(text, number):
    assert whole_number(text) == number
    assert whole_number(None) is None and whole_number("-1") is None


def test_a_number_above_the_most_is_none():
    assert whole_number(str(LARGEST_COUNT), LARGEST_COUNT) == LARGEST_COUNT
    assert whole_number(str(LARGEST_COUNT + 1), LARGEST_COUNT) is None


@pytest.mark.parametrize("name", ["a\r\nX-Evil: 1.csv", 'a";b.csv', "../../b.csv", "ş" * 400 + ".csv", "half \ud800.csv"])
def test_a_download_s_name_breaks_no_header_and_keeps_its_end(name):
    response = as_download(HttpResponse(b"x"), name)
    line = response.headers["Content-Disposition"]
    assert line.startswith("attachment") and ".csv" in line and not set(line) & set("\r\n/\\")
    assert len(line) < 12 * LONGEST_NAME and response.headers["Cache-Control"] == "no-store"


def test_a_held_response_is_the_same_and_says_when_it_may_go():
    response = HttpResponse(b"x")
    assert held_until(response, lambda: True) is response and response.is_ready()
