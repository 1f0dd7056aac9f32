"""A no holds for the number, not for the row: who has refused calls in one row of a file is called from no other row of it."""

from collections.abc import Callable, Iterator, Sequence

from django.db import connection, transaction

from imports import counters
from imports.check.judge import NO_CONSENT_ELSEWHERE
from imports.models import ImportJob, ImportRow, RowState
from imports.row_place_labels import list_starts, place_params

AT_ONCE = 1_000
SAID_NO = (RowState.NO_CONSENT, RowState.LEFT_OUT)
MAY_YET_BE_SENT = (RowState.PENDING, RowState.DUPLICATE_IN_FILE, RowState.DUPLICATE_IN_CAMPAIGN)


def refusals_of(job: ImportJob, phones: Sequence[str], but: Sequence[int] = ()) -> dict[str, int]:
    """Those of `phones` whose owner has refused calls, with the row that says so; rows with the ids `but` are not asked. A row that
    was left out has said no all the same."""
    asked = set(but)
    rows = ImportRow.objects.filter(job=job, phone__in=list(phones)).order_by("-row_number")
    # States are told apart here: with a condition for them, SQLite would read all rows in these states instead of the index by number.
    found = rows.values_list("pk", "state", "reason", "phone", "row_number")
    return {
        phone: number
        for pk, state, reason, phone, number in found
        if state in SAID_NO and reason == "no_consent" and pk not in asked
    }


def hold_for_all(job: ImportJob, before_each: Callable[[], None]) -> None:
    """Every row that has the number of somebody who said no in another row; a few at a time, harmless to repeat."""
    if not counters.states(job.pk)[RowState.NO_CONSENT]:
        return
    same = _same_numbers(job.pk)
    for begin in range(0, len(same), AT_ONCE):
        with transaction.atomic():
            before_each()
            _hold(job, dict(same[begin : begin + AT_ONCE]))


def _same_numbers(job_id: int) -> list[tuple[int, int]]:
    """(id of a row, number of the row whose person said no)."""
    table = ImportRow._meta.db_table
    states = ", ".join(f"'{state.value}'" for state in MAY_YET_BE_SENT)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT held.id, MIN(refusing.row_number) FROM {table} refusing "
            f"JOIN {table} held ON held.job_id = refusing.job_id AND held.phone = refusing.phone "
            f"WHERE refusing.job_id = %s AND refusing.state = 'no_consent' AND refusing.reason = 'no_consent' AND refusing.phone <> '' "
            f"AND held.state IN ({states}) GROUP BY held.id",
            [job_id],
        )
        return [(held_id, refusing) for held_id, refusing in cursor.fetchall()]


def _hold(job: ImportJob, rows: dict[int, int]) -> None:
    held, starts = list(ImportRow.objects.filter(pk__in=rows, state__in=MAY_YET_BE_SENT)), list_starts(job)
    counters.add(job.pk, dict(_moves(held)))
    for row in held:
        row.detail = {**(row.detail or {}), "params": place_params(rows[row.pk], starts)}
        row.state, row.reason, row.lead = RowState.NO_CONSENT, NO_CONSENT_ELSEWHERE, None
    ImportRow.objects.bulk_update(held, ["state", "reason", "detail", "lead"])


def _moves(held: Sequence[ImportRow]) -> Iterator[tuple[tuple[str, str], int]]:
    for state in {row.state for row in held}:
        yield ("state", state), -sum(row.state == state for row in held)
    yield ("state", RowState.NO_CONSENT), len(held)
