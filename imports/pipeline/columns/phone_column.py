"""Which column is called: the best of those that hold phone numbers, and what rules the others out.

A column scores by how many of its rows can be called, by how its cells are written, and by what its header promises: a mobile
before a plain phone before one at home or at work, a first before a second, and never the number of our own sales staff.
The header only ranks. How certain the choice is, the cells decide (`supports_of`, `readings_beside`): two columns equally
full of numbers that can be called are a question, whatever their headers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from imports.pipeline.evidence import Reading, Support
from imports.pipeline.headers.meaning import PHONE_WORDS, Meaning, promises_phone
from imports.pipeline.phones.guessing import suggest_format
from imports.pipeline.phones.normalise import PhoneFormat, kinds_of, normalise_column
from imports.pipeline.reasons import Reason

from .cell_profile import share_at_home, share_written_to_call
from .column import Column

# What a header promises, added to the share of rows that can be called times REACH.
PROMISES = {
    "mobile": 0.26,
    "phone": 0.14,
    "whatsapp": 0.10,
    "landline": 0.02,
    "primary": 0.05,
    "billing": -0.02,
    "shipping": -0.08,
    "home": -0.14,
    "work": -0.14,
    "other": -0.19,
    "secondary": -0.2,
    "emergency": -0.3,
    "old": -0.25,
    "parent": -0.02,
    "mother": -0.08,
    "father": -0.08,
    "agent": -0.6,
    "supplier": -0.6,
    "company": -0.16,
    "address": -0.1,
    "default_address": -0.15,
    "customer": 0.04,
}
NOT_CALLED = frozenset({"number", "fax", "extension", "area_code"})
REACH = 0.6
ALIKE = 0.13  # scores this close are a matter of taste
SAME_PROMISE = 0.04
FEW_VALID = 0.3  # of the filled cells; below it even a good header is doubted
SWAPPED = 0.9  # numbers under a header that says name, or another thing
ONLY_CELLS = 0.8  # a column without a telling header must be nearly all numbers
GUESS = 0.2
MOST = 0.5
MUCH_MORE = 0.4  # of the rows
NUMBERS = 0.6  # a header that says "number" may mean any
OUR_OWN = 0.3  # one number in every row is the line that was called, or our own
_AREA_CODE = re.compile(r"\(?0?[1-9]\d{1,3}\)?")
WRITTEN_WORTH = 0.12  # added to the score of a column, unless its header says phone, whose cells are written as phones
NAMES_THINGS = 0.4  # taken from one whose numbers count upwards or repeat themselves
AS_FULL = 0.5  # of the best column's numbers make another column one that could be meant
FEW = 0.2
LEAST_CELLS = 4  # from which counting upwards, and
ENOUGH_CELLS = 8  # from which one beginning in all cells is noticed
OF_THE_LEAD = frozenset({"customer", "holder", "primary", "patient", "student", "parent", "number"})  # whose numbers they are
OF_OTHERS = frozenset({"agent", "supplier", "fax", "old", "emergency", "company", "address"})
COPIES = 0.8  # of the rows filled in both columns hold the same number


@dataclass(frozen=True)
class Candidate:
    """A column that may hold phone numbers: `valid` is the share (0..1) of its filled cells that do.
    `promise` is the header's part of `score`; None without one."""

    column: Column
    valid: float
    score: float
    promise: float | None

    @property
    def confidence(self) -> float:
        return round(0.4 + 0.5 * self.valid if self.promise is None else 0.7 + 0.28 * self.valid, 2)

    @property
    def reason(self) -> Reason:
        params = {"header": self.column.header, "percent": round(100 * self.valid)}
        return Reason("column_phone_cells" if self.promise is None else "column_phone_header", params)


@dataclass(frozen=True)
class PhoneVerdict:
    """`ranking`: every candidate, best first; the first is the choice. `sure`: no need to ask."""

    ranking: list[Candidate]
    sure: bool
    doubts: list[Reason] = field(default_factory=list)


def choose_phone(columns: Sequence[Column], reserved: frozenset[int] = frozenset()) -> PhoneVerdict:
    """The columns that may be called. `reserved` columns bear the name of a variable and come last."""
    found = [candidate for column in columns if (candidate := _candidate(column, column.index in reserved))]
    ranking = sorted(found or _guesses(columns), key=lambda candidate: -candidate.score)
    if not ranking:
        return PhoneVerdict([], False, [Reason("phone_column_missing", {})])
    doubt = _doubt(ranking) or _fuller(ranking[0], columns)
    return PhoneVerdict(ranking, doubt is None or doubt.code == "phone_column_shortened", [doubt] if doubt else [])


