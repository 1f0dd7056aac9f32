"""The sums of an import, kept in the very transaction that moves its rows, so that no page ever counts.

A tally is `(kind, key)`: `("state", "created")`, `("reason", "too_short")`, `("repair", code)`, `("warning", code)`.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Count

from background.counters import add_to_sums
from imports.models import ImportJob, ImportRow, ImportTally, RowState

log = logging.getLogger(__name__)


def add(job_id: int, deltas: Mapping[tuple[str, str], int]) -> None:
    """Add to the sums of one import, inside the caller's transaction."""
    add_to_sums(ImportTally, ("job_id", "kind", "key"), ((job_id, kind, key, n) for (kind, key), n in deltas.items()))


def moves(before: str, after: Iterable[str]) -> dict[tuple[str, str], int]:
    """The deltas of rows that were all in state `before` and are now in the states `after`."""
    deltas: dict[tuple[str, str], int] = defaultdict(int)
    for state in after:
        deltas["state", before] -= 1
        deltas["state", state] += 1
    return deltas


def of(job_id: int) -> dict[str, dict[str, int]]:
    """`{kind: {key: n}}` without what is zero."""
    sums: dict[str, dict[str, int]] = defaultdict(dict)
    for kind, key, n in ImportTally.objects.filter(job_id=job_id).exclude(n=0).values_list("kind", "key", "n"):
        sums[kind][key] = n
    return dict(sums)


def states(job_id: int) -> dict[str, int]:
    """How many rows are in which state, all states named."""
    sums = of(job_id).get("state", {})
    return {state: sums.get(state, 0) for state in RowState.values}


def recount(job_id: int) -> bool:
    """Count states and reasons anew and mend what differs; whether everything was right.

    A difference is a mistake of ours, so it is an error in the log and not only mended.
    """
    with transaction.atomic():
        list(ImportJob.objects.select_for_update().filter(pk=job_id))
        wrong = _differences(job_id)
        add(job_id, wrong)
    if wrong:
        log.error("import %s: sums were wrong and have been mended: %s", job_id, wrong)
    return not wrong


def _differences(job_id: int) -> dict[tuple[str, str], int]:
    kept = {(kind, key): n for kind in ("state", "reason") for key, n in of(job_id).get(kind, {}).items()}
    counted = _counted(job_id)
    return {
        tally: counted.get(tally, 0) - kept.get(tally, 0)
        for tally in counted.keys() | kept.keys()
        if counted.get(tally, 0) != kept.get(tally, 0)
    }


def _counted(job_id: int) -> dict[tuple[str, str], int]:
    rows = ImportRow.objects.filter(job_id=job_id)
    by_state = rows.values_list("state").annotate(n=Count("pk")).order_by()
    by_reason = rows.filter(state=RowState.INVALID).values_list("reason").annotate(n=Count("pk")).order_by()
    return {("state", key): n for key, n in by_state} | {("reason", key): n for key, n in by_reason}
