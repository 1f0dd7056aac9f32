"""Which encoding a text file is in, judged by all of its bytes and, among old ones, by the letters people use.

A file that is valid UTF-8 is UTF-8. Otherwise the words decide: where accented letters stand singly among plain ones
the language is written in Latin letters, and the language whose own letters explain most of them names the encoding
(Turkish first: `Ayşe` in cp1254 is `Ayþe` in cp1252). Scripts of their own are left to chardet, which knows them well.

A file of which some lines are UTF-8 and others are not was put together from two: it is read line by line, in an
encoding called `utf-8+cp1254`.
"""

import codecs
import re
from pathlib import Path
from typing import NamedTuple

from imports.pipeline.readers.table import UnreadableFile

from .languages import (
    EXPLAINED,
    HIGH,
    LATIN,
    MIXABLE,
    OTHER_RIVALS,
    RIVALS,
    TURKISH,
    WORD,
    explained,
    is_latin,
    latin_encoding,
    rivals_of,
)
from .mixed import MIXED, UTF8_LETTER, LinesByKind, lines_by_kind

BLOCK = 1 << 20
SAMPLE = 1 << 16  # bytes of lines with letters beyond ASCII that are judged
BOMS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
OTHER_SCRIPTS = [
    "windows-1256",
    "windows-1251",
    "windows-1253",
    "windows-1255",
    "koi8-r",
    "ibm866",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "gb18030",
    "big5",
    "shift_jis",
    "euc-jp",
    "euc-kr",
    "cp949",
    "tis-620",
    "mac-cyrillic",
]
# All that `detect_encoding` returns, besides MIXED and one of MIXABLE.
DETECTABLE = frozenset(
    codecs.lookup(name).name for name in ("utf-8", *(encoding for _, encoding in BOMS), *RIVALS, *OTHER_RIVALS, *OTHER_SCRIPTS)
)
# Python calls these encodings of text too.
NOT_FOR_FILES = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}
BEYOND_ASCII = re.compile(rb"(?<![^\r\n])[^\r\n\x80-\xff]*+[\x80-\xff][^\r\n]*+")


class Detected(NamedTuple):
    """`certain` is False where the bytes would have been readable another way; `rivals` are encodings that give other
    text which is legible too, best first, MOST_RIVALS at most."""

    encoding: str
    certain: bool
    rivals: tuple[str, ...] = ()


def detect_encoding(path: Path) -> Detected:
    """The encoding of a text file by its byte order mark, its zero bytes, or the letters of its words. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    for bom, encoding in BOMS:
        if head.startswith(bom):
            return Detected(encoding, True)
    wide = _utf16_without_bom(head)
    if wide:
        return Detected(wide, False)
    sample = _lines_beyond_ascii(path)
    if sample is None:
        return Detected("utf-8", True)
    kinds = lines_by_kind(path, sample)
    old = _encoding_beside_utf8(kinds)
    if old:
        return Detected(f"{MIXED}{old}", False, tuple(f"{MIXED}{rival}" for rival in rivals_of(kinds.other, old)))
    old = _old_encoding(sample)
    if _mostly_utf8(sample):
        return Detected("utf-8", False, (old,))
    return Detected(old, False, rivals_of(sample, old))


def _encoding_beside_utf8(kinds: LinesByKind) -> str | None:
    """The encoding of the lines that are not UTF-8 in a file where others are; None where the file is not mixed."""
    if not kinds.utf8 or not kinds.other:
        return None
    beyond = [char for char in kinds.utf8.decode("utf-8", "replace") if char > "\x7f"]
    if sum(map(str.isalpha, beyond)) < 0.8 * len(beyond):
        return None
    words = WORD.findall(kinds.other)
    if not (is_latin(words) or explained(b" ".join(words), *TURKISH) > 0.95):
        old = _old_encoding(kinds.other)
        return old if old in MIXABLE else None
    return _latin_beside(b" ".join(words), beyond)


def _latin_beside(text: bytes, beyond: list[str]) -> str | None:
    """The encoding of the language that explains the letters of both kinds of lines best."""
    shares = [
        (explained(text, encoding, letters), sum(char in letters for char in beyond) / len(beyond), encoding)
        for encoding, letters in LATIN
    ]
    best = max(shares, key=lambda share: round(share[0] + share[1], 3))
    return best[2] if best[0] >= EXPLAINED else None


def known_encoding(name: str) -> str:
    """The canonical name of a codec a person asked for. Raises UnreadableFile."""
    if name.startswith(MIXED):
        return f"{MIXED}{known_encoding(name.removeprefix(MIXED))}"
    try:
        info = codecs.lookup(name.strip())
        if info.name in NOT_FOR_FILES or not getattr(info, "_is_text_encoding", True):
            raise LookupError
    except (LookupError, ValueError, TypeError):
        raise UnreadableFile("encoding_unknown", encoding=name[:40]) from None
    return "utf-8" if info.name == "utf-8-sig" else info.name


def _utf16_without_bom(head: bytes) -> str | None:
    """Every other byte of Western and Turkish text in UTF-16 is 0 (or 1, for ğ ı ş)."""
    even, odd = head[0::2], head[1::2]
    if len(odd) < 4:
        return None
    if odd.count(0) > len(odd) * 0.4 and even.count(0) < len(even) * 0.05:
        return "utf-16-le"
    if even.count(0) > len(even) * 0.4 and odd.count(0) < len(odd) * 0.05:
        return "utf-16-be"
    return None


def _lines_beyond_ascii(path: Path) -> bytes | None:
    """Lines to judge by, from wherever in the file they are; None when all of it is valid UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    valid, sample = True, b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if valid:
                valid = _decodes(decoder, block)
            if len(sample) < SAMPLE and not block.isascii():
                sample += b"\n".join(BEYOND_ASCII.findall(block[: SAMPLE * 4]) or BEYOND_ASCII.findall(block))[:SAMPLE]
            if not valid and len(sample) >= SAMPLE:
                break
    return None if valid and _decodes(decoder, b"", final=True) else sample


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(sample: bytes) -> bool:
    """A few bad bytes in a file that is UTF-8 everywhere else."""
    letters = sum(map(len, UTF8_LETTER.findall(sample)))
    return letters * 10 >= len(HIGH.findall(sample)) * 7


def _old_encoding(sample: bytes) -> str:
    words = WORD.findall(sample)
    text = b" ".join(words)
    if is_latin(words) or explained(text, *TURKISH) > 0.95:
        return latin_encoding(text)
    import chardet  # noqa: PLC0415  slow to load, and most files need no guess

    found = chardet.detect(sample[:SAMPLE], include_encodings=OTHER_SCRIPTS)["encoding"]
    try:
        name = codecs.lookup(found or "cp1254").name
    except LookupError:
        return "cp1254"
    return name if name in DETECTABLE else "cp1254"
