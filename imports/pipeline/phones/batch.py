"""A whole column of phone cells at once, with the results of `phones.normalise` of each cell.

Cells of one shape (`0999 999 99 99`) share one verdict on what is written; the digits of
all cells are laid bare in one go and run through one regular expression per dialing code
(`phone_patterns`). Whatever these do not decide goes the long way, one cell at a time.
"""

import gc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from functools import cache, cached_property, partial
from itertools import repeat

from phonenumbers import region_code_for_country_code

from imports.pipeline.reasons import Reason

from . import patterns
from .cleaning import Cleaned, clean, digits_of
from .cuts import is_parted
from .homes import homes_besides, unless_mobile_at_home
from .parsing import (
    LONG_ENOUGH_FOR_JUNK,
    SHORTEST_WITHOUT_PLUS,
    dialled_at_home,
    read,
    repairs_of_prefix,
    trunk_repairs,
    why_not,
)
from .phone_format import PhoneFormat, PhoneResult
from .pieces import has_many_lengths, read_cell
from .possible import CODES, could_be_home, could_be_parted
from .refusals import is_octets
from .shapes import CLOSER, DECIDING_ZEROS, PLAIN, SEPARATED, VERDICTS, WRITTEN, Written

_SHAPE = str.maketrans("012345678", "999999999")
_BARE = {ord(character): None for character in " ().-"}
ENOUGH_TO_COMPILE = 100
MANY_OBJECTS = 10_000  # new ones, from which looking through them is felt
_NOT_ONE_LINE = "\t"  # stands in for a cell with a line break; like it, never plain
# National numbers of one digit repeated: valid by their pattern, and nobody's.
_JUNK = frozenset(digit * length for digit in "0123456789" for length in range(LONG_ENOUGH_FOR_JUNK, 18))


def normalise_column(
    texts: Sequence[str],
    phone_format: PhoneFormat,
    row_regions: Sequence[str | None] | None = None,
    home_region: str | None = None,
) -> list[PhoneResult]:
    """A column of cells: equal to `phones.normalise` of each, in the same order."""
    with _no_collection():
        if row_regions:
            return _normalise_by_row(texts, phone_format, row_regions, home_region)
        return _normalise(_Column(texts), phone_format.home_region)


@contextmanager
def _no_collection():
    """Results hold no cycles, and looking for some among them would take a fifth of the time.

    Afterwards they count as old: young, the first thing made after them would have all of them looked through.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if gc.get_count()[0] > MANY_OBJECTS and not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def _normalise_by_row(
    texts: Sequence[str],
    phone_format: PhoneFormat,
    row_regions: Sequence[str | None],
    home_region: str | None,
) -> list[PhoneResult]:
    if len(row_regions) != len(texts):
        raise ValueError(f"{len(texts)} cells but {len(row_regions)} regions")
    places: dict[str | None, list[int]] = defaultdict(list)
    for place, region in enumerate(row_regions):
        places[region].append(place)
    results: list = [None] * len(texts)
    doubts: dict[str, list[tuple[list[int], str]]] = defaultdict(list)
    for region, chosen in places.items():
        column = _only(texts, chosen)
        for place, result in zip(chosen, _normalise(column, region or phone_format.home_region)):
            results[place] = result
        for home in homes_besides(region, phone_format, home_region):
            doubts[home].append((chosen, column.bare_lines))
    for home, parts in doubts.items():
        _doubt_by_home(texts, results, home, parts)
    return results


def _doubt_by_home(texts: Sequence[str], results: list[PhoneResult], home: str, parts: list[tuple[list[int], str]]) -> None:
    """Refuses what is a mobile at home and another number in its row's region; `parts` are places in the column with their bare lines."""
    may_be, doubted = patterns.possible_home_mobile(home), []
    for places, lines in parts:
        line = passed = 0
        for match in may_be.finditer(lines):
            line += lines.count("\n", passed, match.start())
            passed = match.start()
            if results[places[line]].e164 and (not match[1] or is_parted(texts[places[line]])):
                doubted.append(places[line])
    for place, at_home in zip(doubted, _normalise(_only(texts, doubted), home)):
        results[place] = unless_mobile_at_home(results[place], at_home)


