"""Which character separates the cells of a text file, judged by its first lines."""
import csv
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from .sheets import UnreadableFile

DELIMITERS = ",;\t|"
NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|"}
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[;,\t|]*\s*$', re.IGNORECASE)


def separator_line(lines: Sequence[str]) -> str | None:
    """The delimiter that a first line such as `sep=;` tells Excel, which shows that line to nobody."""
    told = SEPARATOR_LINE.match(lines[0]) if lines else None
    return told[1] if told else None


def known_delimiter(text: str) -> str:
    """One character, or its name. Raises UnreadableFile."""
    delimiter = NAMES.get(text.lower(), text)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise UnreadableFile("delimiter_unknown", delimiter=text[:20])
    return delimiter


def sniffed(lines: Sequence[str]) -> str:
    """The delimiter that cuts most lines into the same number of cells, more of them if that is in doubt.
    A single column has none, which a comma serves as well as any."""
    best, best_score = ",", (0.5, 0)
    for delimiter in DELIMITERS:
        score = _evenness(lines, delimiter)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _evenness(lines: Sequence[str], delimiter: str) -> tuple[float, int]:
    """(share of the records with the usual number of cells, rounded; that number), (0, 1) when it cuts nothing."""
    counts = Counter(len(cells) for cells in _records(lines, delimiter) if any(cells))
    cut = {cells: records for cells, records in counts.items() if cells > 1}
    if not cut:
        return 0.0, 1
    usual = max(cut, key=lambda cells: (cut[cells], cells))
    # Titles above the table and notes below it are not cut, and ragged ends are cut less: both are borne.
    near = sum(records for cells, records in cut.items() if cells <= usual) * 0.3 + cut[usual] * 0.7
    return round(near / sum(counts.values()), 1), usual


def _records(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    reader = csv.reader(lines, delimiter=delimiter)
    records: list[list[str]] = []
    with suppress(csv.Error):   # an over-long cell: the records before it are enough to judge by
        records.extend(reader)
    return records


def quotes_after_space(lines: Sequence[str], delimiter: str) -> bool:
    """`"a", "b"`: a space stands before the quotes, throughout."""
    text = "".join(lines)
    return text.count(f'{delimiter} "') > 2 and text.count(f'{delimiter}"') == 0


def lines_are_quoted(lines: Sequence[str]) -> bool:
    """`"Ali,Veli,0532 …"`: quotes around every line, as where a whole row stood in one cell."""
    texts = [text for line in lines if (text := line.strip().rstrip(DELIMITERS))]
    return bool(texts) and all(len(text) > 1 and text[0] == text[-1] == '"' for text in texts)
