"""What stands in the cells: numbers, phones, headers, sheets, sizes (59–66 of the list)."""

import zipfile
from pathlib import Path

from imports.pipeline.readers.table import ReadOptions

from .cases import Case, Expected
from .text_cases import HEADER, PEOPLE, READ
from .workbooks import MAIN, XML, sheet_xml, styles_xml, workbook_xml, xls, xlsx

ALI = "+905551234567"
SAME = [  # every way of writing +90 555 123 45 67
    "+90 (555) 123 45 67",
    "0090 555 123 45 67",
    "0555 123 45 67",
    "(0)555 123 45 67",
    "+90 0555 123 45 67",
    "0555\u00a0123\u00a045\u00a067",
    "0555\u200b123 45 67",
    "\u202a+90 555 123 45 67\u202c",
    "０５５５ １２３ ４５ ６７",
    "٠٥٥٥ ١٢٣ ٤٥ ٦٧",
    "'+90 555 123 45 67",
    "tel:+905551234567",
    "555-123-45-67",
    "0555.123.45.67",
    "90 555 123 45 67",
    "p:+905551234567",
]


def _column(number: int, name: str, texts: list, phones: list[str], region: str = "TR", **expected) -> Case:
    """A csv of one column of phones; `phones` are E.164 or the reason, in order."""
    content = "Telefon\n" + "".join(f'"{text}"\n' for text in texts)
    return Case(
        number,
        name,
        "list.csv",
        content.encode(),
        Expected(headers=["Telefon"], phones=dict(enumerate(phones, 2)), **expected),
        region=region,
    )


def _workbook(number: int, name: str, content: bytes, options: ReadOptions = ReadOptions(), **expected) -> Case:
    return Case(number, name, "list.xlsx", content, Expected(**expected), options)


def _styled(values: list[tuple[str, str]], formats: list[str], attrs: str = "") -> bytes:
    """Rows of (raw value, what is seen) under the headers 'Telefon' and 'Ad', styled 1, 2, …"""
    rows = "".join(
        f'<row r="{number}"><c r="A{number}" s="{number - 1}"><v>{value}</v></c><c r="B{number}" t="inlineStr"><is><t>x</t></is></c></row>'
        for number, (value, _) in enumerate(values, 2)
    )
    sheet = sheet_xml([["Telefon", "Ad"]]).replace("</sheetData>", f"{rows}</sheetData>")
    return xlsx(sheet, {"xl/styles.xml": styles_xml(formats), "xl/workbook.xml": workbook_xml(["Sheet1"], before=attrs)})


SHOWN = [
    ("05551234567 by zeros", "00000000000", "5551234567", "05551234567"),
    ("leading zero literal", "\\0##########", "5551234567", "05551234567"),
    ("plus literal", '"+"0', "905551234567", "+905551234567"),
    ("spaced", "0000 000 00 00", "5551234567", "0555 123 45 67"),
    ("american", "[<=9999999]###-####;(###) ###-####", "5551234567", "(555) 123-4567"),
    ("grouped stays whole", "#,##0", "905551234567", "905551234567"),
    ("scientific stays whole", "0.00E+00", "905551234567", "905551234567"),
    ("date", "dd.mm.yyyy", "46143", "2026-05-01"),
    ("date and time", "dd/mm/yyyy hh:mm", "46143.5625", "2026-05-01 13:30"),
    ("time", "hh:mm", "0.5625", "13:30"),
    ("time over a day", "[h]:mm", "1.5", "36:00"),
    ("localised date", "[$-41F]d mmmm yyyy;@", "46143", "2026-05-01"),
    ("percent", "0.0%", "0.125", "12.5%"),
    ("lira", "[$₺-41F]#,##0.00", "5551234567", "₺5,551,234,567.00"),
    ("euro after", '#,##0.00 "€"', "12.5", "12.50 €"),
    ("unit", '0" adet"', "12", "12 adet"),
    ("red", "[Red]0.00", "1.25", "1.25"),
    ("binary fraction", "General", "0.30000000000000004", "0.3"),
    ("exponent", "General", "9.05551234567E11", "905551234567"),
    ("float of a whole number", "General", "905551234567.0", "905551234567"),
    ("19 digits", "General", "9055512345678901234", "9055512345678901234"),
    ("text format", "@", "5551234567", "5551234567"),
]
ERRORS = (
    '<c r="A2" t="e"><v>#N/A</v></c>',
    '<c r="A3" t="e"><v>#DIV/0!</v></c>',
    '<c r="A4" t="b"><v>1</v></c>',
    '<c r="A5"><f>B5&amp;C5</f></c>',
)