class _Column:
    """Cells, and what is found of all of them at once when it is first needed."""

    def __init__(self, texts: Sequence[str]):
        self.texts = texts

    @cached_property
    def lines(self) -> str:
        """One line for each cell."""
        lines = "\n".join(self.texts)
        if lines.count("\n") != len(self.texts) - 1:
            lines = "\n".join(_NOT_ONE_LINE if "\n" in text else text for text in self.texts)
        return lines

    @cached_property
    def verdicts(self) -> list[int]:
        return list(map(VERDICTS.__getitem__, self.lines.translate(_SHAPE).split("\n")))

    @cached_property
    def bare_lines(self) -> str:
        """The lines without the marks that stand between digits."""
        return self.lines.translate(_BARE)

    @cached_property
    def bare(self) -> list[str]:
        return self.bare_lines.split("\n")


def _only(texts: Sequence[str], places: Sequence[int]) -> _Column:
    return _Column(list(map(texts.__getitem__, places)))


def _normalise(column: _Column, region: str | None) -> list[PhoneResult]:
    texts = column.texts
    if not texts or not _is_worth_compiling(region or "", len(texts)):
        return [_normalise_one(text, region) for text in texts]
    results = _at_home(column, region) if region else [None] * len(texts)
    left = [place for place, result in enumerate(results) if result is None]
    if left:
        _Leftovers(column, region, results).settle(left)
    return results


def _normalise_one(text: str, region: str | None) -> PhoneResult:
    cleaned = clean(text)
    return read_cell(cleaned, region) if isinstance(cleaned, Cleaned) else PhoneResult("", (), cleaned)


_met: Counter[str] = Counter()


def _is_worth_compiling(region: str, cells: int) -> bool:
    """Whether there have been cells enough that compiling (5 to 70 ms) is sooner done than asking the library."""
    _met[region] += cells
    return _met[region] >= ENOUGH_TO_COMPILE


def _at_home(column: _Column, region: str) -> list[PhoneResult | None]:
    """The results of all lines that are plain numbers of the region in a usual form, None for the others."""
    code = patterns.code_of(region)
    found, nationals = patterns.accepted(patterns.accepting_national(region), code, column.bare_lines)
    verdicts, (plain, separated) = column.verdicts, _home_repairs(code)
    results = _accepted_results(
        map(("+" + code).__add__, nationals),
        [(separated if verdict else plain)[groups[0]] for groups, verdict in zip(found, verdicts)],
    )
    one_length = not has_many_lengths(code)
    for place in _in_doubt(column, nationals):
        national, written = nationals[place], WRITTEN[verdicts[place]]
        if not national or national in _JUNK or not written.is_bare:
            results[place] = None
        elif not _is_surely_one(column.texts[place], column.bare[place], written, region, one_length):
            results[place] = None
    return results


def _in_doubt(column: _Column, nationals: Sequence[str]) -> list[int]:
    """The places of cells that are no number, nobody's, or not by their shape alone plainly one."""
    doubted = [
        place
        for place, (national, verdict, dialled) in enumerate(zip(nationals, column.verdicts, column.bare))
        if not national or verdict >= CLOSER and _is_in_doubt(verdict, dialled)
    ]
    if not _JUNK.isdisjoint(nationals):
        doubted += [place for place, national in enumerate(nationals) if national in _JUNK]
    return doubted


def _is_in_doubt(verdict: int, dialled: str) -> bool:
    """Whether the digits of a cell must be looked at, for its shape does not say that they are one number."""
    if verdict < CLOSER:
        return False
    zero = DECIDING_ZEROS[verdict]
    return not zero or dialled[0] != "0" and dialled[zero : zero + 1] == "0"


def _is_surely_one(text: str, dialled: str, written: Written, region: str | None, is_whole: bool = False) -> bool:
    """Whether the digits of a cell stand for nothing but one number; `is_whole` as in `could_be_parted`."""
    if written.octets and is_octets(text):
        return False
    cuts = written.cuts
    if cuts is None or cuts.zero and (dialled[0] == "0" or dialled[cuts.zero : cuts.zero + 1] != "0"):
        return True
    return not could_be_parted(dialled, cuts, region, is_whole)


