"""Workbooks in formats other than `.xlsx` and `.xls`, as the programs that own them write them: OpenDocument, `.xlsb`, the XML of Excel 2003."""

import struct
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from .workbooks import relations, zipped

# -- OpenDocument -------------------------------------------------------------------------------------------------
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ODS_NAMES = (
    " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in [
            ("office", "office"),
            ("table", "table"),
            ("text", "text"),
            ("style", "style"),
            ("draw", "drawing"),
            ("number", "datastyle"),
        ]
    )
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
HIDDEN_STYLE = '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
MANIFEST = '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</manifest:manifest>'


def ods(body: str, encrypted: bool = False, manifest: str | None = None, mimetype: str | None = ODS_TYPE) -> bytes:
    """`body` is what stands in `<office:spreadsheet>`."""
    secret = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>" if encrypted else ""
    parts = {
        **({"mimetype": mimetype} if mimetype else {}),
        "content.xml": "\x8f\x11encrypted" if encrypted else ods_content(body),
        "styles.xml": f"<office:document-styles {ODS_NAMES}/>",
        "META-INF/manifest.xml": manifest or MANIFEST.format(secret),
    }
    return zipped(parts)


def ods_content(body: str, root: str = "document-content", attributes: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:{root} {ODS_NAMES} {attributes}><office:automatic-styles>{HIDDEN_STYLE}'
        f"</office:automatic-styles><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:{root}>"
    )


def ods_table(rows: Iterable[str], name: str = "Liste", style: str = "ta1") -> str:
    return (
        f'<table:table table:name={quoteattr(name)} table:style-name="{style}"><table:table-column/>{"".join(rows)}</table:table>'
    )


def ods_row(*cells: str, attributes: str = "") -> str:
    """`cells` are texts, or whole elements."""
    return f"<table:table-row {attributes}>{''.join(cell if cell.startswith('<') else ods_text(cell) for cell in cells)}</table:table-row>"


def ods_text(text: str, attributes: str = "") -> str:
    if not text:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{escape(text)}</text:p></table:table-cell>'


def ods_value(kind: str, value: str, text: str, attributes: str = "") -> str:
    name = {"float": "value", "percentage": "value", "currency": "value"}.get(kind, f"{kind}-value")
    return (
        f'<table:table-cell office:value-type="{kind}" calcext:value-type="{kind}" office:{name}="{value}" {attributes}>'
        f"<text:p>{escape(text)}</text:p></table:table-cell>"
    )


# -- XML of Excel 2003 --------------------------------------------------------------------------------------------
def xml2003(sheets: str, styles: str = "", prefix: str = "") -> str:
    names = (
        'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:html="http://www.w3.org/TR/REC-html40"'
    )
    return f'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook {names}>\n <Styles>{styles}</Styles>\n{sheets}</Workbook>\n'


def xml2003_sheet(rows: Iterable[str], name: str = "Liste", visible: str = "", before: str = "") -> str:
    options = f'<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">{visible and f"<Visible>{visible}</Visible>"}</WorksheetOptions>'
    return f" <Worksheet ss:Name={quoteattr(name)}>\n  <Table>{before}\n{''.join(rows)}  </Table>\n  {options}\n </Worksheet>\n"


def xml2003_row(*cells: str, attributes: str = "") -> str:
    """`cells` are texts, or whole elements."""
    written = "\n    ".join(cell if cell.startswith("<") else xml2003_cell(cell) for cell in cells)
    return f"   <Row {attributes}>\n    {written}\n   </Row>\n"


def xml2003_cell(value: str, kind: str = "String", attributes: str = "") -> str:
    return f'<Cell {attributes}><Data ss:Type="{kind}">{escape(value)}</Data></Cell>'


# -- xlsb ---------------------------------------------------------------------------------------------------------
def record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(data), b""
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return head + length + data


