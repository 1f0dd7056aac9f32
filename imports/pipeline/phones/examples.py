"""Which cells of a column to show as examples of what is done to its numbers."""

from collections import Counter
from collections.abc import Sequence

from .phone_format import EVERYDAY_REPAIRS, PhoneResult

_Kind = tuple[int, tuple[str, ...]]  # how awkward (0 most), and the codes that say in which way


def awkward_first(texts: Sequence[str], results: Sequence[PhoneResult], n: int = 10) -> list[tuple[int, PhoneResult]]:
    """`n` cells to show before → after, as (index into texts, its result): the most telling first.

    One of each kind of problem, the most frequent kind first, then one of each kind of
    repair, then the rest in the order of the file; no text twice, empty cells last.
    """
    kinds = [_kind(result) for result in results]
    frequency = Counter(kinds)
    firsts: dict[_Kind, int] = {}
    for place, kind in enumerate(kinds):
        firsts.setdefault(kind, place)
    order = sorted(firsts, key=lambda kind: (kind[0], -frequency[kind], firsts[kind]))
    places = [firsts[kind] for kind in order] + list(range(len(texts)))
    return [(place, results[place]) for place in _distinct_texts(places, texts)[:n]]


def _kind(result: PhoneResult) -> _Kind:
    if result.reason:
        return 4 if result.reason.code == "phone_missing" else 0, (result.reason.code,)
    unusual = tuple(repair for repair in result.repairs if repair not in EVERYDAY_REPAIRS)
    return (1, unusual) if unusual else (2 if result.repairs else 3, result.repairs)


def _distinct_texts(places: list[int], texts: Sequence[str]) -> list[int]:
    first: dict[str, int] = {}
    for place in places:
        first.setdefault(texts[place], place)
    return list(first.values())
