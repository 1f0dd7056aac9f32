"""Values that are stored as text, as a person sees them."""

import pytest

from imports.pipeline.readers.stored_values import seen_moment, seen_number, seen_percentage, seen_time, shown_by_name


@pytest.mark.parametrize(
    ("value", "text", "seen"),
    [
        ("5321112233", "5,32E+09", "5321112233"),
        ("5321112233", "5.321.112.233", "5321112233"),
        ("5321112233", "0532 111 22 33", "0532 111 22 33"),
        ("12", "", "12"),
    ],
)
def test_a_number_is_whole_and_keeps_what_its_text_adds(value, text, seen):
    assert seen_number(value, text) == seen


@pytest.mark.parametrize(
    ("iso", "seen"),
    [
        ("2026-05-01T13:30:00.000", "2026-05-01 13:30"),
        ("2026-05-01T00:00:00", "2026-05-01"),
        ("1899-12-31T09:15:00", "09:15"),
        ("2026-05-01", "2026-05-01"),
    ],
)
def test_moments(iso, seen):
    assert seen_moment(iso) == seen


def test_times_percentages_and_named_formats():
    assert (seen_time("PT9H05M00S"), seen_time("PT9H05M07S"), seen_time("soon")) == ("09:05", "09:05:07", "soon")
    assert (seen_percentage("0.5", "50%"), seen_percentage("0.5", ""), seen_percentage("x", "")) == ("50%", "50%", "x")
    assert (shown_by_name("Short Date")(46143), shown_by_name("Fixed")(5)) == ("2026-05-01", "5")
