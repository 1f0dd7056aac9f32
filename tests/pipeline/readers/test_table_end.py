"""Rows inside and below a table that are no leads."""

import pytest

from imports.pipeline.readers.table import BadRow, Row
from imports.pipeline.readers.table_end import TableEnd
from imports.pipeline.readers.usual_row import Usual

HEADER = ["Ad", "Telefon", "Şehir", "Not"]
USUAL = Usual(probe=1, filled=4, first=2, shape="9999 999 99 99")


def judged(cells: list[str], number: int = 9, before: int = 8, below: list | None = None) -> str | None:
    """The code of the reason why a row is no lead; '' for a lead, None for a blank row."""
    row = TableEnd(HEADER, USUAL).judged(Row(number, cells), before, lambda: below or [])
    return row and (row.reason.code if isinstance(row, BadRow) else "")


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["Ali", "0532 111 22 33", "İzmir", ""], ""),
        (["", " ", "", ""], None),
        (["Toplam", "12", "", ""], "totals_row"),
        ([" AD", "TELEFON", "Şehir", "not"], "repeated_header"),
        (["Contact us", "", "", ""], "contact_line"),
        (["Total Kaya", "0532 111 22 33", "İzmir", ""], ""),
    ],
)
def test_a_row_by_its_words(cells, code):
    assert judged(cells) == code


def test_a_name_and_a_number_below_the_table_are_those_of_its_author():
    cells = ["Ali Kaya", "0532 111 22 33", "", ""]
    assert judged(cells, number=12, before=9) == "contact_line"
    assert judged(cells, number=12, before=9, below=[cells] * 4) == ""


def test_another_header_begins_another_table():
    end = TableEnd(HEADER, USUAL)
    header = end.judged(Row(20, ["Firma", "Telefon", "", ""]), 19, lambda: [["Güneş", "0212 111 22 33", "", ""]])
    below = end.judged(Row(21, ["Güneş", "0212 111 22 33", "", ""]), 20)
    assert header.reason == below.reason == ("another_table", {"row": 20}) and end.tables == [20]


def test_few_leads_below_blank_rows_are_noted():
    end = TableEnd(HEADER, USUAL)
    end.judged(Row(15, ["Ali", "0532 111 22 33", "İzmir", "x"]), 10, lambda: [["x"]] * 4)
    assert end.note_of_gap(15) == [("rows_after_blank_rows", {"row": 15, "count": 1})]
