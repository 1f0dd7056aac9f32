"""Words looked for in the cells of rows, whatever the case of their letters. A request looks at so many rows, and the next goes on there."""

from collections.abc import Sequence

from django.db.models import QuerySet

from imports.models import ImportRow
from ui.folding import fold

AT_ONCE = 1_000
LOOKED_AT = 5_000  # rows in one request: a tenth of a second
BETWEEN = "\n"  # cells, so that no word is found across two of them


def holds(cells: Sequence[str], words: Sequence[str]) -> bool:
    """Whether every word stands in one of the cells."""
    text = fold(BETWEEN.join(cells))
    return all(word in text for word in words)


def rows_with(rows: QuerySet[ImportRow], words: Sequence[str], after: int, most: int) -> tuple[list[ImportRow], int | None]:
    """The next of `rows` that hold the words, by row number; and the row number up to which was looked, None at the end of all."""
    found: list[int] = []
    for _batch in range(LOOKED_AT // AT_ONCE):
        batch = rows.filter(row_number__gt=after).order_by("row_number")
        texts = list(batch.values_list("pk", "row_number", "phone", "cells", "corrected")[:AT_ONCE])
        for pk, number, phone, cells, corrected in texts:
            if holds([phone, *(cells if corrected is None else corrected)], words):
                found.append(pk)
            after = number
            if len(found) == most:
                break
        if len(found) == most or len(texts) < AT_ONCE:
            return _rows(found), None
    return _rows(found), after


def _rows(found: Sequence[int]) -> list[ImportRow]:
    return list(ImportRow.objects.filter(pk__in=found).order_by("row_number"))
