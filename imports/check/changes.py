"""Changes of rows as they are stored: each row is judged anew by the code that judged all others, and so is every row that a change
concerns: the other rows of a number that it gives up, or whose owner says no in it.

A row's own cells never change; what a person puts in their place is `corrected`. Whether a row may be changed is decided where it is
written: a row that is being sent in that very moment stays as it is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from django.db import transaction

from campaigns.do_not_call import forbidden
from imports import counters
from imports.check import bulk_insert
from imports.check.consents import refusals_of
from imports.check.contacts_left_out import leave_out_checked, numbers_of
from imports.check.correctable import CORRECTABLE, HOLDING, LEAVABLE
from imports.check.judge import Obstacles, no_holder
from imports.models import Edit, ImportJob, ImportRow, JobState, RowEdit, RowState
from imports.pipeline.process.protocol import DetailJson, detail_of, lead_of
from imports.pipeline.readers.table import Row
from imports.pipeline.rows import CheckedRow, CheckSettings, check_rows
from imports.row_place_labels import list_starts

# Rows that another row's change may concern. Those that were tried in vain could be tried again.
JUDGED_AGAIN = (
    RowState.DUPLICATE_IN_FILE,
    RowState.DUPLICATE_IN_CAMPAIGN,
    RowState.PENDING,
    RowState.CORRECTED,
    RowState.FAILED,
)
HELD = (RowState.NO_CONSENT, RowState.DO_NOT_CALL)


class Correction(NamedTuple):
    """A row and the cells that a person wants in it. `left_out`: to be left out (True) or taken back (False); None: neither."""

    row: ImportRow
    cells: list[str]
    left_out: bool | None = None


class Judged(NamedTuple):
    """A changed row and what it is to become."""

    change: Correction
    result: CheckedRow
    state: str
    reason: str
    detail: DetailJson

    @property
    def row(self) -> ImportRow:
        return self.change.row

    @property
    def phone(self) -> str:
        return self.result.phone

    @property
    def is_as_before(self) -> bool:
        row = self.row
        return (self.state, self.reason, self.phone, self.detail or None) == (row.state, row.reason, row.phone, row.detail)


def cells_of(row: ImportRow) -> list[str]:
    """The cells of a row as they stand now."""
    return list(row.cells if row.corrected is None else row.corrected)


def store(job: ImportJob, changes: Sequence[Correction], settings: CheckSettings, edit: Edit | None) -> list[int]:
    """Judge and write in one transaction; the ids of the rows that took their change. `edit` notes what is to be undone."""
    with transaction.atomic():
        is_unsent = _is_unsent(job)
        changes = [
            one for one in changes if one.row.state in _states_for(one, is_unsent)
        ]  # others hold their numbers as they are
        written = [one for one in judged(job, changes, settings, is_unsent) if _write(one, _states_for(one.change, is_unsent))]
        along = _judge_others_again(job, written, settings, is_unsent)
        counters.add(job.pk, _moved([*written, *along]))
        if edit is not None:
            _note(edit, written, along)
    return [one.row.pk for one in written]


def _is_unsent(job: ImportJob) -> bool:
    """While nobody has sent the import, a row that was put right is sent with all others. The lock keeps it so until the rows are
    written; no sender is at work on an import in this state."""
    return bool(list(ImportJob.objects.select_for_update().filter(pk=job.pk, state=JobState.READY).values_list("pk", flat=True)))


def _states_for(change: Correction, is_unsent: bool) -> tuple[str, ...]:
    """The states in which a row takes this change."""
    if change.left_out is False:
        return (RowState.LEFT_OUT,)
    states = LEAVABLE if change.left_out else CORRECTABLE
    return (*states, RowState.PENDING) if is_unsent else states


def _write(one: Judged, states: Sequence[str]) -> bool:
    """Only where the row is still as it was read: a sender may have taken it meanwhile."""
    return bool(
        ImportRow.objects.filter(pk=one.row.pk, state=one.row.state, state__in=states).update(
            corrected=None if one.change.cells == one.row.cells else one.change.cells,
            state=one.state,
            reason=one.reason,
            phone=one.phone,
            lead=None if one.state == RowState.LEFT_OUT else lead_of(one.result),
            detail=one.detail or None,
            attempts=0,
            unknowns=0,
            misses=0,
            lookup_failures=0,
            next_ms=0,
            first_intent_ms=None,
        )
    )


def _moved(written: Iterable[Judged]) -> Counter[tuple[str, str]]:
    sums: Counter[tuple[str, str]] = Counter()
    for one in written:
        sums.update(_sums(one.state, one.reason, one.detail))
        sums.subtract(_sums(one.row.state, one.row.reason, one.row.detail or {}))
    return sums


def _sums(state: str, reason: str, detail: Mapping[str, Any]) -> Counter[tuple[str, str]]:
    sums: Counter[tuple[str, str]] = Counter({("state", state): 1})
    if state == RowState.INVALID:
        sums["reason", reason] += 1
    sums.update(("repair", code) for code in detail.get("repairs", ()))
    sums.update(("warning", code) for code in {code for code, _ in detail.get("warnings", ())})
    return sums


# -- what each row becomes ---------------------------------------------------------------------------------------------
def judged(job: ImportJob, changes: Sequence[Correction], settings: CheckSettings, is_unsent: bool) -> list[Judged]:
    """What each row becomes, beside all other rows, the campaign and the do-not-call list. Nothing is written."""
    checked = check_rows([Row(one.row.row_number, one.cells) for one in changes], settings)
    going = [result for one, result in zip(changes, checked) if result.state == RowState.PENDING and not one.left_out]
    refused = forbidden(
        numbers_of([one.phone for one in going], [{"secondary_contacts": one.secondary} for one in going]), job.campaign_id
    )
    rows, phones = [one.row for one in changes], [one.phone for one in going]
    holders = {} if job.allow_duplicates else _holders(job, phones, but=rows)
    obstacles = Obstacles(
        refused,
        _refusals(job, rows, checked, phones),
        set() if job.allow_duplicates else bulk_insert.numbers_in_campaign(job.campaign_id, phones),
        no_holder if job.allow_duplicates else partial(_other_holder, holders),
    )
    starts, sendable = list_starts(job), (RowState.PENDING if is_unsent else RowState.CORRECTED).value
    found = []
    for one, result in zip(changes, leave_out_checked(checked, refused), strict=True):
        found.append(_left_out(one, result) if one.left_out else _judged(one, result, obstacles, starts, sendable))
        if found[-1].state == sendable:
            holders.setdefault(result.phone, one.row.row_number)
    return found


def _judged(change: Correction, result: CheckedRow, obstacles: Obstacles, starts: Sequence[int], sendable: str) -> Judged:
    """`sendable`: the state of a row where nothing stands in its way."""
    state, reason, detail = result.state, result.reason, detail_of(result)
    if state == RowState.PENDING:
        verdict = obstacles.judge(result.phone, change.row.row_number)
        if verdict is None:
            state = sendable
        else:
            state, reason = verdict.state.value, verdict.reason
            if params := verdict.params(starts):
                detail["params"] = params
    return Judged(change, result, state, reason, detail)


def _left_out(change: Correction, result: CheckedRow) -> Judged:
    """A row that is left out keeps its person's no: it holds for the number."""
    if result.state == RowState.NO_CONSENT:
        return Judged(change, result, RowState.LEFT_OUT.value, result.reason, detail_of(result))
    return Judged(change, result, RowState.LEFT_OUT.value, RowState.LEFT_OUT.value, {})


