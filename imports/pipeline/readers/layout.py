"""Where the table of a sheet begins and ends: its header row, its columns, its rows, and the lists side by side.

Works on rows as any reader gives them, so text files and workbooks are judged alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import dropwhile, islice

from imports.pipeline.reasons import Reason
from imports.pipeline.row_place import encoded

from .around_table import doubt_of_header, notes_above, notes_of
from .column_letters import MOST_COLUMNS, column_letters
from .header_names import displayable, groups_of, with_groups
from .header_row import index_of_header
from .list_lines import is_suspect
from .lists_side_by_side import Finding, find_lists
from .lookahead import Lookahead
from .repeated_columns import Lists
from .table import BadRow, Row, UnreadableFile
from .table_end import TableEnd
from .usual_row import Usual, usual


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
        return self.lists.read.starts if self.lists.read else [0]

    @property
    def notes_below(self) -> list[Reason]:
        """What was left out below the table, and what stands there; complete after the rows have been read to their end."""
        return [*notes_of(self._pass), *self._below]

    def data_rows(self, rows: Iterator[Row | BadRow], is_whole: bool = True) -> Iterator[Row | BadRow]:
        """The rows below the header, blank ones left out, each exactly as wide as `headers`. Not `is_whole`: `rows` are some of
        the sheet's, of which a blank row or the last one tells nothing."""
        header_row = self.header_row
        rows = dropwhile(lambda row: row[0] <= header_row, rows)
        if self.lists.read:
            return self._rows_of_lists(rows, self.lists.read, is_whole)
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
                    sparse = 0 if end.elsewhere or end.heading_of_noes else few
                    yield judged
                    if ahead.waiting:
                        go_on = True
                        break
        if is_whole:
            self._below = end.note_of_gap(before)

    def _rows_of_lists(self, rows: Iterator[Row | BadRow], lists: Lists, is_whole: bool) -> Iterator[Row | BadRow]:
        """Of each row of the sheet, those of its lists, from left to right. A row that the reader rejects is one of the first."""
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
            return row._replace(cells=_padded(cells, width))
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
    """Judges the first `look_at` filled rows. A given `header_row` and number of `lists` are used as given. Raises
    UnreadableFile."""
    filled = (Row(row.number, row.cells) for row in rows if any(cell.strip() for cell in row.cells))
    above: list[Row] = []
    head = list(islice(_from(filled, header_row - 1, above, look_at) if header_row else filled, look_at))
    if not head and header_row:
        raise UnreadableFile("header_row_empty", row=header_row)
    if not head:
        raise UnreadableFile("no_data_rows")
    index = index_of_header(head) if header_row is None else _index_of_number(head, header_row)
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
    header_row = None if index is None else head[index]
    body = head if index is None else head[index + 1 :]
    width = _width(header_row, body, strict_width)
    header = _padded(_trimmed(header_row.cells), width) if header_row else []
    above = above + head[: index or 0]
    next_above = above[-1].cells if header_row and above and above[-1].number == header_row.number - 1 else []
    found = find_lists(header, body, width, next_above if groups_of(next_above, width) else [], lists)
    return Layout(
        header_row.number if header_row else 0,
        _names(header, next_above, width, found.read),
        header,
        width,
        strict_width,
        _usual_of_one(usual(body, width), found.read),
        found,
        notes_above(above) + ([Reason("lists_side_by_side", {"count": len(found.read.own)})] if found.read else []),
        doubt_of_header(head, index, body, width, above),
    )


def _usual_of_one(facts: Usual, lists: Lists | None) -> Usual:
    """What most rows of a single list are like, given what those of the sheet are like."""
    if lists is None:
        return facts
    return facts._replace(probe=_place_in_list(facts.probe, lists), filled=facts.filled // len(lists.own))


def _place_in_list(column: int | None, lists: Lists) -> int | None:
    return next((columns.index(column) for columns in lists.columns if column in columns), None)


def _names(header: list[str], above: list[str], width: int, lists: Lists | None) -> list[str]:
    """The headers, or those of one list: each from the first list that has the column."""
    if lists is None:
        return displayable(with_groups(header, above)) if header else [column_letters(i) for i in range(width)]
    first = [next(i for i in columns if i >= 0) for columns in zip(*lists.columns)]
    return displayable([header[i] for i in first]) if header else [column_letters(i) for i in first]


def _width(header_row: Row | None, body: list[Row], strict_width: bool) -> int:
    """As wide as the header, or wider where the data says that the header lacks names: most rows of a csv go on, or
    two rows of a sheet do (one may be a note in the far corner). Raises UnreadableFile for more than MOST_COLUMNS."""
    names = len(_trimmed(header_row.cells)) if header_row else 0
    lengths = sorted((len(_trimmed(row.cells)) for row in body), reverse=True)
    width = names
    if lengths:
        width = max(names, lengths[len(lengths) // 2 if strict_width and names else min(1, len(lengths) - 1)])
    if strict_width and header_row and lengths:
        # A delimiter after the last name is a column without a name, where some row has something in it.
        width = max(width, min(len(header_row.cells), lengths[0]))
    if width > MOST_COLUMNS:
        raise UnreadableFile("too_many_columns", columns=width, limit=MOST_COLUMNS)
    return width


def _padded(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells at the end."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]
