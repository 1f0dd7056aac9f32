"""Rows inside and below a table that are no leads: totals, footers, the sender's own number, a header printed again, another
table.

A number below a list is most often that of the author of the list. A row whose words or place say so is rejected with a named
reason; a person can still correct it.
"""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, product
from typing import NamedTuple

from imports.pipeline.cell_patterns import HEADER_WORD, HOLDS_NUMBER, PHONE_HEADER, PHONE_LIKE, folded, has_number, is_data
from imports.pipeline.readers.table import BadRow, Row
from imports.pipeline.reasons import Reason
from imports.pipeline.row_place import place_of

# A row that ends a table: the whole of its first filled cell is such a text.
TOTALS = re.compile(
    r"\W*(?:(?:genel|ara|alt|dip|grand|sub|net)[\s-]*)?(?:toplam[ıi]?|totals?|sum|summe|gesamt|yekun|yekûn|الإجمالي|المجموع)"
    r"(?:\s*\(?(?:kayıt|adet|satır|kişi|müşteri|lead|rows?|records?|entries|count|sayısı)[^\W\d]*\)?)*+"
    r"\s*+[:=]?+\s*+[\d.,]*+\s*+(?:kayıt|adet|satır|kişi|müşteri|rows?|records?|entries|leads?)?+\W*+$",
    re.IGNORECASE,
)
FOOTER = re.compile(
    r"\W*(?:(?:sayfa|page|seite)\s*\d+|rapor(?:\s+tarihi)?\s*:|report\s+(?:date|generated|created)|generated\s+(?:by|on|at)"
    r"|oluşturulma\s+tarihi|oluşturan\s*:|hazırlayan\s*:|prepared\s+by|yazdırma\s+tarihi|printed\s+(?:on|by)"
    r"|(?:liste|rapor)\s+sonu|end\s+of\s+(?:report|list|file)|(?:©|copyright)\s|bu\s+(?:rapor|liste|belge)\s"
    r"|confidential|gizlidir)",
    re.IGNORECASE,
)
# Words about the list itself, which are nobody's name …
ABOUT_THE_LIST = re.compile(
    r"\W{0,5}(?:(?:hazırlayan|düzenleyen|onaylayan|raporlayan|kontrol\s+eden|teslim\s+(?:eden|alan)|bilgi\s+için"
    r"|(?:detaylı|ayrıntılı|daha\s+fazla)\s+bilgi|sorularınız|bize\s+ulaşın|bizi\s+arayın|(?:for\s+)?(?:more"
    r"|further)\s+(?:information|info|details)|for\s+(?:information|questions)|contact\s+us"
    r"|call\s+us|prepared\s+by|approved\s+by|checked\s+by|signed\s+by|erstellt\s+von|für\s+(?:rückfragen|weitere))(?!\w)"
    r"|(?:iletişim|irtibat|contact|kontakt|information|questions|danışma|imza|signature)"
    r"(?:\s+(?:bilgileri|numarası|için|hattı|number|details|info|tel\w{0,10}))?\s{0,3}(?:[:\-–]|$))",
    re.IGNORECASE,
)
# … and names of the sender's own places, which also are branches in a list of branches.
OWN_PLACE = re.compile(
    r"(?P<whose>[^:;|]{0,60}?)(?<!\w)(?:genel\s+merkez(?:imiz)?|ana\s+merkez|merkez(?:\s+ofis(?:imiz)?|(?=\s{0,3}:))"
    r"|genel\s+müdürlük|santral|çağrı\s+merkezi|müşteri\s+hizmetleri"
    r"|destek\s+hattı|head\s?office|headquarters|main\s+office|call\s?cent(?:er|re)|customer\s+service|support|hotline"
    r"|switchboard"
    r"|zentrale|hauptsitz|hauptverwaltung|firmensitz|geschäftsstelle|kundenservice|siège(?:\s+social)?|accueil"
    r"|standard\s+téléphonique|service\s+client"
    r"|oficina\s+central|sede(?:\s+(?:central|legale|social|principal))?|atención\s+al\s+cliente|centralita|centralino|matriz"
    r"|hoofdkantoor|klantenservice|centrala|siedziba|sediul?(?:\s+(?:central|social))?|székhely|központ|ústředí|centrála"
    r"|hovedkontor|huvudkontor"
    r"|pääkonttori|hovedsæde|κεντρικά|έδρα|головний\s+офіс|kantor\s+pusat|(?:главный|головной|центральный)\s+офис|справочная"
    r"|المقر(?:\s+الرئيسي)?|المركز\s+الرئيسي|المكتب\s+الرئيسي|الإدارة(?:\s+العامة)?|خدمة\s+العملاء)"
    r"(?:\s+(?:tel\w{0,8}|no|numarası|phone))?\s{0,3}\.?(?P<colon>\s{0,3}[:=])?\s{0,3}(?:$|[+(]?\d)",
    re.IGNORECASE,
)
LABEL_OF_A_NUMBER = re.compile(
    r"\W{0,3}(?:(?:cep|iş|ev|sabit|mobil\w*)\s*)?(?:tel\w{0,8}|gsm|cep|mobil\w{0,3}|phone|cell|wa|whatsapp|m|t|p)\b",
    re.IGNORECASE,
)
MOST_LOOKS = 50  # ahead in one pass; a table with more such rows than that means something else by them
LOOKED_THROUGH = 500  # rows, blank ones too, for the next filled ones
OPENINGS = 3  # letters of a first cell that tell most leads from lines about the list
NEAR_THE_END = 3  # so many filled rows may follow a row that stands below the table
FEW_LEADS = 10
SPARSE = 2  # filled cells: a name and a number
ALIKE, MOSTLY = 8, 0.95  # numbers, and the share (0..1) of them, from which they are noticed to be written alike
BLANK_ROWS = 2  # at least so many make what comes below them worth a word
LONGEST_NAME = 60  # characters of a header cell of another table
Ahead = Callable[[], list[list[str]] | None]


