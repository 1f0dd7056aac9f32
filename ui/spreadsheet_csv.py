"""Csv as spreadsheet programs open it right: with the delimiter of the reader's language, and without a cell that is a formula.

All fields are quoted, so a value stays one cell whichever delimiter a program expects; and text that could begin a formula gets
an apostrophe before it (OWASP, "CSV Injection"; docs/decisions/0004-reports.md).
"""

import re
from collections.abc import Sequence

# Languages whose Excel separates the fields of a csv by semicolons, because their decimals have commas or
# because Windows separates lists so there.
SEMICOLON_LANGUAGES = frozenset("tr de fr es it pt nl ru pl ar".split())
# What can make a program take a cell for a formula, or continue it in the next one: = + - @, their fullwidth forms, tab and
# line ends.
_RISKY = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_E164 = re.compile(r"\+[0-9]{7,17}")


def csv_delimiter(language: str) -> str:
    """What Excel expects of a csv in the reader's language (`tr`, `en-gb` …)."""
    return ";" if language.lower()[:2] in SEMICOLON_LANGUAGES else ","


def csv_line(values: Sequence[str | int], delimiter: str) -> str:
    """One record with its line end; texts are made inert, numbers are written as they are.

    Quoted here and not by the csv module because that is three times as fast when all fields are.
    """
    texts = [(value if value[:1] not in _RISKY else inert(value)) if type(value) is str else _plain(value) for value in values]
    between = f'"{delimiter}"'
    line = between.join(texts)
    if line.count('"') > 2 * len(texts) - 2:
        line = between.join([text.replace('"', '""') for text in texts])
    return f'"{line}"\r\n'


def _plain(value: object) -> str:
    """A number as it is written; whatever else stands for a text (one not translated yet, a status that is an enumeration) is a
    text."""
    return str(value) if isinstance(value, int | float) else inert(f"{value}")


def inert(text: str) -> str:
    """Text that no program takes for a formula. A number in E.164 is none, and stays exact."""
    return f"'{text}" if text[:1] in _RISKY and not _E164.fullmatch(text) else text
