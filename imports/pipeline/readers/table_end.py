"""Rows inside and below a table that are no leads: totals, footers, the sender's own number, a header printed again, another
table.

A number below a list is most often that of the author of the list. A row whose words or place say so is rejected with a named
reason; a person can still correct it.
"""

from dataclasses import dataclass, field

from imports.pipeline.cell_patterns import HEADER_WORD, HOLDS_NUMBER, PHONE_HEADER, PHONE_LIKE, folded, has_number, is_data
from imports.pipeline.consent import is_heading_of_noes
from imports.pipeline.readers.table import BadRow, Row
from imports.pipeline.reasons import Reason
from imports.pipeline.row_place import place_of

from .list_lines import ABOUT_THE_LIST, FOOTER, LABEL_OF_A_NUMBER, OWN_PLACE, TOTALS
from .lookahead import NEAR_THE_END, Ahead
from .usual_row import LONGEST_NAME, Usual, shape_of

FEW_LEADS = 10
SPARSE = 2  # filled cells: a name and a number
BLANK_ROWS = 2  # at least so many make the rows below them worth a note


@dataclass
class TableEnd:
    """Judges the rows of one pass over a table (`header`: its header cells, [] without), in their order.

    `is_whole`: the rows are all of the sheet, so that the place of a row is evidence.
    """

    header: list[str]
    usual: Usual
    is_whole: bool = True
    elsewhere: int = 0  # the row of another table's header, while its rows are passed over
    heading_of_noes: str = ""  # the last line above these rows that says that nobody below must be called
    tables: list[int] = field(default_factory=list)  # rows in which other tables begin
    _folded: list[str] = field(default_factory=list)
    _numberless: int = 0  # rows below it that hold no number, and so are no leads anyway
    gap: int = 0  # the first row below the last stretch of at least two blank ones
    left_out: list[int] = field(default_factory=list)  # rows that are no leads, headers and other tables apart

    def judged(self, row: Row | BadRow, before: int, ahead: Ahead = lambda: None) -> Row | BadRow | None:
        """The row, or what it is instead of a lead; None when it is blank. `before` is the number of the filled row before it, 0
        for the first; `ahead()` gives the cells of the next filled rows, one more than NEAR_THE_END where there are so many, or
        None where they cannot be had."""
        if isinstance(row, BadRow):
            return row
        filled = [cell for cell in row.cells if cell.strip()]
        if not filled:
            return None
        if reason := self._header_reason(row, filled, ahead) or self._reason_of_noes(row.cells[0], filled):
            return BadRow(*row, reason)
        apart = self.is_whole and before > 0 and row.number - before > 1
        if apart and row.number - before > BLANK_ROWS:
            self.gap, self._numberless = place_of(row.number).row, 0
        reason = self._reason(row, filled, apart, ahead)
        if reason is None:
            self._numberless += not any(map(HOLDS_NUMBER.match, filled))
            return row
        self.left_out.append(place_of(row.number).row)
        return BadRow(*row, reason)

    def note_of_gap(self, last: int) -> list[Reason]:
        """What to say of leads below blank rows, where `last` is the last filled row: few may be no part of the list."""
        left_out = sum(row >= self.gap for row in self.left_out)
        count = last - self.gap + 1 - left_out - self._numberless
        few = self.gap and not self.elsewhere and 0 < count <= FEW_LEADS
        return [Reason("rows_after_blank_rows", {"row": self.gap, "count": count})] if few else []

    # -- headers --------------------------------------------------------------------------------------------------------
    def _header_reason(self, row: Row, filled: list[str], ahead: Ahead) -> Reason | None:
        if self._is_header_again(row.cells):
            self.elsewhere = 0
            return Reason("repeated_header", {})
        number = place_of(row.number).row
        is_below = self.usual.first is not None and number > self.usual.first  # above, it is the header of this table
        if is_below and self._is_other_header(row.cells, [cell.strip() for cell in filled], ahead):
            self.elsewhere = number
            self.tables.append(self.elsewhere)
        return Reason("another_table", {"row": self.elsewhere}) if self.elsewhere else None

    def _is_header_again(self, cells: list[str]) -> bool:
        if cells == self.header:
            return True
        self._folded = self._folded or [*map(folded, self.header)]
        return bool(self.header) and folded(cells[0]) == self._folded[0] and [*map(folded, cells)] == self._folded

    def _is_other_header(self, cells: list[str], filled: list[str], ahead: Ahead) -> bool:
        """Names of other columns than those of this table: no data, half of them header words, and one for the numbers in the row
        below."""
        if len(filled) < 2 or not self.header or max(map(len, filled)) > LONGEST_NAME or any(map(is_data, filled)):
            return False
        names = [i for i, cell in enumerate(cells) if PHONE_HEADER.match(cell.strip())]
        if not names or sum(1 for cell in filled if HEADER_WORD.search(cell)) * 2 < len(filled):
            return False
        below = ahead()
        return (
            self.usual.probe in names
            if below is None
            else bool(below) and any(i < len(below[0]) and HOLDS_NUMBER.match(below[0][i].strip()) for i in names)
        )

    def _reason_of_noes(self, first: str, filled: list[str]) -> Reason | None:
        """For a heading such as `Do not call:`, alone in its row, and all rows below it."""
        if filled == [first] and self.usual.filled > 1 and not has_number(first) and is_heading_of_noes(first):
            self.heading_of_noes = " ".join(first.split())[:60]
        return Reason("below_list_of_noes", {"text": self.heading_of_noes}) if self.heading_of_noes else None

    # -- other rows -----------------------------------------------------------------------------------------------------
    def _reason(self, row: Row, filled: list[str], apart: bool, ahead: Ahead) -> Reason | None:
        first, params = filled[0].strip(), {"text": " ".join(" ".join(filled).split())[:60]}
        if (
            FOOTER.match(first)
            and _are_few(filled, len(row.cells))
            or TOTALS.match(first)
            and _ends_table(filled, len(row.cells))
        ):
            return Reason("totals_row", {"text": first[:60]})
        if len(filled) > max(2, len(row.cells) // 2 + 1):
            return None
        if apart and self.usual.filled >= SPARSE + 1 and len(filled) <= SPARSE and any(map(has_number, filled)) and _few(ahead):
            return Reason("contact_line", params)  # a name and a number below the table, beside rows that tell far more
        if apart and self._is_written_otherwise(row.cells) and _few(ahead):
            return Reason("contact_line", params)
        if ABOUT_THE_LIST.match(first) or self._is_own_place(first, apart, ahead):
            return Reason("contact_line", params)
        if len(filled) == 1 and self.usual.filled > 1 and self._is_lone_number(row, first, apart, ahead):
            return Reason("contact_line", params)
        return None

    def _is_written_otherwise(self, cells: list[str]) -> bool:
        """A number that is not written as all those of the list are: somebody else put it there."""
        probe = self.usual.probe
        if probe is None or probe >= len(cells) or not self.usual.shape:
            return False
        return has_number(cells[probe]) and shape_of(cells[probe].strip()) != self.usual.shape

    def _is_own_place(self, first: str, apart: bool, ahead: Ahead) -> bool:
        found = OWN_PLACE.match(first)
        if not found or found["whose"].strip() and not found["colon"]:
            return False
        return bool(found["colon"] or apart) or not self.usual.places and self.is_whole and _few(ahead)

    def _is_lone_number(self, row: Row, cell: str, apart: bool, ahead: Ahead) -> bool:
        """A number without a name: with words of its own, or alone below the table."""
        if not has_number(cell):
            return False
        bare = bool(PHONE_LIKE.match(cell) or HOLDS_NUMBER.match(cell) and LABEL_OF_A_NUMBER.match(cell))
        in_place = self.usual.probe is not None and row.cells[self.usual.probe].strip() == cell
        if in_place and (bare or self.usual.labels):
            return apart and _few(ahead)
        return any(map(str.isalpha, cell))


def _few(ahead: Ahead) -> bool:
    rows = ahead()
    return rows is not None and len(rows) <= NEAR_THE_END


def _ends_table(filled: list[str], width: int) -> bool:
    """Few cells and none like a phone: a person named Total with a number is a lead."""
    return _are_few(filled, width) and not any(PHONE_LIKE.match(cell) for cell in filled)


def _are_few(filled: list[str], width: int) -> bool:
    return len(filled) <= max(2, width // 2 + 1)
