"""The "fix in Excel" workbook read back: only the rows that a person has changed.

Sorted, filtered, with rows deleted or columns added or moved, saved by Excel, LibreOffice or Google Sheets, as a
workbook or as a csv: each row is known by its key, each column by its header.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from imports.pipeline.readers.opening import Sheet, open_sheet
from imports.pipeline.readers.table import ReadOptions, UnreadableFile

from .fix_workbook import KEY_TITLE, SURPLUS_TITLE, cells_digest


def read_corrections(path: str | Path, import_key: str, headers: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of each changed row; cells in the order of `headers`, those of the import, and no more: what
    a row had beyond them is gone once it is corrected.

    Raises UnreadableFile: what is no spreadsheet, `workbook_not_ours`, `workbook_of_another_import`,
    `workbook_column_missing`.
    """
    sheet = _sheet_with_keys(path)
    key_column, *columns = _columns_of(sheet.headers, [KEY_TITLE, *headers])
    surplus = sheet.headers.index(SURPLUS_TITLE) if SURPLUS_TITLE in sheet.headers else None
    taken = set()
    for row in sheet.rows():
        number, digest = _opened(row.cells[key_column], import_key)
        cells = [row.cells[column] for column in columns]
        beyond = [] if surplus is None else [row.cells[surplus]]
        if number and number not in taken and cells_digest([*cells, *beyond]) != digest:
            taken.add(number)
            yield number, cells


def _sheet_with_keys(path: str | Path) -> Sheet:
    """The first row is the header as it was written; it is searched for only where somebody put a title above it."""
    for header_row in (1, None):
        try:
            sheet = open_sheet(path, ReadOptions(header_row=header_row, lists=1))
        except UnreadableFile as refusal:
            if refusal.reason.code != "header_row_empty":
                raise
            continue
        if KEY_TITLE in sheet.headers:
            return sheet
    raise UnreadableFile("workbook_not_ours")


def _columns_of(found: Sequence[str], headers: Sequence[str]) -> list[int]:
    for header in headers:
        if header not in found:
            raise UnreadableFile("workbook_column_missing", header=header)
    return [found.index(header) for header in headers]


def _opened(key: str, import_key: str) -> tuple[int, str]:
    """(row number, digest of the cells it had); (0, '') for a row somebody added."""
    owner, number, digest = (["", "", ""] + key.strip().rsplit(":", 2))[-3:]
    if not number.isdigit():
        return 0, ""
    if owner != import_key:
        raise UnreadableFile("workbook_of_another_import")
    return int(number), digest
