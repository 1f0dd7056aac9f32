"""Arbitrary texts, and the cells that are read of a file: shared by the tests of workbooks and of csv."""

from hypothesis import settings

from imports.pipeline.readers.opening import open_sheet
from imports.pipeline.readers.table import ReadOptions

HEADER = ["Ad Soyad", "Telefon", "Not"]

FEW = settings(max_examples=60, deadline=None)


def rows_of(content: bytes, path, header_row: int | None = 1, **options) -> dict[int, list[str]]:
    path.write_bytes(content)
    return {row.number: row.cells for row in open_sheet(path, ReadOptions(header_row=header_row, **options)).rows()}
