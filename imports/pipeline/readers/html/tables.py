"""The tables of a web page, from its elements one after the other: libxml2 calls `start`, `data` and `end`.

A page may leave end tags out, nest tables, and span cells over columns and rows. The text of a table inside a cell belongs to
that cell as well as to its own table.
"""

import re

from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.readers.whole_sheets import FURTHEST, Grid
from imports.pipeline.readers.zip_safety import LONGEST_CELL, MOST_ROWS, Attributes

from .cells import Formats

NO_TEXT = frozenset(["script", "style", "select", "textarea", "template", "noscript"])
CELLS = frozenset(["table", "tr", "td", "th"])
BREAKS = frozenset(["br", "p", "div", "li"])
BREAK = "\0"  # a line break among the texts of a cell; no text holds it
NOT_SHOWN = re.compile(r"display\s{0,9}:\s{0,9}none", re.IGNORECASE)
MOST_TABLES = 2_000
DEEPEST = 1_000  # elements inside each other: what libxml2 does for each grows with them


class FoundTable:
    """One table. `filled` counts its cells with text; `is_list` says whether it looks like a list rather than an arrangement of a
    page."""

    def __init__(self) -> None:
        self.grid = Grid()
        self.caption = ""
        self.filled = 0
        self.columns = 0
        self.arranges = False  # a table of several rows and columns stands in one of its cells
        self._row = False  # whether one is open
        self._cell: Attributes | None = None
        self._parts: list[str] = []
        self._length = 0

    @property
    def is_list(self) -> bool:
        return len(self.grid.rows) > 1 and not self.arranges

    def begin_row(self, attrs: Attributes) -> None:
        self.end_row()
        self.grid.begin_row(hidden=bool(NOT_SHOWN.search(attrs.get("style", ""))))
        self._row = True

    def begin_cell(self, attrs: Attributes) -> None:
        if not self._row:
            self.begin_row({})
        self._cell, self._parts, self._length = attrs, [], 0

    def add(self, text: str) -> None:
        if self._cell is not None and self._length <= LONGEST_CELL:
            self._parts.append(text)
            self._length += len(text)

    def end_cell(self, formats: Formats) -> None:
        if self._cell is None:
            return
        text = formats.seen(self._cell, _flowing("".join(self._parts)))
        across, down = _span(self._cell, "colspan", FURTHEST + 1), _span(self._cell, "rowspan", MOST_ROWS)
        self.grid.place(text, None, across or 1, down or MOST_ROWS)
        self.filled += bool(text)
        self.columns = max(self.columns, self.grid.column)
        self._cell = None

    def end_row(self) -> None:
        if self._row:
            self.grid.end_row()
        self._row = False

    def text(self) -> str:
        """All of it, for the cell around it."""
        return BREAK.join(" ".join(filter(None, row.cells)) for row in self.grid.rows[:100])


class TableFinder:
    """A target for lxml's parsers. `found` are all tables in the order of the page; `ended` says that `end_mark` was seen."""

    def __init__(self, formats: Formats, end_mark: str):
        self.found: list[FoundTable] = []
        self.ended = False
        self._end_mark = end_mark
        self._formats = formats
        self._open: list[FoundTable] = []
        self._silent: list[str] = []  # elements around us whose text is not shown
        self._caption: list[str] | None = None
        self._depth = 0

    def start(self, tag: str, attrs: Attributes) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnreadableFile("file_too_complex")
        if tag in CELLS:
            self._silent.clear()  # whoever left an end tag out
        if tag in NO_TEXT:
            self._silent.append(tag)
        elif tag == "table":
            self._begin_table()
        elif tag == "hr" and attrs.get("class") == self._end_mark:
            self.ended = True
        elif self._open:
            self._start_inside(tag, attrs)

    def _start_inside(self, tag: str, attrs: Attributes) -> None:
        table = self._open[-1]
        if tag == "tr":
            table.end_cell(self._formats)
            table.begin_row(dict(attrs))
        elif tag in ("td", "th"):
            table.end_cell(self._formats)
            table.begin_cell(dict(attrs))
        elif tag in BREAKS:
            table.add(BREAK)
        elif tag == "caption":
            self._caption = []

    def data(self, text: str) -> None:
        if self._silent:
            if self._silent[-1] == "style":
                self._formats.declare(text)
        elif self._caption is not None:
            self._caption.append(text)
        elif self._open:
            self._open[-1].add(text)

    def end(self, tag: str) -> None:
        self._depth -= 1
        if tag in CELLS:
            self._silent.clear()
        if tag in NO_TEXT:
            if self._silent and self._silent[-1] == tag:
                self._silent.pop()
        elif self._open:
            self._end_inside(tag)

    def _end_inside(self, tag: str) -> None:
        table = self._open[-1]
        if tag == "table":
            self._end_table()
        elif tag == "tr":
            table.end_cell(self._formats)
            table.end_row()
        elif tag in ("td", "th"):
            table.end_cell(self._formats)
        elif tag == "caption" and self._caption is not None:
            table.caption, self._caption = _flowing("".join(self._caption)).replace("\n", " ")[:60], None
        elif tag in BREAKS and tag != "br":
            table.add(BREAK)

    def close(self) -> None:
        while self._open:
            self._end_table()

    def _begin_table(self) -> None:
        table = FoundTable()
        self._open.append(table)
        if len(self.found) < MOST_TABLES:
            self.found.append(table)

    def _end_table(self) -> None:
        table = self._open.pop()
        table.end_cell(self._formats)
        table.end_row()
        if self._open:
            around = self._open[-1]
            around.add(table.text())
            around.arranges |= table.arranges or len(table.grid.rows) > 1 and table.columns > 1


def _flowing(text: str) -> str:
    """Text as a browser lets it flow: white space is one space, line breaks are where the markup breaks lines."""
    if text.isalnum():
        return text
    lines = (" ".join(line.split()) for line in text.split(BREAK))
    return "\n".join(line for line in lines if line)


def _span(attrs: Attributes, name: str, most: int) -> int:
    text = attrs.get(name, "1").strip()
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 10 else 1