def _refusals(job: ImportJob, rows: Sequence[ImportRow], checked: Sequence[CheckedRow], phones: Sequence[str]) -> dict[str, int]:
    """Number → the row whose person has said no to calls, by the corrections themselves or elsewhere in the file."""
    of_these = {one.phone: row.row_number for row, one in zip(rows, checked) if one.state == RowState.NO_CONSENT and one.phone}
    return of_these | refusals_of(job, phones, but=[row.pk for row in rows])


def _other_holder(holders: Mapping[str, int], phone: str, row_number: int) -> int | None:
    holder = holders.get(phone)
    return None if holder == row_number else holder


def _holders(job: ImportJob, phones: Iterable[str], but: Sequence[ImportRow]) -> dict[str, int]:
    """Number → the row of this import that has it. Rows that are being changed are asked about as they will be."""
    changed = {row.pk for row in but}
    rows = ImportRow.objects.filter(job=job, phone__in=list(phones)).order_by("-row_number")
    # States are told apart here: with a condition for them, SQLite would read all rows in these states instead of the index by number.
    found = rows.values_list("pk", "state", "phone", "row_number")
    return {phone: number for pk, state, phone, number in found if state in HOLDING and pk not in changed}


# -- rows that a change of others concerns -----------------------------------------------------------------------------
def _judge_others_again(job: ImportJob, written: Sequence[Judged], settings: CheckSettings, is_unsent: bool) -> list[Judged]:
    """Of a number that a row has given up, the duplicates; of one whose owner says no now, every row not sent yet."""
    freed = {one.row.phone for one in written if one.row.state in HOLDING and not _holds(one, one.row.phone)}
    refused = {one.phone for one in written if one.reason == "no_consent"} - {""}
    if not freed | refused:
        return []
    others = _rows_with_numbers(job, freed | refused, but=[one.row for one in written])
    concerned = [row for row in others if row.phone in refused or row.state == RowState.DUPLICATE_IN_FILE]
    found = judged(job, [Correction(row, cells_of(row)) for row in concerned], settings, is_unsent)
    return [one for one in found if not one.is_as_before and _write_along(one, is_unsent)]