def _found_instead() -> bytes:
    rows = "".join(f'<row r="{n}">{cell}<c r="B{n}"><v>1</v></c></row>' for n, cell in enumerate(ERRORS, 2))
    return xlsx(sheet_xml([["Telefon", "No"]]).replace("</sheetData>", f"{rows}</sheetData>"))


GROUPS = [
    ["Müşteri", None, "İletişim", None],
    ["Ad", "Soyad", "Telefon", "E-posta"],
    ["Ali", "Can", "0555 111 22 33", "a@x.tr"],
    ["Su", "Ay", "0532 111 22 34", ""],
]
VERTICAL = [
    ["Ad Soyad", "Telefon", None],
    [None, "Cep", "Ev"],
    ["Ali Can", "0555 111 22 33", "0212 111 22 33"],
    ["Su Ay", "0532 111 22 34", ""],
]
LOGO = [["ACME A.Ş."], ["Müşteri Listesi 2024"], [], *PEOPLE]
NO_HEADER = PEOPLE[1:]
TOTALS = [*PEOPLE, [], ["Toplam", "3 kayıt", ""], ["Rapor tarihi: 01.05.2024"]]
LONG_HEADER = "Telefonunuz " + "çok uzun bir soru " * 20
FIRMS = [
    ["Firma", "Yetkili", "Telefon"],
    ["Işık Ltd.", "Ali", "0555 111 22 33"],
    [None, "Su", "0532 111 22 34"],
    [None, "Can", "0542 111 22 35"],
    ["Öz A.Ş.", "Ece", "0542 111 22 36"],
]
PREFIXED = (
    f'<?xml version="1.0"?><x:worksheet xmlns:x="{MAIN}"><!-- odd --><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:r><x:t>Ad</x:t></x:r><x:r><x:t> Soyad</x:t></x:r></x:is></x:c>'
    "<x:c t='inlineStr'><x:is><x:t><![CDATA[Telefon]]></x:t></x:is></x:c></x:row><x:row><x:c t='inlineStr'><x:is><x:t>Ali &amp; Su</x:t></x:is></x:c>"
    "<x:c><x:v>5551234567</x:v></x:c></x:row></x:sheetData></x:worksheet>"
)
STRINGS = (
    f'{XML}<sst xmlns="{MAIN}"><si><t>Ad</t></si><si><r><rPr><b/></rPr><t xml:space="preserve">Tele</t></r><r><t>fon</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si>'
    "<si><t>Ali &amp; Ay_x015F_e_x000D_&#10;Can</t></si><si><t>0555 111 22 33</t></si><si/></sst>"
)
SHARED_ROWS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row r="3"><c r="A3" t="s"><v>2</v></c><c r="B3" t="s"><v>3</v></c></row><row r="4"><c r="A4" t="s"><v>4</v></c><c r="B4" t="str"><f>"x"&amp;1</f><v>0532 111 22 34</v></c></row>'
)


def _shared() -> bytes:
    return xlsx(sheet_xml([]).replace("<sheetData>", f"<sheetData>{SHARED_ROWS}"), {"xl/sharedStrings.xml": STRINGS})


