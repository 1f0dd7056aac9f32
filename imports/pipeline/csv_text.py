"""The bytes of a text file → clean lines, a block at a time, at the pace of the machine.

Only `\\n` ends a line in what comes out, whatever ended it in the file, and characters that no cell may hold are gone:
databases refuse NUL, and halves of characters cannot be written anywhere.
"""
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .cell_text import CONTROL_BYTES
from .reasons import Reason

BLOCK = 1 << 20
WIDE = ("utf-16", "utf-32")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Beyond ASCII: control characters, line separators that `splitlines` obeys, byte order marks, halves of characters.
UNWANTED = re.compile("[\x80-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


@dataclass
class Damage:
    """What could not be kept, counted in characters."""

    removed: int = 0
    replaced: int = 0

    def include(self, other: "Damage") -> None:
        self.removed = max(self.removed, other.removed)
        self.replaced = max(self.replaced, other.replaced)

    def notes(self) -> list[Reason]:
        counts = {"control_characters_removed": self.removed, "characters_unreadable": self.replaced}
        return [Reason(code, {"count": count}) for code, count in counts.items() if count]


class Text:
    """One pass over a file. `damage` grows with what was read."""

    def __init__(self, path: Path, encoding: str, limit: int | None = None):
        self._path, self._encoding, self._limit = path, encoding, limit
        self._wide = encoding.startswith(WIDE)
        self.damage = Damage()

    def line_blocks(self) -> Iterator[list[str]]:
        """Lines with their '\\n', some thousands at a time; the last may lack it."""
        rest = ""
        for text in self._texts():
            text = rest + text
            cut = text.rfind("\n") + 1
            rest = text[cut:]
            if cut:
                yield text[:cut].splitlines(True)
        if rest:
            yield [rest]

    def _texts(self) -> Iterator[str]:
        """Clean text; a carriage return at the end of a block waits for what follows it."""
        held = ""
        for text in self._decoded():
            text = held + text
            bare = text.rstrip("\r")
            held = text[len(bare):]
            yield self._cleaned(bare)
        if held:
            yield "\n"

    def _decoded(self) -> Iterator[str]:
        """A half character at the very end, or a byte the encoding lacks, becomes U+FFFD."""
        decoder = codecs.getincrementaldecoder(self._encoding)("replace")
        for block in _blocks(self._path, self._limit):
            if not self._wide:
                size = len(block)
                block = block.translate(None, CONTROL_BYTES)
                self.damage.removed += size - len(block)
            yield decoder.decode(block)
        if self._limit is None:
            yield decoder.decode(b"", True)

    def _cleaned(self, text: str) -> str:
        if self._wide:
            text = self._without(CONTROL, text)
        if "\r" in text:
            text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
        if not text.isascii():
            text = self._without(UNWANTED, text.removeprefix("\ufeff"))
            self.damage.replaced += text.count("\ufffd")
        return text

    def _without(self, unwanted: re.Pattern, text: str) -> str:
        text, count = unwanted.subn("", text)
        self.damage.removed += count
        return text


def _blocks(path: Path, limit: int | None) -> Iterator[bytes]:
    size = min(BLOCK, limit or BLOCK)
    with path.open("rb", buffering=0) as file:
        while (block := file.read(size)) and (limit is None or file.tell() <= limit + size):
            yield block
