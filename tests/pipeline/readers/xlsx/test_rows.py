"""Cells that hold their text themselves, in every manner of writing it."""

import pytest

from tests.pipeline.readers.odd_workbooks import TWO_PEOPLE, cells
from tests.spreadsheets.workbooks import sheet_xml, xlsx


def inline(cell: str, tmp_path) -> str:
    row = f'<row r="2"><c r="A2" t="inlineStr"><is><t>Ayşe</t></is></c>{cell}</row>'
    return cells(xlsx(sheet_xml(TWO_PEOPLE[:1]).replace("</sheetData>", f"{row}</sheetData>")), tmp_path)[2][1]


class TestTexts:
    @pytest.mark.parametrize(
        "content",
        [
            "<v>7</v><is><t>0532 111 22 34</t></is>",
            "<is><t>0532 111 22 34</t></is><v>7</v>",
            "<is><r><t>0532 111</t></r><r><t> 22 34</t></r></is><v>7</v>",
            "<v/><is><t>0532 111 22 34</t></is>",
            "<f>A1</f><v>7</v><is><t>0532 111 22 34</t></is>",
        ],
    )
    def test_inline_text_is_what_the_cell_shows(self, content, tmp_path):
        assert inline(f'<c r="B2" t="inlineStr">{content}</c>', tmp_path) == "0532 111 22 34"

    def test_a_value_alone_is_taken(self, tmp_path):
        assert inline('<c r="B2" t="inlineStr"><v>0532</v></c>', tmp_path) == "0532"
        assert inline('<c r="B2" t="str"><v>0532</v><is><t>7</t></is></c>', tmp_path) == "0532"

    @pytest.mark.parametrize("end", ["_x000D_\r\n", "_x000D_\n", "&#13;\r\n", "&#xD;\n", "\r\n", "\r", "\n", "_x000d_\n"])
    def test_a_line_break_is_one_line_break(self, end, tmp_path):
        assert inline(f'<c r="B2" t="inlineStr"><is><t>0532{end}0555</t></is></c>', tmp_path) == "0532\n0555"

    def test_two_line_breaks_are_two(self, tmp_path):
        assert inline('<c r="B2" t="inlineStr"><is><t>0532_x000D_\r\n_x000D_\r\n0555</t></is></c>', tmp_path) == "0532\n\n0555"

    def test_an_escaped_escape_is_text(self, tmp_path):
        assert inline('<c r="B2" t="inlineStr"><is><t>a_x005F_x000D_b</t></is></c>', tmp_path) == "a_x000D_b"