def _accepted_results(numbers: Iterable[str], repairs: Iterable[tuple[str, ...]]) -> list[PhoneResult | None]:
    """`PhoneResult(number, its repairs, None)` of each, without a call of Python code for each."""
    return list(map(tuple.__new__, repeat(PhoneResult), zip(numbers, repairs, repeat(None))))


class _Repairs(dict):
    """What stood before a national number → all repairs, those a cell has had already first."""

    def __init__(self, before: tuple[str, ...], of_prefix: Callable[[str], tuple[str, ...]]):
        super().__init__()
        self._before, self._of_prefix = before, of_prefix

    def __missing__(self, prefix: str) -> tuple[str, ...]:
        self[prefix] = repairs = self._before + self._of_prefix(prefix)
        return repairs


@cache
def _home_repairs(code: str) -> tuple[_Repairs, _Repairs]:
    """The repairs by prefix, of cells without and with separators."""
    of_prefix = partial(_repairs_at_home, code=code)
    return _Repairs(WRITTEN[PLAIN].repairs, of_prefix), _Repairs(WRITTEN[SEPARATED].repairs, of_prefix)


def _repairs_at_home(prefix: str, code: str) -> tuple[str, ...]:
    if prefix.startswith("00" + code):
        return ("international_prefix_replaced", *trunk_repairs(prefix.removeprefix("00" + code)))
    return repairs_of_prefix(prefix, code)


class _Leftovers:
    """The cells of a column that are not plainly numbers of its own region."""

    def __init__(self, column: _Column, region: str | None, results: list[PhoneResult | None]):
        self.texts, self.region, self.results = column.texts, region, results
        self.bare, self.verdicts = column.bare, column.verdicts
        # (dialing code, repairs so far) → (place in the column, `+` number, what was cleaned) of each
        self.abroad: dict[tuple, list[tuple[int, str, Cleaned]]] = defaultdict(list)

    def settle(self, places: Sequence[int]) -> None:
        """Fills in the results of all these places."""
        surely_none = self._surely_none()
        for place in places:
            verdict, dialled = self.verdicts[place], self.bare[place]
            written = WRITTEN[verdict]
            if not written.is_bare:
                self._settle_wrapped(place, written)
            elif _is_in_doubt(verdict, dialled) and not _is_surely_one(self.texts[place], dialled, written, self.region):
                self._look_closer(place)
            elif surely_none(dialled):
                self.results[place] = PhoneResult("", (), why_not(dialled, self.region))
            else:
                self._sort(place, Cleaned(dialled, written.repairs))
        for (code, repairs), numbers in self.abroad.items():
            self._settle_abroad(code, repairs, numbers)

    def _settle_wrapped(self, place: int, written: Written) -> None:
        text = self.texts[place]
        dialled = digits_of(text) if written is not WRITTEN[CLOSER] else ""
        if not dialled or not _is_surely_one(text, dialled, written, self.region):
            self._look_closer(place)
        else:
            self._sort(place, Cleaned(dialled, written.repairs))

    def _surely_none(self) -> Callable[[str], bool]:
        """Tells at once of plain national digits that no reading gives a valid number."""
        if not self.region:
            return lambda dialled: False
        possible = patterns.possible_national(self.region).match
        return lambda dialled: dialled[0] != "+" and dialled[:2] != "00" and not possible(dialled)

    def _look_closer(self, place: int) -> None:
        cleaned = clean(self.texts[place]) if self.texts[place] else Reason("phone_missing", {})
        if not isinstance(cleaned, Cleaned):
            self.results[place] = PhoneResult("", (), cleaned)
        elif cleaned.written:
            self.results[place] = read_cell(cleaned, self.region)
        elif cleaned.doubtful_zero >= 0:
            self.results[place] = _with_trunk_zero(cleaned) or read(cleaned, self.region)
        else:
            self._sort(place, cleaned)

    def _sort(self, place: int, cleaned: Cleaned) -> None:
        """To the numbers of its dialing code, if it says one; otherwise settled on the spot."""
        dialled, region = cleaned.dialled, self.region
        if dialled[0] == "+":
            self._sort_abroad(place, dialled, cleaned, cleaned.repairs)
        elif dialled[:2] == "00" and not could_be_home(dialled, region):
            self._sort_abroad(place, "+" + dialled[2:], cleaned, (*cleaned.repairs, "international_prefix_replaced"))
        elif region:
            self.results[place] = (
                _accepted(patterns.accepting_national, cleaned, region)
                or _accepted_rarely(cleaned, region)
                or _doubted(cleaned, region, patterns.possible_national(region).match(dialled) is not None)
            )
        elif dialled[0] == "0" or len(dialled) < SHORTEST_WITHOUT_PLUS or dialled_at_home(dialled):
            self.results[place] = PhoneResult("", (), why_not(dialled, None))
        else:
            self._sort_abroad(place, "+" + dialled, cleaned, (*cleaned.repairs, "plus_added"))

    def _sort_abroad(self, place: int, number: str, cleaned: Cleaned, repairs: tuple[str, ...]) -> None:
        code = CODES[number[1:4]]
        if code:
            self.abroad[code, repairs].append((place, number, cleaned))
        else:
            self.results[place] = read(cleaned, self.region)

    def _settle_abroad(self, code: str, repairs: tuple[str, ...], numbers: list[tuple[int, str, Cleaned]]) -> None:
        if not _is_worth_compiling(region_code_for_country_code(int(code)), len(numbers)):
            for place, _, cleaned in numbers:
                self.results[place] = read(cleaned, self.region)
            return
        table = _Repairs(repairs, partial(repairs_of_prefix, dialing_code=code))
        lines = "\n".join([number for _, number, _ in numbers])
        found, nationals = patterns.accepted(patterns.accepting_international(code), code, lines)
        start, results = "+" + code, self.results
        for (place, number, cleaned), groups, national in zip(numbers, found, nationals):
            if national and national not in _JUNK:
                results[place] = PhoneResult(start + national, table[groups[0]], None)
            else:
                possible = patterns.possible_international(code).match(number) is not None
                results[place] = _doubted(cleaned, self.region, possible)


