"""Defects of the sheet: where the list begins and ends, and what other lists there are."""

from collections.abc import Callable
from dataclasses import replace

from . import numbers
from .draft import Cell, Column, Draft, Sheet, draft_of, laid_out, plain_columns
from .words import languages
from .writings import NATIONAL, ORDINARY


def no_header(draft: Draft) -> None:
    plain_columns(draft)
    draft.has_header = False


def foreign_list(draft: Draft) -> None:
    """National numbers of elsewhere: nothing but the cells and the language of the headers says of where."""
    plain_columns(draft, list(NATIONAL.values())[:2] if draft.rng.random() < 0.6 else [NATIONAL["dashes"]])
    draft.answers.region = draft.region.code


def other_language(draft: Draft) -> None:
    """Headers in a language that is not the list's own."""
    draft.language = draft.rng.choice([language for language in languages() if language != draft.language])
    plain_columns(draft)


def title_above(draft: Draft) -> None:
    plain_columns(draft)
    width, rng = len(draft.columns), draft.rng
    lines = [
        draft.say("title"),
        f"{draft.say('date')}: 12.03.2026",
        f"{draft.say('head_office')}: {numbers.national(_office(draft))}",
    ]
    draft.above = [[line, *[""] * (width - 1)] for line in lines[: rng.randint(1, 3)]]
    draft.above += [[""] * width] if rng.random() < 0.5 else []


def totals_below(draft: Draft) -> None:
    plain_columns(draft)
    blank: list[Cell] = [""] * len(draft.columns)
    total: list[Cell] = [draft.say("total"), len(draft.people), *blank][: len(blank)]
    draft.below = [blank, total] if draft.rng.random() < 0.5 else [total]


def header_again(draft: Draft) -> None:
    """A printed report: the headers stand again at the end of every page, a page number under them."""
    plain_columns(draft)
    other = _sibling(draft, 6)
    width = len(draft.columns)
    draft.below = [["Page 1", *[""] * (width - 1)], [column.header for column in draft.columns]]
    _append(draft, other, other.columns)


def head_office_below(draft: Draft) -> None:
    """The head office's own number under the list."""
    plain_columns(draft)
    office = numbers.national(_office(draft))
    blank: list[Cell] = [""] * len(draft.columns)
    row = list(blank)
    row[0] = draft.say("head_office")
    row[draft.place_of("phone") if draft.place_of("phone") else 1] = office
    in_one: list[Cell] = [f"{draft.say('head_office')}: {office}", *blank][: len(blank)]
    draft.below = [blank, row if draft.rng.random() < 0.7 else in_one]


def _office(draft: Draft) -> str:
    line = draft.fixed()
    draft.strangers[line] = "the head office"
    return line


def _sibling(draft: Draft, count: int) -> Draft:
    """Another list of the same kind: the same headers in the same order, other people."""
    other = draft_of(draft.rng, draft.region.code, draft.home, draft.language, count)
    taken = {person.name for person in draft.people}
    other.people = [person for person in other.people if person.name not in taken]
    has_codes = str(draft.column("phone").cells[0]).startswith("+")
    write = numbers.international if has_codes else numbers.national
    other.columns = [replace(column, cells=_cells_of(other, column.role, write)) for column in draft.columns]
    return other


def _cells_of(draft: Draft, role: str, write: Callable[[str], str]) -> list[Cell]:
    halves = {"first": 0, "last": 1}
    if role in halves:
        return [person.name.rsplit(" ", 1)[halves[role]] for person in draft.people]
    return [write(person.number) if role == "phone" else person.name if role == "name" else "" for person in draft.people]


def _two_columns(draft: Draft) -> None:
    plain_columns(draft, draft.rng.choice(([NATIONAL["grouped"]], [ORDINARY["international"]])))
    draft.columns = [column for column in draft.columns if column.role in ("name", "first", "last", "phone")]
    draft.answers.region = draft.region.code


def lists_side_by_side(draft: Draft) -> None:
    """`Name | Phone | Name | Phone`: every row holds two people."""
    _two_columns(draft)
    count = len(draft.people)
    draft.beside = [_sibling(draft, draft.rng.randint(count // 2, count)) for _ in range(draft.rng.choice((1, 1, 2)))]


def lists_below_each_other(draft: Draft) -> None:
    """A second list under the first: blank rows, its title, its headers again; sometimes its columns the other way round."""
    _two_columns(draft)
    other = _sibling(draft, max(3, len(draft.people) // 2))
    columns = other.columns[::-1] if draft.rng.random() < 0.3 else other.columns
    width = len(columns)
    gap: list[list[Cell]] = [[""] * width] * draft.rng.choice((0, 1, 2))
    title: list[list[Cell]] = [[draft.say("title"), *[""] * (width - 1)]] if draft.rng.random() < 0.5 else []
    draft.below = [*gap, *title, [column.header for column in columns]]
    _append(draft, other, columns)


def _append(draft: Draft, other: Draft, columns: list[Column]) -> None:
    """People of `other` under the list; their row is counted from its end."""
    for index, person in enumerate(other.people):
        draft.below.append([column.cells[index] for column in columns])
        person.row, person.place, person.cell = len(draft.below), 1, str(other.column("phone").cells[index])
        draft.others_people.append(person)


def other_sheets(draft: Draft) -> None:
    """Monthly sheets: people on each of them."""
    plain_columns(draft, [NATIONAL["grouped"]])
    draft.answers.region = draft.region.code
    draft.answers.sheet = draft.say("sheet")
    for number in range(draft.rng.choice((1, 2))):
        other = _sibling(draft, max(4, len(draft.people) // 2))
        other.answers.sheet = f"{draft.say('sheet')} {number + 2}"
        sheets, truth = laid_out(other)
        draft.extra_sheets += sheets
        draft.others_people += truth.people
    draft.container = "xlsx"


def hidden_sheet(draft: Draft) -> None:
    """An old list on a hidden sheet before the one that is meant: whoever hid it does not want it called."""
    plain_columns(draft)
    other = _sibling(draft, max(4, len(draft.people) // 2))
    other.answers.sheet = "Old"
    draft.sheets_before = [replace(sheet, is_visible=False) for sheet in laid_out(other)[0]]
    draft.strangers |= {person.number: "somebody on a hidden sheet" for person in other.people}
    draft.container = "xlsx"


def cover_sheet(draft: Draft) -> None:
    """A cover and a summary before the list."""
    plain_columns(draft)
    draft.sheets_before = [Sheet("Cover", [[draft.say("title")], [draft.say("head_office"), numbers.national(_office(draft))]])]
    draft.extra_sheets = [Sheet("Summary", [[draft.say("total"), len(draft.people)], [draft.say("amount"), 15320]])]
    draft.container = "xlsx"


def dialect(draft: Draft) -> None:
    """Cells full of what csv must quote: delimiters, quotes, line breaks, a backslash."""
    plain_columns(draft)
    hard = ('said "call me"', "a; b, c\td", "one\ntwo", "C:\\temp\\", "'quoted'", '5" pipe', "a|b", "")
    draft.add("note", [draft.rng.choice(hard) for _ in draft.people])
    draft.container = "csv"


def container(name: str) -> Callable[[Draft], None]:
    """A clean list in one kind of file."""

    def kind(draft: Draft) -> None:
        plain_columns(draft)
        draft.container = name

    return kind
