"""Csv that spreadsheet programs open right, and in which no cell is a formula."""

import csv

import pytest
from django.db.models import TextChoices
from django.utils.functional import lazystr
from django.utils.safestring import SafeString

from ui.spreadsheet_csv import csv_delimiter, csv_line, inert


class State(TextChoices):
    ODD = "=1"


@pytest.mark.parametrize(
    ("language", "delimiter"), [("tr", ";"), ("en", ","), ("de-at", ";"), ("en-gb", ","), ("TR", ";"), ("", ",")]
)
def test_the_delimiter_is_that_of_the_readers_excel(language, delimiter):
    assert csv_delimiter(language) == delimiter


def test_every_field_is_quoted_so_that_no_other_delimiter_begins_a_cell():
    assert csv_line(["a,=1+1", "b;=1+1", 7], ",") == '"a,=1+1","b;=1+1","7"\r\n'


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_line_is_read_back_as_it_was_written(delimiter):
    values = ["", 'say "yes"', "two\nlines", 'a",="b', "Çağrı", "5"]
    assert next(csv.reader([csv_line(values, delimiter)], delimiter=delimiter)) == values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+905321234567", "+905321234567"),
        ("+90532123456789012", "+90532123456789012"),
        ("+90 532", "'+90 532"),
        ("+90+1", "'+90+1"),
        ("+905321234567=1", "'+905321234567=1"),
        ("+٩٠٥٣٢١٢٣٤٥٦٧", "'+٩٠٥٣٢١٢٣٤٥٦٧"),
        ("-1", "'-1"),
        ("", ""),
        ("'=1", "'=1"),
        ("a=1", "a=1"),
    ],
)
def test_only_a_number_in_e164_may_begin_with_a_plus(text, expected):
    assert inert(text) == expected


def test_whatever_stands_for_a_text_is_made_inert():
    values = [SafeString("=1"), lazystr("=1"), State.ODD, "=1", -7, -1.5]
    assert csv_line(values, ",") == '"\'=1","\'=1","\'=1","\'=1","-7","-1.5"\r\n'
