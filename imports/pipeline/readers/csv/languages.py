"""The letters of languages and the encodings in which they are written: how well one explains the words of a file."""

import re

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
MOST_RIVALS = 3
RIVALS = list(dict.fromkeys(encoding for encoding, _ in LATIN))
OTHER_RIVALS = ["cp1251", "cp1253", "cp1256", "cp1255"]
# Encodings of single bytes whose text is hardly ever valid UTF-8 by chance.
MIXABLE = {*(encoding for encoding, _ in LATIN), "cp1251", "cp1253", "cp1255", "cp1256", "koi8-r"}
EXPLAINED = 0.6  # of the letters beyond ASCII, at least, belong to a language that is taken for spoken
HIGH = re.compile(rb"[\x80-\xff]")
WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[A-Za-z]*+[\x80-\xff][A-Za-z\x80-\xff]*+")


def is_latin(words: list[bytes]) -> bool:
    """Latin words mix plain and accented letters; Arabic, Cyrillic or Chinese ones hold no plain letter."""
    long = [word for word in words if len(word) > 2]
    if not long:
        return True
    mixed = sum(1 for word in long if re.search(rb"[A-Za-z]", word))
    high = b"".join(long)
    runs = len(re.findall(rb"[\x80-\xff]+", high))
    return mixed * 10 >= len(long) * 7 and runs * 2 >= len(HIGH.findall(high))


def latin_encoding(text: bytes) -> str:
    """The encoding of the language that explains most of the letters in `text`."""
    best, best_share = "cp1254", 0.0
    for encoding, letters in LATIN:
        share = explained(text, encoding, letters)
        if share > best_share + 0.001:
            best, best_share = encoding, share
    return best


def explained(text: bytes, encoding: str, letters: str) -> float:
    """Share of the characters beyond ASCII that are letters of the language; what is no letter at all counts against."""
    beyond = [char for char in text.decode(encoding, "replace") if char > "\x7f"]
    own = sum(1 for char in beyond if char in letters)
    strange = sum(1 for char in beyond if not char.isalpha())
    return (own - strange) / len(beyond) if beyond else 0.0


def rivals_of(sample: bytes, encoding: str) -> tuple[str, ...]:
    """Encodings in which the words of `sample` are other words that somebody could have written."""
    words = WORD.findall(sample)
    text = b" ".join(words)
    seen = {text.decode(encoding, "replace")}
    scored: list[tuple[float, str]] = []
    for rival in RIVALS if is_latin(words) else OTHER_RIVALS:
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
        return max(explained(text, encoding, letters) for letters in languages)
    letters = [char for char in read if not char.isspace()]
    return float(all(char > "\u036f" and char.isalpha() for char in letters)) if letters else 0.0
