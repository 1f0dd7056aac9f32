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
# (encoding, letters beyond ASCII of a language written in it), the likelier first.
TURKISH = ("cp1254", "çğıöşüÇĞİÖŞÜâîûÂÎÛ")
LATIN = [
    TURKISH,
    ("cp1252", "äöüßÄÖÜé"),
    ("cp1252", "àâæçéèêëîïôœùûüÿÀÂÇÉÈÊËÎÏÔŒÙÛÜ"),
    ("cp1252", "áéíóúñüÁÉÍÓÚÑÜçÇªº"),
    ("cp1252", "ãõáàâéêíóôúçÃÕÁÀÂÉÊÍÓÔÚÇªº"),
    ("cp1252", "àèéìíòóùúÀÈÉÌÒÙ"),
    ("cp1252", "åäöéæøÅÄÖÆØÉ"),
    ("cp1252", "áðéíóúýþæöÁÐÉÍÓÚÝÞÆÖ"),
    ("cp1250", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"),
    ("cp1250", "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽĺľôäŕĽ"),
    ("cp1250", "áéíóöőúüűÁÉÍÓÖŐÚÜŰ"),
    ("cp1250", "čćđšžČĆĐŠŽ"),
    ("cp1250", "ăâîşţĂÂÎŞŢ"),
    ("cp1257", "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽąęėįųĄĘĖĮŲõäöüÕÄÖÜ"),
    ("cp857", "çğıöşüÇĞİÖŞÜâîû"),
    ("mac-turkish", "çğıöşüÇĞİÖŞÜâîû"),
    ("cp850", "äöüßÄÖÜéèàçñáíóúâêî"),
    ("mac-roman", "äöüßÄÖÜéèàçñáíóúâêî"),
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
# Python calls these encodings of text too.
NOT_FOR_FILES = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}
MOST_RIVALS = 3
RIVALS = list(dict.fromkeys(encoding for encoding, _ in LATIN))
OTHER_RIVALS = ["cp1251", "cp1253", "cp1256", "cp1255"]
# Encodings of single bytes whose text is hardly ever valid UTF-8 by chance.
MIXABLE = {*(encoding for encoding, _ in LATIN), "cp1251", "cp1253", "cp1255", "cp1256", "koi8-r"}
EXPLAINED = 0.6  # of the letters beyond ASCII, at least, belong to a language that is taken for spoken
HIGH = re.compile(rb"[\x80-\xff]")
BEYOND_ASCII = re.compile(rb"(?<![^\r\n])[^\r\n\x80-\xff]*+[\x80-\xff][^\r\n]*+")
WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[A-Za-z]*+[\x80-\xff][A-Za-z\x80-\xff]*+")


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
        return Detected(f"{MIXED}{old}", False, tuple(f"{MIXED}{rival}" for rival in _rivals(kinds.other, old)))
    old = _old_encoding(sample)
    if _mostly_utf8(sample):
        return Detected("utf-8", False, (old,))
    return Detected(old, False, _rivals(sample, old))


def _encoding_beside_utf8(kinds: LinesByKind) -> str | None:
    """The encoding of the lines that are not UTF-8 in a file where others are; None where the file is not mixed."""
    if not kinds.utf8 or not kinds.other:
        return None
    beyond = [char for char in kinds.utf8.decode("utf-8", "replace") if char > "\x7f"]
    if sum(map(str.isalpha, beyond)) < 0.8 * len(beyond):
        return None
    words = WORD.findall(kinds.other)
    if not (_is_latin(words) or _explained(b" ".join(words), *TURKISH) > 0.95):
        old = _old_encoding(kinds.other)
        return old if old in MIXABLE else None
    return _latin_beside(b" ".join(words), beyond)


def _latin_beside(text: bytes, beyond: list[str]) -> str | None:
    """The encoding of the language that explains the letters of both kinds of lines best."""
    shares = [
        (_explained(text, encoding, letters), sum(char in letters for char in beyond) / len(beyond), encoding)
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
    if _is_latin(words) or _explained(text, *TURKISH) > 0.95:
        return _latin_encoding(text)
    import chardet  # noqa: PLC0415  slow to load, and most files need no guess

    found = chardet.detect(sample[:SAMPLE], include_encodings=OTHER_SCRIPTS)["encoding"]
    try:
        return codecs.lookup(found or "cp1254").name
    except LookupError:
        return "cp1254"


def _is_latin(words: list[bytes]) -> bool:
    """Latin words mix plain and accented letters; Arabic, Cyrillic or Chinese ones hold no plain letter."""
    long = [word for word in words if len(word) > 2]
    if not long:
        return True
    mixed = sum(1 for word in long if re.search(rb"[A-Za-z]", word))
    high = b"".join(long)
    runs = len(re.findall(rb"[\x80-\xff]+", high))
    return mixed * 10 >= len(long) * 7 and runs * 2 >= len(HIGH.findall(high))


def _latin_encoding(text: bytes) -> str:
    best, best_share = "cp1254", 0.0
    for encoding, letters in LATIN:
        share = _explained(text, encoding, letters)
        if share > best_share + 0.001:
            best, best_share = encoding, share
    return best


def _explained(text: bytes, encoding: str, letters: str) -> float:
    """Share of the characters beyond ASCII that are letters of the language; what is no letter at all counts against."""
    beyond = [char for char in text.decode(encoding, "replace") if char > "\x7f"]
    own = sum(1 for char in beyond if char in letters)
    strange = sum(1 for char in beyond if not char.isalpha())
    return (own - strange) / len(beyond) if beyond else 0.0


# -- what else the bytes could be ----------------------------------------------------------------------------------
def _rivals(sample: bytes, encoding: str) -> tuple[str, ...]:
    """Encodings in which the words of `sample` are other words that somebody could have written."""
    words = WORD.findall(sample)
    text = b" ".join(words)
    seen = {text.decode(encoding, "replace")}
    scored: list[tuple[float, str]] = []
    for rival in RIVALS if _is_latin(words) else OTHER_RIVALS:
        read = text.decode(rival, "replace")
        score = _legible(text, read, rival)
        if score >= EXPLAINED and read not in seen:
            seen.add(read)
            scored.append((score, rival))
    return tuple(rival for _, rival in sorted(scored, key=lambda one: -one[0])[:MOST_RIVALS])


def _legible(text: bytes, read: str, encoding: str) -> float:
    """How well a language explains the letters, or 1 where the words are all of one script that is not Latin."""
    if "\ufffd" in read:
        return 0.0
    languages = [letters for name, letters in LATIN if name == encoding]
    if languages:
        return max(_explained(text, encoding, letters) for letters in languages)
    letters = [char for char in read if not char.isspace()]
    return float(all(char > "\u036f" and char.isalpha() for char in letters)) if letters else 0.0
