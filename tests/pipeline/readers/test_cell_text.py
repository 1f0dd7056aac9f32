"""Stored numbers as their number formats show them."""

import pytest

from imports.pipeline.readers.cell_text import built_in_format, plain_number, shown_by
from tests.effort import cpu_seconds


def test_the_first_day_of_1904_is_a_day():
    assert shown_by("dd.mm.yyyy", True)(0) == "1904-01-01"


@pytest.mark.parametrize("number", [34, 35, 55, 56])
@pytest.mark.parametrize(("value", "shown"), [(46143, "2026-05-01"), (0.5, "12:00"), (46143.5, "2026-05-01 12:00")])
def test_built_in_formats_that_are_a_day_in_one_country_and_a_time_in_another(number, value, shown):
    """ECMA-376 part 1, 18.8.30: times in Chinese, dates in Japanese and Korean. The value tells."""
    assert shown_by(built_in_format(number), False)(value) == shown


@pytest.mark.parametrize(
    ("number", "value", "shown"),
    [
        (14, 46143, "2026-05-01"),
        (22, 46143.5, "2026-05-01 12:00"),
        (31, 46143, "2026-05-01"),
        (33, 0.5, "12:00"),
        (12, 12345.75, "12345.75"),
        (0, 5321234567, "5321234567"),
    ],
)
def test_other_built_in_formats(number, value, shown):
    assert shown_by(built_in_format(number), False)(value) == shown


@pytest.mark.parametrize(
    ("stored", "seen"),
    [
        ("905422345678.00000001", "905422345678"),
        ("905422345678.0", "905422345678"),
        ("5.422345678E9", "5422345678"),
        ("0.30000000000000004", "0.3"),
        ("12345678901234567890", "12345678901234567890"),
        ("1234.5678901234", "1234.5678901234"),
    ],
)
def test_a_number_has_the_digits_that_a_spreadsheet_keeps(stored, seen):
    assert plain_number(stored) == seen


@pytest.mark.parametrize(
    "code", [";" * 50_000, '"' * 49_999, "0" * 50_000, "[$" * 25_000, "\\\\" * 12_000, "y" * 50_000, "0;" * 20_000 + '"']
)
def test_no_number_format_keeps_us_busy(code):
    assert cpu_seconds(lambda: shown_by(code, False)("5551234567")) < 0.05
