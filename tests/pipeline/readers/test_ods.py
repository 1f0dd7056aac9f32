"""OpenDocument spreadsheets: rows, numbers, hidden and merged cells as the person who made them sees them."""

import io

import pytest
from python_calamine import CalamineWorkbook

from imports.pipeline.readers.ods import ods_tables
from imports.pipeline.readers.opening import open_sheet, preview
from imports.pipeline.readers.table import BadRow, ReadOptions
from tests.pipeline.readers.written import HEAD, notes, refusal, rows_of_first_sheet, written
from tests.spreadsheets.other_formats import (
    MANIFEST,
    ods,
    ods_content,
    ods_row,
    ods_table,
    ods_text,
    ods_value,
    xml2003,
    xml2003_row,
    xml2003_sheet,
)


class TestOds:
    def one(self, cell: str, read) -> str:
        return read(ods(ods_table([ods_row(*HEAD), ods_row("Ali", cell)])))[2][1]

    @pytest.mark.parametrize(
        ("kind", "value", "text", "shown"),
        [
            ("float", "905321234567", "905321234567", "905321234567"),
            ("float", "905321234567", "9,05E+11", "905321234567"),
            ("float", "5321234567", "05321234567", "05321234567"),
            ("float", "5321234567", "5.321.234.567", "5321234567"),
            ("float", "5321234567", "5 321 234 567", "5321234567"),
            ("float", "5321234567", "(532) 123 45 67", "(532) 123 45 67"),
            ("float", "905321234567", "+90 532 123 45 67", "+90 532 123 45 67"),
            ("float", "12.5", "12,50", "12.5"),
            ("float", "3", "3 gün", "3 gün"),
            ("float", "123.75", "123 3/4", "123.75"),
            ("float", "1021.02", "1K", "1021.02"),
            ("float", "5321234567", "###", "5321234567"),
            ("percentage", "0.125", "12,5%", "12,5%"),
            ("percentage", "0.125", "", "12.5%"),
            ("currency", "1234.5", "1.234,50 TL", "1.234,50 TL"),
            ("date", "2026-05-01", "01.05.26", "2026-05-01"),
            ("date", "2026-05-01T13:30:00", "01.05.26 13:30", "2026-05-01 13:30"),
            ("date", "2026-05-01T13:30:15.5", "x", "2026-05-01 13:30:15"),
            ("time", "PT13H30M00S", "13:30", "13:30"),
            ("time", "PT07H05M09S", "x", "07:05:09"),
            ("boolean", "true", "DOĞRU", "TRUE"),
            ("boolean", "false", "YANLIŞ", "FALSE"),
            ("string", "", "#N/A", "#N/A"),
        ],
    )
    def test_values_are_shown_as_a_person_means_them(self, kind, value, text, shown, read):
        assert self.one(ods_value(kind, value, text), read) == shown

    def test_a_text_keeps_its_zeros_spaces_and_lines(self, read):
        cell = (
            '<table:table-cell office:value-type="string"><text:p>0532<text:s text:c="2"/>1<text:tab/>2 &amp; <text:span>3</text:span>'
            "<text:a>4</text:a></text:p><text:p>0555<text:line-break/>9</text:p></table:table-cell>"
        )
        assert self.one(cell, read) == "0532  1\t2 & 34\n0555\n9"

    def test_comments_and_drawings_are_no_text(self, read):
        cell = (
            '<table:table-cell office:value-type="string"><office:annotation><dc:date>2026</dc:date><text:p>call later</text:p></office:annotation>'
            "<text:p>0532</text:p><draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame></table:table-cell>"
        )
        assert self.one(cell, read) == "0532"

    def test_repeated_cells_and_rows_are_counted(self, read):
        rows = [
            ods_row(*HEAD, "Not", "Şehir"),
            ods_row("", attributes='table:number-rows-repeated="3"'),
            ods_row("Ali", '<table:table-cell table:number-columns-repeated="2"/>', "İzmir"),
            ods_row(ods_text("x", 'table:number-columns-repeated="3"'), "Y", attributes='table:number-rows-repeated="2"'),
            ods_row("Can", "0532", '<table:table-cell table:number-columns-repeated="16382"/>'),
            ods_row("", attributes='table:number-rows-repeated="1048568"'),
        ]
        assert read(ods(ods_table(rows))) == {
            5: ["Ali", "", "", "İzmir"],
            6: ["x", "x", "x", "Y"],
            7: ["x", "x", "x", "Y"],
            8: ["Can", "0532", "", ""],
        }

    def test_merged_cells_hold_their_value_in_every_row(self, read):
        merged = ods_text("Acme", 'table:number-rows-spanned="2" table:number-columns-spanned="2"')
        covered = '<table:covered-table-cell table:number-columns-repeated="{}"/>'
        rows = [
            ods_row("Firma", "Ek", "Tel"),
            ods_row(merged, covered.format(1), "0532"),
            ods_row(covered.format(2), "0555"),
            ods_row("Beta", "", "0533"),
        ]
        assert read(ods(ods_table(rows))) == {2: ["Acme", "", "0532"], 3: ["Acme", "", "0555"], 4: ["Beta", "", "0533"]}

    def test_header_rows_and_groups_are_rows(self, read):
        rows = [
            f"<table:table-header-rows>{ods_row(*HEAD)}</table:table-header-rows>",
            f"<table:table-row-group>{ods_row('Ali', '0532')}</table:table-row-group>",
        ]
        assert read(ods(ods_table(rows))) == {2: ["Ali", "0532"]}

    def test_hidden_sheets_and_rows(self, tmp_path):
        rows = [
            ods_row(*HEAD),
            ods_row("Ali", "0532", attributes='table:visibility="collapse"'),
            ods_row("Can", "0533", attributes='table:visibility="filter"'),
            ods_row("Ece", "0534"),
        ]
        path = written(tmp_path, ods(ods_table(rows, "Gizli", "ta2") + ods_table(rows, "Açık")))
        assert [(sheet.name, sheet.visible) for sheet in preview(path).sheets] == [("Gizli", False), ("Açık", True)]
        assert notes(path) == {"hidden_rows": {"sheet": "Açık", "count": 2}}

    def test_a_formula_without_a_result_is_said(self, tmp_path):
        rows = [ods_row(*HEAD), ods_row("Ali", '<table:table-cell table:formula="of:=[.A1]"/>', "0532")]
        assert notes(written(tmp_path, ods(ods_table(rows)))) == {"formulas_without_values": {"sheet": "Liste", "count": 1}}

    def test_the_flat_form(self, read):
        flat = ods_content(
            ods_table([ods_row(*HEAD), ods_row("Ayşe", "0532")]),
            "document",
            'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"',
        )
        assert read(flat) == {2: ["Ayşe", "0532"]}

    def test_history_and_drawings_are_no_rows(self, read):
        history = f"<table:tracked-changes><table:deletion>{ods_row('Old', '1')}</table:deletion></table:tracked-changes>"
        table = ods_table([ods_row(*HEAD), ods_row("Ali", "0532")]).replace(
            "<table:table-column/>", "<table:shapes><draw:frame><text:p>x</text:p></draw:frame></table:shapes>"
        )
        assert read(ods(history + table)) == {2: ["Ali", "0532"]}

    def test_a_manifest_of_an_old_program(self, read):
        manifest = MANIFEST.format("").replace(
            "<manifest:manifest",
            '<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd"><manifest:manifest',
        )
        assert read(ods(ods_table([ods_row(*HEAD), ods_row("Ali", "0532")]), manifest=manifest)) == {2: ["Ali", "0532"]}

    def test_a_password_is_named(self, tmp_path):
        assert refusal(written(tmp_path, ods("", encrypted=True))) == "file_is_protected"

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (ods_table([ods_row(ods_text("x"), attributes='table:number-rows-repeated="9999999"')]), "sheet_too_long"),
            (
                ods_table([ods_row(*HEAD), ods_row(ods_text("x", 'table:number-columns-repeated="16384"'))] * 2),
                "too_many_columns",
            ),
            (ods_table([ods_row(*HEAD)]) + "<broken>", "file_damaged"),
            ("", "file_damaged"),
            (
                "".join(
                    ods_table([ods_row("x", "y", attributes='table:number-rows-repeated="1048576"')], f"T{n}") for n in range(30)
                ),
                "file_too_complex",
            ),
        ],
    )
    def test_what_harms_is_refused(self, body, code, tmp_path):
        assert refusal(written(tmp_path, ods(body))) == code

    def test_an_entity_is_refused(self, tmp_path):
        content = ods_content(ods_table([ods_row(*HEAD)])).replace(
            "<office:document-content", '<!DOCTYPE x [<!ENTITY a "b">]><office:document-content'
        )
        assert (
            refusal(
                written(
                    tmp_path,
                    content.replace("document-content", "document").replace(
                        "xmlns:dc", 'office:mimetype="application/vnd.oasis.opendocument.spreadsheet" xmlns:dc'
                    ),
                )
            )
            == "file_hostile"
        )

    def test_a_cell_that_is_too_long_is_a_bad_row(self, tmp_path):
        rows = list(
            open_sheet(
                written(tmp_path, ods(ods_table([ods_row(*HEAD), ods_row("Ali", "0532"), ods_row("x" * 40_000, "0555")])))
            ).rows()
        )
        assert [(type(row), row.number) for row in rows][1] == (BadRow, 3) and rows[1].reason.code == "cell_too_long"

    def test_another_reader_finds_the_same(self, tmp_path):
        path = written(tmp_path, ods(ods_table([ods_row(*HEAD), *(ods_row(f"Ali {n}", f"0532 {n:07}") for n in range(300))])))
        assert (
            rows_of_first_sheet(path)
            == CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes())).get_sheet_by_index(0).to_python()
        )


def test_sheets_of_one_name_can_all_be_chosen(tmp_path):
    path = written(
        tmp_path, xml2003("".join(xml2003_sheet([xml2003_row(*HEAD), xml2003_row(name, "0532")]) for name in ("Ali", "Can")))
    )
    assert [row.cells for row in open_sheet(path, ReadOptions(sheet="Liste (2)")).rows()] == [["Can", "0532"]]


def test_a_zip_in_memory_is_read_as_a_file_is():
    book = ods_tables(io.BytesIO(ods(ods_table([ods_row(*map(ods_text, HEAD))]))))
    assert [row.cells for row in book.rows(book.sheet_names()[0][0])] == [[*HEAD]]
