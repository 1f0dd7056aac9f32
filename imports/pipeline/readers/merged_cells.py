"""Merged cells: a person sees one value beside several rows, the file holds it in the first of them only."""

from collections.abc import Iterable, Iterator

from imports.pipeline.readers.table import BadRow, Row

MOST_MERGES = 50_000


def filled_down(rows: Iterator[Row | BadRow], merges: Iterable[tuple[int, int, int]]) -> Iterator[Row | BadRow]:
    """`rows` with the value of each merge (first row, last row, column index) repeated down to its last row."""
    waiting = sorted(merge for merge in merges if merge[1] > merge[0])[:MOST_MERGES]
    return _filled(rows, waiting) if waiting else rows


def _filled(rows: Iterator[Row | BadRow], waiting: list[tuple[int, int, int]]) -> Iterator[Row | BadRow]:
    waiting.reverse()
    active: list[tuple[int, int, str]] = []  # (last row, column, text)
    for row in rows:
        active = [merge for merge in active if merge[0] >= row.number]
        if active and any(row.cells):
            row = row._replace(cells=_with(row.cells, active))
        while waiting and waiting[-1][0] <= row.number:
            first, last, column = waiting.pop()
            if first == row.number and column < len(row.cells) and row.cells[column]:
                active.append((last, column, row.cells[column]))
        yield row


def _with(cells: list[str], active: list[tuple[int, int, str]]) -> list[str]:
    cells = list(cells)
    for _, column, text in active:
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = cells[column] or text
    return cells