def wide(text: str) -> bytes:
    raw = text.encode("utf-16-le")
    return struct.pack("<I", len(raw) // 2) + raw


def xlsb_cell(column: int, value, style: int = 0) -> bytes:
    """Text inline, `('shared', index)`, `('rk', packed)`, `('error', code)`, `('formula', value)`, numbers, True or False, None empty."""
    head = struct.pack("<I", column) + style.to_bytes(3, "little") + b"\0"
    match value:
        case None:
            return record(1, head)
        case bool():
            return record(4, head + bytes([value]))
        case int() | float():
            return record(5, head + struct.pack("<d", value))
        case str():
            return record(6, head + wide(value))
        case ("shared", index):
            return record(7, head + struct.pack("<I", index))
        case ("rk", packed):
            return record(2, head + struct.pack("<I", packed))
        case ("error", code):
            return record(3, head + bytes([code]))
        case ("formula", str(text)):
            return record(8, head + wide(text) + b"\0" * 10)
        case ("formula", number):
            return record(9, head + struct.pack("<d", number) + b"\0" * 10)
    raise ValueError(value)


def xlsb_sheet(
    rows: dict[int, Sequence[bytes]], hidden: Sequence[int] = (), merges: Sequence[tuple[int, int, int, int]] = ()
) -> bytes:
    """`rows` by their number (1-based); `merges` are (first row, last row, first column, last column), counted from 0."""
    size = record(148, struct.pack("<IIII", min(rows, default=1) - 1, max(rows, default=1) - 1, 0, 10))
    body = b"".join(
        record(0, struct.pack("<IIHBBB", number - 1, 0, 300, 0, 0x10 if number in hidden else 0, 0) + struct.pack("<I", 0))
        + b"".join(cells)
        for number, cells in rows.items()
    )
    merged = (
        record(177, struct.pack("<I", len(merges)))
        + b"".join(record(176, struct.pack("<IIII", *merge)) for merge in merges)
        + record(178)
    )
    return record(129) + size + record(145) + body + record(146) + merged + record(130)


def xlsb(
    sheets: dict[str, bytes],
    strings: Sequence[str] = (),
    formats: Sequence[str] = (),
    states: dict[str, int] | None = None,
    date1904: bool = False,
) -> bytes:
    listed = b"".join(
        record(156, struct.pack("<II", (states or {}).get(name, 0), index) + wide(f"rId{index}") + wide(name))
        for index, name in enumerate(sheets, 1)
    )
    codes = b"".join(record(44, struct.pack("<H", 164 + index) + wide(code)) for index, code in enumerate(formats))
    styles = b"".join(record(47, struct.pack("<HH", 0, number) + b"\0" * 12) for number in [0, *range(164, 164 + len(formats))])
    return zipped(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": relations([("officeDocument", "xl/workbook.bin")]),
            "xl/workbook.bin": record(131)
            + record(153, struct.pack("<I", date1904) + b"\0" * 8)
            + record(143)
            + listed
            + record(144)
            + record(132),
            "xl/_rels/workbook.bin.rels": relations(
                [("worksheet", f"worksheets/sheet{index}.bin") for index, _ in enumerate(sheets, 1)]
                + [("styles", "styles.bin"), ("sharedStrings", "sharedStrings.bin")]
            ),
            "xl/styles.bin": record(278)
            + record(615, struct.pack("<I", len(formats)))
            + codes
            + record(616)
            + record(617, struct.pack("<I", 1 + len(formats)))
            + styles
            + record(618)
            + record(279),
            "xl/sharedStrings.bin": record(159, struct.pack("<II", len(strings), len(strings)))
            + b"".join(record(19, b"\0" + wide(text)) for text in strings)
            + record(160),
            **{f"xl/worksheets/sheet{index}.bin": data for index, data in enumerate(sheets.values(), 1)},
        }
    )


# -- any of them --------------------------------------------------------------------------------------------------
def as_format(kind: str, rows: Sequence[Sequence[str]]) -> bytes:
    """The same rows of texts as 'html', 'xml', 'ods' or 'xlsb'."""
    match kind:
        case "html":
            body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>" for cells in rows)
            return f"<html><head><style>td {{mso-number-format:'\\@'}}</style></head><table>{body}</table></html>".encode()
        case "xml":
            return xml2003(xml2003_sheet(xml2003_row(*map(xml2003_cell, cells)) for cells in rows)).encode()
        case "ods":
            return ods(ods_table(ods_row(*map(ods_text, cells)) for cells in rows))
        case _:
            return xlsb(
                {
                    "Liste": xlsb_sheet(
                        {
                            number: [xlsb_cell(column, cell) for column, cell in enumerate(cells)]
                            for number, cells in enumerate(rows, 1)
                        }
                    )
                }
            )
