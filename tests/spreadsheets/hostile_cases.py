"""Files made to harm whoever opens them (42–58 of the list). Each is opened in a process of its own."""

import stat
from collections.abc import Callable
from pathlib import Path

from .cases import Case, Expected
from .text_cases import HEADER, PEOPLE, READ, text
from .workbooks import (
    MAIN,
    RELATIONS,
    XML,
    relations,
    repeated,
    sheet_xml,
    styles_xml,
    with_directory_changed,
    with_entry,
    workbook_xml,
    xlsx,
    zipped,
)

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
GOOD = xlsx(sheet_xml(PEOPLE))
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def _refused(number: int, name: str, content: bytes | Callable[[Path], None], code: str | tuple = "file_hostile") -> Case:
    return Case(number, name, "list.xlsx", content, Expected(refused=code), hostile=True)


def _read(number: int, name: str, content: bytes, **expected) -> Case:
    return Case(number, name, "list.xlsx", content, Expected(headers=HEADER, **expected), hostile=True)


def _bomb(part: str, head: str, unit: str, times: int, tail: str) -> bytes:
    stream, size = repeated(head.encode(), unit.encode() * 1024, times, tail.encode())
    return with_entry(GOOD, part, stream, size)


def _many_entries() -> bytes:
    return zipped({**{f"x/{n}.xml": "" for n in range(70_000)}, "xl/workbook.xml": workbook_xml(["Sheet1"])})


def _overlapping() -> bytes:
    first = GOOD.find(SHEET.encode()) - 30
    return with_directory_changed(GOOD, STRINGS, header_offset=first)


def _symlink() -> bytes:
    return with_directory_changed(GOOD, STRINGS, external_attr=(stat.S_IFLNK | 0o777) << 16)


def _nested() -> bytes:
    inner = zipped({"bomb.xml": "x" * 1_000_000})
    for level in range(4):
        inner = zipped({f"level{level}-{n}.zip": inner for n in range(4)})
    return xlsx(sheet_xml(PEOPLE), {"xl/embeddings/inner.zip": inner})


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)) + "]>"
)
QUADRATIC = f'<!DOCTYPE x [<!ENTITY a "{"x" * 50_000}">]>'
FROM_FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
FROM_WEB = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'
PARTS = {
    "sheet": (SHEET, sheet_xml(PEOPLE)),
    "shared strings": (STRINGS, f'{XML}<sst xmlns="{MAIN}"><si><t>x</t></si></sst>'),
    "styles": ("xl/styles.xml", styles_xml()),
    "workbook": ("xl/workbook.xml", workbook_xml(["Sheet1"])),
    "relations": ("xl/_rels/workbook.xml.rels", relations([("worksheet", "worksheets/sheet1.xml")])),
    "package relations": ("_rels/.rels", relations([("officeDocument", "xl/workbook.xml")])),
    "content types": ("[Content_Types].xml", f"{XML}<Types/>"),
    "properties": ("docProps/core.xml", f"{XML}<coreProperties/>"),
}


def _declared(part: str, declaration: str, encoding: str = "utf-8") -> bytes:
    name, xml = PARTS[part]
    xml = xml.replace(XML, XML.replace("UTF-8", encoding) + declaration).replace("Ayşe", "&a;")
    return xlsx(sheet_xml(PEOPLE), {name: xml.encode(encoding)})


def _commented(part: str) -> bytes:
    """The declaration stands behind more bytes than a first look takes."""
    name, xml = PARTS[part]
    return xlsx(sheet_xml(PEOPLE), {name: xml.replace(XML, f"{XML}<!--{'-x' * 5_000}-->{FROM_FILE}")})


LINKED = {
    "xl/externalLinks/externalLink1.xml": f'{XML}<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>',
    "xl/connections.xml": f'{XML}<connections xmlns="{MAIN}"><connection id="1" type="4"><webPr url="http://127.0.0.1:9/"/></connection></connections>',
    "xl/_rels/workbook.xml.rels": relations(
        [
            ("worksheet", "worksheets/sheet1.xml"),
            ("externalLink", "externalLinks/externalLink1.xml"),
            ("connections", "connections.xml"),
        ]
    ).replace(
        "</Relationships>",
        f'<Relationship Id="x" Type="{RELATIONS}/worksheet" TargetMode="External" Target="http://127.0.0.1:9/"/></Relationships>',
    ),
}
FORMULAS = [
    HEADER,
    ['=HYPERLINK("http://x","y")', "0555 111 22 33", "=cmd|' /C calc'!A0"],
    ["+1+1", "0532 111 22 34", "@SUM(1)"],
    ["\t=1", "0542 111 22 35", "\uff1d1"],
]
SCRIPTS = [
    ["<script>alert(1)</script>", "Telefon", "{% load x %}"],
    ["{{7*7}}", "0555 111 22 33", '"><img src=x onerror=alert(1)>'],
    ["<b hx-get=/x hx-trigger=load>", "0532 111 22 34", "${7*7}"],
]

