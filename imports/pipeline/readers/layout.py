"""Where the table begins in a sheet: the header row under logos and titles, or none at all.

Works on the first rows of a sheet as any reader gives them, so csv and workbooks are judged alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import dropwhile, islice

from imports.pipeline.cell_patterns import HEADER_WORD, HOLDS_NUMBER, PHONE_LIKE, is_data
from imports.pipeline.placeholders import means_no_phone
from imports.pipeline.readers.table import BadRow, Row, UnreadableFile
from imports.pipeline.reasons import Reason
from imports.pipeline.row_place import encoded

from .around_table import doubt_of_header, notes_above, notes_of
from .lists_side_by_side import Finding, Lists, find_lists
from .table_end import Lookahead, TableEnd, Usual, is_suspect, usual

MOST_COLUMNS = 200
LONGEST_HEADER = 200
HEADER_WITHIN = 40  # filled rows among which the header row is looked for


@dataclass
class Layout:
    """`header_row` is 0 when the sheet has none; `headers` are unique and never empty, those of one list where several stand
    side by side. `doubt`: why the header row is not certain, None: it is."""

    header_row: int
    headers: list[str]
    header_cells: list[str]
    width: int
    strict_width: bool  # a csv row with more cells than headers has slipped; a workbook's has not
    usual: Usual
    lists: Finding
    notes: list[Reason] = field(default_factory=list)
    doubt: Reason | None = None
    _pass: list[TableEnd] = field(default_factory=list)
    _below: list[Reason] = field(default_factory=list)

    @property
    def list_starts(self) -> list[int]:
        """The first column (0-based) of each list that is read."""
        return self.lists.lists.starts if self.lists.chosen else [0]

    @property
    def notes_below(self) -> list[Reason]:
        """What was left out below the table, and what stands there; complete after the rows have been read to their end."""
        return [*notes_of(self._pass), *self._below]

    def data_rows(self, rows: Iterator[Row | BadRow], is_whole: bool = True) -> Iterator[Row | BadRow]:
        """The rows below the header, blank ones left out, each exactly as wide as `headers`. Not `is_whole`: `rows` are some of
        the sheet's, of which a blank row or the last one tells nothing."""
        header_row = self.header_row
        rows = dropwhile(lambda row: row[0] <= header_row, rows)
        if self.lists.chosen:
            return self._rows_of_lists(rows, is_whole)
        return self._rows_of_table(rows, is_whole)

    def _rows_of_table(self, rows: Iterator[Row | BadRow], is_whole: bool) -> Iterator[Row | BadRow]:
        """Most rows are leads at a glance: mostly filled, below the row before, a digit at the end of their number."""
        width, header, probe = self.width, self.header_cells, self.usual.probe
        end, ahead = self._end(header, is_whole), Lookahead(rows)
        is_narrow = width <= 3
        sparse = few = 1 if is_narrow else width // 2  # so many empty cells make a row worth a closer look
        before, go_on = 0, True
        while go_on:
            go_on = False
            for row in ahead:
                number, cells = row[0], row[1]
                if len(cells) != width:
                    row = self._fitted(row, width)
                    cells = row[1]
                if (
                    number - before == 1
                    and cells.count("") < sparse
                    and cells != header
                    and not cells[0].isspace()
                    and (probe is None or cells[probe][-1:].isdigit())
                    and not (is_narrow and is_suspect(cells[0]))
                ):
                    before = number
                    yield row
                elif judged := end.judged(row, before, ahead):
                    before = number
                    sparse = 0 if end.elsewhere else few
                    yield judged
                    if ahead.waiting:
                        go_on = True
                        break
        if is_whole:
            self._below = end.note_of_gap(before)

    def _rows_of_lists(self, rows: Iterator[Row | BadRow], is_whole: bool) -> Iterator[Row | BadRow]:
        """Of each row of the sheet, those of its lists, from left to right. A row that the reader rejects is one of the first."""
        lists = self.lists.lists
        headers = self.header_cells and [*self.header_cells, ""]
        ends = [self._end([headers[i] for i in columns] if headers else [], is_whole) for columns in lists.columns]
        before = [0] * len(ends)
        for row in rows:
            row = self._fitted(row, self.width)
            if isinstance(row, BadRow):
                yield row
                continue
            filled = [k for k, own in enumerate(lists.own) if any(row.cells[i].strip() for i in own)]
            cells = [*row.cells, ""]
            for k in filled or [0]:
                part = Row(encoded(row.number, k), [cells[i] for i in lists.columns[k]])
                if judged := ends[k].judged(part, before[k]):
                    before[k] = part.number
                    yield judged

    def _end(self, header: list[str], is_whole: bool) -> TableEnd:
        if not is_whole:
            return TableEnd(header, self.usual, is_whole)
        if len(self._pass) >= len(self.list_starts):
            self._pass, self._below = [], []
        self._pass.append(TableEnd(header, self.usual))
        return self._pass[-1]

    def _fitted(self, row: Row | BadRow, width: int) -> Row | BadRow:
        cells = row.cells
        if len(cells) < width:
            return row._replace(cells=cells + [""] * (width - len(cells)))
        if self.strict_width and isinstance(row, Row) and any(cell.strip() for cell in cells[width:]):
            reason = Reason("surplus_cells", {"expected": width, "found": len(_trimmed(cells))})
            return BadRow(row.number, cells, reason)
        return row._replace(cells=cells[:width])


