"""A whole column of phone cells at once, with the results of `normalise.normalise` of each cell.

Cells of one shape (`0999 999 99 99`) share one verdict on what is written (`shapes`); the separators
of all cells are removed at once and the digits matched by one regular expression per dialing code
(`patterns`). Cells that these do not decide are read one at a time (`parsing.read`).
"""

import gc
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import cast

from . import patterns
from .batch_column import Column, only
from .batch_home import home_results
from .batch_remainder import Remainder
from .cleaning import Cleaned, clean
from .compiling import is_worth_compiling
from .cuts import is_parted
from .homes import homes_besides, unless_mobile_at_home
from .phone_format import PhoneFormat, PhoneResult
from .pieces import read_cell

MANY_OBJECTS = 10_000  # new objects, from which scanning them takes noticeable time


def normalise_column(
    texts: Sequence[str],
    phone_format: PhoneFormat,
    row_regions: Sequence[str | None] | None = None,
    home_region: str | None = None,
) -> list[PhoneResult]:
    """A column of cells: equal to `normalise.normalise` of each, in the same order."""
    with _no_collection():
        if row_regions:
            return _normalise_by_row(texts, phone_format, row_regions, home_region)
        return _normalise(Column(texts), phone_format.home_region)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without garbage collection: results hold no cycles, and searching them takes a fifth of the time.

    Afterwards they are moved to the oldest generation; in the youngest, the next allocation would scan all of them.
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
    results: list[PhoneResult] = cast(list[PhoneResult], [None] * len(texts))  # every place is filled below
    doubts: dict[str, list[tuple[list[int], str]]] = defaultdict(list)
    for region, chosen in places.items():
        column = only(texts, chosen)
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
    for place, at_home in zip(doubted, _normalise(only(texts, doubted), home)):
        results[place] = unless_mobile_at_home(results[place], at_home)


def _normalise(column: Column, region: str | None) -> list[PhoneResult]:
    texts = column.texts
    if not texts or not is_worth_compiling(region or "", len(texts)):
        return [_normalise_one(text, region) for text in texts]
    results: list[PhoneResult | None] = home_results(column, region) if region else [None] * len(texts)
    left = [place for place, result in enumerate(results) if result is None]
    if left:
        Remainder(column, region, results).settle(left)
    return cast(list[PhoneResult], results)  # every place is filled now


def _normalise_one(text: str, region: str | None) -> PhoneResult:
    cleaned = clean(text)
    return read_cell(cleaned, region) if isinstance(cleaned, Cleaned) else PhoneResult("", (), cleaned)