class Usual(NamedTuple):
    """What most rows of a table are like. `probe` is the column (0-based) with the most numbers to call, None: there is none.
    `filled`: how many cells are; `labels`: the numbers have words before them; `places`: the names are those of places; `shape`:
    how nearly all numbers are written (digits made nines), '' where they are not alike."""

    probe: int | None = None
    filled: int = 1
    labels: bool = False
    places: bool = False
    first: int | None = None  # the first row that has a number there
    shape: str = ""


PLACE_NAME = re.compile(r"(?<!\w)(?:şube|mağaza|bayi|ofis|depo|branch|store|office|filiale)", re.IGNORECASE)


def usual(body: Sequence[Row], width: int) -> Usual:
    """As the first filled rows of a table have it."""
    table = [[cell.strip() for cell in row.cells[:width]] for row in body]
    numbers = [sum(1 for cells in table if i < len(cells) and HOLDS_NUMBER.match(cells[i])) for i in range(width)]
    most = max(numbers, default=0)
    if most * 2 < max(1, sum(map(any, table))):
        return Usual(filled=_median(table), places=_share(table, PLACE_NAME))
    probe = numbers.index(most)
    first = next(row.number for row, cells in zip(body, table) if probe < len(cells) and HOLDS_NUMBER.match(cells[probe]))
    labels = [cells[probe] for cells in table if probe < len(cells) and LABEL_OF_A_NUMBER.match(cells[probe])]
    written = [cells[probe] for cells in table if probe < len(cells) and HOLDS_NUMBER.match(cells[probe])]
    shape, alike = next(iter(Counter(map(_shape, written)).most_common(1)), ("", 0))
    shape = shape if alike >= max(ALIKE, MOSTLY * len(written)) else ""
    return Usual(probe, _median(table), len(labels) * 5 >= most, _share(table, PLACE_NAME), first, shape)