def _candidate(column: Column, reserved: bool) -> Candidate | None:
    header, cells = column.meaning, column.cells
    valid = cells.phone
    reach = (
        REACH * cells.fill * valid
        - (OUR_OWN if cells.same else 0)
        - (0.5 if reserved else 0)
        - (0.5 if cells.filled and not valid else 0)
    )
    if promises_phone(header):
        promise = max(PROMISES[word] for word in header.names & PHONE_WORDS)
        promise += sum(PROMISES.get(name, 0) for name in header.names - PHONE_WORDS)
        return Candidate(column, valid, reach + promise - 0.01 * header.ordinal, promise)
    reach += WRITTEN_WORTH * share_written_to_call(column.texts) - (NAMES_THINGS if names_things(column) else 0)
    if _promises_number(header) and valid >= NUMBERS:
        return Candidate(column, valid, reach, 0.0)
    if valid < (SWAPPED if header.sort else ONLY_CELLS) or header.sort in NOT_CALLED:
        return None
    return Candidate(column, valid, reach - (0.3 if header.known else 0.05), None)


def area_code_apart(columns: Sequence[Column], region: str) -> Reason | None:
    """`Alan Kodu | Telefon`, `Area | Tel`: numbers that can be called only with the code in the column beside them, in `region`
    or in the country that the whole numbers suggest."""
    codes = next((column for column in columns if _may_be_area_code(column.meaning) and _are_codes(column)), None)
    if codes is None:
        return None
    for column in columns:
        if column is codes or not _may_be_called(column):
            continue
        whole = [code + number for code, number in zip(codes.texts, column.texts) if code and number]
        for there in dict.fromkeys([region, suggest_format(whole, likely_region=region).phone_format.region or region]):
            if share_at_home(whole, there) >= ONLY_CELLS > share_at_home(column.texts, there):
                return Reason("area_code_apart", {"header": column.header, "codes": codes.header})
    return None


def _may_be_area_code(header: Meaning) -> bool:
    return "area_code" in header.names or not header.known


def _are_codes(column: Column) -> bool:
    filled = [text for text in column.texts if text]
    return bool(filled) and all(_AREA_CODE.fullmatch(text) for text in filled)


def _may_be_called(column: Column) -> bool:
    return promises_phone(column.meaning) or _promises_number(column.meaning)


def _guesses(columns: Sequence[Column]) -> list[Candidate]:
    """For want of anything better: bare digits without a header that fit some country's numbers."""
    return [
        Candidate(column, column.cells.phone, column.cells.phone, None)
        for column in columns
        if column.cells.phone >= GUESS and not column.meaning.sort
    ]


def _promises_number(header: Meaning) -> bool:
    """ "Numara", "Your number": of what, it does not say."""
    return "number" in header.names and all(name in ("number", "customer") or name.startswith("=") for name in header.names)


def _doubt(ranking: list[Candidate]) -> Reason | None:
    """Why the best candidate should be asked about, or None."""
    best, others = ranking[0], ranking[1:]
    params = {"header": best.column.header, "percent": round(100 * best.valid)}
    shortened = best.column.cells.shortened
    if best.promise is not None and shortened >= MOST and not any(other.valid for other in others):
        return Reason("phone_column_shortened", {"header": best.column.header, "percent": round(100 * shortened)})
    if best.valid == 0 or best.valid < FEW_VALID and others:
        return Reason("phone_cells_not_valid", params)
    if best.promise is None and (best.column.meaning.known or best.valid < ONLY_CELLS):
        return Reason("phone_column_guessed", params)
    rival = next((other for other in others if _rivals(best, other)), None)
    if rival:
        return Reason("phone_columns_alike", {"first": best.column.header, "second": rival.column.header})
    return None


def _fuller(best: Candidate, columns: Sequence[Column]) -> Reason | None:
    """A column under another header that has numbers in far more rows: perhaps its header was not understood."""
    for column in columns:
        more = column.cells.phone >= SWAPPED and column.cells.fill >= best.column.cells.fill + MUCH_MORE
        if more and not promises_phone(column.meaning) and not column.cells.same and not same_numbers(best.column, column):
            return Reason("phone_columns_alike", {"first": best.column.header, "second": column.header})
    return None


def _rivals(best: Candidate, other: Candidate) -> bool:
    """Nothing but taste speaks for `best`."""
    if best.score - other.score > ALIKE or other.valid < FEW_VALID or same_numbers(best.column, other.column):
        return False
    if best.promise is None or other.promise is None:
        return best.promise is other.promise
    one, two = best.column.meaning, other.column.meaning
    numbered = one.names == two.names and (one.ordinal != two.ordinal or one.text == two.text)
    return abs(best.promise - other.promise) < SAME_PROMISE and not numbered


