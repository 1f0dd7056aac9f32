"""The tables of a web page, from its elements one after the other."""

import pytest

from imports.pipeline.readers.html.cells import Formats
from imports.pipeline.readers.html.tables import DEEPEST, TableFinder
from imports.pipeline.readers.table import UnreadableFile


def found(*elements: str | tuple[str, dict]) -> list:
    """`tag` opens, `/tag` closes, `'text` is text."""
    finder = TableFinder(Formats(), "end")
    for element in elements:
        tag, attrs = element if isinstance(element, tuple) else (element, {})
        if tag.startswith("'"):
            finder.data(tag[1:])
        elif tag.startswith("/"):
            finder.end(tag[1:])
        else:
            finder.start(tag, attrs)
    finder.close()
    return finder.found


def test_end_tags_may_be_left_out():
    (table,) = found("table", "tr", "td", "'Ad", "td", "'Telefon", "tr", "td", "' Ali ", "br", "'Kaya")
    assert [row.cells for row in table.grid.rows] == [["Ad", "Telefon"], ["Ali\nKaya"]] and table.is_list


def test_scripts_and_hidden_rows():
    (table,) = found("table", ("tr", {"style": "display: none"}), "td", "script", "'x()", "/script", "'Ali", "/table")
    assert [row.cells for row in table.grid.rows] == [["Ali"]] and table.grid.hidden == 1 and not table.is_list


def test_a_table_inside_a_cell_is_text_of_the_cell_too():
    outer, inner = found("table", "tr", "td", "table", "tr", "td", "'Ali", "/table", "/td", "/table")
    assert outer.grid.rows[0].cells == inner.grid.rows[0].cells == ["Ali"]


def test_a_page_that_is_too_deep_is_refused():
    with pytest.raises(UnreadableFile, match="file_too_complex"):
        found(*["div"] * (DEEPEST + 1))
