"""Faults inside the phone cell: how a number is written, what stands beside it, what is damaged."""

import random
from collections.abc import Callable

from . import numbers
from .draft import Draft, plain_columns, write_phones
from .writings import INTERNATIONAL, NATIONAL, ODD, ORDINARY, written

DIRECT_DIAL = ("DE", "AT")  # `1234-56` is one number there: 56 is dialled on
SHORT = (0.25, 0.4)  # share of rows with the defect
NUMBER_FORMATS = {"national": ("0", "General", "#,##0", "00000000000"), "international": ("0", "General", "+0")}
COSTLY = ("+881612345678", "+8835100012345", "+870773111632", "+447012345678")  # satellites, a "universal" number, British 070


def clean(draft: Draft) -> None:
    """One phone column, one country, plain headers: what must go through without a question."""
    plain_columns(draft)


def odd_writing(name: str) -> Callable[[Draft], None]:
    def kind(draft: Draft) -> None:
        plain_columns(draft, [ODD[name]])
        draft.answers.region = draft.region.code

    return kind


def any_writing(draft: Draft) -> None:
    """Several hands have written the column."""
    names = draft.rng.sample(sorted(set(ODD) - {"scientific"}), 4)
    plain_columns(draft, [*(ODD[name] for name in names), *ORDINARY.values()])
    draft.answers.region = draft.region.code


def number_cells(draft: Draft) -> None:
    """Cells that are numbers, with and without a format that shows more than there is."""
    way = draft.rng.choice(sorted(NUMBER_FORMATS))
    plain_columns(draft, [ODD["trunk_lost_numeric"]])
    if way == "international":
        draft.column("phone").cells = [int(person.number[1:]) for person in draft.people]
    draft.answers.region = draft.region.code
    draft.number_format = draft.rng.choice(NUMBER_FORMATS[way])
    draft.container = "xlsx"


def several_countries(draft: Draft) -> None:
    """All with dialing codes, from five countries."""
    from .regions import regions

    for person in draft.people:
        person.number = numbers.mobile(draft.rng, draft.rng.choice(list(regions())))
    plain_columns(draft, list(INTERNATIONAL.values()))


def home_and_abroad(draft: Draft) -> None:
    """National numbers, and some of elsewhere with their dialing code."""
    from .regions import regions

    plain_columns(draft, list(NATIONAL.values())[:2])
    for place in some_of(draft.rng, len(draft.people), (0.1, 0.3)):
        person = draft.people[place]
        person.number = numbers.mobile(draft.rng, draft.rng.choice(list(regions())))
        draft.column("phone").cells[place] = numbers.international(person.number)
    draft.answers.region = draft.region.code


def several_countries_bare(draft: Draft) -> None:
    """All with dialing codes, from five countries, and no plus anywhere."""
    several_countries(draft)
    draft.column("phone").cells = [person.number[1:] for person in draft.people]
    for person in draft.people:
        person.may_be_refused = True


def fixed_and_mobile(draft: Draft) -> None:
    for place in some_of(draft.rng, len(draft.people), (0.3, 0.7)):
        draft.people[place].number = draft.fixed()
    plain_columns(draft, None, "phone")


def costly(draft: Draft) -> None:
    """Satellites and premium lines: several euros a minute."""
    plain_columns(draft)
    for place in some_of(draft.rng, len(draft.people), (0.1, 0.3)):
        number = draft.rng.choice((*COSTLY, numbers.premium(draft.region.code)))
        draft.column("phone").cells[place] = number
        draft.strangers[number] = "a premium or satellite line"
        _not_to_call(draft, place, "premium or satellite")


# -- what is no number, or no longer ------------------------------------------------------------------------------------


def digit_missing(draft: Draft) -> None:
    _damage(draft, lambda digits, rng: digits[:-1] if rng.random() < 0.6 else _without_one(digits, rng))


def digit_too_many(draft: Draft) -> None:
    _damage(draft, lambda digits, rng: digits + rng.choice("0123456789"))


def _damage(draft: Draft, change: Callable[[str, random.Random], str]) -> None:
    """Some numbers lose or gain a digit, and are no number of the country any more."""
    plain_columns(draft, [NATIONAL["trunk"]] if draft.rng.random() < 0.6 else [ORDINARY["grouped"], NATIONAL["trunk"]])
    draft.answers.region = draft.region.code
    cells = draft.column("phone").cells
    for place in some_of(draft.rng, len(draft.people), SHORT):
        digits = "".join(char for char in str(cells[place]) if char.isdigit())
        text = change(digits, draft.rng)
        if not str(cells[place]).startswith("+") and not numbers.is_callable(text, draft.region.code):
            cells[place] = text
            _not_to_call(draft, place, "damaged")


