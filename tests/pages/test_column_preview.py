"""The preview on the columns page: which column is which field."""

import pytest

from imports.pages.column_form import ColumnForm, stored_form, submitted_form
from imports.pages.column_lines import lines_of
from imports.pages.column_preview import assignable, preview_columns
from imports.pages.columns import columns_page
from tests.pages.test_column_form import sent
from tests.pages.test_columns import HEADERS, ROWS


@pytest.fixture
def form(job_of) -> ColumnForm:
    return stored_form(job_of(HEADERS, *ROWS))


def test_each_column_names_its_fields_in_the_order_of_the_file(form):
    page = columns_page(form)
    assert [one.key for one in page["preview_columns"]] == ["phone_number", "name", "name", "", ""]
    tints = [one.tint for one in page["preview_columns"]]
    assert tints[1] == tints[2] and len({tints[0], tints[1], tints[3]}) == 3 and tints[3] == tints[4] == 0
    lines = lines_of(form)
    assert [line.field.key for line in assignable(form, lines) if line.field.position] == ["secondary_phone_1"]


@pytest.mark.parametrize(
    ("column", "key", "then"),
    [
        (3, "offer", {"phone_number": 0, "name": 1, "offer": 3}),
        (1, "offer", {"phone_number": 0, "offer": 1}),  # it belongs to one field alone
        (1, "", {"phone_number": 0}),
        (3, "phone_number", {"phone_number": 3, "name": 1}),
        (0, "no such field", {"name": 1}),
        (7, "offer", {"phone_number": 0, "name": 1}),  # no such column
    ],
)
def test_a_column_is_given_to_a_field(form, column, key, then):
    chosen = {
        "column-phone_number": "0",
        "column-name": "1",
        "column-offer": "",
        "assigned": str(column),
        f"assign-{column}": key,
    }
    now = submitted_form(form.job, sent(*chosen.items()))
    assert now.mapping == then
    assert [one.key for one in preview_columns(now, columns_page(now)["columns"], lines_of(now))].count("") == 5 - len(then)
