"""The cells of a column that are plain numbers of its own region, all by one regular expression."""

from collections.abc import Iterable, Sequence
from functools import cache, partial
from itertools import compress, count, repeat
from operator import getitem, itemgetter, not_

from . import patterns
from .batch_column import Column
from .batch_rules import JUNK, RepairsByPrefix, is_in_doubt, is_surely_one, repairs_at_home
from .metadata import code_of
from .phone_format import PhoneResult
from .pieces import has_many_lengths
from .shapes import CLOSER, PLAIN, SEPARATED, WRITTEN


def home_results(column: Column, region: str) -> list[PhoneResult | None]:
    """The results of all lines that are plain numbers of the region in a usual form, None for the others."""
    code = code_of(region)
    found, nationals = patterns.accepted(patterns.accepting_national(region), code, column.bare_lines)
    verdicts = column.verdicts
    tables = map(_home_repairs(code).__getitem__, map(bool, verdicts))
    results = _accepted_results(map(("+" + code).__add__, nationals), map(getitem, tables, map(itemgetter(0), found)))
    one_length = not has_many_lengths(code)
    for place in _in_doubt(column, nationals):
        national, written = nationals[place], WRITTEN[verdicts[place]]
        if not national or national in JUNK or not written.is_bare:
            results[place] = None
        elif not is_surely_one(column.texts[place], column.bare[place], written, region, one_length):
            results[place] = None
    return results


def _in_doubt(column: Column, nationals: Sequence[str]) -> list[int]:
    """The places of cells that are no number, nobody's, or not by their shape alone plainly one."""
    closer = {verdict for verdict in set(column.verdicts) if verdict >= CLOSER}
    looked_at = compress(count(), map(closer.__contains__, column.verdicts)) if closer else ()
    doubted = [place for place in looked_at if nationals[place] and is_in_doubt(column.verdicts[place], column.bare[place])]
    doubted += compress(count(), map(not_, nationals))
    if not JUNK.isdisjoint(nationals):
        doubted += compress(count(), map(JUNK.__contains__, nationals))
    return doubted


def _accepted_results(numbers: Iterable[str], repairs: Iterable[tuple[str, ...]]) -> list[PhoneResult | None]:
    """`PhoneResult(number, its repairs, None)` of each, without a call of Python code for each."""
    return list(map(tuple.__new__, repeat(PhoneResult), zip(numbers, repairs, repeat(None))))


@cache
def _home_repairs(code: str) -> tuple[RepairsByPrefix, RepairsByPrefix]:
    """The repairs by prefix, of cells without and with separators."""
    of_prefix = partial(repairs_at_home, code=code)
    return RepairsByPrefix(WRITTEN[PLAIN].repairs, of_prefix), RepairsByPrefix(WRITTEN[SEPARATED].repairs, of_prefix)