def million_rows(path: Path) -> None:
    """1,048,576 rows, as many as a sheet can have. Few cells: the number of rows is what this is about."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with zipfile.ZipFile(_written(path.with_suffix(".small"), xlsx(sheet_xml([])))) as small:
            for name in small.namelist():
                if name != "xl/worksheets/sheet1.xml":
                    archive.writestr(name, small.read(name))
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(sheet_xml([["Ad", "Telefon", "Not"]]).partition("</sheetData>")[0].encode())
            for start in range(2, 1_048_577, 10_000):
                sheet.write(
                    "".join(
                        f'<row r="{n}"><c r="B{n}"><v>{5_300_000_000 + n}</v></c></row>'
                        for n in range(start, min(start + 10_000, 1_048_577))
                    ).encode()
                )
            sheet.write(b"</sheetData></worksheet>")


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def csv_rows(count: int):
    """A writer of a csv file of `count` rows after its header."""

    def write(path: Path) -> None:
        with path.open("w") as file:
            file.write("Ad;Telefon\n")
            for start in range(0, count, 50_000):
                file.writelines(f"Ali {n};{5_300_000_000 + n}\n" for n in range(start, min(start + 50_000, count)))

    return write


CASES = [
    _workbook(
        59,
        "numbers typed into excel",
        xlsx(sheet_xml([["Telefon", "Ad"], [905551234567, "x"], [5551234567, "x"], [905551234567.0, "x"]])),
        cells={2: ["905551234567", "x"], 3: ["5551234567", "x"], 4: ["905551234567", "x"]},
        phones={2: ALI, 3: ALI, 4: ALI},
    ),
    Case(
        59,
        "numbers typed into excel 97",
        "list.xls",
        xls([["Telefon", "Ad"], [905551234567, "x"], [5551234567, "x"]]),
        Expected(cells={2: ["905551234567", "x"], 3: ["5551234567", "x"]}, phones={2: ALI, 3: ALI}),
    ),
    _column(
        59, "shortened by excel", ["9.05551E+11", "9,05551E+11", "5.55E+09", "905551234567.0"], ["phone_shortened"] * 3 + [ALI]
    ),
    *(
        _workbook(59, f"shown as {name}", _styled([(raw, shown)] * 2, [code, code]), cells={2: [shown, "x"]})
        for name, code, raw, shown in SHOWN
    ),
    _workbook(
        59,
        "dates from 1904",
        _styled([("44681", "")] * 2, ["dd.mm.yyyy"] * 2, '<workbookPr date1904="1"/>'),
        cells={2: ["2026-05-01", "x"]},
    ),
    _column(60, "one number written in every way", SAME, [ALI] * len(SAME)),
    _column(
        61,
        "two numbers",
        ["0555 123 45 67 / 0532 123 45 67", "0555 123 45 67;0532 123 45 67", "0555 123 45 67 - 0532 123 45 67"],
        ["phone_two_numbers"] * 3,
    ),
    _column(
        61,
        "letters",
        ["call +905551234567 after 5", "0555 ABC 45 67", "1-800-FLOWERS", "0555 123 45 67 ext 5", "0555 123 45 67 dahili 12"],
        ["phone_letters", "phone_letters", "phone_letters", "phone_extension", "phone_extension"],
    ),
    _column(
        62,
        "no number to call",
        ["0555 123 45", "0555 123 45 6789", "+1 555", "112", "0900 123 45 67"],
        ["phone_too_short", "phone_too_long", "phone_too_short", "phone_emergency", "phone_premium"],
    ),
    _column(
        63,
        "national numbers beside international ones",
        ["0555 123 45 67", "+49 151 23456789", "0049 151 23456789"],
        [ALI, "+4915123456789", "+4915123456789"],
    ),
    _column(
        63, "national numbers of another country", ["0151 23456789", "+90 555 123 45 67"], ["+4915123456789", ALI], region="DE"
    ),
    _workbook(
        64,
        "what stands there instead",
        _found_instead(),
        headers=["Telefon", "No"],
        phones={2: "phone_spreadsheet_error", 3: "phone_spreadsheet_error", 4: "phone_boolean", 5: "missing_required"},
        notes={"formulas_without_values": {"count": 1}},
    ),
    _workbook(
        64,
        "date in the phone cell",
        _styled([("46143", ""), ("46143.5", ""), ("0.125", "")], ["dd.mm.yyyy", "dd.mm.yyyy hh:mm", "0.0%"]),
        phones={2: "phone_date", 3: "phone_date", 4: "phone_percentage"},
    ),
    _workbook(
        64,
        "money in the phone cell",
        _styled([("5551234567", ""), ("12.5", "")], ["[$₺-41F]#,##0.00", "#,##0.00"]),
        phones={2: "phone_money", 3: "phone_decimal"},
    ),
    _workbook(
        65,
        "duplicated and empty headers",
        xlsx(sheet_xml([["Ad", "Telefon", "Telefon", None, "Ad"], ["Ali", "0555 111 22 33", "0532", "x", "y"]])),
        headers=["Ad", "Telefon", "Telefon (2)", "Column D", "Ad (2)"],
    ),
    _workbook(
        65,
        "long header",
        xlsx(sheet_xml([["Ad", LONG_HEADER], ["Ali", "0555 111 22 33"]])),
        also=lambda shown: len(shown.headers[1]) == 200,
    ),
    _workbook(
        65,
        "header under a logo",
        xlsx(sheet_xml(LOGO)),
        header_row=4,
        headers=HEADER,
        numbers=[5, 6, 7],
        notes={"rows_above_header": {"count": 2}},
    ),
    _workbook(
        65,
        "two header rows with groups",
        xlsx(sheet_xml(GROUPS)),
        header_row=2,
        headers=["Ad", "Soyad", "Telefon", "E-posta"],
        numbers=[3, 4],
    ),
    _workbook(
        65,
        "header cells merged downwards",
        xlsx(sheet_xml(VERTICAL, after='<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/></mergeCells>')),
        header_row=2,
        headers=["Ad Soyad", "Cep", "Ev"],
        numbers=[3, 4],
    ),
    _workbook(65, "no header", xlsx(sheet_xml(NO_HEADER)), header_row=0, headers=["A", "B", "C"], numbers=[1, 2, 3]),
    _workbook(
        65,
        "header row chosen",
        xlsx(sheet_xml(LOGO)),
        ReadOptions(header_row=2),
        header_row=2,
        headers=["Müşteri Listesi 2024", "Column B", "Column C"],
    ),
    _workbook(
        65,
        "no header chosen",
        xlsx(sheet_xml(PEOPLE)),
        ReadOptions(header_row=0),
        header_row=0,
        headers=["A", "B", "C"],
        numbers=[1, 2, 3, 4],
    ),
    _workbook(65, "empty header row chosen", xlsx(sheet_xml(LOGO)), ReadOptions(header_row=3), refused="header_row_empty"),
    _workbook(
        65, "header row chosen beyond the end", xlsx(sheet_xml(LOGO)), ReadOptions(header_row=99), refused="header_row_empty"
    ),
    Case(
        65,
        "sheet of a text file chosen",
        "list.csv",
        b"Ad;Telefon\nAli;0555 111 22 33\n",
        Expected(refused="text_has_no_sheets"),
        ReadOptions(sheet="Sheet1"),
    ),
    _workbook(
        65,
        "another sheet is damaged",
        xlsx({"Liste": sheet_xml(PEOPLE), "Eski": "<worksheet><sheetData><row"}),
        sheet="Liste",
        cells=READ,
    ),
    _workbook(65, "totals below the table", xlsx(sheet_xml(TOTALS)), bad={6: "totals_row", 7: "totals_row"}, cells=READ),
    _workbook(65, "header repeated on every page", xlsx(sheet_xml([*PEOPLE, HEADER, *PEOPLE[1:2]])), bad={5: "repeated_header"}),
    _workbook(
        65,
        "cells merged downwards",
        xlsx(sheet_xml(FIRMS, after='<mergeCells><mergeCell ref="A2:A4"/></mergeCells>')),
        cells={3: ["Işık Ltd.", "Su", "0532 111 22 34"], 4: ["Işık Ltd.", "Can", "0542 111 22 35"], 5: FIRMS[4]},
    ),
    _workbook(
        65,
        "hidden first sheet",
        xlsx({"Gizli": sheet_xml(PEOPLE[:2]), "Boş": sheet_xml([]), "Liste": sheet_xml(PEOPLE)}, states={"Gizli": "hidden"}),
        sheet="Liste",
        cells=READ,
        also=lambda shown: [(s.name, s.visible) for s in shown.sheets] == [("Gizli", False), ("Boş", True), ("Liste", True)],
    ),
    _workbook(
        65,
        "hidden sheet chosen",
        xlsx({"Gizli": sheet_xml(PEOPLE[:2]), "Liste": sheet_xml(PEOPLE)}, states={"Gizli": "veryHidden"}),
        ReadOptions(sheet="gizli"),
        sheet="Gizli",
        numbers=[2],
    ),
    _workbook(
        65, "sheet that does not exist chosen", xlsx(sheet_xml(PEOPLE)), ReadOptions(sheet="Ekim"), refused="sheet_unknown"
    ),
    _workbook(
        65, "30 sheets", xlsx({f"Ay {n}": sheet_xml(PEOPLE if n == 7 else []) for n in range(1, 31)}), sheet="Ay 7", cells=READ
    ),
    _workbook(
        65,
        "hidden rows under a filter",
        xlsx(sheet_xml(PEOPLE, row_attrs={3: ' hidden="1"', 4: ' hidden="true"'}, after='<autoFilter ref="A1:C4"/>')),
        cells=READ,
        notes={"hidden_rows": {"count": 2}},
    ),
    _workbook(
        65,
        "empty first rows and columns",
        xlsx(sheet_xml([[None, *cells] for cells in PEOPLE], first=5)),
        header_row=5,
        headers=["Column A", *HEADER],
        numbers=[6, 7, 8],
    ),
    _workbook(
        65, "xml written in an odd manner", xlsx(PREFIXED), headers=["Ad Soyad", "Telefon"], cells={2: ["Ali & Su", "5551234567"]}
    ),
    _workbook(
        65,
        "rich text, references and escapes",
        _shared(),
        headers=["Ad", "Telefon"],
        cells={3: ["Ali & Ayşe\nCan", "0555 111 22 33"], 4: ["", "0532 111 22 34"]},
        numbers=[3, 4],
    ),
    Case(66, "1,048,576 rows", "list.xlsx", million_rows, Expected(count=1_048_575, headers=["Ad", "Telefon", "Not"])),
    Case(
        66,
        "65,536 rows of excel 97",
        "list.xls",
        lambda path: path.write_bytes(xls([["Ad", "Telefon"], *([f"Kişi {n}", 5_300_000_000 + n] for n in range(2, 65_537))])),
        Expected(count=65_535, kind="xls"),
    ),
    Case(66, "1,000,001 rows of text", "list.csv", csv_rows(1_000_000), Expected(count=1_000_000, kind="csv")),
    Case(66, "1.2 million rows", "list.csv", csv_rows(1_200_000), Expected(refused="sheet_too_long"), hostile=True),
]
