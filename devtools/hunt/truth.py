"""What is true of a list: who is in it, which number is theirs, and what a person would choose if asked."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Person:
    """Somebody in a list. `number` is the E.164 to call, '' when this person must not be called, for the reason `why`.
    `others` are numbers of the same person that may be called after it. `may_be_refused`: a named refusal is as right.
    `cell` is the text of their phone cell, to be read by people; `sheet`, `row` (as a spreadsheet program numbers them) and
    `place` (which of several lists) say where they stand."""

    name: str
    number: str = ""
    why: str = ""
    others: list[str] = field(default_factory=list)
    may_be_refused: bool = False
    cell: str = ""
    sheet: str = ""
    row: int = 0
    place: int = 0


@dataclass
class Answers:
    """What a person would choose: columns are 0-based; `header_row` 0 for none; `region` None for numbers with dialing codes;
    `further` are columns of the same person's other phones; `no` the cells of the consent column under which nobody may be
    called; `list_starts` the first column of each list."""

    sheet: str = ""
    header_row: int = 0
    phone: int = 0
    further: list[int] = field(default_factory=list)
    region: str | None = None
    country: int | None = None
    dialing_code: int | None = None
    area_code: int | None = None
    consent: int | None = None
    no: str = ""
    label: int | None = None
    list_starts: list[int] = field(default_factory=lambda: [0])


@dataclass
class Truth:
    """`strangers`: E.164 → whose it is, of numbers that stand in the file and are nobody's to call."""

    people: list[Person]
    answers: Answers
    strangers: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
