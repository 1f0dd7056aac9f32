"""A list and what must come of it, read from `lists/*.txt`.

A few lines of `key: value`, then `---`, then the rows as they stand on the sheet, cells apart by ` | `; `[Name]` begins a
sheet. `#12` is a cell with a number, `@2026-11-02` one with a date; `\\n` is a line break, `\\|` a bar. After ` => ` stands
what must come of the row, several right answers apart by ` or `:

    +90…            the lead is called at this number; `+90… & +90…` is a row of two leads
    refused KIND    no number is called; KIND is one of REFUSALS
    no consent      nobody is called, because the row says so
    no lead         nothing is called; the same as no answer at all (titles, totals, blank rows)

The keys: `program`; `traps` (none: an ordinary list); `container` (a kind of `writing.py`, its options); `file`, `home`
(region code); `variables`; `phone` and `map: field = Header + Header or Header` (`-`: no column, `or`: also right); `second`
(columns that may be called next; no other may); `ask: what = value` (may be asked, with this value preselected; `*`: any);
`value: row variable = text` (`-`: none); `sheet`; `header_row`; `note` (a kind of NOTES that must be said).
"""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

LISTS = Path(__file__).parent / "lists"
# Kinds of refusal, by the codes that name them: part of a code is enough. `any` is whatever keeps a row from being called.
REFUSALS = {
    "any": ("",),
    "missing": ("missing",),
    "fax": ("fax",),
    "two_numbers": ("two_numbers", "several"),
    "ambiguous": ("ambiguous",),
}
# Kinds of notes, likewise.
NOTES = {
    "other_sheets": ("other_sheet", "sheets_with", "more_sheets", "sheets_left"),
    "repaired_text": ("repaired", "mojibake", "damaged", "another_encoding"),
    "columns_unpacked": ("columns_unpacked",),
}
NOTHING = "-"
ANYTHING = "*"


@dataclass(frozen=True)
class Answer:
    """One right outcome of a row: the leads' numbers, or why there is none (`refused`, `no_consent`, `no_lead`)."""

    phones: tuple[str, ...] = ()
    outcome: str = "called"
    kind: str = ""


@dataclass
class Export:
    """`sheets` are rows of cells (str, int, float, date) by sheet; `answers` are by row number (1-based) of `sheet`."""

    name: str
    program: str = ""
    traps: str = ""
    container: str = ""
    file: str = ""
    home: str = "TR"
    sheet: str = ""
    header_row: int | None = None
    variables: list[str] = field(default_factory=list)
    mapping: dict[str, list[list[str]]] = field(default_factory=dict)
    second: list[str] = field(default_factory=list)
    asks: dict[str, list[str]] = field(default_factory=dict)
    values: dict[tuple[int, str], str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    sheets: dict[str, list[list]] = field(default_factory=dict)
    answers: dict[int, list[Answer]] = field(default_factory=dict)


@cache
def exports() -> list[Export]:
    return [read_export(path) for path in sorted(LISTS.glob("*.txt"))]


def read_export(path: Path) -> Export:
    head, body = path.read_text("utf-8").split("\n---\n", 1)
    export = Export(path.stem)
    for line in head.splitlines():
        key, text = line.split(":", 1)
        _set(export, key, text.strip())
    answers = _add_rows(export, body.removesuffix("\n"))
    export.sheet = export.sheet or next(iter(export.sheets))
    export.answers = answers[export.sheet]
    return export


def _set(export: Export, key: str, text: str) -> None:
    if key == "phone":
        export.mapping["phone_number"] = _sources(text)
    elif key == "map":
        name, _, sources = text.partition(" = ")
        export.mapping[name] = _sources(sources)
    elif key in ("ask", "value"):
        what, _, value = text.partition(" = ")
        _set_named(export, key, what, value)
    elif key == "note":
        export.notes.append(text)
    elif key in ("variables", "second"):
        setattr(export, key, text.split(", "))
    elif key == "header_row":
        export.header_row = int(text)
    elif key in ("program", "traps", "container", "file", "home", "sheet"):
        setattr(export, key, text)
    else:
        raise ValueError(f"{export.name}: no such key: {key}")


def _set_named(export: Export, key: str, what: str, value: str) -> None:
    if key == "ask":
        export.asks[what] = value.split(" or ")
        return
    row, _, variable = what.partition(" ")
    export.values[int(row), variable] = value


def _sources(text: str) -> list[list[str]]:
    """`A + B or C` → [['A', 'B'], ['C']]; `-` → [[]]."""
    return [[] if one == NOTHING else one.split(" + ") for one in text.split(" or ")]


def _add_rows(export: Export, body: str) -> dict[str, dict[int, list[Answer]]]:
    answers, name = {}, ""
    for line in body.split("\n"):
        if title := re.fullmatch(r"\[(.+)\]", line):
            name = title[1]
            continue
        rows = export.sheets.setdefault(name, [])
        cells, _, truth = line.partition(" => ")
        rows.append([_cell(text.strip()) for text in re.split(r"(?<!\\)\|", cells)] if cells.strip() else [])
        answers.setdefault(name, {})[len(rows)] = [_answer(one) for one in truth.strip().split(" or ")]
    return answers


def _cell(text: str):
    if re.fullmatch(r"#-?\d+", text):
        return int(text[1:])
    if re.fullmatch(r"#-?\d+\.\d+", text):
        return float(text[1:])
    if re.fullmatch(r"@\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text[1:])
    return text.replace("\\n", "\n").replace("\\|", "|")


def _answer(text: str) -> Answer:
    if text.startswith("+"):
        return Answer(tuple(text.split(" & ")))
    if text.startswith("refused "):
        kind = text.removeprefix("refused ")
        assert kind in REFUSALS, kind
        return Answer(outcome="refused", kind=kind)
    assert text in ("", "no lead", "no consent"), text
    return Answer(outcome=text.replace(" ", "_") or "no_lead")
