"""Workbooks in the XML of Excel 2002 and 2003 (SpreadsheetML), which many programs save as `.xls`; read in one pass through
expat.

Rows and cells may leave places out (`ss:Index`); a cell names its type, and its style the number format.
"""

from pathlib import Path

from imports.pipeline.readers.table import UnreadableFile

from .cell_text import Shown, plain_number, truth
from .stored_values import seen_moment, shown_by_name
from .whole_sheets import Grid, Table, TableBook, unique_names
from .zip_safety import MOST_ROWS, Attributes, file_blocks, local, parse_blocks

HIDDEN = ("SheetHidden", "SheetVeryHidden")
PASSED_OVER = frozenset(["Comment", "PhoneticText"])
MOST_SPAN = 16_384  # columns


def xml2003_tables(path: Path) -> TableBook:
    """Raises UnreadableFile."""
    reader = _Reader()
    parse_blocks(file_blocks(path), reader.on_start, reader.on_end, reader.on_text)
    if not reader.found:
        raise UnreadableFile("no_data_in_workbook")
    names = unique_names([sheet.name for sheet in reader.found])
    return TableBook("xml", [Table(name, sheet.visible, sheet.grid) for name, sheet in zip(names, reader.found)])


def _number(attrs: Attributes, name: str, most: int) -> int:
    text = attrs.get(name, "")
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class _Sheet:
    def __init__(self, name: str):
        self.name = name
        self.visible = True
        self.grid = Grid()
        self.styles: list[tuple[int, int, str]] = []  # (first column, last column, style) of columns
        self.columns = 0

    def add_column(self, attrs: Attributes) -> None:
        first = _number(attrs, "Index", MOST_SPAN) or self.columns + 1
        self.columns = first + _number(attrs, "Span", MOST_SPAN)
        if "StyleID" in attrs and len(self.styles) < MOST_SPAN:
            self.styles.append((first - 1, self.columns - 1, attrs["StyleID"]))

    def style_of(self, column: int) -> str:
        return next((style for first, last, style in self.styles if first <= column <= last), "Default")


class _Reader:
    """Handlers for expat. `found` are the sheets."""

    def __init__(self) -> None:
        self.found: list[_Sheet] = []
        self._formats: dict[str, Shown] = {}
        self._parents: dict[str, str] = {}
        self._style = ""  # the style that is being declared
        self._passed = 0  # how deep we are in what is passed over
        self._row: Attributes = {}
        self._cell: Attributes | None = None
        self._data: Attributes | None = None
        self._content = ""  # of the cell at hand
        self._text: list[str] | None = None  # of the element whose text counts

    def on_start(self, name: str, attrs: Attributes) -> None:
        if self._passed or name in PASSED_OVER:
            self._passed += 1
        elif name == "Cell":
            self._cell, self._data, self._content = local(attrs), None, ""
        elif name == "Data" and self._cell is not None:
            self._data, self._text = local(attrs), []
        elif name == "Row":
            self._begin_row(local(attrs))
        elif name == "Visible":
            self._text = []
        else:
            self._start_other(name, local(attrs))

    def _start_other(self, name: str, attrs: Attributes) -> None:
        if name == "Worksheet":
            self.found.append(_Sheet(attrs.get("Name", "")))
        elif name == "Column" and self.found:
            self.found[-1].add_column(attrs)
        elif name == "Style":
            self._style = attrs.get("ID", "")
            self._parents[self._style] = attrs.get("Parent", "")
        elif name == "NumberFormat":
            self._formats[self._style] = shown_by_name(attrs.get("Format", "General"))

    def on_text(self, text: str) -> None:
        if self._text is not None and not self._passed:
            self._text.append(text)

    def on_end(self, name: str) -> None:
        if self._passed:
            self._passed -= 1
        elif name == "Data" and self._text is not None:
            self._content, self._text = "".join(self._text), None
        elif name == "Cell" and self._cell is not None:
            self._place(self._cell)
            self._cell = None
        elif name == "Row" and self.found:
            self.found[-1].grid.end_row()
            self.found[-1].grid.last += _number(self._row, "Span", MOST_ROWS)
        elif name == "Visible" and self.found:
            self.found[-1].visible = "".join(self._text or ()).strip() not in HIDDEN
            self._text = None

    def _begin_row(self, attrs: Attributes) -> None:
        if not self.found:
            raise UnreadableFile("file_damaged")
        self._row = attrs
        self.found[-1].grid.begin_row(_number(attrs, "Index", 2 * MOST_ROWS) or None, attrs.get("Hidden") == "1")

    def _place(self, cell: Attributes) -> None:
        sheet = self.found[-1]
        column = _number(cell, "Index", MOST_SPAN) - 1
        column = sheet.grid.free_column() if column < 0 else column
        if self._data is None and "Formula" in cell:
            sheet.grid.uncalculated += 1
        style = cell.get("StyleID") or self._row.get("StyleID") or sheet.style_of(column)
        shown = self._shown((self._data or {}).get("Type", "String"), self._content, style)
        across, down = (_number(cell, name, MOST_ROWS) + 1 for name in ("MergeAcross", "MergeDown"))
        sheet.grid.place(shown, column, across, down)

    def _shown(self, kind: str, text: str, style: str) -> str:
        match kind:
            case "Number":
                return self._format(style)(text.strip()) if text.strip() else ""
            case "DateTime":
                return seen_moment(text)
            case "Boolean":
                return truth(text.strip()) if text.strip() else ""
            case _:
                return text

    def _format(self, style: str) -> Shown:
        """The number format of a style, or of the one it is derived from."""
        for _ in range(8):
            if style in self._formats or not style:
                break
            style = self._parents.get(style, "")
        return self._formats.get(style) or self._formats.get("Default") or plain_number
