"""Files whose name says one thing and whose content another, and files cut short (3, 29–41 of the list)."""

import gzip
from pathlib import Path

from .cases import Case, Expected
from .other_formats import ods, ods_row, ods_table, xlsb, xlsb_cell, xlsb_sheet, xml2003, xml2003_row, xml2003_sheet
from .text_cases import HEADER, PEOPLE, READ, text
from .workbooks import ole2_with, relations, sheet_xml, xls, xlsx, zipped

HERE = Path(__file__).parent
WORKBOOK = xlsx(sheet_xml(PEOPLE))
REAL_XLS = (HERE / "leads.xls").read_bytes()
REAL_XLSX = (HERE / "leads.xlsx").read_bytes()
AS_WRITTEN = {"headers": HEADER, "cells": READ}
TABLE = "<table><tr><th>Ad</th><th>Telefon</th></tr><tr><td>Ali</td><td>0555</td></tr></table>"
IN_TABLE = Expected(kind="html", headers=["Ad", "Telefon"], cells={2: ["Ali", "0555"]})
XML_2003 = xml2003(xml2003_sheet([xml2003_row(*cells) for cells in PEOPLE]))
ODS = ods(ods_table([ods_row(*cells) for cells in PEOPLE]))
XLSB = xlsb(
    {
        "Liste": xlsb_sheet(
            {number: [xlsb_cell(column, text) for column, text in enumerate(cells)] for number, cells in enumerate(PEOPLE, 1)}
        )
    }
)


def _refused(number: int, name: str, file: str, content: bytes, code: str | tuple) -> Case:
    return Case(number, name, file, content, Expected(refused=code))


