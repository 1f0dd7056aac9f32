"""Lines of a text file as numbered rows."""

from pathlib import Path

from imports.pipeline.readers.csv.dialect import Dialect
from imports.pipeline.readers.csv.records import Feed, Records
from imports.pipeline.readers.csv.text import Text


def rows(text: str, tmp_path: Path, width: int = 2) -> list:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return list(Records(Dialect(";"), width).rows(Text(path, "utf-8")))


def test_a_record_is_one_row_however_many_lines_it_has(tmp_path):
    found = rows('Ad;Not\r\nAli;"zwei\r\nZeilen"\r\n\r\nCan;="0532"\r\n', tmp_path)
    assert found == [(1, ["Ad", "Not"]), (2, ["Ali", "zwei\nZeilen"]), (3, []), (4, ["Can", "0532"])]


def test_reading_goes_on_after_a_quotation_mark_that_was_left_open(tmp_path):
    found = rows('Ali;"0532 111 22 33\nCan;0533 222 33 44\nElif;0542 333 44 55\n', tmp_path)
    assert [(row.number, row.cells[0]) for row in found] == [(1, "Ali"), (2, "Can"), (3, "Elif")]
    assert found[0].reason.code == "quote_left_open"


def test_text_behind_a_quotation_mark_is_a_bad_row(tmp_path):
    assert rows('Ali;"a"b\nCan;c\n', tmp_path)[0].reason.code == "text_after_quote"


def test_a_feed_can_be_set_back():
    feed = Feed(["a", "b"])
    assert next(feed) == "a"
    feed.at = 0
    assert list(feed) == ["a", "b"]