def _rows_with_numbers(job: ImportJob, phones: set[str], but: Sequence[ImportRow]) -> list[ImportRow]:
    """Those that another row's change may concern. One that waits after a lost answer is left to its look-ups."""
    changed = {row.pk for row in but}
    found = ImportRow.objects.filter(job=job, phone__in=phones).values_list("pk", "state")
    rows = ImportRow.objects.filter(pk__in=[pk for pk, state in found if state in JUDGED_AGAIN and pk not in changed])
    return list(rows.exclude(state=RowState.PENDING, unknowns__gt=0).order_by("row_number"))


def _write_along(one: Judged, is_unsent: bool) -> bool:
    """A row that waits to be sent in an import that is being sent is only ever held back, and only before its first request."""
    if one.row.state == RowState.PENDING and not is_unsent:
        return one.state in HELD and not one.row.attempts and _write(one, (RowState.PENDING,))
    return _write(one, JUDGED_AGAIN)


def _holds(one: Judged, phone: str) -> bool:
    return one.state in HOLDING and one.phone == phone


# -- what is to be undone ----------------------------------------------------------------------------------------------
def _note(edit: Edit, written: Sequence[Judged], along: Sequence[Judged]) -> None:
    noted = [change for one in written if (change := _row_edit(edit, one.change)) is not None]
    if not noted:
        return
    edit.rows += len(noted)
    edit.save(update_fields=["rows"])
    RowEdit.objects.bulk_create([*noted, *(RowEdit(edit=edit, row_number=one.row.row_number) for one in along)])


def _row_edit(edit: Edit, change: Correction) -> RowEdit | None:
    """What the change did to its row; None for one that left it as it was."""
    before, after = cells_of(change.row), change.cells
    cells = {
        str(column): [_at(before, column), _at(after, column)]
        for column in range(max(len(before), len(after)))
        if _at(before, column) != _at(after, column)
    }
    if not cells and change.left_out is None:
        return None
    return RowEdit(edit=edit, row_number=change.row.row_number, cells=cells, left_out=change.left_out)


def _at(cells: Sequence[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""
