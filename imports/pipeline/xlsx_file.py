"""Workbooks of Excel 2007 and later (`.xlsx`, `.xlsm` without its macros), streamed.

A block of rows at a time is taken apart by one regular expression and every cell in it is accounted for (see
`xlsx_xml`). Values come from the file's own text, so that numbers are exact; formulas give their stored result.
"""
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .cell_text import plain_number, shown_by, truth
from .guard import MOST_ROWS, open_zip, read_part
from .layout import MOST_COLUMNS
from .merges import filled_down
from .reasons import Reason
from .sheets import Row, UnreadableFile
from .xlsx_parts import number_formats, unescaped, workbook_parts
from .xlsx_strings import SPECIAL, SharedStrings, rich_text
from .xlsx_xml import OddXml, column_index, inflated, plain_blocks, rewritten_blocks

# A cell: column letters, attributes, then value | plain inline text | anything else; or a row's attributes.
CELL = re.compile(
    r'<c r="([A-Z]{1,3})\d+"([^/>]*)(?:/>|>(?:<f(?:>| [^>]*[^/]>)[^<]*</f>|<f[^>]*/>)?'
    r"(?:<v>([^<]*)</v></c>|<is><t(?: [^>]*)?>([^<]*)</t></is></c>|</c>|(.*?)</c>))"
    r"|<row ([^>]*)>", re.DOTALL,
)
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
ROW_NUMBER = re.compile(r'(?:^|\s)r="(\d+)"')
HIDDEN = re.compile(r'\shidden="(?:1|true)"')
VALUE = re.compile(r"<v(?: [^>]*)?>([^<]*)</v>")
MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
DIMENSION = re.compile(rb'<dimension ref="(?:[A-Z]+\d+:)?([A-Z]{1,3})(\d+)"')
LAST_ROW = re.compile(rb'<row (?:[^>]*\s)?r="(\d+)"')
SMALL_PART = 4 << 20
SHARED = object()       # marks the cells whose value is an index into the shared strings


@dataclass
class Scan:
    """What one look over a sheet tells before its rows are read."""

    rows: int = 0
    merges: list[tuple[int, int, int]] = field(default_factory=list)
    sample: list[bytes] = field(default_factory=list)   # one row of each block


class XlsxFile:
    """A Workbook (see `sheets`)."""

    kind = "xlsx"
    encoding = None
    delimiter = None

    def __init__(self, path: Path):
        self._archive = open_zip(path)
        self._parts = workbook_parts(self._archive)
        self._sheets = {sheet.name: sheet for sheet in self._parts.sheets}
        self._strings = SharedStrings(self._archive, self._parts.strings)
        self._kinds = _Kinds(self._number_formats())
        self._scans: dict[str, Scan] = {}
        self._hidden: dict[str, int] = {}
        self._uncalculated = 0

    @property
    def notes(self) -> list[Reason]:
        notes = [Reason("hidden_rows", {"sheet": name, "count": count}) for name, count in self._hidden.items() if count]
        return notes

    def sheet_names(self) -> list[tuple[str, bool]]:
        return [(sheet.name, sheet.visible) for sheet in self._parts.sheets]

    def rows(self, sheet: str) -> Iterator[Row]:
        """Raises UnreadableFile where the sheet is damaged."""
        return filled_down(self._rows(sheet), self._scanned(sheet).merges)

    def spread(self, sheet: str) -> list[Row]:
        reader = _Rows(self._strings, self._kinds)
        try:
            return [row for text in self._scanned(sheet).sample for row in reader.of(text.decode())]
        except (OddXml, UnicodeDecodeError):
            return []

    def size(self, sheet: str) -> tuple[int | None, int | None]:
        part = self._sheets[sheet].part
        bytes_ = self._archive.getinfo(part).file_size
        rows, columns = _dimension(next(inflated(self._archive, part), b""))
        if sheet in self._scans or bytes_ <= SMALL_PART:
            rows = self._scanned(sheet).rows
        elif rows and rows > bytes_ // 10:
            rows = None     # a sheet that claims more rows than could fit into it
        return rows, columns if columns and columns <= MOST_COLUMNS else None

    def _number_formats(self) -> list:
        if not self._parts.styles:
            return [plain_number]
        return number_formats(read_part(self._archive, self._parts.styles), self._parts.date1904)

    def _scanned(self, sheet: str) -> Scan:
        if sheet not in self._scans:
            self._scans[sheet] = _scan(inflated(self._archive, self._sheets[sheet].part))
        return self._scans[sheet]

    def _rows(self, sheet: str) -> Iterator[Row]:
        reader = _Rows(self._strings, self._kinds)
        part = self._sheets[sheet].part
        done = 0
        try:
            for text in plain_blocks(self._archive, part, "</row>"):
                for row in reader.of(text):
                    done = row.number
                    yield row
        except OddXml:
            reader = _Rows(self._strings, self._kinds)
            for text in rewritten_blocks(self._archive, part, "</row>"):
                yield from (row for row in reader.of(text) if row.number > done)
        self._hidden[sheet] = reader.hidden