def _doubted(cleaned: Cleaned, region: str | None, possible: bool) -> PhoneResult:
    """For the library to decide if a valid number is possible at all; else only the reason is to be found."""
    return read(cleaned, region) if possible else PhoneResult("", (), why_not(cleaned.dialled, region))


def _with_trunk_zero(cleaned: Cleaned) -> PhoneResult | None:
    """`+44 (0)20 …`, where zero dialled and zero dropped are surely the same number."""
    dialled, zero = cleaned.dialled, cleaned.doubtful_zero
    code = CODES[dialled[1:4]] if dialled[0] == "+" else ""
    if not code or zero != len(code) + 1:
        return None
    without = dialled[:zero] + dialled[zero + 1 :]
    found, nationals = patterns.accepted(patterns.accepting_international(code), code, f"{dialled}\n{without}")
    if not all(nationals) or [groups[0] for groups in found] != [f"+{code}0", "+" + code]:
        return None
    return None if without[zero:] in _JUNK else PhoneResult(without, (*cleaned.repairs, "trunk_zero_removed"), None)


def _accepted_rarely(cleaned: Cleaned, region: str) -> PhoneResult | None:
    code = patterns.code_of(region)
    unusual = cleaned.dialled.startswith((code, "0" + code))
    return _accepted(patterns.accepting_national_rarely, cleaned, region) if unusual else None


def _accepted(pattern_of: Callable, cleaned: Cleaned, region: str) -> PhoneResult | None:
    """The result of one number of a region, if it has the usual (or rare) form."""
    code = patterns.code_of(region)
    pattern = pattern_of(region)
    if pattern is None:
        return None
    (groups,), (national,) = patterns.accepted(pattern, code, cleaned.dialled)
    if not national or national in _JUNK:
        return None
    return PhoneResult("+" + code + national, cleaned.repairs + _repairs_at_home(groups[0], code), None)
