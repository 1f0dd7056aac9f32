"""The cells of a column that are not plainly numbers of its own region: written otherwise, of other countries, or none."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial

from phonenumbers import region_code_for_country_code

from imports.pipeline.reasons import Reason

from . import patterns
from .batch_column import Column
from .batch_rules import JUNK, RepairsByPrefix, is_in_doubt, is_surely_one, repairs_at_home
from .cleaning import Cleaned, clean, digits_of
from .compiling import is_worth_compiling
from .dialled_at_home import dialled_at_home
from .metadata import code_of
from .parsing import SHORTEST_WITHOUT_PLUS, read, repairs_of_prefix
from .phone_format import PhoneResult
from .pieces import read_cell
from .possible import CODES, could_be_home
from .shapes import CLOSER, WRITTEN, Written
from .why_not import why_not


class Remainder:
    """The cells of a column that are not plainly numbers of its own region."""

    def __init__(self, column: Column, region: str | None, results: list[PhoneResult | None]) -> None:
        self.texts, self.region, self.results = column.texts, region, results
        self.bare, self.verdicts = column.bare, column.verdicts
        # (dialing code, repairs so far) → (place in the column, `+` number, what was cleaned) of each
        self.abroad: dict[tuple[str, tuple[str, ...]], list[tuple[int, str, Cleaned]]] = defaultdict(list)

    def settle(self, places: Sequence[int]) -> None:
        """Fills in the results of all these places."""
        surely_none = self._surely_none()
        for place in places:
            verdict, dialled = self.verdicts[place], self.bare[place]
            written = WRITTEN[verdict]
            if not written.is_bare:
                self._settle_wrapped(place, written)
            elif is_in_doubt(verdict, dialled) and not is_surely_one(self.texts[place], dialled, written, self.region):
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
        if not dialled or not is_surely_one(text, dialled, written, self.region):
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
        if not is_worth_compiling(region_code_for_country_code(int(code)), len(numbers)):
            for place, _, cleaned in numbers:
                self.results[place] = read(cleaned, self.region)
            return
        table = RepairsByPrefix(repairs, partial(repairs_of_prefix, dialing_code=code))
        lines = "\n".join([number for _, number, _ in numbers])
        found, nationals = patterns.accepted(patterns.accepting_international(code), code, lines)
        start, results = "+" + code, self.results
        for (place, number, cleaned), groups, national in zip(numbers, found, nationals):
            if national and national not in JUNK:
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
    return None if without[zero:] in JUNK else PhoneResult(without, (*cleaned.repairs, "trunk_zero_removed"), None)


def _accepted_rarely(cleaned: Cleaned, region: str) -> PhoneResult | None:
    code = code_of(region)
    if not cleaned.dialled.startswith((code, "0" + code)) or not is_worth_compiling(f"{region} rarely", 1):
        return None
    return _accepted(patterns.accepting_national_rarely, cleaned, region)


def _accepted(pattern_of: Callable[[str], re.Pattern[str] | None], cleaned: Cleaned, region: str) -> PhoneResult | None:
    """The result of one number of a region, if it has the usual (or rare) form."""
    code = code_of(region)
    pattern = pattern_of(region)
    if pattern is None:
        return None
    (groups,), (national,) = patterns.accepted(pattern, code, cleaned.dialled)
    if not national or national in JUNK:
        return None
    return PhoneResult("+" + code + national, cleaned.repairs + repairs_at_home(groups[0], code), None)
