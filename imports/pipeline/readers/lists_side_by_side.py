"""Lists side by side on one sheet: `Ad;Tel;Ad;Tel` are two lists of people, and not people with two numbers.

`find_lists` looks for groups of headers (or, without headers, of cell shapes) that repeat, and for evidence in
the cells that the groups belong together after all: one row of a firm's contacts, or of a pupil's parents.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from imports.pipeline.cell_patterns import HOLDS_NUMBER, SHORT_NUMBER, folded
from imports.pipeline.headers.people_and_firms import is_given_name
from imports.pipeline.readers.table import Row, UnreadableFile
from imports.pipeline.reasons import Reason

from .repeated_columns import LETTER, TENTH, Lists, header_keys, is_running, key_of, repeated, shape_of, share

JUDGED_BY = 200  # rows; so many are at hand whether or not the header row was chosen, and the same are judged again
MOSTLY = 0.5  # of a column's filled cells
NOBODY = re.compile(
    r"(?<!\w)(?:tip|tür|type|label|etiket|durum|status|not|note|açıklama|tarih|date|adet|tutar|amount)", re.IGNORECASE
)
# People named by their relation to somebody: groups of such headers or titles are people of one row.
ROLE = re.compile(
    r"(?<!\w)(?:anne|baba|veli|eş|mother|father|parent|guardian|spouse|wife|husband|contact|kontak|yetkili|irtibat|acil|yakın"
    r"|emergency|kefil|guarantor|primary|secondary|birinci|ikinci|alıcı|satıcı|buyer|seller|sender|recipient|vater|mutter)"
    r"(?:s[iı]|i|[sn]?[iı]n[iı]n|n[iı]n|s)?(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Finding:
    """`lists` are those that there may be, None: it can only be one table. `chosen`: they are read as lists. `doubt`: why the
    other reading may be meant, None: it is refuted, or was ruled out by a person."""

    lists: Lists | None = None
    chosen: bool = False
    doubt: Reason | None = None

    @property
    def read(self) -> Lists | None:
        """The lists that are read; None: the sheet is read as one table."""
        return self.lists if self.chosen else None


@dataclass(frozen=True)
class _Table:
    """The columns as detection sees them: `keys` name what repeats ('' for a column that holds nothing), `cells` are the
    stripped cells of each column."""

    names: list[str]
    keys: list[str]
    cells: list[list[str]]
    titles: list[str] = field(default_factory=list)


def find_lists(header: Sequence[str], body: Sequence[Row], width: int, titles: Sequence[str], wanted: int | None) -> Finding:
    """`header` is empty where the sheet has none; `body` are the first filled rows below it; `titles` the row above it.
    `wanted`: how many lists a person asked for. Raises UnreadableFile when there cannot be so many."""
    body = body[:JUDGED_BY]
    columns = [[row.cells[i].strip() if i < len(row.cells) else "" for row in body] for i in range(width)]
    names = [name.strip() for name in header] + [""] * (width - len(header))
    keys = header_keys(names, columns) if header else [shape_of(cells) for cells in columns]
    table = _Table(names, keys, columns, list(titles))
    lists = repeated(keys)
    if lists and not _could_be_lists(lists, table):
        lists = None
    if wanted and wanted > 1:
        return Finding(lists if lists and len(lists.own) == wanted else _divided(table, wanted), chosen=True)
    return _judged(lists, table) if lists and wanted is None else Finding(lists)


def _divided(table: _Table, wanted: int) -> Lists:
    """As many equal parts as a person asked for, each with a column of numbers. Raises UnreadableFile."""
    filled = [i for i, cells in enumerate(table.cells) if any(cells) or table.names[i]]
    size, rest = divmod(len(filled), wanted)
    groups = [filled[n * size : (n + 1) * size] for n in range(wanted)]
    if rest or size < 1 or not all(any(_is_phone(table.cells[i]) for i in group) for group in groups):
        raise UnreadableFile("lists_not_found", lists=wanted)
    return Lists(tuple(map(tuple, groups)), tuple(map(tuple, groups)))


# -- what the cells say -------------------------------------------------------------------------------------------------


def _judged(lists: Lists, table: _Table) -> Finding:
    """The reading for which headers and cells are evidence, and why the other one may be meant."""
    others = [i for i, key in enumerate(table.keys) if key and not any(i in own for own in lists.own)]
    others += [i for own in lists.own for i in own if len(own) > min(map(len, lists.own)) and not _in_all(i, lists)]
    shared = [i for i in others if not is_running([cell for cell in table.cells[i] if cell])]
    numbered = _numbered(lists, table.names)
    if shared and numbered == "from one":
        return Finding(lists)  # `Veli 1 Adı; Veli 2 Adı; Öğrenci`: the numbers count the contacts of a row
    if shared:
        return Finding(lists, doubt=Reason("lists_share_columns", {"header": table.names[shared[0]]}))
    if doubt := _one_row_doubt(lists, table, numbered):
        return Finding(lists, doubt=doubt)
    return Finding(lists, chosen=True, doubt=_list_doubt(lists, table, numbered, others))


def _in_all(column: int, lists: Lists) -> bool:
    """Whether a list's own column has its like in every list."""
    place = next(columns.index(column) for columns in lists.columns if column in columns)
    return all(columns[place] >= 0 for columns in lists.columns)


