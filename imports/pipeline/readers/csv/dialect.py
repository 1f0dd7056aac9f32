"""How a text file separates, quotes and escapes its cells, judged by its lines.

An escape character, `'` as quotation mark and spaces as separators are taken only where the lines prove them: read
without, records are torn, are not quoted as they should be, or are not cut at all.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple, Protocol

from imports.pipeline.readers.table import UnreadableFile

from .spaces import SPACES, cut_by_spaces, single_space_separates

DELIMITERS = ",;\t|"
RARE_DELIMITERS = "^~¦§"  # tried where none of the usual ones cuts anything
NEARLY_ALL = 0.9  # of the lines
NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|", "space": " ", "spaces": SPACES}
ESCAPES = {"none": "", "backslash": "\\"}
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[;,\t|]*\s*$', re.IGNORECASE)
APOSTROPHE_OPENS = re.compile(r"(?m)(?:^|[,;\t|]) ?'")
APOSTROPHE_CLOSES = re.compile(r"(?m)(?:^|[,;\t|]) ?'(?:[^'\\]|''|\\.)*+' ?(?=[,;\t|\r\n]|\Z)")
QUOTED = re.compile(r'(?m)(?:^|[,;\t|]) ?"')
BEFORE_QUOTE = re.compile(r'([^\w\s",;|])"')
MOST_ESCAPES = 3  # characters that are tried


class Records(Protocol):
    """What `csv.reader` returns: the cells of each record, and the number of lines read so far."""

    @property
    def line_num(self) -> int: ...
    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


class Dialect(NamedTuple):
    """`delimiter` is one character, or SPACES; `escape` is '' where no character escapes another. `spaced`: a space may
    stand before the quotation mark that opens a cell."""

    delimiter: str
    quote: str = '"'
    escape: str = ""
    spaced: bool = False

    def reader(self, lines: Iterable[str], strict: bool = False) -> "Records":
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            escapechar=self.escape or None,
            skipinitialspace=self.spaced,
            strict=strict,
        )


def separator_line(lines: Sequence[str]) -> str | None:
    """The delimiter in a first line such as `sep=;`, which is meant for Excel and not shown by it."""
    found = SEPARATOR_LINE.match(lines[0]) if lines else None
    return found[1] if found else None


def known_delimiter(text: str) -> str:
    """One character or its name, or two spaces for any number of them. Raises UnreadableFile."""
    delimiter = NAMES.get(text.lower(), text)
    if delimiter != SPACES and len(delimiter) != 1 or delimiter in '"\r\n':
        raise UnreadableFile("delimiter_unknown", delimiter=text[:20])
    return delimiter


def known_escape(text: str) -> str:
    """One character or its name, '' for none. Raises UnreadableFile."""
    escape = ESCAPES.get(text.lower(), text)
    if len(escape) > 1 or escape and (escape.isalnum() or escape in DELIMITERS or escape in "'\"\r\n "):
        raise UnreadableFile("escape_unknown", escape=text[:20])
    return escape


def found_dialect(lines: Sequence[str], delimiter: str | None, escape: str | None, telling: Sequence[str] = ()) -> Dialect:
    """The dialect of a file that begins with `lines`; a delimiter or an escape that is given is used. `telling` are
    lines from elsewhere in the file that may hold escapes."""
    quote = "'" if _quoted_by_apostrophes(lines) else '"'
    escapes = _possible_escapes([*lines, *telling], quote) if escape is None else [escape]
    if delimiter is None:
        delimiter = sniffed(lines, quote, escapes)
    if delimiter == SPACES:
        return Dialect(SPACES)
    plain = Dialect(delimiter, quote, "", quotes_after_space(lines, delimiter, quote))
    if escape is not None:
        return plain._replace(escape=escape)
    return _with_escape([*lines, *telling], plain, escapes)


def sniffed(lines: Sequence[str], quote: str = '"', escapes: Sequence[str] = ("",)) -> str:
    """The delimiter that cuts most lines into the same number of cells, more of them if that is in doubt.
    A single column has none, which a comma serves as well as any."""
    best, best_score = None, (0.5, 0)
    for delimiter in DELIMITERS:
        score = max(_evenness(lines, Dialect(delimiter, quote, escape)) for escape in escapes)
        if score > best_score:
            best, best_score = delimiter, score
    best = best or next((one for one in RARE_DELIMITERS if _evenness(lines, Dialect(one, quote))[0] >= NEARLY_ALL), None)
    if best is None and cut_by_spaces(lines):
        return SPACES
    if best is None and single_space_separates(lines, [cells for cells in Dialect(" ").reader(lines) if any(cells)]):
        return " "
    return best or ","


def usual_width(lines: Sequence[str], dialect: Dialect) -> int:
    """How many cells most records have that have more than one; 1 where none has."""
    widths = Counter(len(cells) for cells in _records(lines, dialect) if len(cells) > 1)
    return max(widths, key=lambda cells: (widths[cells], cells)) if widths else 1


def _evenness(lines: Sequence[str], dialect: Dialect) -> tuple[float, int]:
    """(share of the records with the usual number of cells, rounded; that number), (0, 1) when it cuts nothing."""
    counts = Counter(len(cells) for cells in _records(lines, dialect) if any(cells))
    cut = {cells: records for cells, records in counts.items() if cells > 1}
    if not cut:
        return 0.0, 1
    usual = max(cut, key=lambda cells: (cut[cells], cells))
    # Titles above the table and notes below it are not cut, and ragged ends are cut less: both are tolerated.
    near = sum(records for cells, records in cut.items() if cells <= usual) * 0.3 + cut[usual] * 0.7
    return round(near / sum(counts.values()), 1), usual


def _records(lines: Sequence[str], dialect: Dialect) -> list[list[str]]:
    """The cells of each record. Where an open quotation mark swallows the last third of the lines, each line is one."""
    reader = dialect.reader(lines)
    records: list[list[str]] = []
    before = 0
    with suppress(csv.Error):  # an over-long cell: the records before it are enough to judge by
        for cells in reader:
            if reader.line_num - before > max(2, len(lines) // 3):
                return records + [cells for line in lines[before:] for cells in dialect.reader([line])]
            before = reader.line_num
            records.append(cells)
    return records


def _quoted_by_apostrophes(lines: Sequence[str]) -> bool:
    """`'Ali','0532 …'`: apostrophes open and close cells, and quotation marks do not. One that only opens a cell is
    Excel's sign for text."""
    text = "".join(lines)
    opened = len(APOSTROPHE_OPENS.findall(text))
    if opened < 3 or QUOTED.search(text) or opened != len(APOSTROPHE_CLOSES.findall(text)):
        return False
    if opened * 2 >= len(lines):
        return True
    delimiter = sniffed(lines, "'")
    return delimiter in DELIMITERS and defects(lines, Dialect(delimiter, "'")) < defects(lines, Dialect(delimiter))


