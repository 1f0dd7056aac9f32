"""The shared strings of a workbook, read no further than they are asked for."""
import re
import zipfile
from collections.abc import Iterator

from .sheets import UnreadableFile
from .xlsx_parts import unescaped
from .xlsx_xml import OddXml, plain_blocks, rewritten_blocks

STRING = re.compile(r"<si>(?:<t(?: [^>]*)?>([^<]*)</t></si>|(.*?)</si>)|<si/>", re.DOTALL)
PHONETIC = re.compile(r"<rPh.*?</rPh>", re.DOTALL)
TEXT = re.compile(r"<t(?: [^>]*)?>([^<]*)</t>")
# Blocks without any of these hold their strings as they are.
SPECIAL = re.compile("[&\r\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|_x")


class SharedStrings:
    """`known` is the list of those read so far; `upto` reads on."""

    def __init__(self, archive: zipfile.ZipFile, part: str | None):
        self.known: list[str] = []
        self._blocks = _strings(archive, part) if part else iter(())

    def upto(self, index: int) -> str:
        """The string at `index`. Raises UnreadableFile when there are not that many."""
        while index >= len(self.known):
            try:
                self.known.extend(next(self._blocks))
            except StopIteration:
                raise UnreadableFile("file_damaged") from None
        return self.known[index]


def _strings(archive: zipfile.ZipFile, part: str) -> Iterator[list[str]]:
    done = 0
    try:
        for text in plain_blocks(archive, part, "</si>"):
            strings = strings_in(text)
            done += len(strings)
            yield strings
    except OddXml:
        yield from _rest_of(rewritten_blocks(archive, part, "</si>"), done)


def _rest_of(blocks: Iterator[str], done: int) -> Iterator[list[str]]:
    for text in blocks:
        strings = strings_in(text)
        yield strings[done:]
        done = max(0, done - len(strings))


def strings_in(text: str) -> list[str]:
    """The strings of a block of plain XML. Raises OddXml when one of them is not accounted for."""
    found = STRING.findall(text)
    if len(found) != text.count("<si>") + text.count("<si/>") or "<si " in text:
        raise OddXml
    strings = [plain or (rich_text(rich) if rich else "") for plain, rich in found]
    return [unescaped(string) for string in strings] if SPECIAL.search(text) else strings


def rich_text(content: str) -> str:
    """The runs of a formatted string, without the reading aid that Japanese ones carry."""
    return "".join(TEXT.findall(PHONETIC.sub("", content)))
