"""Where a row stands, in words: its number in the spreadsheet and, in an import of several lists side by side, the column in which
its list begins."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from imports.models import ImportJob
from imports.pipeline.readers.column_letters import column_letters
from imports.pipeline.row_place import place_of


def list_starts(job: ImportJob) -> list[int]:
    """The first column (0-based) of each list that the import reads."""
    return job.list_starts or [0]


def has_lists(job: ImportJob) -> bool:
    return len(list_starts(job)) > 1


def place_params(number: int, starts: Sequence[int]) -> dict[str, Any]:
    """The params of a reason that names the row with this number: `row` and, where there are several lists, `list_column`."""
    row, list_index = place_of(number)
    return {"row": row, "list_column": list_column(list_index, starts)} if len(starts) > 1 else {"row": row}


def list_column(list_index: int, starts: Sequence[int]) -> str:
    """The letters of the column in which a list begins; '' for a list that the import does not know of."""
    return column_letters(starts[list_index]) if list_index < len(starts) else ""


def place_text(params: Mapping[str, Any]) -> str:
    """'5', or '5, column D'."""
    return _("%(row)s, column %(list_column)s") % params if params.get("list_column") else str(params["row"])


def shown_place(job: ImportJob, number: int) -> str:
    return place_text(place_params(number, list_starts(job)))
