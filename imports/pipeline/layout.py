"""Where the table begins in a sheet: the header row under logos and titles, or none at all.

Works on the first rows of a sheet as any reader gives them, so csv and workbooks are judged alike.
"""
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import dropwhile, islice

from .reasons import Reason
from .sheets import BadRow, Row, UnreadableFile

MOST_COLUMNS = 200
LONGEST_HEADER = 200
HEADER_WITHIN = 40      # filled rows among which the header row is looked for

# Cells that are data in any language: a run of 7 digits however it is written, an address, a date, an amount.
DATA_LIKE = re.compile(
    r"\D{0,6}(?:\d[\s().\-/]*){7,}\D{0,4}$"
    r"|[^\s@]++@[^\s@]++$"
    r"|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[ T].*)?$"
    r"|[-+]?[\d.,]+\s*[%₺$€£]?$"
    r"|https?://"
    r"|(?:TRUE|FALSE)$"
)
PHONE_LIKE = re.compile(r"(?:p:|tel:)?[\s'+(]*(?:\d[\s().\-/]*){9,15}$")
# Words that stand in headers and hardly ever in data, as prefixes of words. Used only to settle doubts.
HEADER_WORD = re.compile(
    r"(?<!\w)(?:tel|gsm|cep|mobil|phone|cell|numara|number|no(?!\w)|ad[ıi]?(?!\w)|soyad|isim|unvan|ünvan|name|first|last"
    r"|surname|e-?mail|e-?posta|firma|şirket|company|adres|address|şehir|city|il(?!\w)|ilçe|tarih|date|müşteri|customer"
    r"|ülke|country|not(?!\w)|notes?|açıklama|durum|status|id(?!\w)|vorname|nachname|nom|prénom|nombre|telefon|téléphone"
    r"|teléfono|handy"
    r"|هاتف|جوال|الاسم|اسم)", re.IGNORECASE,
)
# A row that ends a table: its first filled cell says so, in full.
TOTALS = re.compile(
    r"\W*(?:(?:genel|ara|alt|dip|grand|sub|net)[\s-]*)?(?:toplam[ıi]?|totals?|sum|summe|gesamt|yekun|yekûn|الإجمالي|المجموع)"
    r"(?:\s*\(?(?:kayıt|adet|satır|kişi|müşteri|lead|rows?|records?|entries|count|sayısı)[^\W\d]*\)?)*+"
    r"\s*+[:=]?+\s*+[\d.,]*+\s*+(?:kayıt|adet|satır|kişi|müşteri|rows?|records?|entries|leads?)?+\W*+$", re.IGNORECASE,
)
FOOTER = re.compile(
    r"\W*(?:(?:sayfa|page|seite)\s*\d+|rapor(?:\s+tarihi)?\s*:|report\s+(?:date|generated|created)|generated\s+(?:by|on|at)"
    r"|oluşturulma\s+tarihi|oluşturan\s*:|hazırlayan\s*:|prepared\s+by|yazdırma\s+tarihi|printed\s+(?:on|by)"
    r"|(?:liste|rapor)\s+sonu|end\s+of\s+(?:report|list|file)|(?:©|copyright)\s|bu\s+(?:rapor|liste|belge)\s"
    r"|confidential|gizlidir)", re.IGNORECASE,
)


@dataclass
class Layout:
    """`header_row` is 0 when the sheet has none; `headers` are unique and never empty."""

    header_row: int
    headers: list[str]
    header_cells: list[str]
    strict_width: bool          # a csv row with more cells than headers has slipped; a workbook's has not
    notes: list[Reason] = field(default_factory=list)

    def data_rows(self, rows: Iterator[Row | BadRow]) -> Iterator[Row | BadRow]:
        """The rows below the header, blank ones left out, each exactly as wide as the headers."""
        width, header_row, header = len(self.headers), self.header_row, self.header_cells
        sparse = width // 2 if width > 3 else 0     # so many empty cells make a row worth a closer look
        for row in dropwhile(lambda row: row[0] <= header_row, rows):
            cells = row[1]
            if len(cells) != width:
                row = self._fitted(row, width)
                cells = row[1]
            if cells.count("") < sparse and cells != header and not cells[0].isspace():
                yield row
            elif judged := self._judged(row):
                yield judged

    def _judged(self, row: Row | BadRow) -> Row | BadRow | None:
        """The row, or what it is instead of a lead; None when it is blank."""
        if isinstance(row, BadRow):
            return row
        filled = [cell for cell in row.cells if cell.strip()]
        if not filled:
            return None
        if row.cells == self.header_cells:
            return BadRow(*row, Reason("repeated_header", {}))
        if (TOTALS.match(filled[0]) or FOOTER.match(filled[0])) and _ends_table(filled, len(row.cells)):
            return BadRow(*row, Reason("totals_row", {"text": filled[0].strip()[:60]}))
        return row

    def _fitted(self, row: Row | BadRow, width: int) -> Row | BadRow:
        cells = row.cells
        if len(cells) < width:
            return row._replace(cells=cells + [""] * (width - len(cells)))
        if self.strict_width and isinstance(row, Row) and any(cell.strip() for cell in cells[width:]):
            reason = Reason("surplus_cells", {"expected": width, "found": len(_trimmed(cells))})
            return BadRow(row.number, cells, reason)
        return row._replace(cells=cells[:width])


