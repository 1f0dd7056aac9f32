"""Pages of tables too long to be counted: from one key to the next, newest first."""

from typing import NamedTuple

from django.db.models import QuerySet


class Slice(NamedTuple):
    """`rows` of this page; `next` is the key the following page begins below, None on the last one."""

    rows: list
    next: int | None
    is_first: bool


def below(queryset: QuerySet, key: str, size: int) -> Slice:
    """The `size` newest of `queryset` whose id lies below `key` (text from the address; nonsense means the first page)."""
    start = int(key) if key.isdecimal() and len(key) < 19 else None
    rows = list((queryset.filter(pk__lt=start) if start else queryset).order_by("-pk")[: size + 1])
    return Slice(rows[:size], rows[size - 1].pk if len(rows) > size else None, start is None)
