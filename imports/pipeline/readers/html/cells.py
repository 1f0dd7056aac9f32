"""What a cell of a web page shows where Excel's own attributes say more than its text.

`x:num="905321234567"` is the number behind a shortened text; `mso-number-format`, in the cell's style or in the style sheet of
the page, is its number format. Both are written by Excel, and the format by many programs that want Excel to leave a phone number
alone.
"""

import re

from imports.pipeline.readers.cell_text import SHORT_NUMBER
from imports.pipeline.readers.stored_values import seen_number, shown_by_name
from imports.pipeline.readers.zip_safety import Attributes

FORMAT = re.compile(r"""mso-number-format\s{0,9}:\s{0,9}("[^"]{0,255}"|'[^']{0,255}'|[^;}"']{1,255})""", re.IGNORECASE)
RULE = re.compile(r"([^{}]{1,200})\{([^{}]{0,4000})\}")
CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{4})|(.))")
LONGEST_SHEET = 1 << 20  # characters of style sheets that are looked at
DIGITS_ONLY = re.compile(r'[0#,.\s()+\-/\\"]*+$')
DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}(?!\d)")


class Formats:
    """The number formats that the style sheets of a page declare for classes (`.xl65`) and for `td`."""

    def __init__(self) -> None:
        self._declared: dict[str, str] = {}
        self._left = LONGEST_SHEET

    def declare(self, sheet: str) -> None:
        sheet, self._left = sheet[: self._left], max(0, self._left - len(sheet))
        for selectors, body in RULE.findall(sheet):
            if found := FORMAT.search(body):
                for selector in selectors.split(","):
                    self._declared[selector.strip().lower().rpartition(".")[2]] = _code(found[1])

    def seen(self, attrs: Attributes, text: str) -> str:
        """The text of a cell, or its number as the format shows it."""
        number, code = attrs.get("x:num", "").strip(), self._format_of(attrs)
        if "x:str" in attrs or code == "@":
            return text
        if number:
            return _number(number, code, text)
        if code and SHORT_NUMBER.match(text) and DIGITS_ONLY.match(code):
            return shown_by_name(code)(text)
        return text

    def _format_of(self, attrs: Attributes) -> str:
        found = FORMAT.search(attrs["style"]) if "style" in attrs else None
        if found:
            return _code(found[1])
        classes = attrs.get("class", "").lower().split()
        return next((self._declared[name] for name in classes if name in self._declared), self._declared.get("td", ""))


def _number(number: str, code: str, text: str) -> str:
    if code:
        return shown_by_name(code)(number)
    return text if DATE.search(text) else seen_number(number, text)


def _code(written: str) -> str:
    """A number format as CSS writes it: `"\\@"` → `@`, `\\#\\,\\#\\#0\\.00\\\\ \\0022TL\\0022` → `#,##0.00\\ "TL"`."""
    return CSS_ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], written.strip().strip("\"'")).strip()