def find_layout(
    rows: Iterator[Row | BadRow],
    header_row: int | None,
    look_at: int,
    strict_width: bool,
    lists: int | None = None,
) -> Layout:
    """Judges the first `look_at` filled rows. A given `header_row` and number of `lists` are obeyed. Raises UnreadableFile."""
    filled = (row for row in rows if any(cell.strip() for cell in row.cells))
    above: list[Row] = []
    if header_row:
        filled = _from(filled, header_row - 1, above, look_at)
    head = [Row(row.number, row.cells) for row in islice(filled, look_at)]
    if not head and header_row:
        raise UnreadableFile("header_row_empty", row=header_row)
    if not head:
        raise UnreadableFile("no_data_rows")
    index = _index_of_header(head) if header_row is None else _index_of_number(head, header_row)
    return _layout(head, index, strict_width, lists, above)


def _from(rows: Iterator[Row], number: int, above: list[Row], most: int) -> Iterator[Row]:
    """Rows from `number` on; of those before it, the first `most` are kept in `above`."""
    for row in rows:
        if row.number >= number:
            yield row
        elif len(above) < most:
            above.append(row)


def _index_of_number(head: list[Row], header_row: int) -> int | None:
    if header_row == 0:
        return None
    for index, row in enumerate(head):
        if row.number == header_row:
            return index
    raise UnreadableFile("header_row_empty", row=header_row)


