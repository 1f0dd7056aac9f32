"""The types that all readers share: rows, sheets, workbooks, the options of a person, and the refusal of a file."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple, Protocol, TypedDict

from imports.pipeline.reasons import Reason

Json = dict[str, Any]


class UnreadableFile(Exception):
    """The whole file is refused. `reason` is a Reason whose message says what the file is and how to save it right."""

    def __init__(self, code: str, **params: str | int):
        self.reason = Reason(code, params)
        super().__init__(code)


@dataclass(frozen=True)
class ReadOptions:
    """What a person chose; None is "find out". `header_row` 0 says that the file has none, `escape` '' that no character
    escapes another, `lists` 1 that the sheet is one list and not several side by side."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    escape: str | None = None
    lists: int | None = None

    def to_json(self) -> Json:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Json) -> "ReadOptions":
        return cls(**data)


class Row(NamedTuple):
    """`number` is the one a spreadsheet program shows beside the row (1-based)."""

    number: int
    cells: list[str]


class BadRow(NamedTuple):
    """A row the reader itself rejects, with the reason."""

    number: int
    cells: list[str]
    reason: Reason


@dataclass(frozen=True)
class SheetInfo:
    """A sheet as listed for choosing. `rows` and `columns` are None where only a full read would tell.
    `first_rows` are the first that hold anything, `first_numbers` the numbers they have on the sheet."""

    name: str
    visible: bool
    rows: int | None
    columns: int | None
    first_rows: list[list[str]]
    first_numbers: list[int] = field(default_factory=list)
    has_numbers: bool = False  # numbers to call near the top


class LetterRepairs(TypedDict):
    """How damaged letters of a file are repaired (see `damaged_letters`). `encodings` are those in which its UTF-8 was read;
    `doubtful` is a text that may be damaged and is left as it is, '' for none."""

    encodings: list[str]
    turkish: bool
    doubtful: str


class Workbook(Protocol):
    """What each format's reader offers. A csv is a workbook of one sheet, named ''."""

    @property
    def kind(self) -> str:
        """'csv', 'xlsx', 'xls', 'xlsb', 'ods', 'html' or 'xml'."""

    @property
    def encoding(self) -> str | None:
        """Of text files and web pages."""

    @property
    def delimiter(self) -> str | None:
        """Of text files."""

    @property
    def may_be_packed(self) -> bool:
        """Whether all cells of a row may stand in the first one (see `single_column`)."""

    def notes(self, sheet: str) -> list[Reason]:
        """What a person should know about the reading of the sheet; complete once all its rows have been read."""

    def sheet_names(self) -> list[tuple[str, bool]]:
        """(name, visible) in the workbook's order."""

    def rows(self, sheet: str) -> Iterator[Row | BadRow]:
        """All rows with their numbers, as they stand: header, titles and blank rows included."""

    def peek(self, sheet: str) -> Iterator[Row | BadRow]:
        """As `rows`, when only the first few are needed: nothing else of the sheet is read."""

    def spread(self, sheet: str) -> list[Row]:
        """Some rows from all over the sheet, read quickly; may be empty."""

    def size(self, sheet: str) -> tuple[int | None, int | None]:
        """(rows, columns) or a good estimate, without a full read; None where unknown."""


@dataclass
class Preview:
    """What a file holds, enough to choose sheet, header row, encoding, delimiter, lists and columns by.

    `headers` and `sample` are those of one list where several stand side by side. What is certain: `header_doubt` None means that
    the cells rule out any other header row. `possible_lists` 1 means that there can only be one table; where there may be more,
    `lists_doubt` None means that the cells rule out the reading that was not chosen.
    """

    kind: str
    encoding: str | None
    delimiter: str | None
    sheets: list[SheetInfo]
    sheet: str | None
    header_row: int
    headers: list[str]
    sample: list[Row]
    row_estimate: int | None
    notes: list[Reason] = field(default_factory=list)
    escape: str | None = None
    encoding_rivals: list[str] = field(default_factory=list)  # encodings in which the file would be other text, likeliest first
    letters: LetterRepairs | None = None  # None: letters are left as they are
    list_starts: list[int] = field(default_factory=lambda: [0])  # first column (0-based) of each list side by side
    possible_lists: int = 1
    lists_doubt: Reason | None = None
    header_doubt: Reason | None = None
    has_more: bool = True  # whether rows follow behind the first ones of the sample

    @property
    def is_part(self) -> bool:
        """Whether there are rows to import that the sample does not hold. `row_estimate` alone does not tell: it counts lines in a
        text file, and is not known of a large sheet that does not say how long it is."""
        return self.has_more and (self.row_estimate is None or self.row_estimate > len(self.sample))

    def to_json(self) -> Json:
        return asdict(self) | {
            "sample": [[row.number, row.cells] for row in self.sample],
            "notes": [[note.code, note.params] for note in self.notes],
            "lists_doubt": self.lists_doubt and list(self.lists_doubt),
            "header_doubt": self.header_doubt and list(self.header_doubt),
        }

    @classmethod
    def from_json(cls, data: Json) -> "Preview":
        return cls(
            **data
            | {
                "sheets": [SheetInfo(**sheet) for sheet in data["sheets"]],
                "sample": [Row(*row) for row in data["sample"]],
                "notes": [Reason(*note) for note in data["notes"]],
                **{key: Reason(*data[key]) for key in ("lists_doubt", "header_doubt") if data.get(key)},
            }
        )
