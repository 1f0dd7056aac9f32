"""Workbooks written in an odd manner, and the cells that are read of them."""

from imports.pipeline.readers.opening import open_sheet
from imports.pipeline.readers.table import ReadOptions

TWO_PEOPLE = [["Ad", "Telefon"], ["Ayşe", "0555 111 22 33"], ["Can", "0532 111 22 34"]]


def cells(content: bytes, tmp_path, name: str = "list.xlsx") -> dict[int, list[str]]:
    path = tmp_path / name
    path.write_bytes(content)
    return {row.number: row.cells for row in open_sheet(path, ReadOptions(header_row=1)).rows()}
