"""The XML of a sheet, in blocks that end where an element ends."""

import pytest

from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.readers.xlsx.xml import OddXml, escaped, plain_blocks, rewritten_blocks

SHEET = '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"/></sheetData></worksheet>'


def cut(text: str, size: int) -> list[bytes]:
    return [text.encode()[start : start + size] for start in range(0, len(text), size)]


@pytest.mark.parametrize("size", [7, 40, 1_000])
def test_blocks_end_where_a_row_ends_and_nothing_is_lost(size):
    blocks = list(plain_blocks(cut(SHEET, size), "row", "sheetData"))
    assert "".join(blocks) == SHEET and all(block.endswith("</row>") for block in blocks[:-1])


@pytest.mark.parametrize("text", ["<a/>", "text", "<sheetData><!-- x --></sheetData>"])
def test_any_other_manner_is_odd(text):
    with pytest.raises(OddXml):
        list(plain_blocks([text.encode()], "row", "sheetData"))


def test_odd_xml_is_written_plain_with_the_places_that_were_left_out():
    odd = "<x:sheetData xmlns:x='urn:x'><x:row><x:c><x:v><![CDATA[a&b]]></x:v></x:c></x:row></x:sheetData>"
    assert "".join(rewritten_blocks([odd.encode()], "row")) == (
        f'<sheetData><row r="1"><c r="A1"><v>{escaped("a&b")}</v></c></row></sheetData>'
    )
    with pytest.raises(UnreadableFile, match="file_damaged"):
        list(rewritten_blocks([b"<row>"], "row"))
