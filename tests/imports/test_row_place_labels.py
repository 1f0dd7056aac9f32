"""Where a row stands, in words."""

import pytest
from django.utils import translation

from imports.models import ImportJob
from imports.pipeline.readers.table import Preview
from imports.pipeline.row_place import encoded
from imports.row_place_labels import has_lists, list_column, list_starts, place_params, place_text, shown_place


def job_with(starts: list[int] | None) -> ImportJob:
    job = ImportJob()
    job.preview = None if starts is None else Preview("csv", None, None, [], "", 1, [], [], None, list_starts=starts)
    return job


@pytest.mark.parametrize(("starts", "known"), [(None, [0]), ([], [0]), ([2], [2]), ([0, 27], [0, 27])])
def test_an_import_reads_one_list_unless_its_preview_has_more(starts, known):
    assert (list_starts(job_with(starts)), has_lists(job_with(starts))) == (known, len(known) > 1)


@pytest.mark.parametrize(
    ("number", "starts", "params", "text"),
    [
        (5, [0], {"row": 5}, "5"),
        (5, [3], {"row": 5}, "5"),
        (5, [0, 27], {"row": 5, "list_column": "A"}, "5, column A"),
        (encoded(5, 1), [0, 27], {"row": 5, "list_column": "AB"}, "5, column AB"),
        (encoded(5, 1), [0], {"row": 5}, "5"),  # read as one table since
        (encoded(5, 2), [0, 27], {"row": 5, "list_column": ""}, "5"),  # of a list that is no longer read
    ],
)
def test_a_row_is_named_with_its_column_only_where_there_are_lists(number, starts, params, text):
    assert place_params(number, starts) == params and place_text(params) == text
    assert shown_place(job_with(starts), number) == text


def test_a_place_is_told_in_the_readers_language():
    with translation.override("tr"):
        assert place_text({"row": 5, "list_column": "D"}) not in ("5", "5, column D")
    assert list_column(0, []) == ""
