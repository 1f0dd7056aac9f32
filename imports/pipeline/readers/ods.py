"""OpenDocument spreadsheets (`.ods`, and `.fods`, the same as one XML file), read in one pass through expat.

Elements and attributes: OpenDocument 1.3 part 3, chapters 9 (tables) and 19 (attributes). A cell holds its value and the text
shown for it; `stored_values` chooses the one that a person means. Comments, drawings and the history of changes hold cells and
texts too: they are skipped.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.readers.xlsx.xml import inflated

from .cell_text import truth
from .stored_values import seen_moment, seen_number, seen_percentage, seen_time
from .whole_sheets import FURTHEST, MOST_REPEATED, Grid, Table, TableBook, unique_names
from .zip_safety import MOST_ROWS, Attributes, file_blocks, local, open_zip, parse_blocks, read_part

ENCRYPTED = b"encryption-data"
PASSED_OVER = frozenset(["annotation", "shapes", "tracked-changes", "frame", "custom-shape", "ruby-text", "forms", "dde-link"])
CELLS = ("table-cell", "covered-table-cell")


def ods_tables(source: Path | BinaryIO) -> TableBook:
    """Raises UnreadableFile."""
    reader = _Reader()
    parse_blocks(_blocks(source), reader.on_start, reader.on_end, reader.on_text)
    if not reader.found:
        raise UnreadableFile("file_damaged")
    names = unique_names([name for name, _, _ in reader.found])
    return TableBook(
        "ods",
        [Table(name, style not in reader.hidden_styles, grid) for name, (_, style, grid) in zip(names, reader.found)],
    )


def _blocks(source: Path | BinaryIO) -> Iterator[bytes]:
    """The XML of the content: a part of a zip, or (`.fods`) the file itself. Raises UnreadableFile."""
    if isinstance(source, Path) and not _is_zip(source):
        return file_blocks(source)
    archive = open_zip(source)
    names = {name.lower(): name for name in archive.namelist()}
    if "meta-inf/manifest.xml" in names and ENCRYPTED in read_part(archive, names["meta-inf/manifest.xml"]):
        raise UnreadableFile("file_is_protected")
    if "content.xml" not in names:
        raise UnreadableFile("file_damaged")
    return inflated(archive, names["content.xml"])


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _count(attrs: Attributes, name: str, most: int) -> int:
    text = attrs.get(name, "1")
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 10 else 1


class _Reader:
    """Handlers for expat. `found` are (name, style, grid) of the sheets, `hidden_styles` those of sheets that are not shown."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, Grid]] = []
        self.hidden_styles: set[str] = set()
        self._style = ""  # the table style that is being declared
        self._passed = 0  # how deep we are in what is passed over
        self._depth = 0  # tables around us; one inside a cell belongs to the cell
        self._row: Attributes = {}
        self._cell: Attributes | None = None
        self._paragraphs: list[list[str]] = []
        self._in_paragraph = 0
        self._repeated = 0  # rows beyond those that are written

    def on_start(self, name: str, attrs: Attributes) -> None:
        if self._passed or name in PASSED_OVER:
            self._passed += 1
        elif name == "p" or name == "h":
            self._in_paragraph += 1
            self._paragraphs.append([])
        elif name in CELLS and self._depth == 1:
            self._cell, self._paragraphs = local(attrs), []
        elif name == "table-row" and self._depth == 1:
            self._begin_row(local(attrs))
        elif self._in_paragraph:
            self._space(name, attrs)
        else:
            self._start_other(name, local(attrs))

    def _start_other(self, name: str, attrs: Attributes) -> None:
        if name == "table":
            self._depth += 1
            if self._depth == 1:
                self.found.append((attrs.get("name", ""), attrs.get("style-name", ""), Grid()))
        elif name == "style":
            self._style = attrs.get("name", "") if attrs.get("family") == "table" else ""
        elif name == "table-properties" and attrs.get("display") == "false":
            self.hidden_styles.add(self._style)

    def _space(self, name: str, attrs: Attributes) -> None:
        """White space in a paragraph is written as elements."""
        if name == "s":
            self.on_text(" " * _count(local(attrs), "c", 1000))
        elif name in ("tab", "line-break"):
            self.on_text("\t" if name == "tab" else "\n")

    def on_text(self, text: str) -> None:
        if self._in_paragraph and not self._passed:
            self._paragraphs[-1].append(text)

    def on_end(self, name: str) -> None:
        if self._passed:
            self._passed -= 1
        elif name == "p" or name == "h":
            self._in_paragraph -= 1
        elif name in CELLS and self._depth == 1:
            self._place(self._cell or {}, covered=name != "table-cell")
            self._cell = None
        elif name == "table-row" and self._depth == 1:
            self._end_row(_count(self._row, "number-rows-repeated", 2 * MOST_ROWS))
        elif name == "table":
            self._depth -= 1

    def _begin_row(self, attrs: Attributes) -> None:
        self._row = attrs
        self.found[-1][2].begin_row(hidden=attrs.get("visibility", "visible") != "visible")

    def _end_row(self, times: int) -> None:
        grid = self.found[-1][2]
        self._repeated += grid.end_row(times) - 1
        if self._repeated > MOST_REPEATED:
            raise UnreadableFile("file_too_complex")

    def _place(self, cell: Attributes, covered: bool) -> None:
        grid = self.found[-1][2]
        times = _count(cell, "number-columns-repeated", FURTHEST + 1)
        text = "\n".join("".join(parts) for parts in self._paragraphs)
        value = "" if covered else self._value(cell, text)
        if not value:
            grid.uncalculated += "formula" in cell and "value-type" not in cell
            grid.skip(times)
            return
        down = _count(cell, "number-rows-spanned", MOST_ROWS)
        for _ in range(times):
            grid.place(value, grid.column, down=down)

    def _value(self, cell: Attributes, text: str) -> str:
        match cell.get("value-type"):
            case "float":
                return seen_number(cell.get("value", ""), text)
            case "currency":
                return text.strip() or cell.get("value", "")
            case "percentage":
                return seen_percentage(cell.get("value", ""), text)
            case "date":
                return seen_moment(cell.get("date-value", ""))
            case "time":
                return seen_time(cell.get("time-value", ""))
            case "boolean":
                return truth(cell.get("boolean-value", ""))
            case _:
                return text or cell.get("string-value", "")