CASES = [
    _refused(3, "blank sheet", "list.xlsx", xlsx(sheet_xml([])), "no_data_in_workbook"),
    _refused(3, "header only", "list.xlsx", xlsx(sheet_xml(PEOPLE[:1])), "no_data_rows"),
    _refused(3, "header only in xls", "list.xls", xls(PEOPLE[:1]), "no_data_rows"),
    Case(29, "csv named xlsx", "list.xlsx", text().encode("cp1254"), Expected(kind="csv", encoding="cp1254", **AS_WRITTEN)),
    Case(30, "xlsx named csv", "list.csv", WORKBOOK, Expected(kind="xlsx", **AS_WRITTEN)),
    Case(31, "xlsx named xls", "list.xls", WORKBOOK, Expected(kind="xlsx", **AS_WRITTEN)),
    Case(32, "xls named xlsx", "list.xlsx", xls(PEOPLE), Expected(kind="xls", **AS_WRITTEN)),
    Case(32, "xls", "list.xls", xls(PEOPLE), Expected(kind="xls", sheet="Liste", **AS_WRITTEN)),
    Case(33, "web page named xls", "list.xls", f"<html><body>{TABLE}</body></html>".encode(), IN_TABLE),
    Case(33, "bare table named xls", "list.xls", f"\r\n {TABLE}".encode("utf-16"), IN_TABLE),
    _refused(33, "web page without a table", "list.xls", b"<html><body>Please sign in</body></html>", "file_is_html"),
    _refused(
        33,
        "web page of Excel",
        "list.xls",
        b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head></head></html>',
        "file_is_html",
    ),
    _refused(33, "web archive", "list.xls", b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "file_is_html"),
    Case(
        34,
        "tab-separated text named xls",
        "list.xls",
        text("\t").encode("utf-16"),
        Expected(kind="csv", delimiter="\t", **AS_WRITTEN),
    ),
    Case(35, "xml of Excel 2003", "list.xls", XML_2003.encode(), Expected(kind="xml", sheet="Liste", **AS_WRITTEN)),
    _refused(35, "xml of Excel 2003 without a sheet", "list.xls", xml2003("").encode(), "no_data_in_workbook"),
    _refused(35, "xml of Excel 2003 cut short", "list.xls", XML_2003.encode()[:-100], "file_damaged"),
    Case(
        36,
        "xlsm",
        "list.xlsm",
        xlsx(sheet_xml(PEOPLE), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0macros"}),
        Expected(kind="xlsx", **AS_WRITTEN),
    ),
    Case(36, "xlsb", "list.xlsb", XLSB, Expected(kind="xlsb", sheet="Liste", **AS_WRITTEN)),
    _refused(
        36,
        "xlsb without its parts",
        "list.xlsb",
        zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"\x83\x01"}),
        "file_damaged",
    ),
    Case(36, "ods", "list.ods", ODS, Expected(kind="ods", sheet="Liste", **AS_WRITTEN)),
    Case(36, "ods named xlsx", "list.xlsx", ODS, Expected(kind="ods", **AS_WRITTEN)),
    _refused(36, "ods cut short", "list.ods", ODS[: len(ODS) // 2], "file_damaged"),
    _refused(37, "protected ods", "list.ods", ods("", encrypted=True), "file_is_protected"),
    _refused(
        36, "numbers", "list.numbers", zipped({"Index/Document.iwa": b"x", "Metadata/Properties.plist": b"x"}), "file_is_numbers"
    ),
    _refused(36, "pdf", "list.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "file_is_pdf"),
    _refused(
        36, "docx", "list.xlsx", zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}), "file_is_document"
    ),
    _refused(36, "doc", "list.xls", ole2_with({"WordDocument": b"x" * 5000}), "file_is_document"),
    _refused(36, "zip of csv files", "list.zip", zipped({"a.csv": text(), "b.csv": text()}), "file_is_archive"),
    _refused(36, "gzip", "list.csv.gz", gzip.compress(text().encode(), mtime=0), "file_is_archive"),
    _refused(36, "picture", "list.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "file_is_picture"),
    _refused(36, "database", "list.csv", b"SQLite format 3\0" + b"\0" * 100, "file_is_database"),
    _refused(36, "json", "list.csv", b'[{"name": "Ali", "phone": "0555"}]', "file_is_json"),
    _refused(36, "vcard", "contacts.csv", b"BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n", "file_is_contacts"),
    _refused(36, "rich text", "list.csv", b"{\\rtf1\\ansi Ali 0555}", "file_is_document"),
    _refused(36, "other xml", "list.xml", b'<?xml version="1.0"?><leads/>', "file_is_xml"),
    _refused(36, "binary", "list.csv", bytes(range(256)) * 64, "file_is_binary"),
    _refused(
        37,
        "protected xlsx",
        "list.xlsx",
        ole2_with({"EncryptionInfo": b"x" * 5000, "EncryptedPackage": b"x" * 5000}),
        "file_is_protected",
    ),
    _refused(38, "truncated xlsx", "list.xlsx", REAL_XLSX[: len(REAL_XLSX) * 2 // 3], "file_damaged"),
    _refused(
        38,
        "xlsx with a damaged sheet",
        "list.xlsx",
        xlsx(sheet_xml(PEOPLE).replace("</sheetData></worksheet>", "")),
        "file_damaged",
    ),
    _refused(39, "truncated xls", "list.xls", REAL_XLS[: len(REAL_XLS) // 2], "file_damaged"),
    _refused(39, "xls cut in its header", "list.xls", REAL_XLS[:600], "file_damaged"),
    _refused(
        40,
        "random bytes after a zip's head",
        "list.xlsx",
        b"PK\x03\x04" + bytes((n * 73 + 11) % 256 for n in range(5_000)),
        "file_damaged",
    ),
    _refused(41, "no sheet part", "list.xlsx", xlsx(sheet_xml(PEOPLE), {"xl/worksheets/sheet1.xml": None}), "file_damaged"),
    _refused(41, "no relations", "list.xlsx", xlsx(sheet_xml(PEOPLE), {"xl/_rels/workbook.xml.rels": None}), "file_damaged"),
    _refused(
        41,
        "relations that lead nowhere",
        "list.xlsx",
        xlsx(sheet_xml(PEOPLE), {"xl/_rels/workbook.xml.rels": relations([("worksheet", "worksheets/other.xml")])}),
        "file_damaged",
    ),
    _refused(41, "no workbook part", "list.xlsx", xlsx(sheet_xml(PEOPLE), {"xl/workbook.xml": None}), "file_damaged"),
    _refused(
        41,
        "broken workbook part",
        "list.xlsx",
        xlsx(sheet_xml(PEOPLE), {"xl/workbook.xml": "<workbook><sheets>"}),
        "file_damaged",
    ),
]
