"""Sheets as workbooks of every kind that people call Excel files."""

import io
import re
import struct
import zipfile
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from .draft import Cell, Sheet
from .text_files import shown

WRITTEN = b"2026-01-01T00:00:00Z"
LONGEST_NAME = 31
FORBIDDEN = str.maketrans("", "", "[]:*?/\\")


def xlsx(sheets: list[Sheet], number_format: str) -> bytes:
    """By openpyxl. Numbers are in `number_format`, dates are dates, all else is text."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(_name(sheet))
        page.sheet_state = "visible" if sheet.is_visible else "hidden"
        for row, cells in enumerate(sheet.rows, 1):
            for column, cell in enumerate(cells, 1):
                if cell != "":
                    _fill(page.cell(row, column), cell, number_format)
    buffer = io.BytesIO()
    book.save(buffer)
    return _dated(buffer)


def _dated(buffer: io.BytesIO) -> bytes:
    """The same archive, whenever it is made."""
    same = io.BytesIO()
    with zipfile.ZipFile(buffer) as archive, zipfile.ZipFile(same, "w", zipfile.ZIP_DEFLATED) as dated:
        for name in archive.namelist():
            part = archive.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]{8}Z", WRITTEN, part)
            dated.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return same.getvalue()


def _fill(place: Any, cell: Cell, number_format: str) -> None:
    place.value = cell
    if isinstance(cell, str):
        place.data_type, place.number_format = "s", "@"
    elif isinstance(cell, date):
        place.number_format = "dd.mm.yyyy"
    else:
        place.number_format = number_format


def _name(sheet: Sheet) -> str:
    return sheet.name.translate(FORBIDDEN)[:LONGEST_NAME]


# -- Excel 97: a bare stream of records --------------------------------------------------------------------------------
BEGIN, END, SHEET, NUMBER, TEXT = 0x0809, 0x000A, 0x0085, 0x0203, 0x0204


def xls(sheets: list[Sheet]) -> bytes:
    start, streams = _record(BEGIN, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6)), [_stream(sheet) for sheet in sheets]
    names = [_name(sheet).encode("utf-16-le") for sheet in sheets]
    offset = len(start) + sum(4 + 8 + len(name) for name in names) + 4
    listed = b""
    for name, sheet, stream in zip(names, sheets, streams, strict=True):
        listed += _record(SHEET, struct.pack("<IBBBB", offset, 0 if sheet.is_visible else 1, 0, len(name) // 2, 1) + name)
        offset += len(stream)
    return start + listed + _record(END, b"") + b"".join(streams)


def _stream(sheet: Sheet) -> bytes:
    cells = [
        _biff(row, column, cell) for row, values in enumerate(sheet.rows) for column, cell in enumerate(values) if cell != ""
    ]
    return _record(BEGIN, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6)) + b"".join(cells) + _record(END, b"")


def _biff(row: int, column: int, cell: Cell) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(cell, (int, float)):
        return _record(NUMBER, place + struct.pack("<d", cell))
    text = shown(cell).encode("utf-16-le")
    return _record(TEXT, place + struct.pack("<HB", len(text) // 2, 1) + text)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


# -- what calls itself Excel and is text -------------------------------------------------------------------------------
def html(sheets: list[Sheet]) -> bytes:
    """A web page with one table, as panels export "Excel"."""
    sheet = next(sheet for sheet in sheets if sheet.is_visible)
    rows = "\n".join("<tr>" + "".join(f"<td>{_in_html(cell)}</td>" for cell in row) + "</tr>" for row in sheet.rows)
    return (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv="Content-Type" '
        f'content="text/html; charset=utf-8"></head><body><table border="1">\n{rows}\n</table></body></html>'
    ).encode()


def _in_html(cell: Cell) -> str:
    return escape(shown(cell)).replace("\n", "<br>")


def xml_2003(sheets: list[Sheet]) -> bytes:
    """Excel 2003's XML spreadsheet."""
    pages = "".join(
        f"<Worksheet ss:Name={quoteattr(_name(sheet))}><Table>{_xml_rows(sheet)}</Table>{_xml_state(sheet)}</Worksheet>"
        for sheet in sheets
    )
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook '
        'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel" '
        f'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{pages}</Workbook>'
    ).encode()


def _xml_state(sheet: Sheet) -> str:
    return "" if sheet.is_visible else "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"


def _xml_rows(sheet: Sheet) -> str:
    return "".join(f"<Row>{''.join(map(_xml_cell, row))}</Row>" for row in sheet.rows)


def _xml_cell(cell: Cell) -> str:
    kind = "Number" if isinstance(cell, (int, float)) else "String"
    return f'<Cell><Data ss:Type="{kind}">{escape(shown(cell)).replace(chr(10), "&#10;")}</Data></Cell>'


# -- OpenDocument ------------------------------------------------------------------------------------------------------
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODF = "urn:oasis:names:tc:opendocument:xmlns:"


def ods(sheets: list[Sheet]) -> bytes:
    pages = "".join(f"<table:table table:name={quoteattr(_name(sheet))}>{_ods_rows(sheet)}</table:table>" for sheet in sheets)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{ODF}office:1.0" '
        f'xmlns:table="{ODF}table:1.0" xmlns:text="{ODF}text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f"{pages}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest='
        f'"{ODF}manifest:1.0" manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("mimetype", ODS), ("content.xml", content), ("META-INF/manifest.xml", manifest)):
            stored = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), text, stored)
    return buffer.getvalue()


def _ods_rows(sheet: Sheet) -> str:
    return "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in sheet.rows)


def _ods_cell(cell: Cell) -> str:
    if cell == "":
        return "<table:table-cell/>"
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in shown(cell).split("\n"))
    if isinstance(cell, (int, float)):
        return f'<table:table-cell office:value-type="float" office:value="{cell}">{paragraphs}</table:table-cell>'
    return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'