# -- the escape character ------------------------------------------------------------------------------------------
def _possible_escapes(lines: Sequence[str], quote: str) -> list[str]:
    """'' and the characters that stand before quotation marks inside cells, most often first."""
    text = "".join(lines)
    found = [char for char, _ in Counter(BEFORE_QUOTE.findall(text.replace(quote, '"'))).most_common(MOST_ESCAPES)]
    backslash = ["\\"] if "\\" in text else []
    return ["", *backslash, *(char for char in found if char not in ("\\", quote, "="))]


def _with_escape(lines: Sequence[str], plain: Dialect, escapes: Sequence[str]) -> Dialect:
    """With the escape without which records are torn or badly quoted. A character that few programs escape with must
    mend every record, and several of them."""
    unescaped = defects(lines, plain) if len(escapes) > 1 else 0
    for escape in escapes[1:]:
        left = defects(lines, plain._replace(escape=escape)) if unescaped and escape != plain.delimiter else unescaped
        if left < unescaped and (escape == "\\" or left == 0 and unescaped > 1):
            return plain._replace(escape=escape)
    return plain


def defects(lines: Sequence[str], dialect: Dialect) -> int:
    """How many records are not quoted as they should be, or have not as many cells as most."""
    widths = [0 if cells is None else len(cells) for cells in _strict_records(lines, dialect) if cells != []]
    clean = Counter(width for width in widths if width)
    if not clean:
        return len(widths)
    usual = max(clean, key=lambda width: (clean[width], width))
    return sum(1 for width in widths if width != usual)


def _strict_records(lines: Sequence[str], dialect: Dialect) -> Iterator[list[str] | None]:
    """The cells of each record, None for one that is not quoted as it should be: that one ends with its first line."""
    start = 0
    while start < len(lines):
        reader = dialect.reader(lines[start:], strict=True)
        end = 0
        try:
            for cells in reader:
                yield cells
                end = reader.line_num
            return
        except csv.Error:
            yield None
            start += end + 1


# -- quotation marks -----------------------------------------------------------------------------------------------
def quotes_after_space(lines: Sequence[str], delimiter: str, quote: str = '"') -> bool:
    """`"a", "b"`: a space stands before the quotes, throughout."""
    text = "".join(lines)
    return delimiter != " " and text.count(f"{delimiter} {quote}") > 2 and text.count(f"{delimiter}{quote}") == 0


def lines_are_quoted(lines: Sequence[str]) -> bool:
    """`"Ali,Veli,0532 …"`: quotes around every line, as where a whole row stood in one cell."""
    texts = [text for line in lines if (text := line.strip().rstrip(DELIMITERS))]
    return bool(texts) and all(len(text) > 1 and text[0] == text[-1] == '"' for text in texts)
