"""How many characters the matches of a regular expression may have."""

from collections.abc import Iterable
from functools import cache, reduce
from re import _parser  # type: ignore[attr-defined]  # nothing public tells the parts of an expression
from typing import Any

_NOTHING = frozenset([0])


@cache
def match_lengths(pattern: str) -> frozenset[int]:
    """The possible lengths; ValueError for an expression with parts that the library's expressions do not have."""
    return _lengths(_parser.parse(pattern))


def _lengths(tokens: Iterable[tuple[object, Any]]) -> frozenset[int]:
    found, single = _NOTHING, 0
    for operation, argument in tokens:
        if operation in (_parser.LITERAL, _parser.IN):
            single += 1
        else:
            found = _sums(found, _lengths_of_token(operation, argument))
    return _sums(found, frozenset([single]))


def _lengths_of_token(operation: object, argument: Any) -> frozenset[int]:
    if operation is _parser.BRANCH:
        return frozenset().union(*map(_lengths, argument[1]))
    if operation is _parser.SUBPATTERN:
        return _lengths(argument[-1])
    if operation is _parser.MAX_REPEAT:
        return _repeated_lengths(*argument)
    if operation in (_parser.AT, _parser.ASSERT, _parser.ASSERT_NOT):
        return _NOTHING
    raise ValueError(f"a phone pattern with {operation}")


def _repeated_lengths(least: int, most: int, repeated: Iterable[tuple[object, Any]]) -> frozenset[int]:
    each = _lengths(repeated)
    if len(each) == 1:
        return frozenset(length * times for length in each for times in range(least, most + 1))
    return frozenset().union(*(reduce(_sums, [each] * times, _NOTHING) for times in range(least, most + 1)))


def _sums(some: frozenset[int], others: frozenset[int]) -> frozenset[int]:
    return frozenset(one + other for one in some for other in others)