class _Kinds(dict):
    """The attributes of a cell as written → how its value is shown: SHARED, or a function of the value."""

    def __init__(self, formats: list):
        self._formats = formats

    def __missing__(self, attrs: str):
        named = dict(ATTRIBUTE.findall(attrs))
        self[attrs] = kind = self._kind(named.get("t", "n"), named.get("s", "0"))
        return kind

    def _kind(self, kind: str, style: str) -> Callable:
        if kind == "s":
            return SHARED
        if kind == "b":
            return truth
        if kind == "d":
            return _iso_date
        if kind in ("str", "inlineStr", "e"):
            return str
        index = int(style) if style.isdigit() else 0
        return self._formats[index] if index < len(self._formats) else plain_number


def _iso_date(text: str) -> str:
    """`2026-05-01T13:30:00Z` → `2026-05-01 13:30`."""
    day, _, time = text.partition("T")
    time = time.rstrip("Z").removesuffix(".000").removesuffix(":00")
    return f"{day} {time}" if time and time != "00:00" else day


class _Rows:
    """Rows of one sheet out of blocks of plain XML, in order."""

    def __init__(self, strings: SharedStrings, kinds: _Kinds):
        self._strings = strings
        self._kinds = kinds
        self._columns = _Columns()
        self._width = 1
        self._last = 0
        self.hidden = 0

    def of(self, text: str) -> list[Row]:
        """Raises OddXml when a cell or row of the block is not accounted for."""
        found = CELL.findall(text)
        if len(found) != text.count("<c ") + text.count("<row ") or "<c>" in text or "<row>" in text:
            raise OddXml
        special = SPECIAL.search(text) is not None
        strings, kinds, columns = self._strings.known, self._kinds, self._columns
        rows: list[Row] = []
        cells: list[str] = []
        for letters, attrs, value, inline, other, row in found:
            if not letters:
                cells = [""] * self._width
                rows.append(Row(self._number(row), cells))
            elif value:
                show = kinds[attrs]
                try:
                    if show is SHARED:
                        cells[columns[letters]] = strings[int(value)]
                    elif value.isdigit() and show is plain_number:
                        cells[columns[letters]] = value
                    else:
                        cells[columns[letters]] = unescaped(show(value)) if special else show(value)
                except IndexError:
                    self._place(cells, columns[letters], self._text(show, value))
            elif inline or other:
                text = inline or self._complex(other, kinds[attrs])
                self._place(cells, columns[letters], unescaped(text) if special else text)
        return rows

    def _number(self, attrs: str) -> int:
        """The number of a row. Raises OddXml when it is left out, UnreadableFile when it does not rise."""
        found = ROW_NUMBER.search(attrs)
        if not found:
            raise OddXml
        number = int(found[1])
        if number <= self._last:
            raise UnreadableFile("file_damaged")
        if number > MOST_ROWS:
            raise UnreadableFile("sheet_too_long", rows=number, limit=MOST_ROWS)
        if "hidden" in attrs and HIDDEN.search(attrs):
            self.hidden += 1
        self._last = number
        return number

    def _place(self, cells: list[str], column: int, text: str) -> None:
        """Puts a text where the row may not reach yet."""
        if column >= len(cells):
            cells.extend([""] * (column + 1 - len(cells)))
            self._width = max(self._width, min(column + 1, MOST_COLUMNS))
        cells[column] = text

    def _text(self, show, value: str) -> str:
        return self._strings.upto(int(value)) if show is SHARED else unescaped(show(value))

    def _complex(self, content: str, show) -> str:
        """A cell that holds more than a value or a plain text: rich text, or a formula in an odd place."""
        found = VALUE.search(content)
        if not found:
            return rich_text(content)
        return self._text(show, found[1]) if found[1] else ""


class _Columns(dict):
    def __missing__(self, letters: str) -> int:
        self[letters] = index = column_index(letters)
        return index


def _scan(blocks: Iterator[bytes]) -> Scan:
    """One look over all bytes of a sheet: they are sound, where cells are merged, how far the rows go."""
    scan = Scan()
    rest = b""
    for block in blocks:
        text = rest + block
        if b"<mergeCell " in text:
            scan.merges += [
                (int(top), int(bottom), column_index(left.decode())) for left, top, _, bottom in MERGE.findall(text)
                if int(bottom) > int(top)
            ]
        start = text.rfind(b"<row ")
        if start >= 0:
            numbered = LAST_ROW.match(text, start)
            scan.rows = int(numbered[1]) if numbered else scan.rows
        first = text.find(b"<row ")
        end = text.find(b"</row>", first)
        if 0 <= first < end:
            scan.sample.append(text[first:end + 6])
        rest = block[-100:]
    return scan


def _dimension(head: bytes) -> tuple[int | None, int | None]:
    found = DIMENSION.search(head[:8192])
    return (int(found[2]), column_index(found[1].decode()) + 1) if found else (None, None)