def _shape(number: str) -> str:
    return re.sub(r"[0-9]", "9", number)


def _median(table: list[list[str]]) -> int:
    counts = sorted(sum(map(bool, cells)) for cells in table)
    return counts[len(counts) // 2] if counts else 0


def _share(table: list[list[str]], pattern: re.Pattern[str]) -> bool:
    found = sum(any(pattern.search(cell[:LONGEST_NAME]) and not OWN_PLACE.match(cell) for cell in cells) for cells in table)
    return found * 5 >= len(table) > 0


def _openings() -> frozenset[str]:
    """How the words of the patterns above begin, in small letters, each i with the dots that capitals leave it."""
    sources = "".join(pattern.pattern for pattern in (TOTALS, FOOTER, ABOUT_THE_LIST, OWN_PLACE))
    begins = {word[:OPENINGS] for word in re.findall(r"[^\W\d_]{3,}", sources)}
    return frozenset("".join(letters) for begin in begins for letters in product(*(DOTS.get(letter, letter) for letter in begin)))


DOTS = {"i": ("i", "ı", "i\u0307"), "ı": ("i", "ı", "i\u0307")}
SUSPECT = _openings()


def is_suspect(first: str) -> bool:
    """Whether a first cell is worth a closer look. No line about a list is missed, if its word stands first or before a colon."""
    begin = first[:OPENINGS].lower()
    return begin in SUSPECT or ":" in first or not begin[:1].isalnum() or first[2:3] == " "


@dataclass
class TableEnd:
    """Judges the rows of one pass over a table (`header`: its header cells, [] without), in their order.

    `is_whole`: the rows are all of the sheet, so that the place of a row is evidence.
    """

    header: list[str]
    usual: Usual
    is_whole: bool = True
    elsewhere: int = 0  # the row of another table's header, while its rows are passed over
    tables: list[int] = field(default_factory=list)  # rows in which other tables begin
    _folded: list[str] = field(default_factory=list)
    _numberless: int = 0  # rows below it that hold no number, and so are no leads without a word
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
        if reason := self._header_reason(row, filled, ahead):
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
        is_below = self.usual.first is not None and number > self.usual.first  # above, it is the header of our own table
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

    # -- other rows -----------------------------------------------------------------------------------------------------
    def _reason(self, row: Row, filled: list[str], apart: bool, ahead: Ahead) -> Reason | None:
        first, params = filled[0].strip(), {"text": " ".join(" ".join(filled).split())[:60]}
        if (TOTALS.match(first) or FOOTER.match(first)) and _ends_table(filled, len(row.cells)):
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
        return has_number(cells[probe]) and _shape(cells[probe].strip()) != self.usual.shape

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
    return len(filled) <= max(2, width // 2 + 1) and not any(PHONE_LIKE.match(cell) for cell in filled)


class Lookahead:
    """Rows to iterate over; called, it returns the cells of the filled ones that come next, as `TableEnd` needs them. After a
    call, a new iteration must begin; it continues at the next row."""

    def __init__(self, rows: Iterator[Row | BadRow]):
        self._rows = rows
        self._looks = MOST_LOOKS
        self.waiting: deque[Row | BadRow] = deque()

    def __iter__(self) -> Iterator[Row | BadRow]:
        return chain(self._waiting_rows(), self._rows)

    def _waiting_rows(self) -> Iterator[Row | BadRow]:
        while self.waiting:
            yield self.waiting.popleft()

    def __call__(self) -> list[list[str]] | None:
        self._looks -= 1
        if self._looks < 0:
            return None
        seen = [row.cells for row in self.waiting if any(cell.strip() for cell in row.cells)]
        while len(seen) <= NEAR_THE_END and len(self.waiting) < LOOKED_THROUGH and (row := next(self._rows, None)) is not None:
            self.waiting.append(row)
            if any(cell.strip() for cell in row.cells):
                seen.append(row.cells)
        return seen
