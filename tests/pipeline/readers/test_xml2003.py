"""Workbooks in the XML of Excel 2003: rows, numbers, hidden and merged cells as the person who made them sees them."""

import pytest

from imports.pipeline.readers.opening import preview
from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.readers.xml2003 import xml2003_tables
from tests.pipeline.readers.written import HEAD, notes, refusal, written
from tests.spreadsheets.other_formats import (
    xml2003,
    xml2003_cell,
    xml2003_row,
    xml2003_sheet,
)


class TestXml2003:
    def one(self, cell: str, read, styles: str = "", before: str = "", row: str = "") -> str:
        sheet = xml2003_sheet([xml2003_row(*HEAD), xml2003_row("Ali", cell, attributes=row)], before=before)
        return read(xml2003(sheet, styles))[2][1]

    @pytest.mark.parametrize(
        ("kind", "value", "shown"),
        [
            ("String", "0532 & 1", "0532 & 1"),
            ("Number", "905321234567", "905321234567"),
            ("Number", "9.05321234567E11", "905321234567"),
            ("Number", "12.5", "12.5"),
            ("DateTime", "2026-05-01T00:00:00.000", "2026-05-01"),
            ("DateTime", "2026-05-01T13:30:00.000", "2026-05-01 13:30"),
            ("DateTime", "1899-12-31T13:30:00.000", "13:30"),
            ("Boolean", "1", "TRUE"),
            ("Boolean", "0", "FALSE"),
            ("Error", "#N/A", "#N/A"),
        ],
    )
    def test_values_are_shown_as_a_person_means_them(self, kind, value, shown, read):
        assert self.one(xml2003_cell(value, kind), read) == shown

    @pytest.mark.parametrize(
        ("code", "value", "shown"),
        [
            ("00000000000", "5321234567", "05321234567"),
            ("0%", "0.5", "50%"),
            ("Short Date", "46143", "2026-05-01"),
            ("General Date", "46143.5", "2026-05-01 12:00"),
            ("Short Time", "0.5", "12:00"),
            ("Standard", "5321234567", "5321234567"),
            ("Fixed", "12.5", "12.5"),
            ("Percent", "0.125", "12.50%"),
            ("@", "5321234567", "5321234567"),
            ('"+"0', "905321234567", "+905321234567"),
            ("Scientific", "5321234567", "5321234567"),
            ("dd\\.mm\\.yyyy", "46143", "2026-05-01"),
        ],
    )
    def test_numbers_are_shown_by_their_format(self, code, value, shown, read):
        styles = f'<Style ss:ID="s1"><NumberFormat ss:Format=\'{code}\'/></Style><Style ss:ID="s2" ss:Parent="s1"><Font/></Style>'
        assert self.one(xml2003_cell(value, "Number", 'ss:StyleID="s1"'), read, styles) == shown
        assert self.one(xml2003_cell(value, "Number", 'ss:StyleID="s2"'), read, styles) == shown
        assert self.one(xml2003_cell(value, "Number"), read, styles, row='ss:StyleID="s1"') == shown
        assert self.one(xml2003_cell(value, "Number"), read, styles, before='<Column ss:Index="2" ss:StyleID="s1"/>') == shown

    def test_places_left_out_are_counted(self, read):
        rows = [
            xml2003_row(*HEAD, "Not", "Şehir"),
            xml2003_row("Ali", xml2003_cell("İzmir", attributes='ss:Index="4"'), attributes='ss:Index="5"'),
            xml2003_row("Can", "0532", attributes='ss:Span="2"'),
            xml2003_row("Ece", "0533"),
        ]
        assert read(xml2003(xml2003_sheet(rows))) == {
            5: ["Ali", "", "", "İzmir"],
            6: ["Can", "0532", "", ""],
            9: ["Ece", "0533", "", ""],
        }

    @pytest.mark.parametrize("place", ["", 'ss:Index="2"'])
    def test_merged_cells_hold_their_value_in_every_row(self, place, read):
        rows = [
            xml2003_row("Firma", "Tel", "Not"),
            xml2003_row(xml2003_cell("Acme", attributes='ss:MergeDown="1"'), "0532", "a"),
            xml2003_row(xml2003_cell("0555", attributes=place), "b"),
            xml2003_row(xml2003_cell("Beta", attributes='ss:MergeAcross="1"'), "c"),
        ]
        assert read(xml2003(xml2003_sheet(rows))) == {2: ["Acme", "0532", "a"], 3: ["Acme", "0555", "b"], 4: ["Beta", "", "c"]}

    def test_hidden_sheets_and_rows(self, tmp_path):
        rows = [xml2003_row(*HEAD), xml2003_row("Ali", "0532", attributes='ss:Hidden="1"'), xml2003_row("Can", "0533")]
        sheets = [
            xml2003_sheet(rows, "Gizli", "SheetHidden"),
            xml2003_sheet(rows, "Çok gizli", "SheetVeryHidden"),
            xml2003_sheet(rows, "A & B"),
        ]
        path = written(tmp_path, xml2003("".join(sheets)))
        assert [(sheet.name, sheet.visible) for sheet in preview(path).sheets] == [
            ("Gizli", False),
            ("Çok gizli", False),
            ("A & B", True),
        ]
        assert notes(path) == {"hidden_rows": {"sheet": "A & B", "count": 1}}

    def test_comments_are_no_text_and_rich_text_is(self, read):
        cell = (
            '<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>0532</B><Font> 111</Font></ss:Data>\n'
            '<Comment ss:Author="x"><ss:Data xmlns="http://www.w3.org/TR/REC-html40">call later</ss:Data></Comment><NamedCell ss:Name="p"/></Cell>'
        )
        assert self.one(cell, read) == "0532 111"

    def test_a_formula_without_a_result_is_said(self, tmp_path):
        path = written(
            tmp_path, xml2003(xml2003_sheet([xml2003_row(*HEAD), xml2003_row("Ali", '<Cell ss:Formula="=A1"/>', "0532")]))
        )
        assert notes(path) == {"formulas_without_values": {"sheet": "Liste", "count": 1}}

    def test_line_breaks_and_another_encoding(self, read):
        content = xml2003(xml2003_sheet([xml2003_row(*HEAD), xml2003_row("Çağrı", "0532&#10;0555".replace("&#10;", "\n"))]))
        assert read(content.replace('version="1.0"', 'version="1.0" encoding="windows-1254"').encode("cp1254")) == {
            2: ["Çağrı", "0532\n0555"]
        }
        assert read(content.replace('version="1.0"', 'version="1.0" encoding="utf-16"').encode("utf-16")) == {
            2: ["Çağrı", "0532\n0555"]
        }

    def test_a_prefix_before_every_element(self, read):
        content = (
            '<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><ss:Worksheet ss:Name="L"><ss:Table><ss:Row><ss:Cell><ss:Data ss:Type="String">'
            'Ad</ss:Data></ss:Cell></ss:Row><ss:Row><ss:Cell><ss:Data ss:Type="String">Ali</ss:Data></ss:Cell></ss:Row></ss:Table></ss:Worksheet></ss:Workbook>'
        )
        assert read(content) == {2: ["Ali"]}

    @pytest.mark.parametrize(
        ("rows", "code"),
        [
            ([xml2003_row("x", attributes='ss:Index="2000000"')], "sheet_too_long"),
            ([xml2003_row(*HEAD, attributes='ss:Index="3"'), xml2003_row("x", attributes='ss:Index="2"')], "file_damaged"),
            ([xml2003_row(*HEAD, xml2003_cell("x", attributes='ss:Index="16000"'))] * 3, "too_many_columns"),
            (["<Row><Cell>"], "file_damaged"),
            ([], "no_data_in_workbook"),
        ],
    )
    def test_what_cannot_be_read_is_refused(self, rows, code, tmp_path):
        assert refusal(written(tmp_path, xml2003(xml2003_sheet(rows)))) == code

    def test_an_entity_is_refused(self, tmp_path):
        content = xml2003(xml2003_sheet([xml2003_row(*HEAD)])).replace(
            "<Workbook", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Workbook'
        )
        assert refusal(written(tmp_path, content)) == "file_hostile"


def test_xml_without_a_sheet_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="no_data_in_workbook"):
        xml2003_tables(written(tmp_path, "<Workbook/>"))
