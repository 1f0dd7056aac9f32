"""Binary workbooks of Excel (`.xlsb`): rows, numbers, hidden and merged cells as the person who made them sees them."""

import io
import struct

import pytest
from python_calamine import CalamineWorkbook

from imports.pipeline.readers.opening import open_sheet, preview
from imports.pipeline.readers.xlsb import rk_number, wide_string
from tests.pipeline.readers.written import notes, refusal, rows_of_first_sheet, written
from tests.spreadsheets.other_formats import (
    xlsb,
    xlsb_cell,
    xlsb_sheet,
)


class TestXlsb:
    def one(self, value, read, formats=(), style: int = 0, **more) -> str:
        rows = {1: [xlsb_cell(0, "Ad"), xlsb_cell(1, "Telefon")], 2: [xlsb_cell(0, "Ali"), xlsb_cell(1, value, style)]}
        return read(xlsb({"Liste": xlsb_sheet(rows)}, formats=formats, **more))[2][1]

    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ("0532 Ş", "0532 Ş"),
            (905321234567, "905321234567"),
            (12.5, "12.5"),
            (True, "TRUE"),
            (False, "FALSE"),
            (None, ""),
            (("shared", 1), "ortak"),
            (("rk", 7 << 2 | 2), "7"),
            (("rk", (-7 & 0x3FFFFFFF) << 2 | 2), "-7"),
            (("rk", 1234 << 2 | 3), "12.34"),
            (("error", 42), "#N/A"),
            (("error", 7), "#DIV/0!"),
            (("formula", "0532"), "0532"),
            (("formula", 5321234567.0), "5321234567"),
            (("rk", struct.unpack("<Q", struct.pack("<d", 5368709120.0))[0] >> 32 & 0xFFFFFFFC), "5368709120"),
        ],
    )
    def test_values_are_shown_as_a_person_means_them(self, value, shown, read):
        assert self.one(value, read, strings=["bir", "ortak"]) == shown

    @pytest.mark.parametrize(
        ("code", "value", "shown"),
        [
            ("00000000000", 5321234567, "05321234567"),
            ("0%", 0.5, "50%"),
            ("dd.mm.yyyy", 46143, "2026-05-01"),
            ("#,##0", 5321234567, "5321234567"),
            ('"+"0', 905321234567, "+905321234567"),
        ],
    )
    def test_numbers_are_shown_by_their_format(self, code, value, shown, read):
        assert self.one(value, read, [code], 1) == shown

    def test_dates_from_1904(self, read):
        assert self.one(44681, read, ["dd.mm.yyyy"], 1, date1904=True) == "2026-05-01"

    def test_hidden_sheets_rows_and_merged_cells(self, tmp_path):
        rows = {
            number: [xlsb_cell(0, name), xlsb_cell(1, phone)]
            for number, name, phone in [(1, "Firma", "Tel"), (3, "Acme", "0532"), (4, None, "0555"), (7, "Beta", "0533")]
        }
        path = written(
            tmp_path,
            xlsb({"Gizli": xlsb_sheet(rows), "Açık": xlsb_sheet(rows, hidden=[7], merges=[(2, 3, 0, 0)])}, states={"Gizli": 1}),
        )
        assert [(sheet.name, sheet.visible) for sheet in preview(path).sheets] == [("Gizli", False), ("Açık", True)]
        assert {row.number: row.cells for row in open_sheet(path).rows()} == {
            3: ["Acme", "0532"],
            4: ["Acme", "0555"],
            7: ["Beta", "0533"],
        }
        assert notes(path) == {"hidden_rows": {"sheet": "Açık", "count": 1}}

    def test_another_reader_finds_the_same(self, tmp_path):
        rows = {
            number: [xlsb_cell(0, ("shared", number - 1)), xlsb_cell(1, f"0532 {number}"), xlsb_cell(2, ("rk", number << 2 | 2))]
            for number in range(1, 500)
        }
        path = written(tmp_path, xlsb({"Liste": xlsb_sheet(rows)}, strings=[f"Çağrı {number}" for number in range(500)]))
        found = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes())).get_sheet_by_index(0).to_python()
        assert rows_of_first_sheet(path) == [
            [str(int(cell)) if isinstance(cell, (int, float)) else cell for cell in row] for row in found
        ]

    @pytest.mark.parametrize(
        ("rows", "code"),
        [
            (
                {
                    1: [xlsb_cell(0, "Ad"), xlsb_cell(16383, "x")],
                    2: [xlsb_cell(0, "Ali"), xlsb_cell(16383, "x")],
                    3: [xlsb_cell(16383, "x")],
                },
                "too_many_columns",
            ),
            ({1: [xlsb_cell(0, "Ad")], 2_000_000: [xlsb_cell(0, "x")]}, "sheet_too_long"),
            ({1: [xlsb_cell(0, ("shared", 9))]}, "file_damaged"),
            ({}, "no_data_in_workbook"),
        ],
    )
    def test_what_cannot_be_read_is_refused(self, rows, code, tmp_path):
        assert refusal(written(tmp_path, xlsb({"Liste": xlsb_sheet(rows)}))) == code

    def test_a_sheet_cut_short_is_damaged(self, tmp_path):
        sheet = xlsb_sheet({1: [xlsb_cell(0, "Ad")], 2: [xlsb_cell(0, "Ali")]})
        assert refusal(written(tmp_path, xlsb({"Liste": sheet[:-12]}))) in ("file_damaged", "no_data_rows")
        assert refusal(written(tmp_path, xlsb({"Liste": sheet})[:-100])) == "file_damaged"


def test_numbers_in_thirty_two_bits():
    assert [rk_number(packed) for packed in (0x3FF00000, 0x3FF00001, 5 << 2 | 2, 500 << 2 | 3, 0xFFFFFFFE)] == [
        1.0,
        0.01,
        5.0,
        5.0,
        -1.0,
    ]


def test_a_string_that_is_cut_short_is_damaged():
    assert wide_string(struct.pack("<I", 2) + "Al".encode("utf-16-le"), 0) == ("Al", 8)
    with pytest.raises(ValueError):
        wide_string(struct.pack("<I", 3) + b"A", 0)