CASES = [
    _read(42, "one cell in the far corner", xlsx(sheet_xml(PEOPLE).replace("</sheetData>", f"{FAR}</sheetData>"))),
    _refused(
        42,
        "nothing but a cell in the far corner",
        xlsx(sheet_xml([]).replace("<sheetData>", f"<sheetData>{FAR}")),
        ("no_data_rows", "too_many_columns"),
    ),
    _refused(
        42,
        "rows beyond the last",
        xlsx(sheet_xml(PEOPLE).replace("</sheetData>", '<row r="2000000"><c r="A2000000"><v>1</v></c></row></sheetData>')),
        "sheet_too_long",
    ),
    _refused(42, "rows that do not rise", xlsx(sheet_xml(PEOPLE).replace('<row r="3">', '<row r="2">')), "file_damaged"),
    _read(
        43,
        "dimension that lies",
        xlsx(sheet_xml(PEOPLE, before='<dimension ref="A1:XFD1048576"/>')),
        also=lambda shown: shown.sheets[0].rows == 4 and shown.row_estimate == 3,
    ),
    _refused(
        44,
        "183 million empty rows",
        _bomb(SHEET, f'<worksheet xmlns="{MAIN}"><sheetData>', "<row/>", 183_000_000 // 1024, "</sheetData></worksheet>"),
    ),
    _refused(45, "a string of a gigabyte", _bomb(STRINGS, f'<sst xmlns="{MAIN}"><si><t>', "x", 1024 * 1024, "</t></si></sst>")),
    _refused(46, "39 million strings", _bomb(STRINGS, f'<sst xmlns="{MAIN}">', "<si><t/></si>", 39_000_000 // 1024, "</sst>")),
    _refused(47, "size said smaller than it is", with_directory_changed(GOOD, SHEET, file_size=100), "file_damaged"),
    _refused(47, "size said larger than it is", with_directory_changed(GOOD, SHEET, file_size=9_000), "file_damaged"),
    _refused(47, "other checksum", with_directory_changed(GOOD, SHEET, crc=12345), "file_damaged"),
    _refused(48, "70,000 entries", lambda path: path.write_bytes(_many_entries())),
    _refused(49, "overlapping entries", _overlapping()),
    _read(50, "zips in zips are not opened", _nested()),
    _refused(51, "entry that climbs out", zipped({"../../etc/x": "x", "xl/workbook.xml": workbook_xml(["Sheet1"])})),
    _refused(
        51, "entry that climbs out with backslashes", zipped({"xl\\..\\..\\x": "x", "xl/workbook.xml": workbook_xml(["Sheet1"])})
    ),
    _refused(51, "entry with a root", zipped({"/etc/x": "x", "xl/workbook.xml": workbook_xml(["Sheet1"])})),
    _refused(51, "entry that is a link", _symlink()),
    _refused(52, "billion laughs in the sheet", _declared("sheet", LAUGHS)),
    _refused(52, "billion laughs in the strings", _declared("shared strings", LAUGHS)),
    _refused(53, "one entity many times", _declared("sheet", QUADRATIC)),
    *(_refused(54, f"entity from a file in the {part}", _declared(part, FROM_FILE)) for part in PARTS),
    *(_refused(54, f"entity from the web in the {part}", _declared(part, FROM_WEB)) for part in PARTS),
    _refused(54, "entity from a file in utf-16", _declared("sheet", FROM_FILE, "utf-16")),
    _refused(54, "entity from a file far into the sheet", _commented("sheet")),
    _refused(54, "entity from a file far into the workbook", _commented("workbook")),
    _read(55, "links to other files", xlsx(sheet_xml(PEOPLE), LINKED)),
    Case(
        56,
        "cells like formulas",
        "list.xlsx",
        xlsx(sheet_xml(FORMULAS)),
        Expected(
            headers=HEADER,
            cells={n: cells for n, cells in enumerate(FORMULAS, 1) if n > 1},
            bad={},
        ),
    ),
    Case(
        56,
        "text cells like formulas",
        "list.csv",
        text(rows=FORMULAS[:3]).replace('"', "").encode(),
        Expected(
            headers=HEADER,
            cells={3: FORMULAS[2]},
            bad={},
        ),
    ),
    Case(
        57,
        "scripts in cells, headers and sheet name",
        "<img src=x>.xlsx",
        xlsx({"<script>": sheet_xml(SCRIPTS)}),
        Expected(
            headers=SCRIPTS[0],
            sheet="<script>",
            cells={2: SCRIPTS[1], 3: SCRIPTS[2]},
        ),
    ),
    *(
        Case(58, f"file name {index}", name, text().encode(), Expected(headers=HEADER, cells=READ))
        for index, name in enumerate(
            [
                "x" * 240 + ".csv",
                "..\\x.csv",
                "list\n.csv",
                "\u202evsc.exe",
                "\U0001f600.csv",
                "CON.csv",
                "no name",
                "-rf.csv",
            ],
            1,
        )
    ),
]
