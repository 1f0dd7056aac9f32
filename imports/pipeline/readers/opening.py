"""A spreadsheet → headers and a lazy stream of numbered rows, whatever its format.

The content decides the format, never the file's name. Every cell is text as a person sees it ('' when empty).
`preview` shows what is in a file quickly and in bounded memory; `open_sheet` streams one sheet of it.
The reader of a format (`csv.reader`, `xlsx.reader`, `xls.reader` …) is imported only for a file of that format.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from imports.pipeline.consent import is_list_of_noes
from imports.pipeline.reasons import Reason
from imports.pipeline.row_place import place_of

from .damaged_letters import headers_repaired, notes_of, plan_of
from .file_kind import kind_of
from .layout import find_layout
from .sheet_choice import (
    SEVERAL,
    TOP_ROWS,
    count_numbers,
    first_filled,
    first_with_data,
    first_with_numbers,
    named_sheet,
    numbers_on,
)
from .single_column import Unpacked, unpacked
from .table import BadRow, LetterRepairs, Preview, ReadOptions, Row, SheetInfo, UnreadableFile, Workbook

SAMPLE_ROWS = 200  # rows after the header shown and judged by
SPREAD_ROWS = 100  # rows taken from all over the rest
FIRST_ROWS = 10  # rows shown of a sheet that is only listed; one of them is its header row
HEAD_ROWS = 250  # rows looked at to find the header row


class Sheet:
    """One opened sheet: what was used to read it, its headers, and its data rows on demand."""

    def __init__(
        self,
        workbook: Workbook,
        name: str,
        header_row: int | None,
        notes: Iterable[Reason] = (),
        lists: int | None = None,
    ):
        # Only text files have these two.
        self.escape: str | None = getattr(workbook, "escape", None)
        self.encoding_rivals: list[str] = getattr(workbook, "encoding_rivals", [])
        workbook = unpacked(workbook, name)
        self._workbook = workbook
        self._notes = list(notes)
        self.sheet = name
        self.kind = workbook.kind
        self.encoding = workbook.encoding
        self.delimiter = workbook.delimiter
        self._layout = find_layout(
            workbook.rows(name),
            header_row,
            HEAD_ROWS,
            strict_width=workbook.kind == "csv" or isinstance(workbook, Unpacked),
            lists=lists,
        )
        self.header_row = self._layout.header_row
        self.headers = self._layout.headers
        self.list_starts = self._layout.list_starts
        self.lists = self._layout.lists
        self.header_doubt = self._layout.doubt

    @property
    def notes(self) -> list[Reason]:
        """What a person should know about the reading; complete once all rows were read."""
        return [*self._notes, *self._layout.notes, *self._layout.notes_below, *self._workbook.notes(self.sheet)]

    def rows(self) -> Iterator[Row | BadRow]:
        """The data rows below the header, blank ones skipped, each as wide as the headers. Their numbers are those of
        `row_place`."""
        return self._layout.data_rows(self._workbook.rows(self.sheet))

    def sample(self) -> tuple[list[Row], bool]:
        """The first rows, then some from all over the rest; and whether there is any rest."""
        rows = self.rows()
        first = [row for row in islice(rows, SAMPLE_ROWS) if isinstance(row, Row)]
        if next(rows, None) is None:
            return first, False
        last = place_of(first[-1].number).row if first else 0
        rest = self._layout.data_rows(iter(self._workbook.spread(self.sheet)), is_whole=False)
        spread = [row for row in rest if isinstance(row, Row) and place_of(row.number).row > last]
        return first + spread[:: len(spread) // SPREAD_ROWS + 1], True


def open_sheet(path: str | Path, options: ReadOptions = ReadOptions()) -> Sheet:
    """The sheet chosen in `options`, or the first visible one with data, one with numbers to call before one without. Raises
    UnreadableFile."""
    return _open_in(open_workbook(path, options), options)


def preview(path: str | Path, options: ReadOptions = ReadOptions()) -> Preview:
    """What `path` holds, without reading all of it. Raises UnreadableFile."""
    workbook = open_workbook(path, options)
    sheet = _open_in(workbook, options)
    sample, has_more = sheet.sample()
    if not sample:
        raise UnreadableFile("no_data_rows")
    listed = [_listed(workbook, name, visible) for name, visible in workbook.sheet_names()]
    sheets = [replace(one, has_numbers=one.has_numbers or _has_header(one, sheet.headers)) for one in listed]
    letters, headers, repairs = _letters(workbook, sheet.headers, sample)
    found = sheet.lists
    return Preview(
        kind=sheet.kind,
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        sheets=sheets,
        sheet=sheet.sheet,
        header_row=sheet.header_row,
        headers=headers,
        sample=sample,
        row_estimate=_estimate(workbook, sheet, sample) if has_more else len(sample),
        notes=[*sheet.notes, *repairs, *_other_sheets(sheets, sheet.sheet)],
        list_starts=sheet.list_starts,
        possible_lists=len(found.lists.own) if found.lists else 1,
        lists_doubt=found.doubt,
        header_doubt=sheet.header_doubt,
        escape=sheet.escape,
        encoding_rivals=sheet.encoding_rivals,
        letters=letters,
        has_more=has_more,
    )


def _has_header(listed: SheetInfo, headers: list[str]) -> bool:
    """Whether a sheet has the same columns: numbers of some countries are too short to be known by themselves."""
    names = [header.casefold() for header in headers]
    return len(names) > 1 and any(
        [cell.strip().casefold() for cell in cells if cell.strip()] == names for cells in listed.first_rows
    )


def _estimate(workbook: Workbook, sheet: Sheet, sample: list[Row]) -> int | None:
    """How many rows there are to import; a row of the sheet may be one of each list."""
    rows, _ = workbook.size(sheet.sheet)
    if rows is None:
        return None
    of_the_sheet = len({place_of(row.number).row for row in sample})
    return max((rows - sheet.header_row) * len(sample) // of_the_sheet, len(sample))


def _other_sheets(sheets: list[SheetInfo], read: str) -> list[Reason]:
    """Notes on sheets that hold numbers to call and are not read."""
    others = [sheet for sheet in sheets if sheet.has_numbers and sheet.name != read]
    noes = [sheet.name for sheet in others if is_list_of_noes(sheet.name)]
    notes = [Reason("sheets_of_noes", {"sheets": ", ".join(noes)[:300], "count": len(noes)})] if noes else []
    others = [sheet for sheet in others if sheet.name not in noes]
    for code, visible in (("other_sheets_with_numbers", True), ("hidden_sheets_with_numbers", False)):
        if names := [sheet.name for sheet in others if sheet.visible == visible]:
            notes.append(Reason(code, {"sheets": ", ".join(names)[:300], "count": len(names)}))
    return notes


def _letters(workbook: Workbook, headers: list[str], sample: list[Row]) -> tuple[LetterRepairs | None, list[str], list[Reason]]:
    """How damaged letters are repaired, the repaired headers, and the notes about it."""
    if not getattr(workbook, "is_as_written", True):
        return None, headers, []
    cells = [row.cells for row in sample]
    plan = plan_of(headers, cells)
    return plan, headers_repaired(headers, plan), notes_of(plan, headers, cells)


def open_workbook(path: str | Path, options: ReadOptions) -> Workbook:
    """The reader that fits the content of `path`, ready. Raises UnreadableFile."""
    path = Path(path)
    kind = kind_of(path)
    if kind == "csv":
        from imports.pipeline.readers.csv.reader import CsvFile  # noqa: PLC0415  only the reader of the format at hand is loaded

        return CsvFile(path, options.encoding, options.delimiter, options.escape)
    from .workbook_kinds import reader_of  # noqa: PLC0415  only the reader of the format at hand is loaded

    return reader_of(kind, path, options)


def _open_in(workbook: Workbook, options: ReadOptions) -> Sheet:
    if options.sheet:
        return Sheet(workbook, named_sheet(workbook, options.sheet), options.header_row, lists=options.lists)
    name = first_with_data(workbook)
    better = name if numbers_on(workbook, name) >= SEVERAL else first_with_numbers(workbook) or name
    notes = [] if better == name else [Reason("sheet_without_numbers", {"sheet": better, "skipped": name})]
    return Sheet(workbook, better, options.header_row, notes, options.lists)


def _listed(workbook: Workbook, name: str, visible: bool) -> SheetInfo:
    try:
        rows, columns = workbook.size(name)
        top = first_filled(workbook, name, TOP_ROWS)
        first = top[:FIRST_ROWS]
        return SheetInfo(
            name,
            visible,
            rows,
            columns,
            [row.cells for row in first],
            [row.number for row in first],
            count_numbers(top) > 0,
        )
    except UnreadableFile:  # not the sheet that is read
        return SheetInfo(name, visible, None, None, [])