def names_things(column: Column) -> bool:
    """Numbers that count upwards, or of which half stand there more than once: a machine gave them out."""
    filled = [text for text in column.texts if text]
    digits = [int(number) for text in filled if (number := _digits(text)) and len(number) <= 18]
    steps = [abs(after - before) for before, after in zip(digits, digits[1:])]
    if len(filled) < LEAST_CELLS:
        return False
    if share_written_to_call(column.texts) >= MOST:
        return len(set(filled)) <= MOST * len(filled)
    counts = len(steps) >= LEAST_CELLS - 1 and sum(0 < step <= 20 for step in steps) >= 0.9 * len(steps)
    return counts or len(set(filled)) <= MOST * len(filled)


def supports_of(candidate: Candidate, region: str) -> set[Support]:
    """What speaks for a column as one of numbers to call: its own name, its cells, or its header alone."""
    column, supports = candidate.column, set()
    if candidate.promise is not None:
        supports.add(Support.HEADER)
    if is_own_name(column.header, "phone_number"):
        supports.add(Support.OWN_NAME)
    # Whole numbers of which Excel has left the beginning.
    shortened = promises_phone(column.meaning) and column.cells.shortened >= MOST
    if shortened or candidate.valid > FEW_VALID and _are_phones(candidate, region):
        supports.add(Support.CELLS)
    return supports or ({Support.HEADER} if candidate.valid else set())


def is_own_name(header: str, name: str) -> bool:
    """Whether the header is the name that WhatTalk itself gives the field: `phone_number`, not "Phone Number"."""
    return header.strip().lower() == name


def _are_phones(candidate: Candidate, region: str) -> bool:
    """The cells are written as people write phones; or are, beside a header that says phone, or all through, mobiles."""
    column = candidate.column
    if names_things(column) or column.cells.same:
        return False
    if promises_phone(column.meaning) or share_written_to_call(column.texts) >= MOST:
        return True
    return mobile_share(column, region) >= ONLY_CELLS and not _begin_alike(column)


def _begin_alike(column: Column) -> bool:
    """Nearly all bare numbers begin with the same two digits, which those of people do not."""
    beginnings = [_digits(text).lstrip("0")[:2] for text in column.texts if text]
    return len(beginnings) >= ENOUGH_CELLS and max(map(beginnings.count, set(beginnings))) >= 0.95 * len(beginnings)


def mobile_share(column: Column, region: str) -> float:
    """The share (0..1) of filled cells that are mobiles, as dialled in `region` or with their dialing code."""
    filled = [text for text in column.texts if text]
    results = normalise_column(filled, PhoneFormat("national", region))
    kinds = [kind for kind, _ in kinds_of([result.e164 for result in results if result.e164])]
    return sum(kind.startswith("mobile") for kind in kinds) / max(1, len(filled))


def readings_beside(best: Candidate, others: Sequence[Candidate], columns: Sequence[Column], region: str) -> list[Reading]:
    """The other columns that could be called instead, each with what rules it out; '' where nobody should be called."""
    readings = [Reading(other.column.header, _refuted(best, other, region)) for other in others]
    known = {candidate.column.index for candidate in (best, *others)}
    unnamed = [
        Candidate(column, column.cells.phone, 0.0, None)
        for column in columns
        if column.index not in known and column.cells.phone >= ONLY_CELLS
    ]
    readings += [Reading(other.column.header, _refuted(best, other, region)) for other in unnamed]
    names_another_thing = best.column.meaning.known and not best.column.meaning.names <= OF_THE_LEAD
    if best.column.meaning.names & OF_OTHERS or names_another_thing and best.promise is None:
        readings.append(Reading(""))
    return readings


def _refuted(best: Candidate, other: Candidate, region: str) -> str:
    """The code of what rules `other` out beside `best`, '' if nothing does."""
    column = other.column
    if same_numbers(best.column, column):
        return "same_numbers"
    if column.meaning.sort == "fax" and promises_phone(best.column.meaning):
        return "fax"
    # `Tel. opiekuna` beside `Komórka`: the unknown word may say whose phone it is, and no cell shows it.
    is_named = promises_phone(column.meaning)
    if best.column.header and not best.column.meaning.understood and (is_named or not column.meaning.known):
        return ""
    if other.valid * column.cells.fill < AS_FULL * best.valid * best.column.cells.fill:
        return "fewer"
    if names_things(column) or column.cells.same:
        return "counts_upwards"
    if not is_named and share_written_to_call(best.column.texts) >= MOST and share_written_to_call(column.texts) < FEW:
        return "not_written"
    if mobile_share(best.column, region) >= ONLY_CELLS and mobile_share(column, region) < FEW:
        return "fixed_lines"
    return ""


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit() and char.isascii())


def same_numbers(one: Column, other: Column) -> bool:
    """Both columns hold the same numbers where both are filled (billing and shipping phone)."""
    pairs = [(a, b) for a, b in zip(one.texts, other.texts) if a and b]
    return bool(pairs) and sum(_tail(a) == _tail(b) for a, b in pairs) >= COPIES * len(pairs)


def _tail(text: str) -> str:
    return "".join(char for char in text if char.isdigit())[-9:]
