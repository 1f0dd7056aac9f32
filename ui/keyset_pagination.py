"""Pages of tables too long to be counted: from one key to the next, newest first."""

from typing import Generic, NamedTuple, TypeVar

from django.db.models import Model, QuerySet

from ui.whole_numbers import whole_number

Row = TypeVar("Row", bound=Model)


class Slice(NamedTuple, Generic[Row]):
    """`rows` of this page; `next` is the key the following page begins below, None on the last one."""

    rows: list[Row]
    next: int | None
    is_first: bool


def below(queryset: QuerySet[Row], key: str, size: int) -> Slice[Row]:
    """The `size` newest of `queryset` whose id lies below `key` (text from the address; anything else than a number means the
    first page)."""
    start = whole_number(key)
    rows = list((queryset.filter(pk__lt=start) if start else queryset).order_by("-pk")[: size + 1])
    return Slice(rows[:size], rows[size - 1].pk if len(rows) > size else None, start is None)
