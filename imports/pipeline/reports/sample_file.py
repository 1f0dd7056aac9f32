"""The sample file of a campaign: exactly the headers that Rowcall understands without asking, and two rows."""

from collections.abc import Mapping, Sequence
from typing import BinaryIO

from imports.pipeline.columns.fields import SECONDARY_CONTACTS
from imports.pipeline.headers.meaning import meaning
from ui.spreadsheet_csv import csv_delimiter

from .report import Kind, write_csv
from .xlsx_writer import CHARACTERS_OF_A_CELL, writable

TEXT = "@"  # the number format of text
# WhatTalk's own example, and the numbers beside it.
PHONES = ("+905551234567", "+905551234568")
SECONDARY_PHONES = ("+905551234569", "")
EXAMPLES = {
    "en": {
        "full_name": ("Jane Smith", "John Brown"),
        "name": ("Jane Smith", "John Brown"),
        "first_name": ("Jane", "John"),
        "last_name": ("Smith", "Brown"),
        "company": ("Smith Ltd", "Brown & Sons"),
        "email": ("jane@example.com", "john@example.com"),
        "city": ("London", "Leeds"),
        "country": ("United Kingdom", "Ireland"),
        "": ("example", "example"),
    },
    "tr": {
        "full_name": ("Ayşe Yılmaz", "Mehmet Demir"),
        "name": ("Ayşe Yılmaz", "Mehmet Demir"),
        "first_name": ("Ayşe", "Mehmet"),
        "last_name": ("Yılmaz", "Demir"),
        "company": ("Yılmaz Ltd.", "Demir A.Ş."),
        "email": ("ayse@example.com", "mehmet@example.com"),
        "city": ("İstanbul", "İzmir"),
        "country": ("Türkiye", "Türkiye"),
        "": ("örnek", "örnek"),
    },
    "de": {
        "full_name": ("Anna Schmidt", "Jürgen Weber"),
        "name": ("Anna Schmidt", "Jürgen Weber"),
        "first_name": ("Anna", "Jürgen"),
        "last_name": ("Schmidt", "Weber"),
        "company": ("Schmidt GmbH", "Weber & Söhne"),
        "email": ("anna@example.com", "juergen@example.com"),
        "city": ("Berlin", "Köln"),
        "country": ("Deutschland", "Österreich"),
        "": ("Beispiel", "Beispiel"),
    },
    "ar": {
        "full_name": ("ليلى حسن", "عمر سالم"),
        "name": ("ليلى حسن", "عمر سالم"),
        "first_name": ("ليلى", "عمر"),
        "last_name": ("حسن", "سالم"),
        "company": ("شركة حسن", "سالم وأبناؤه"),
        "email": ("layla@example.com", "omar@example.com"),
        "city": ("القاهرة", "دبي"),
        "country": ("Egypt", "United Arab Emirates"),
        "": ("مثال", "مثال"),
    },
}
BY_SORT = {"date": ("2026-05-01", "2026-05-02"), "time": ("10:30", "14:00"), "money": ("1250", "980"), "number": ("1001", "1002")}


def sample_headers(variables: Sequence[str], contacts: int = SECONDARY_CONTACTS) -> list[str]:
    """`phone_number`, the variables, and for each secondary contact its phone and its variables."""
    headers = ["phone_number", *variables]
    for position in range(1, contacts + 1):
        headers += [f"secondary_phone_{position}", *(f"secondary_{position}_{name}" for name in variables)]
    return headers


def write_sample(
    file: BinaryIO,
    kind: Kind,
    variables: Sequence[str],
    language: str = "en",
    defaults: Mapping[str, str] | None = None,
    contacts: int = SECONDARY_CONTACTS,
) -> None:
    """`defaults` are the assistant's own values of its variables: the best example where there is one."""
    headers = sample_headers(variables, contacts)
    rows = [_example(variables, language, defaults or {}, which, len(headers)) for which in (0, 1)]
    if kind == "csv":
        write_csv(file, headers, rows, csv_delimiter(language))
    else:
        _write_workbook(file, headers, rows)


def _write_workbook(file: BinaryIO, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Whole columns are text, not only the cells that are filled: Excel then keeps the zero of a number typed below them."""
    from openpyxl import Workbook  # noqa: PLC0415  slow to load, and only a sample needs it
    from openpyxl.styles import Font  # noqa: PLC0415  slow to load, and only a sample needs it
    from openpyxl.utils import get_column_letter  # noqa: PLC0415  slow to load, and only a sample needs it

    workbook = Workbook()
    sheet = workbook.active
    sheet.title, sheet.freeze_panes = "leads", "A2"
    for number, header in enumerate(headers, start=1):
        column = sheet.column_dimensions[get_column_letter(number)]
        column.width, column.number_format = max(16, len(header) + 2), TEXT
        for row, text in enumerate([header, *(cells[number - 1] for cells in rows)], start=1):
            cell = sheet.cell(row, number)
            cell.value, cell.data_type, cell.number_format = writable(text)[:CHARACTERS_OF_A_CELL], "s", TEXT
        sheet.cell(1, number).font = Font(bold=True)
    workbook.save(file)


def _example(variables: Sequence[str], language: str, defaults: Mapping[str, str], which: int, width: int) -> list[str]:
    values = [_value(name, language, defaults, which) for name in variables]
    row = [PHONES[which], *values]
    if width > len(row) and SECONDARY_PHONES[which]:
        row += [SECONDARY_PHONES[which], *[_value(name, language, {}, 1 - which) for name in variables]]
    return row + [""] * (width - len(row))


def _value(variable: str, language: str, defaults: Mapping[str, str], which: int) -> str:
    if defaults.get(variable):
        return str(defaults[variable])
    examples, wanted = EXAMPLES.get(language[:2], EXAMPLES["en"]), meaning(variable)
    known = next((examples[name] for name in examples if name in wanted.names), None)
    return (known or BY_SORT.get(wanted.sort) or examples[""])[which]
