"""Workbooks as programs write them, read as the person who made them sees them; openpyxl is asked what is in them."""

import io
import re
from datetime import date, datetime, time
from itertools import islice

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from imports.pipeline.readers.cell_text import CONTROL
from imports.pipeline.readers.opening import open_sheet
from imports.pipeline.readers.table import ReadOptions, Row
from tests.pipeline.readers.any_texts import FEW, HEADER, rows_of
from tests.spreadsheets.workbooks import cell, sheet_xml, xlsx

# What a cell may hold, and a file in a database may not be asked to.
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"), max_size=40)


def by_openpyxl(rows: list[list]) -> bytes:
    book = openpyxl.Workbook()
    for values in rows:
        book.active.append(values)
        for written in book.active[book.active.max_row]:
            if isinstance(written.value, str) and written.value.startswith("="):
                written.data_type = "s"  # a text, not a formula
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def by_xlsxwriter(rows: list[list], **options) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet("Sayfa1")
        for number, values in enumerate(rows):
            for column, value in enumerate(values):
                sheet.write_string(number, column, value) if isinstance(value, str) else sheet.write(number, column, value)
    return buffer.getvalue()


class TestTexts:
    @FEW
    @given(rows=st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=8))
    @pytest.mark.parametrize(
        "write", [by_openpyxl, by_xlsxwriter, lambda rows: by_xlsxwriter(rows, in_memory=False, constant_memory=True)]
    )
    def test_come_out_as_they_went_in(self, write, rows, path):
        rows = [["x", *cells[1:]] for cells in rows]  # a first cell, so that no row is blank
        read = rows_of(write([HEADER, *rows]), path)
        assert read == {number: [_as_excel_says(text) for text in cells] for number, cells in enumerate(rows, 2)}

    @FEW
    @given(text=st.text(max_size=30))
    def test_of_any_kind_can_be_stored(self, text, path):
        """Whatever a cell holds, nothing comes out that a database refuses."""
        escaped = "".join(f"_x{ord(char):04X}_" if ord(char) < 0x10000 else char for char in text)
        for cells in rows_of(xlsx(sheet_xml([HEADER, ["x", escaped, text if text.isprintable() else ""]])), path).values():
            assert not CONTROL.search("".join(cells))
            "".join(cells).encode()