def _without_one(digits: str, rng: random.Random) -> str:
    place = rng.randrange(3, len(digits))
    return digits[:place] + digits[place + 1 :]


def shortened(draft: Draft) -> None:
    """What Excel leaves of a number saved as `9.05321E+11`."""
    plain_columns(draft)
    for place in some_of(draft.rng, len(draft.people), (0.1, 0.6)):
        digits = draft.people[place].number[1:]
        point = draft.rng.choice(".,")
        draft.column("phone").cells[place] = f"{digits[0]}{point}{digits[1:6]}E+{len(digits) - 1}"
        _not_to_call(draft, place, "digits lost")


def placeholders(draft: Draft) -> None:
    plain_columns(draft)
    for place in some_of(draft.rng, len(draft.people), (0.15, 0.4)):
        digits = "".join(filter(str.isdigit, numbers.national(draft.people[place].number)))
        never = draft.rng.choice(("0" * len(digits), "1" * len(digits), "9" * len(digits), "0" * 10))
        if numbers.is_callable(never, draft.region.code):
            never = "0" * len(digits)
        nothing = draft.say("nothing"), draft.say("nothing"), never, r"\N", "nan", "(null)"
        draft.column("phone").cells[place] = draft.rng.choice(nothing)
        _not_to_call(draft, place, "placeholder")


def _not_to_call(draft: Draft, place: int, why: str) -> None:
    draft.people[place].number, draft.people[place].why = "", why


# -- what else stands in the cell ------------------------------------------------------------------------------------


def list_number_in_cell(draft: Draft) -> None:
    plain_columns(draft)
    column = draft.column("phone")
    pattern = draft.rng.choice(("{}. {}", "{}) {}", "{} - {}", "({}) {}"))
    column.cells = [pattern.format(place, cell) for place, cell in enumerate(column.cells, 1)]
    for person in draft.people:
        person.may_be_refused = True


def extension(draft: Draft) -> None:
    """Behind a switchboard: nobody there can be called by a machine that presses no keys."""
    plain_columns(draft)
    for place in some_of(draft.rng, len(draft.people), SHORT):
        cell = draft.column("phone").cells[place]
        pattern = draft.rng.choice((f"{{}} {draft.say('extension')} {{}}", "{} - {}", "{} ({})", "{}/{}"))
        draft.column("phone").cells[place] = pattern.format(cell, draft.rng.choice(("12", "345", "8", "201")))
        _not_to_call(draft, place, "extension")


def two_in_a_cell(draft: Draft) -> None:
    plain_columns(draft)
    column, pattern = (
        draft.column("phone"),
        draft.rng.choice(("{} / {}", "{}/{}", "{}, {}", "{}\n{}", "{}; {}", "{} {}", "{} - {}")),
    )
    for place in some_of(draft.rng, len(draft.people), SHORT):
        person, second = draft.people[place], draft.mobile()
        column.cells[place] = pattern.format(column.cells[place], *write_phones(draft, [second]))
        person.others.append(second)
        person.may_be_refused = True


def two_ends_in_a_cell(draft: Draft) -> None:
    """`030/9012345/46`: two lines of one office, the second by its last digits."""
    for person in draft.people:
        person.number = draft.fixed()
    plain_columns(draft, [ODD["slash"], NATIONAL["trunk"]], "phone")
    draft.answers.region = draft.region.code
    marks = ("/", " / ") if draft.region.code in DIRECT_DIAL else ("/", "-", " / ")
    for place in some_of(draft.rng, len(draft.people), SHORT):
        cell, end = draft.column("phone").cells[place], f"{draft.rng.randrange(100):02}"
        draft.column("phone").cells[place] = f"{cell}{draft.rng.choice(marks)}{end}"
        draft.people[place].may_be_refused = True
        draft.people[place].others.append(draft.people[place].number[:-2] + end)


def fax_in_cell(draft: Draft) -> None:
    plain_columns(draft)
    for place in some_of(draft.rng, len(draft.people), SHORT):
        fax = draft.fixed()
        text = f"{draft.say('label_fax')} {written(draft.rng, [ORDINARY['grouped']], fax, draft.region.code, draft.language)}"
        draft.column("phone").cells[place] = text
        draft.strangers[fax] = "a fax"
        _not_to_call(draft, place, "fax")


def mojibake(draft: Draft) -> None:
    """Names that were read in the wrong encoding once, long ago."""
    plain_columns(draft)
    for column in draft.columns:
        if column.role in ("name", "first", "last"):
            column.cells = [_misread(str(text)) for text in column.cells]


def _misread(text: str) -> str:
    try:
        return text.encode("utf-8").decode("cp1252")
    except UnicodeDecodeError:
        return text


def some_of(rng: random.Random, count: int, share: tuple[float, float]) -> list[int]:
    return sorted(rng.sample(range(count), max(2, round(count * rng.uniform(*share)))))