def _layout(head: list[Row], index: int | None, strict_width: bool, lists: int | None, above: list[Row]) -> Layout:
    body = head if index is None else head[index + 1 :]
    header = [] if index is None else _trimmed(head[index].cells)
    width = _width(header, body, strict_width)
    if strict_width and header:  # a delimiter after the last name is a column without a name, where some row has something in it
        longest = max((len(_trimmed(row.cells)) for row in body), default=0)
        width = max(width, min(len(head[index].cells), longest))
    if width > MOST_COLUMNS:
        raise UnreadableFile("too_many_columns", columns=width, limit=MOST_COLUMNS)
    header = header and header + [""] * (width - len(header))
    above = above + head[: index or 0]
    next_above = above[-1].cells if index is not None and above and above[-1].number == head[index].number - 1 else []
    found = find_lists(header, body, width, next_above if _groups(next_above, width) else [], lists)
    facts = usual(body, width)
    if found.chosen:
        facts = facts._replace(probe=_place_in_list(facts.probe, found.lists), filled=facts.filled // len(found.lists.own))
    return Layout(
        head[index].number if index is not None else 0,
        _names(header, next_above, width, found),
        header,
        width,
        strict_width,
        facts,
        found,
        notes_above(above) + ([Reason("lists_side_by_side", {"count": len(found.lists.own)})] if found.chosen else []),
        doubt_of_header(head, index, body, width, above),
    )


def _place_in_list(column: int | None, lists: Lists) -> int | None:
    return next((columns.index(column) for columns in lists.columns if column in columns), None)


def _names(header: list[str], above: list[str], width: int, found: Finding) -> list[str]:
    """The headers, or those of one list: each from the first list that has the column."""
    if not found.chosen:
        return displayable(_with_groups(header, above)) if header else [column_letters(i) for i in range(width)]
    first = [next(i for i in columns if i >= 0) for columns in zip(*found.lists.columns)]
    return displayable([header[i] for i in first]) if header else [column_letters(i) for i in first]


def _width(header: list[str], body: list[Row], strict_width: bool) -> int:
    """As wide as the header, or wider where the data says that the header lacks names: most rows of a csv go on, or
    two rows of a sheet do (one may be a note in the far corner)."""
    lengths = sorted((len(_trimmed(row.cells)) for row in body), reverse=True)
    if not lengths:
        return len(header)
    needed = len(lengths) // 2 if strict_width and header else min(1, len(lengths) - 1)
    return max(len(header), lengths[needed])


def _with_groups(header: list[str], above: list[str]) -> list[str]:
    """Header cells completed from a row of group titles above: merged cells leave the lower one empty,
    and two columns called 'Cep' are told apart by the group they stand under."""
    groups = _groups(above, len(header))
    if groups is None:
        return header
    repeated = {name for name in header if name and header.count(name) > 1}
    return [
        group if not name else f"{group} {name}" if name in repeated and group else name for name, group in zip(header, groups)
    ]


def _groups(above: list[str], width: int) -> list[str] | None:
    """Titles of a group row spread over the columns they span; None when it is a title line, not groups."""
    cells = [cell.strip() for cell in above[:width]] + [""] * (width - len(above))
    if sum(map(bool, cells)) < 2 or any(is_data(cell) for cell in cells if cell):
        return None
    spread, current = [], ""
    for cell in cells:
        current = cell or current
        spread.append(current)
    return spread


def displayable(names: list[str]) -> list[str]:
    """Header cells as one line each, unique and never empty: 'Telefon', 'Telefon (2)', 'Column D'."""
    seen: dict[str, int] = {}
    shown = []
    for index, name in enumerate(names):
        name = " ".join(name.split())
        name = name if len(name) <= LONGEST_HEADER else name[: LONGEST_HEADER - 1] + "…"
        name = name or f"Column {column_letters(index)}"
        seen[name] = seen.get(name, 0) + 1
        shown.append(name if seen[name] == 1 else _numbered(name, seen, names))
    return shown


def _numbered(name: str, seen: dict[str, int], names: list[str]) -> str:
    while f"{name} ({seen[name]})" in names:
        seen[name] += 1
    return f"{name} ({seen[name]})"


def column_letters(index: int) -> str:
    """0 → 'A', 26 → 'AA'."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells at the end."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _index_of_header(head: list[Row]) -> int | None:
    """Index in `head` of the row that names the columns, None when the first wide row is data already."""
    rows = [[cell.strip() for cell in row.cells if cell.strip()] for row in head]
    wide = _usual_filled(rows)
    index = next((index for index, cells in enumerate(rows[:HEADER_WITHIN]) if len(cells) * 2 >= wide), 0)
    if not _names_columns(rows[index]) or _lacks_numbers(head, index):
        return _header_further_down(rows, index)
    index = _below_titles(head, rows, index, wide)
    return index + 1 if _second_header(head, index) else index


def _lacks_numbers(head: list[Row], index: int) -> bool:
    """Whether a row says that it has no number (`NULL`, `yok`) where the rows below it have theirs: it is a lead like them."""
    cells = [cell.strip() for cell in head[index].cells]
    lacking = [i for i, cell in enumerate(cells) if cell and not HEADER_WORD.search(cell) and means_no_phone(cell)]
    below = head[index + 1 :]
    return any(
        2 * sum(i < len(row.cells) and bool(HOLDS_NUMBER.match(row.cells[i].strip())) for row in below) > len(below) > 0
        for i in lacking
    )


def _below_titles(head: list[Row], rows: list[list[str]], index: int, wide: int) -> int:
    """A wider row of names between `index` and the data means that `index` was a title, or a row of groups. So does a
    blank row below it, with another row of names before the data."""
    for later in range(index + 1, _first_data(head)):
        apart = head[index + 1].number > head[index].number + 1
        wider = len(rows[later]) > len(rows[index]) < wide
        if (wider or (apart and len(rows[later]) == len(rows[index]))) and not any(map(is_data, rows[later])):
            index = later
    return index


def _first_data(head: list[Row]) -> int:
    """Index of the first of two rows that have data where most rows have it."""
    columns = _data_columns(head)
    has_data = [any(is_data(row.cells[i].strip()) for i in columns if i < len(row.cells)) for row in head]
    return next((i for i, here in enumerate(has_data) if here and all(has_data[i : i + 2])), 0)


def _usual_filled(rows: list[list[str]]) -> int:
    """How many cells the fuller rows of the table have."""
    counts = sorted(map(len, rows))
    return counts[len(counts) * 3 // 4]


def _header_further_down(rows: list[list[str]], index: int) -> int | None:
    """A row of several header words, wider than all before it: those were notes about the list (`Date | 01.05.2024`). As wide
    as they are, where it has no data: what programs write for each other (`EXTF | 700 | …`)."""
    widest = len(rows[index])
    for later in range(index + 1, min(len(rows), HEADER_WITHIN)):
        cells = rows[later]
        words = sum(1 for cell in cells if HEADER_WORD.search(cell))
        wider = len(cells) > widest or len(cells) == widest and not any(map(is_data, cells))
        if wider and words >= 2 and words * 3 >= len(cells) and _names_columns(cells):
            return later
        widest = max(widest, len(cells))
    return None


def _names_columns(cells: list[str]) -> bool:
    """Names, not data. A few numbers (years, quarters) are borne beside words that only headers use."""
    data = sum(map(is_data, cells))
    if not data:
        return True
    if any(HOLDS_NUMBER.match(cell) or PHONE_LIKE.match(cell) or "@" in cell for cell in cells):
        return False
    return data * 2 <= len(cells) and sum(1 for cell in cells if HEADER_WORD.search(cell)) * 2 >= len(cells) - data


def _second_header(head: list[Row], index: int) -> bool:
    """Whether the row after `index` goes on with names: text where the column below is data, and header words
    or names under titles that span several columns."""
    if index + 2 >= len(head) or head[index + 1].number != head[index].number + 1:
        return False
    upper, lower = head[index].cells, head[index + 1].cells
    filled = [(i, cell.strip()) for i, cell in enumerate(lower) if cell.strip()]
    if not filled or any(is_data(cell) for _, cell in filled):
        return False
    data_columns = _data_columns(head[index + 2 :])
    if not any(i in data_columns for i, _ in filled):
        return False
    words = sum(1 for _, cell in filled if HEADER_WORD.search(cell))
    below_gaps = any(i >= len(upper) or not upper[i].strip() for i, _ in filled)
    return words * 2 >= len(filled) or (below_gaps and words > 0)


def _data_columns(rows: list[Row]) -> set[int]:
    """Columns whose cells are mostly data-like."""
    width = max(len(row.cells) for row in rows)
    columns = set()
    for index in range(width):
        cells = [row.cells[index].strip() for row in rows[:30] if index < len(row.cells) and row.cells[index].strip()]
        if cells and sum(map(is_data, cells)) * 10 >= len(cells) * 6:
            columns.add(index)
    return columns