def _one_row_doubt(lists: Lists, table: _Table, numbered: str) -> Reason | None:
    """Evidence that the groups belong to one row, strong enough to read them so."""
    firsts = [table.names[i] for own in lists.own for i in own] + table.titles
    if role := next((name for name in firsts if ROLE.search(name)), None):
        return Reason("lists_of_roles", {"header": role[:60]})
    titles = list(dict.fromkeys(title.strip() for title in table.titles if title.strip()))
    if len(set(map(key_of, titles))) > 1:  # `Customer` and `Sales Rep`: months, or people who belong together
        return Reason("lists_under_titles", {"first": titles[0][:60], "second": titles[1][:60]})
    if numbered == "from one":
        return Reason("lists_numbered", {"header": table.names[lists.own[0][0]]})
    if any(_holes(lists, table, k) * TENTH > len(_filled_rows(lists, table, k)) for k in range(len(lists.own))):
        return Reason("lists_with_gaps", {})
    if _agreeing(lists, table):
        return Reason("lists_agree", {})
    if not table.names[lists.own[0][0]] and not _all_have_people(lists, table):
        return Reason("lists_without_headers", {})
    return None


def _list_doubt(lists: Lists, table: _Table, numbered: str, others: list[int]) -> Reason | None:
    """What is left of evidence against lists, though they are read."""
    ends = [max(_filled_rows(lists, table, k), default=0) for k in range(len(lists.own))]
    if others:
        return Reason("lists_share_numbering", {})
    if min(len(_filled_rows(lists, table, k)) for k in range(len(lists.own))) < 2:
        return Reason("lists_too_short", {})
    if len(set(ends)) > 1:
        return None  # one ends before the other, without a gap before its end
    if numbered:
        return Reason("lists_numbered", {"header": table.names[lists.own[1][0]]})
    return None if table.names[lists.own[0][0]] else Reason("lists_without_headers", {})


def _could_be_lists(lists: Lists, table: _Table) -> bool:
    """Every group has a column of numbers at the same place, and one of names; or numbers, and nothing stands outside."""
    groups = list(zip(*(own[: min(map(len, lists.own))] for own in lists.own)))
    if not any(all(_is_phone(table.cells[i]) for i in group) for group in groups):
        return False
    alone = sum(map(len, lists.own)) == sum(1 for key in table.keys if key)
    return alone or any(all(_is_named(table, i) for i in group) for group in groups)


def _is_phone(cells: list[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and share(filled, lambda cell: HOLDS_NUMBER.match(cell) or SHORT_NUMBER.match(cell)) >= MOSTLY


def _is_named(table: _Table, column: int) -> bool:
    """A column of names of people or firms: texts that hardly repeat."""
    filled = [cell for cell in table.cells[column] if cell]
    texts = {cell for cell in filled if LETTER.search(cell) and "@" not in cell and not HOLDS_NUMBER.match(cell)}
    return len(texts) >= MOSTLY * len(filled) > 0 and not NOBODY.search(table.names[column])


def _all_have_people(lists: Lists, table: _Table) -> bool:
    """A column of given names at the same place of every group."""

    def has_people(column: int) -> bool:
        filled = [cell for cell in table.cells[column] if cell]
        return bool(filled) and share(filled, lambda cell: any(map(is_given_name, cell[:60].split()[:2]))) >= MOSTLY / 2

    return any(all(map(has_people, group)) for group in zip(*lists.own))


def _numbered(lists: Lists, names: list[str]) -> str:
    """'' where the groups' headers are the same; 'later' where those of the second have a number (`Tel`, `Tel 2`), 'from one'
    where those of the first have one too (`Tel 1`, `Tel 2`)."""
    pairs = [(names[first], names[second]) for first, second in zip(lists.own[0], lists.own[1])]
    if all(folded(first) == folded(second) for first, second in pairs):
        return ""
    return "from one" if all(re.search(r"\d", first) for first, second in pairs if folded(first) != folded(second)) else "later"


def _rows_with(table: _Table, columns: Sequence[int]) -> list[int]:
    counted = [i for i in columns if not is_running([cell for cell in table.cells[i] if cell])]
    return [n for n in range(len(table.cells[0])) if any(table.cells[i][n] for i in counted)]


def _filled_rows(lists: Lists, table: _Table, k: int) -> list[int]:
    return _rows_with(table, lists.own[k])


def _holes(lists: Lists, table: _Table, k: int) -> int:
    """Rows before the end of list k that it leaves blank, though another list has a row there."""
    filled = _filled_rows(lists, table, k)
    others = {n for other in range(len(lists.own)) if other != k for n in _filled_rows(lists, table, other)}
    return len([n for n in others.difference(filled) if filled and n < filled[-1]])


def _agreeing(lists: Lists, table: _Table) -> bool:
    """Whether rows of the first two groups have the same last name, number or address too often for chance."""
    rows = sorted(set(_filled_rows(lists, table, 0)) & set(_filled_rows(lists, table, 1)))
    for first, second in zip(lists.own[0], lists.own[1]):
        pairs = [(_last(table.cells[first][n]), _last(table.cells[second][n])) for n in rows]
        pairs = [pair for pair in pairs if all(pair)]
        same = sum(one == other for one, other in pairs)
        varied = len({one for one, _ in pairs}) * 2 > len(pairs)
        if (
            varied
            and same * 4 >= len(pairs) > 0
            and (same > 1 or same * 2 > len(pairs))
            and not is_running([one for one, _ in pairs])
        ):
            return True
    return False


def _last(cell: str) -> str:
    """The last name of a person, or the digits of a number; '' where there is only one name."""
    if HOLDS_NUMBER.match(cell):
        return re.sub(r"\D", "", cell[:60])
    words = folded(cell[:120]).split()
    return words[-1] if len(words) > 1 or any(char.isdigit() for char in cell[:60]) else ""
