"""A list as a file, in the container its program writes.

csv ENCODING DELIMITER [all] [lf] [sep]    `tab` for a tab; `mixed`: lines in UTF-8 and in cp1254 by turns; `all` cells
                                           quoted; `sep`: a `sep=` line first
xlsx [packed], ods                         `packed`: every row in its first cell, as comma-separated text
html, xml2003                              what web panels call .xls
"""

import csv
import io
import zipfile
from datetime import date
from html import escape
from pathlib import Path
from xml.sax.saxutils import quoteattr

import xlsxwriter

from .export import Export

# As LibreOffice ends a sheet: all rows that there could be.
ODS_END = (
    '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
    "</table:table-row>"
)
EXTENSIONS = {"csv": "csv", "xlsx": "xlsx", "ods": "ods", "html": "xls", "xml2003": "xls"}


def write_export(export: Export, folder: Path) -> Path:
    kind, *options = export.container.split()
    path = folder / (export.file or f"{export.name}.{EXTENSIONS[kind]}")
    path.write_bytes(WRITERS[kind](export.sheets, *options))
    return path


def _text(cell) -> str:
    return cell.isoformat() if isinstance(cell, date) else str(cell)


# -- text ----------------------------------------------------------------------------------------------------------
def _csv(sheets: dict[str, list[list]], encoding: str, delimiter: str, *options: str) -> bytes:
    delimiter = "\t" if delimiter == "tab" else delimiter
    rows = next(iter(sheets.values()))
    width = max(map(len, rows))
    lines = [_record([_text(cell) for cell in row] + [""] * (width - len(row)), delimiter, "all" in options) for row in rows]
    if "sep" in options:
        lines.insert(0, f"sep={delimiter}")
    end = "\n" if "lf" in options else "\r\n"
    if encoding == "mixed":
        return b"".join((line + end).encode("cp1254" if number % 2 else "utf-8") for number, line in enumerate(lines))
    return "".join(line + end for line in lines).encode(encoding)


def _record(cells: list[str], delimiter: str, quote_all: bool) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL, lineterminator="").writerow(
        cells
    )
    return line.getvalue()


# -- workbooks -------------------------------------------------------------------------------------------------------
def _xlsx(sheets: dict[str, list[list]], packed: str = "") -> bytes:
    if packed:
        sheets = {name: [[_record(list(map(_text, row)), ",", False)] for row in rows] for name, rows in sheets.items()}
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name or None)
            for y, row in enumerate(rows):
                for x, cell in enumerate(row):
                    _write(sheet, y, x, cell, day)
    return file.getvalue()


def _write(sheet, y: int, x: int, cell, day) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(y, x, cell, day)
    elif isinstance(cell, (int, float)):
        sheet.write_number(y, x, cell)
    elif cell:
        sheet.write_string(y, x, cell)


def _ods(sheets: dict[str, list[list]]) -> bytes:
    namespace = "urn:oasis:names:tc:opendocument:xmlns"
    tables = "".join(
        f"<table:table table:name={quoteattr(name or 'Sheet1')}>"
        + "".join(
            "<table:table-row>" + ("".join(map(_ods_cell, row)) or "<table:table-cell/>") + "</table:table-row>" for row in rows
        )
        + ODS_END
        + "</table:table>"
        for name, rows in sheets.items()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{namespace}:office:1.0" '
        f'xmlns:table="{namespace}:table:1.0" xmlns:text="{namespace}:text:1.0" office:version="1.3"><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="{namespace}:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        archive.writestr("META-INF/manifest.xml", manifest, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _ods_cell(cell) -> str:
    if cell == "":
        return "<table:table-cell/>"
    shown = f"<text:p>{escape(_text(cell))}</text:p>"
    if isinstance(cell, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}">{shown}</table:table-cell>'
    if isinstance(cell, (int, float)):
        return f'<table:table-cell office:value-type="float" office:value="{cell}">{shown}</table:table-cell>'
    return f'<table:table-cell office:value-type="string">{shown}</table:table-cell>'


# -- what web panels call .xls ---------------------------------------------------------------------------------------
def _html(sheets: dict[str, list[list]]) -> bytes:
    first, *rest = next(iter(sheets.values()))
    head = "<tr>" + "".join(f"<th>{escape(_text(cell))}</th>" for cell in first) + "</tr>"
    body = "".join(
        "<tr>" + "".join(f'<td style="mso-number-format:\\@">{escape(_text(cell))}</td>' for cell in row) + "</tr>\r\n"
        for row in rest
    )
    return (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>'
        f'<body><table border="1" cellspacing="0">{head}\r\n{body}</table></body></html>'
    ).encode()


def _xml2003(sheets: dict[str, list[list]]) -> bytes:
    tables = "".join(
        f"<Worksheet ss:Name={quoteattr(name or 'Sheet1')}><Table>"
        + "".join("<Row>" + "".join(map(_xml_cell, row)) + "</Row>\n" for row in rows)
        + "</Table></Worksheet>"
        for name, rows in sheets.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        f'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{tables}</Workbook>'
    ).encode()


def _xml_cell(cell) -> str:
    kind = "Number" if isinstance(cell, (int, float)) else "String"
    return f'<Cell><Data ss:Type="{kind}">{escape(_text(cell))}</Data></Cell>'


WRITERS = {"csv": _csv, "xlsx": _xlsx, "ods": _ods, "html": _html, "xml2003": _xml2003}
