"""What a case is, and how Rowcall's answer is held against the one it owes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from imports.pipeline.columns.fields import Field
from imports.pipeline.phones.normalise import PhoneFormat
from imports.pipeline.process.parent import preview_file
from imports.pipeline.readers.opening import open_sheet, preview
from imports.pipeline.readers.table import BadRow, Preview, ReadOptions, Row, UnreadableFile
from imports.pipeline.rows import CheckSettings, check_rows

PHONE = Field("phone_number", "phone", "", 0, True)


@dataclass(frozen=True)
class Expected:
    """Only what is given is held against the answer. Row numbers are the spreadsheet's own."""

    refused: str | tuple[str, ...] = ()
    kind: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    headers: list[str] | None = None
    cells: dict[int, list[str]] | None = None  # row number → its cells
    numbers: list[int] | None = None  # the numbers of all rows, good and bad
    count: int | None = None  # how many rows there are
    bad: dict[int, str] | None = None  # row number → reason, of all rows the reader rejects
    notes: dict[str, dict] = field(default_factory=dict)  # code → params it must have
    phones: dict[int, str] | None = None  # row number → '+90…' or the reason against it
    repairs: dict[int, str] = field(default_factory=dict)  # row number → a repair that was made
    also: Callable[[Preview], bool] | None = None


@dataclass(frozen=True)
class Case:
    """`number` is that of the list of bad files in docs/spreadsheets.md; several cases may share one."""

    number: int
    name: str
    file: str
    content: bytes | Callable[[Path], None]
    expected: Expected
    options: ReadOptions = ReadOptions()
    region: str = "TR"
    phone_column: int = 0
    hostile: bool = False  # only ever opened in a process of its own

    def written(self, folder: Path) -> Path:
        path = folder / self.file
        if callable(self.content):
            self.content(path)
        else:
            path.write_bytes(self.content)
        return path

    @property
    def id(self) -> str:
        return f"{self.number:02}-{self.name.replace(' ', '-')}"


def verify(case: Case, folder: Path) -> None:
    """Raises AssertionError where the answer is another one."""
    path, expected = case.written(folder), case.expected
    if expected.refused or case.hostile:
        _verify_refusal(path, case)
        return
    shown = preview(path, case.options)
    sheet = open_sheet(path, case.options)
    rows = list(sheet.rows())
    _verify_preview(shown, expected)
    _verify_rows(rows, expected)
    _verify_notes(sheet.notes, expected)
    if expected.phones is not None:
        _verify_phones(rows, case)


def _verify_refusal(path: Path, case: Case) -> None:
    codes = (case.expected.refused,) if isinstance(case.expected.refused, str) else case.expected.refused
    try:
        shown = preview_file(path, case.options)
        sum(1 for _ in open_sheet(path, case.options).rows())
    except UnreadableFile as refusal:
        assert refusal.reason.code in codes, f"refused as {refusal.reason}, not as {codes}"
    else:
        assert not codes, f"read as {shown.kind} with {shown.headers}, not refused as {codes}"
        _verify_preview(shown, case.expected)


def _verify_preview(shown: Preview, expected: Expected) -> None:
    for name in ("kind", "encoding", "delimiter", "sheet", "header_row", "headers"):
        wanted = getattr(expected, name)
        assert wanted is None or getattr(shown, name) == wanted, f"{name}: {getattr(shown, name)!r}, not {wanted!r}"
    assert expected.also is None or expected.also(shown), shown


def _verify_rows(rows: list[Row | BadRow], expected: Expected) -> None:
    by_number = {row.number: row for row in rows}
    for number, cells in (expected.cells or {}).items():
        assert by_number[number].cells == cells
    if expected.numbers is not None:
        assert [row.number for row in rows] == expected.numbers
    if expected.count is not None:
        assert len(rows) == expected.count
    if expected.bad is not None:
        assert {row.number: row.reason.code for row in rows if isinstance(row, BadRow)} == expected.bad


def _verify_notes(notes: list, expected: Expected) -> None:
    said = {note.code: note.params for note in notes}
    for code, params in expected.notes.items():
        assert code in said and params.items() <= said[code].items(), said


def _verify_phones(rows: list[Row | BadRow], case: Case) -> None:
    settings = CheckSettings({"phone_number": case.phone_column}, [PHONE], PhoneFormat("national", case.region))
    checked = check_rows(rows, settings)
    assert {row.number: row.phone or row.reason for row in checked} == case.expected.phones
    for row in checked:
        if row.number in case.expected.repairs:
            assert case.expected.repairs[row.number] in row.repairs, row
