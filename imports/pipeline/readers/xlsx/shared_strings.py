"""The shared strings of a workbook, read no further than they are asked for."""

import re
import zipfile
from collections.abc import Iterator, Sequence

from imports.pipeline.readers.table import UnreadableFile

from .parts import unescaped
from .xml import OddXml, plain_blocks, rewritten_blocks, xml_blocks

STRING = re.compile(r"<si>(?:<t(?: [^>]*)?>([^<]*)</t></si>|((?:[^<]++|<(?!/?si>))*+)</si>)|<si/>")
PHONETIC = re.compile(r"<rPh(?:[^<]++|<(?!/?rPh))*+</rPh>")
C1 = re.compile("[\x80-\x9f]")
TEXT = re.compile(r"<t(?: [^>]*)?>([^<]*)</t>")
MARKS = ("&", "_x", "\r", "\u2028", "\u2029", "\ufeff", "\ufffe", "\uffff")


def has_special(text: str) -> bool:
    """Whether strings of a block need a closer look: references, escapes, line ends, characters no cell may hold."""
    return any(mark in text for mark in MARKS) or bool(C1.search(text))


class SharedStrings:
    """Texts by their index as written in a cell. `known` are those read so far."""

    def __init__(self, archive: zipfile.ZipFile, part: str | None):
        self.known: list[str] = []
        self._blocks = _strings(archive, part) if part else iter(())

    def text(self, index: str) -> str:
        """Raises UnreadableFile when there are not that many."""
        try:
            return self.known[int(index)]
        except IndexError:
            self._read_to(int(index))
            return self.known[int(index)]
        except ValueError:
            raise UnreadableFile("file_damaged") from None

    def texts(self, indices: Sequence[str]) -> list[str]:
        """Many at once."""
        try:
            return list(map(self.known.__getitem__, map(int, indices)))
        except (IndexError, ValueError):
            return [self.text(index) for index in indices]

    def _read_to(self, index: int) -> None:
        while index >= len(self.known):
            try:
                self.known.extend(next(self._blocks))
            except StopIteration:
                raise UnreadableFile("file_damaged") from None


def _strings(archive: zipfile.ZipFile, part: str) -> Iterator[list[str]]:
    done = 0
    try:
        for text in plain_blocks(xml_blocks(archive, part), "si", "sst"):
            strings = strings_in(text)
            done += len(strings)
            yield strings
    except OddXml:
        yield from _rest_of(rewritten_blocks(xml_blocks(archive, part), "si"), done)


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
    return [unescaped(string) for string in strings] if has_special(text) else strings


def rich_text(content: str) -> str:
    """The runs of a formatted string, without the reading aid that Japanese ones carry."""
    return "".join(TEXT.findall(PHONETIC.sub("", content)))
