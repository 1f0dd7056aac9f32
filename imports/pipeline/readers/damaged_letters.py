"""Letters that were damaged before a file came here, and their repair where it is certain.

UTF-8 that was read as Windows text (`GÃ¼rsoy`) shows it by itself: each cell that turns back into UTF-8 without a rest
is repaired, once the file proves that this is what happened. Turkish that was read as Western European (`ÝREM GÜNEÞ`)
consists of letters that Icelandic, Faroese, Czech or Slovak write too. It is repaired only where words of the file can
be nothing but Turkish, and none of them can be another language's.
"""

import re
from collections.abc import Iterable, Sequence

from imports.pipeline.reasons import Reason

from .damaged_turkish import SWAPPED, is_swapped_turkish, may_be_swapped, turkish_again
from .table import LetterRepairs

# Encodings that UTF-8 is mistaken for. The sloppy ones, which ftfy registers, keep bytes that Windows leaves undefined.
MISTAKEN = (
    "sloppy-windows-1252",
    "sloppy-windows-1254",
    "latin-1",
    "sloppy-windows-1250",
    "sloppy-windows-1251",
    "mac-roman",
    "cp437",
    "cp857",
    "cp850",
)
# A first byte of a letter in UTF-8, as those encodings show it, before a byte that only goes on with one. `ç` and the
# like stand beside each other in Turkish words too, so plain letters after them are no suspicion.
LEADS = "\u00c2-\u00f4\u0102\u0104\u0106\u010c\u010e\u0111\u0118\u011a\u011e\u0130\u0139\u015e\u0160\u0162\u0178"
SIGNS = "√≈ƒ├┼─┬╟"
# One set of characters first: what begins with it is looked for several times as fast as either of two.
SUSPICIOUS = re.compile(f"[{LEADS}{SIGNS}ГДЕРСВ](?:[^\x00-\x7fçğıöşüÇĞİÖŞÜ]|(?<=[{SIGNS}])[^\x00-\x7f])")
LONGEST_SHOWN = 60


def plan_of(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> LetterRepairs:
    """How letters of a file are repaired, judged by its headers and some of its rows."""
    cells = dict.fromkeys(cell for row in (headers, *rows) for cell in row if not cell.isascii())
    suspicious = [cell for cell in cells if SUSPICIOUS.search(cell)]
    plan: LetterRepairs = {"encodings": _encodings_of(suspicious), "turkish": False, "doubtful": ""}
    cells = dict.fromkeys(repaired(cell, plan) for cell in cells)
    swapped = [cell for cell in cells if SWAPPED.search(cell)]
    if not swapped:
        return plan
    turkish = is_swapped_turkish(swapped, cells, headers)
    doubtful = "" if turkish else next(filter(may_be_swapped, swapped), "")
    return {**plan, "turkish": turkish, "doubtful": doubtful[:LONGEST_SHOWN]}


def repaired(text: str, plan: LetterRepairs | None) -> str:
    """`text` as it was before it was damaged; `text` itself where that is not certain."""
    if plan is None or text.isascii():
        return text
    if SUSPICIOUS.search(text):
        text = _as_utf8_again(text, plan["encodings"])
    return turkish_again(text) if plan["turkish"] and SWAPPED.search(text) else text


def headers_repaired(headers: Sequence[str], plan: LetterRepairs) -> list[str]:
    """Repaired, each different from the others as before."""
    new = [repaired(header, plan) for header in headers]
    return new if len(set(new)) == len(new) else list(headers)


def notes_of(plan: LetterRepairs, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> list[Reason]:
    """What a person should know about the repair, judged by the rows that are shown."""
    pairs = [(cell, after) for row in (headers, *rows) for cell in row if (after := repaired(cell, plan)) != cell]
    notes = []
    if pairs:
        before, after = (text[:LONGEST_SHOWN] for text in pairs[0])
        notes.append(Reason("letters_repaired_in_file", {"count": len(pairs), "before": before, "after": after}))
    if plan["doubtful"]:
        notes.append(Reason("letters_doubtful", {"text": plan["doubtful"]}))
    return notes


def may_be_damaged(text: str, plan: LetterRepairs) -> bool:
    """Whether `repaired` could change anything in `text`; much faster than a repair."""
    return not text.isascii() and bool(SUSPICIOUS.search(text) or plan["turkish"] and SWAPPED.search(text))


# -- UTF-8 that was read as something else ---------------------------------------------------------------------------
def _encodings_of(cells: Sequence[str]) -> list[str]:
    """The encodings that turn suspicious cells back into UTF-8, most first. Two different cells prove one, or a single
    cell that a library of such damage is sure of."""
    if not cells:
        return []
    import ftfy  # noqa: F401, PLC0415  registers the sloppy encodings; slow to load, and few files need it

    found = {encoding: [cell for cell in cells if _read_back(cell, encoding)] for encoding in MISTAKEN}
    proven = [encoding for encoding in MISTAKEN if len(found[encoding]) > 1 or any(map(_is_sure, found[encoding]))]
    return sorted(proven, key=lambda encoding: -len(found[encoding]))


def _read_back(text: str, encoding: str) -> str | None:
    """The text whose UTF-8 was read in `encoding`; None where that cannot be or the letters are none."""
    try:
        before = text.encode(encoding).decode("utf-8")
    except UnicodeError:
        return None
    beyond = [char for char in before if char > "\x7f"]
    return before if beyond and sum(map(str.isprintable, beyond)) == len(beyond) else None


def _is_sure(text: str) -> bool:
    return _fixed_by_library(text) != text


def _as_utf8_again(text: str, encodings: Sequence[str]) -> str:
    """By the encodings that the file proves, else by the library alone."""
    if encodings:
        import ftfy  # noqa: F401, PLC0415  registers the sloppy encodings; slow to load, and few files need it
    for encoding in encodings:
        if before := _read_back(text, encoding):
            return before
    return _fixed_by_library(text)


def _fixed_by_library(text: str) -> str:
    """By ftfy, which changes nothing that could be meant; replacement characters are left where they are."""
    import ftfy  # noqa: PLC0415  slow to load, and few files need it

    config = ftfy.TextFixerConfig(replace_lossy_sequences=False, fix_c1_controls=False, unescape_html=False)
    return ftfy.fix_encoding(text, config)