def _ends_table(filled: list[str], width: int) -> bool:
    """Few cells and none like a phone: a person named Total with a number is a lead."""
    return len(filled) <= max(2, width // 2 + 1) and not any(PHONE_LIKE.match(cell) for cell in filled)


def find_layout(rows: Iterator[Row | BadRow], header_row: int | None, look_at: int, strict_width: bool) -> Layout:
    """Judges the first `look_at` filled rows. A given `header_row` is obeyed. Raises UnreadableFile."""
    filled = (row for row in rows if any(cell.strip() for cell in row.cells))
    if header_row:
        filled = (row for row in filled if row.number >= header_row - 1)
    head = [Row(row.number, row.cells) for row in islice(filled, look_at)]
    if not head and header_row:
        raise UnreadableFile("header_row_empty", row=header_row)
    if not head:
        raise UnreadableFile("no_data_rows")
    index = _index_of_header(head) if header_row is None else _index_of_number(head, header_row)
    return _layout(head, index, strict_width)


def _index_of_number(head: list[Row], header_row: int) -> int | None:
    if header_row == 0:
        return None
    for index, row in enumerate(head):
        if row.number == header_row:
            return index
    raise UnreadableFile("header_row_empty", row=header_row)


def _layout(head: list[Row], index: int | None, strict_width: bool) -> Layout:
    body = head if index is None else head[index + 1:]
    header = [] if index is None else _trimmed(head[index].cells)
    width = _width(header, body, strict_width)
    if width > MOST_COLUMNS:
        raise UnreadableFile("too_many_columns", columns=width, limit=MOST_COLUMNS)
    if index is None:
        return Layout(0, [column_letters(i) for i in range(width)], [], strict_width)
    header = header + [""] * (width - len(header))
    above = head[index - 1].cells if index and head[index - 1].number == head[index].number - 1 else []
    notes = [Reason("rows_above_header", {"count": index})] if index else []
    return Layout(head[index].number, displayable(_with_groups(header, above)), header, strict_width, notes)


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
        group if not name else f"{group} {name}" if name in repeated and group else name
        for name, group in zip(header, groups)
    ]


def _groups(above: list[str], width: int) -> list[str] | None:
    """Titles of a group row spread over the columns they span; None when it is a title line, not groups."""
    cells = [cell.strip() for cell in above[:width]] + [""] * (width - len(above))
    if sum(map(bool, cells)) < 2 or any(DATA_LIKE.match(cell) for cell in cells if cell):
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
        name = name if len(name) <= LONGEST_HEADER else name[:LONGEST_HEADER - 1] + "…"
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
    if not _names_columns(rows[index]):
        return _header_further_down(rows, index)
    index = _below_titles(head, rows, index, wide)
    return index + 1 if _second_header(head, index) else index


def _below_titles(head: list[Row], rows: list[list[str]], index: int, wide: int) -> int:
    """A wider row of names between `index` and the data means that `index` was a title, or a row of groups. So does a
    blank row below it, with another row of names before the data."""
    for later in range(index + 1, _first_data(head)):
        apart = head[index + 1].number > head[index].number + 1
        wider = len(rows[later]) > len(rows[index]) < wide
        if (wider or (apart and len(rows[later]) == len(rows[index]))) and not any(map(DATA_LIKE.match, rows[later])):
            index = later
    return index


def _first_data(head: list[Row]) -> int:
    """Index of the first of two rows that have data where most rows have it."""
    columns = _data_columns(head)
    has_data = [any(DATA_LIKE.match(row.cells[i].strip()) for i in columns if i < len(row.cells)) for row in head]
    return next((i for i, here in enumerate(has_data) if here and all(has_data[i:i + 2])), 0)


def _usual_filled(rows: list[list[str]]) -> int:
    """How many cells the fuller rows of the table have."""
    counts = sorted(map(len, rows))
    return counts[len(counts) * 3 // 4]


def _header_further_down(rows: list[list[str]], index: int) -> int | None:
    """A row of several header words, wider than all before it: those were notes about the list (`Date | 01.05.2024`)."""
    widest = len(rows[index])
    for later in range(index + 1, min(len(rows), HEADER_WITHIN)):
        cells = rows[later]
        words = sum(1 for cell in cells if HEADER_WORD.search(cell))
        if len(cells) > widest and words >= 2 and words * 3 >= len(cells) and _names_columns(cells):
            return later
        widest = max(widest, len(cells))
    return None


def _names_columns(cells: list[str]) -> bool:
    """Names, not data. A few numbers (years, quarters) are borne beside words that only headers use."""
    data = sum(1 for cell in cells if DATA_LIKE.match(cell))
    if not data:
        return True
    if any(PHONE_LIKE.match(cell) or "@" in cell for cell in cells):
        return False
    return data * 2 <= len(cells) and sum(1 for cell in cells if HEADER_WORD.search(cell)) * 2 >= len(cells) - data


def _second_header(head: list[Row], index: int) -> bool:
    """Whether the row after `index` goes on with names: text where the column below is data, and header words
    or names under titles that span several columns."""
    if index + 2 >= len(head) or head[index + 1].number != head[index].number + 1:
        return False
    upper, lower = head[index].cells, head[index + 1].cells
    filled = [(i, cell.strip()) for i, cell in enumerate(lower) if cell.strip()]
    if not filled or any(DATA_LIKE.match(cell) for _, cell in filled):
        return False
    data_columns = _data_columns(head[index + 2:])
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
        if cells and sum(1 for cell in cells if DATA_LIKE.match(cell)) * 10 >= len(cells) * 6:
            columns.add(index)
    return columns