def _as_excel_says(text: str) -> str:
    """Both writers leave a text alone that looks like one of Excel's escapes, which says something else."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: CONTROL.sub("", chr(int(found[1], 16))), text)


class TestValues:
    VALUES = [
        (905551234567, "905551234567"),
        (5551234567.0, "5551234567"),
        (0.1 + 0.2, "0.3"),
        (-12.5, "-12.5"),
        (0, "0"),
        (1e15, "1000000000000000"),
        (True, "TRUE"),
        (False, "FALSE"),
        (None, ""),
        (datetime(2026, 5, 1, 13, 30), "2026-05-01 13:30"),
        (date(2026, 5, 1), "2026-05-01"),
        (time(13, 30), "13:30"),
        (datetime(2026, 5, 1, 13, 30, 15), "2026-05-01 13:30:15"),
        ("007", "007"),
        ("#N/A", "#N/A"),
    ]

    def test_of_openpyxl(self, path):
        assert rows_of(by_openpyxl([["Ad", "Değer"], *(["x", value] for value, _ in self.VALUES)]), path) == {
            number: ["x", shown] for number, (_, shown) in enumerate(self.VALUES, 2)
        }

    @FEW
    @given(number=st.integers(-(10**15), 10**15) | st.decimals(-(10**6), 10**6, places=4).map(float))
    def test_numbers_are_exact(self, number, path):
        (shown,) = rows_of(by_openpyxl([["Ad", "No"], ["x", number]]), path).values()
        assert float(shown[1]) == number and "e" not in shown[1].lower()

    @pytest.mark.parametrize(
        ("code", "value", "shown"),
        [
            ("0%", 0.5, "50%"),
            ("0.00%", 0.12345, "12.35%"),
            ("dd/mm/yy", 46143, "2026-05-01"),
            ("mmm-yy", 46143, "2026-05-01"),
            ("h:mm AM/PM", 0.75, "18:00"),
            ("mm:ss", 0.0104166667, "00:15"),
            ("[mm]:ss", 1, "24:00:00"),
            ("yyyy-mm-dd hh:mm:ss", 46143.5, "2026-05-01 12:00"),
            ("0000", 7, "0007"),
            ("000-000-0000", 5551234567, "555-123-4567"),
            ('"(0"000") "000 00 00', 5551234567, "(0555) 123 00 00"),
            ("#,##0.00", 1234.5, "1234.5"),
            ("$#,##0", 1234, "$1,234"),
            ("#,##0.00 [$TL-41F]", 1234.5, "1,234.50 TL"),
            ("0;-0", -5, "-5"),
            ("dd.mm.yyyy", -1, "-1"),
            ("dd.mm.yyyy", 3e6, "3000000"),
            ("0.0E+00", 905551234567, "905551234567"),
            ('0 "gün"', 3, "3 gün"),
            ('_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-', 12.5, "12.5"),
            ("[Red][<0]0;0", 5, "5"),
            ('"Tel: "0', 5551234567, "Tel: 5551234567"),
        ],
    )
    def test_are_shown_by_their_format(self, code, value, shown, path):
        book = openpyxl.Workbook()
        book.active.append(["Ad", "Değer"])
        book.active.append(["x", value])
        book.active["B2"].number_format = code
        expected = shown if "(0555)" not in shown else "(0555) 123 45 67"
        assert rows_of(saved(book), path) == {2: ["x", expected]}

    def test_formulas_give_their_stored_result(self, path):
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["Ad", "Telefon", "Toplam"])
            for number in range(1, 3_000):
                sheet.write_formula(number, 0, '="Ali "&ROW()', None, f"Ali {number} & Su")
                sheet.write_formula(number, 1, "=B1+1", None, 5_300_000_000 + number)
                sheet.write_formula(number, 2, '=IF(A1="x",1,"")', None, "" if number % 2 else 12.5)
        read = rows_of(buffer.getvalue(), path)
        assert read[2] == ["Ali 1 & Su", "5300000001", ""] and read[3] == ["Ali 2 & Su", "5300000002", "12.5"]
        assert len(read) == 2_999


class TestShapes:
    """What is read a column at a time equals what is read cell by cell, whatever the rows look like."""

    @FEW
    @given(data=st.data())
    def test_any_mixture_of_cells(self, path, data):
        value = st.none() | st.integers(0, 10**12) | st.booleans() | st.sampled_from(["Ali", "a & b", "<x>", "0532 111 22 33"])
        rows = data.draw(st.lists(st.lists(value, min_size=0, max_size=6), min_size=1, max_size=30))
        holes = data.draw(st.sets(st.tuples(st.integers(0, 29), st.integers(0, 5)), max_size=20))
        body = "".join(
            f'<row r="{number * 3}" spans="1:6">'
            + "".join(cell(number * 3, column, value) for column, value in enumerate(cells) if (number - 1, column) not in holes)
            + "</row>"
            for number, cells in enumerate(rows, 1)
        )
        content = xlsx(sheet_xml([]).replace("<sheetData>", f"<sheetData>{body}"))
        path.write_bytes(content)
        assert _read(path) == _seen_by_openpyxl(path)

    @pytest.mark.parametrize(
        "oddity",
        [
            lambda xml: xml.replace("<c ", "<c  "),
            lambda xml: xml.replace('"', "'"),
            lambda xml: xml.replace("</row>", "</row><!-- x -->"),
            lambda xml: re.sub(r'<row r="\d+"', "<row", xml),
            lambda xml: re.sub(r'<c r="\w+"', "<c", xml),
            lambda xml: xml.replace("<sheetData>", "<sheetData>\n").replace("</row>", "</row>\n").replace("<c ", "\n  <c "),
            lambda xml: xml.replace("<row ", '<row spans="1:3" ht="15" '),
            lambda xml: xml.replace("</c>", "<extLst/></c>"),
            lambda xml: re.sub(r"<(/?)(?=[a-z])", r"<\1main:", xml).replace("xmlns=", "xmlns:main="),
            lambda xml: xml.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
            lambda xml: xml.replace("UTF-8", "iso-8859-9").encode("iso-8859-9"),
            lambda xml: "\ufeff" + xml,
            lambda xml: re.sub(
                r'(t="inlineStr")><is>(<t[^>]*>)([^<]*)(</t>)</is>', r"\1><is><r><rPr><b/></rPr>\2\3\4</r></is>", xml
            ),
            lambda xml: re.sub(r'(<c r="(\w)(\d+)"[^>]*)><v>', r"\1><f>SUM(A\3)</f><v>", xml),
            lambda xml: xml.replace("</sheetData>", '<row r="60000" ht="15"/></sheetData>'),
        ],
    )
    def test_xml_written_otherwise(self, oddity, path):
        plain = sheet_xml([HEADER, *([f"Işık & {n}", 5_300_000_000 + n, None if n % 3 else "ş"] for n in range(3_000))])
        expected = rows_of(xlsx(plain), path)
        assert rows_of(xlsx(oddity(plain)), path) == expected
        assert len(expected) == 3_000

    def test_a_column_that_begins_late(self, path):
        rows = [HEADER[:2], *([f"Ali {n}", n] for n in range(5_000)), *([f"Su {n}", n, f"not {n}"] for n in range(5_000))]
        path.write_bytes(by_xlsxwriter(rows))
        assert _read(path) == _seen_by_openpyxl(path)


def _read(path) -> dict[int, list[str]]:
    """Rows that hold anything, without the empty cells at their end."""
    from imports.pipeline.readers.opening import open_workbook

    workbook = open_workbook(path, ReadOptions())
    ((name, _),) = workbook.sheet_names()
    return {row.number: cells for row in workbook.rows(name) if (cells := _trimmed(row.cells))}


def _seen_by_openpyxl(path) -> dict[int, list[str]]:
    sheet = openpyxl.load_workbook(path, data_only=True).active
    rows = ([_text(value) for value in values] for values in sheet.iter_rows(values_only=True))
    return {number: cells for number, values in enumerate(rows, 1) if (cells := _trimmed(values))}


def _text(value) -> str:
    if value is None:
        return ""
    return str(value).upper() if isinstance(value, bool) else str(value)


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def test_rows_are_read_no_further_than_asked(path):
    """A header and a first row cost the same in a long sheet as in a short one."""
    path.write_bytes(xlsx(sheet_xml([HEADER, *(["Ali", n, "x"] for n in range(60_000))])))
    rows = open_sheet(path).rows()
    assert list(islice(rows, 1)) == [Row(2, ["Ali", "0", "x"])]
