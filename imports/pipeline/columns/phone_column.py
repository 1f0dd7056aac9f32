"""Which column is called: the best of those that hold phone numbers, and what rules the others out.

A column scores by how many of its rows can be called, by how its cells are written, and by what its header promises: a mobile
before a plain phone before one at home or at work, a first before a second, and never the number of our own sales staff.
The header only ranks. How certain the choice is, the cells decide (`supports_of`, `readings_beside`): two columns equally
full of numbers that can be called are a question, whatever their headers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from imports.pipeline.headers.meaning import PHONE_WORDS, Meaning, promises_phone
from imports.pipeline.reasons import Reason

from .cell_profile import share_written_to_call
from .column import Column
from .column_numbers import MOST, names_things, same_numbers

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
MUCH_MORE = 0.4  # of the rows
NUMBERS = 0.6  # a header that says "number" may mean any
OUR_OWN = 0.3  # one number in every row is the line that was called, or our own
WRITTEN_WORTH = 0.12  # added to the score of a column, unless its header says phone, whose cells are written as phones
NAMES_THINGS = 0.4  # taken from one whose numbers count upwards or repeat themselves


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
    if promises_number(header) and valid >= NUMBERS:
        return Candidate(column, valid, reach, 0.0)
    if valid < (SWAPPED if header.sort else ONLY_CELLS) or header.sort in NOT_CALLED:
        return None
    return Candidate(column, valid, reach - (0.3 if header.known else 0.05), None)


def _guesses(columns: Sequence[Column]) -> list[Candidate]:
    """For want of anything better: bare digits without a header that fit some country's numbers."""
    return [
        Candidate(column, column.cells.phone, column.cells.phone, None)
        for column in columns
        if column.cells.phone >= GUESS and not column.meaning.sort
    ]


def promises_number(header: Meaning) -> bool:
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
