"""Workbooks of text, written as a stream: constant memory, the same rows give the same bytes.

Every cell is an inline string with the text format `@`, so nothing in an uploaded file can become a formula, a link
or a number; only whole numbers given as `int` are numbers. Several times as fast as the general libraries, because
it does nothing else.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, islice
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from imports.pipeline.readers.column_letters import column_letters

ROWS_OF_A_SHEET = 1_048_575  # Excel's limit, less the header
CHARACTERS_OF_A_CELL = 32_767  # Excel's limit
CHARACTERS_OF_A_SHEET = 1_500_000_000  # keeps each part of the archive below the two gigabytes old readers know
BATCH = 500  # rows compressed at once
LEVEL = 6  # of compression: beyond it, twice the time buys a tenth of the size

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Characters that XML forbids, or that Excel would read as an escape of its own.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NEEDS_CARE = re.compile("[&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]|_x|^\\s|\\s$").search
_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
TEXT, HEADER = 1, 2  # cell formats of styles.xml
_STYLES = f"""{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill>\
<fill><patternFill patternType="solid"><fgColor rgb="FFE8EEF7"/></patternFill></fill></fills>\
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>\
<cellXfs count="3"><xf/><xf numFmtId="49" applyNumberFormat="1"/>\
<xf numFmtId="49" fontId="1" fillId="2" applyNumberFormat="1" applyFont="1" applyFill="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


def write_text_workbook(
    file: BinaryIO,
    sheet_name: str,
    titles: Sequence[str],
    rows: Iterable[Sequence[str | int]],
    widths: Sequence[int] = (),
) -> None:
    """One sheet of `titles` (frozen, bold) and `rows`; more sheets where one is full. `widths` in characters."""
    rows = iter(rows)
    names: list[str] = []
    # Parts are opened by name, not written with `writestr`: that would put the time of day into the archive.
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        more: list[Sequence[str | int]] = [()]  # even no rows make a sheet, of titles
        while more:
            names.append(_numbered_name(sheet_name, len(names) + 1))
            _write_sheet(archive, len(names), titles, chain(filter(None, more), rows), widths)
            more = list(islice(rows, 1))
        for path, xml in _surroundings(names):
            with archive.open(path, "w") as part:
                part.write(xml.encode())


def _numbered_name(name: str, number: int) -> str:
    """What Excel allows as the name of a sheet: 31 characters, none of its signs."""
    name = _SHEET_NAME.sub(" ", name).strip(" '") or "Sheet"
    return name[:31] if number == 1 else f"{name[:25]} ({number})"


def _write_sheet(
    archive: ZipFile, number: int, titles: Sequence[str], rows: Iterator[Sequence[str | int]], widths: Sequence[int]
) -> None:
    """As many of `rows` as one sheet takes."""
    with archive.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
        part.write(_sheet_head(titles, widths).encode())
        written, filled = 0, 1
        while filled <= ROWS_OF_A_SHEET and written < CHARACTERS_OF_A_SHEET:
            batch = list(islice(rows, min(BATCH, ROWS_OF_A_SHEET + 1 - filled)))
            if not batch:
                break
            text = "".join([_row_xml(at, row) for at, row in enumerate(batch, start=filled + 1)])
            part.write(text.encode())
            written += len(text)
            filled += len(batch)
        part.write(b"</sheetData></worksheet>")


def _sheet_head(titles: Sequence[str], widths: Sequence[int]) -> str:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" style="{TEXT}" customWidth="1"/>' for at, width in enumerate(widths, start=1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"{columns and f'<cols>{columns}</cols>'}<sheetData>{_row_xml(1, titles, HEADER)}"
    )


def _row_xml(number: int, values: Sequence[str | int], style: int = TEXT) -> str:
    cells = [
        f'<c r="{letters}{number}"><v>{value}</v></c>'
        if type(value) is not str
        else f'<c r="{letters}{number}" s="{style}" t="inlineStr"><is><t>{value}</t></is></c>'
        if not (_NEEDS_CARE(value) or len(value) > CHARACTERS_OF_A_CELL)
        else f'<c r="{letters}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{_escaped(value)}</t></is></c>'
        for letters, value in zip(_letters(len(values)), values)
        if value != ""
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


@cache
def _letters(width: int) -> list[str]:
    return [column_letters(index) for index in range(width)]


def _escaped(text: str) -> str:
    """Text as XML, cut to what a cell holds."""
    if len(text) > CHARACTERS_OF_A_CELL:
        text = text[: CHARACTERS_OF_A_CELL - 1] + "…"
    return escape(_ESCAPE_LIKE.sub("_x005F_", writable(text)))


def writable(text: str) -> str:
    """Without what no workbook can hold; line ends as one character."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _surroundings(names: list[str]) -> Iterator[tuple[str, str]]:
    """(path, XML) of the parts that make sheets a workbook."""
    sheets = list(enumerate(names, start=1))
    listed = "".join(f'<sheet name={quoteattr(name)} sheetId="{at}" r:id="rId{at}"/>' for at, name in sheets)
    yield "xl/workbook.xml", f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>'
    related = "".join(_relation(f"rId{at}", "worksheet", f"worksheets/sheet{at}.xml") for at, _ in sheets)
    yield "xl/_rels/workbook.xml.rels", _relations(related + _relation("rIdStyles", "styles", "styles.xml"))
    yield "xl/styles.xml", _STYLES
    yield "_rels/.rels", _relations(_relation("rId1", "officeDocument", "xl/workbook.xml"))
    parts = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    parts += [(f"/xl/worksheets/sheet{at}.xml", "worksheet") for at, _ in sheets]
    overrides = "".join(f'<Override PartName="{path}" ContentType="{_OFFICE}.{kind}+xml"/>' for path, kind in parts)
    yield (
        "[Content_Types].xml",
        (
            f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
        ),
    )


def _relations(related: str) -> str:
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>'


def _relation(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
