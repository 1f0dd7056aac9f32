"""A list while it is made: people, columns beside them, what stands above, below and on other sheets."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from faker import Faker

from . import numbers
from .regions import Region, regions
from .truth import Answers, Person, Truth
from .words import word
from .writings import NATIONAL, ORDINARY, Way, written

FIRST_DAY = date(2025, 1, 6)
Cell = str | int | float | date


@dataclass
class Column:
    role: str
    header: str
    cells: list[Cell]


@dataclass
class Sheet:
    """As it is written into a file; `rows` are all there are, the first is row 1."""

    name: str
    rows: list[list[Cell]]
    is_visible: bool = True


@dataclass
class Draft:
    """`language` is that of the headers. `extra_sheets` come after the list's own, `sheets_before` before it."""

    rng: random.Random
    region: Region
    home: str
    language: str
    people: list[Person]
    columns: list[Column] = field(default_factory=list)
    above: list[list[Cell]] = field(default_factory=list)
    below: list[list[Cell]] = field(default_factory=list)
    has_header: bool = True
    beside: list["Draft"] = field(default_factory=list)
    sheets_before: list[Sheet] = field(default_factory=list)
    extra_sheets: list[Sheet] = field(default_factory=list)
    others_people: list[Person] = field(default_factory=list)  # people placed elsewhere already: below, on other sheets
    strangers: dict[str, str] = field(default_factory=dict)
    answers: Answers = field(default_factory=Answers)
    container: str = ""  # '' : any that can hold it
    number_format: str = "General"  # of phone cells that are numbers

    def say(self, role: str) -> str:
        return word(self.rng, role, self.language)

    def column(self, role: str) -> Column:
        return next(column for column in self.columns if column.role == role)

    def add(self, role: str, cells: Sequence[Cell], before_phone: bool | None = None, header: str | None = None) -> Column:
        """A column somewhere, or before or after the phones."""
        column = Column(role, self._header(role) if header is None else header, [*cells])
        phone = self.place_of("phone")
        low, high = {None: (0, len(self.columns)), True: (0, phone), False: (phone + 1, len(self.columns))}[before_phone]
        self.columns.insert(self.rng.randint(low, high), column)
        return column

    def _header(self, role: str) -> str:
        """A header that the list does not have yet."""
        taken = {column.header for column in self.columns}
        found = [word(self.rng, role, self.language) for _ in range(12)]
        return next((header for header in found if header not in taken), f"{found[0]} 2")

    def place_of(self, role: str) -> int:
        return next(place for place, column in enumerate(self.columns) if column.role == role)

    def mobile(self) -> str:
        return numbers.mobile(self.rng, self.region.code)

    def fixed(self) -> str:
        return numbers.fixed(self.rng, self.region.code)

    def some_days(self) -> list[date]:
        return [FIRST_DAY + timedelta(days=self.rng.randrange(500)) for _ in self.people]


@cache
def faker_of(locale: str) -> Faker:
    return Faker(locale)


def draft_of(rng: random.Random, code: str, home: str, language: str, people: int) -> Draft:
    """People with a mobile each, and no columns yet."""
    region = regions()[code]
    faker = faker_of(region.names)
    faker.seed_instance(rng.randrange(2**32))
    names: set[str] = set()
    found: list[Person] = []
    for _ in range(people * 10):
        name = f"{faker.first_name()} {faker.last_name()}"
        if len(found) < people and name not in names:
            names.add(name)
            found.append(Person(name, numbers.mobile(rng, code)))
    return Draft(rng, region, home, language, found)


def plain_columns(draft: Draft, ways: list[Way] | None = None, phone_role: str | None = None) -> None:
    """The name (or its two halves), one phone, and a few columns that mean no harm."""
    rng = draft.rng
    role = phone_role or rng.choice(("mobile", "phone"))
    cells = write_phones(draft, [person.number for person in draft.people], ways)
    draft.columns = [Column("phone", word(rng, role, draft.language), cells)]
    if rng.random() < 0.25:
        halves = [person.name.rsplit(" ", 1) for person in draft.people]
        draft.columns[:0] = [
            Column("first", draft.say("first"), [half[0] for half in halves]),
            Column("last", draft.say("last"), [half[1] for half in halves]),
        ]
    else:
        draft.columns.insert(0, Column("name", draft.say("name"), [person.name for person in draft.people]))
    for extra in rng.sample(("company", "city", "email"), rng.randint(0, 2)):
        draft.add(extra, harmless(draft, extra))
    if draft.answers.region is None and ways is None:
        draft.answers.region = draft.region.code


def write_phones(draft: Draft, phones: list[str], ways: list[Way] | None = None) -> list[Cell]:
    """Cells; '' for people without one. Without `ways`, one or two ordinary ones for the whole column."""
    rng = draft.rng
    if ways is None:
        table = rng.choice((ORDINARY, NATIONAL))
        ways = rng.sample(list(table.values()), rng.choice((1, 1, 2)))
    return [written(rng, ways, phone, draft.region.code, draft.language) if phone else "" for phone in phones]


def harmless(draft: Draft, role: str) -> list[Cell]:
    faker = faker_of(draft.region.names)
    make = {"company": faker.company, "city": faker.city, "email": faker.ascii_safe_email}[role]
    return [make() for _ in draft.people]


def laid_out(draft: Draft) -> tuple[list[Sheet], Truth]:
    """The sheets of the file, and the truth with every person's row in it."""
    name = draft.answers.sheet or draft.say("sheet")
    parts = [draft, *draft.beside]
    rows: list[list[Cell]] = [list(row) for row in draft.above]
    starts = _starts(parts)
    if draft.has_header:
        rows.append(_side_by_side(parts, starts, [[column.header for column in part.columns] for part in parts]))
    answers = draft.answers
    answers.sheet, answers.header_row, answers.list_starts = name, len(rows) if draft.has_header else 0, starts
    answers.phone = draft.place_of("phone")
    for index in range(max(len(part.people) for part in parts)):
        cells = [[column.cells[index] for column in part.columns] if index < len(part.people) else [] for part in parts]
        rows.append(_side_by_side(parts, starts, cells))
        for place, part in enumerate(parts):
            if index < len(part.people):
                person = part.people[index]
                person.sheet, person.row, person.place = name, len(rows), place
                person.cell = str(part.column("phone").cells[index])
    people = [person for part in parts for person in part.people]
    for person in draft.others_people:
        if not person.sheet:  # below the list: `row` counts from its end
            person.sheet, person.row = name, len(rows) + person.row
        people.append(person)
    sheets = [*draft.sheets_before, Sheet(name, rows + draft.below), *draft.extra_sheets]
    return sheets, Truth(people, answers, draft.strangers)


def _starts(parts: list[Draft]) -> list[int]:
    starts, width = [], 0
    for part in parts:
        starts.append(width)
        width += len(part.columns)
    return starts


def _side_by_side(parts: list[Draft], starts: list[int], cells: list[list[Cell]]) -> list[Cell]:
    row: list[Cell] = []
    for part, start, own in zip(parts, starts, cells, strict=True):
        row += [""] * (start - len(row)) + own
    return row + [""] * (starts[-1] + len(parts[-1].columns) - len(row))
