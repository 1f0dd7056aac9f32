"""Rows put right by a person: checked at once by the code that checked all others. A correction alone sends nothing.

A row's own cells never change; what a person puts in their place is `corrected`. Whether a row may be corrected is
decided where it is written: a row that is being sent in that very moment stays as it is. Before the import was sent, a corrected
row waits with all others for that; afterwards it is `corrected` until a person sends the corrected rows (`workflow.send_corrected`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from campaigns.do_not_call import forbidden
from imports import counters
from imports.check import bulk_insert
from imports.check.consents import refusals_of
from imports.check.contacts_left_out import leave_out_checked, numbers_of
from imports.check.judge import Obstacles, no_holder
from imports.errors import WorkflowError
from imports.intake.field_settings import check_settings, mapping_of
from imports.models import ImportJob, ImportRow, JobState, RowState
from imports.pipeline.columns.fields import Field
from imports.pipeline.columns.source import Source, columns_of
from imports.pipeline.phones.normalise import PhoneFormat, regions
from imports.pipeline.process.protocol import DetailJson, detail_of, lead_of
from imports.pipeline.readers.cell_text import without_control
from imports.pipeline.readers.table import Row
from imports.pipeline.rows import CheckedRow, CheckSettings, check_rows, own_numbers
from imports.row_place_labels import list_starts, place_params
from people import audit
from people.models import User

CORRECTABLE = (
    RowState.INVALID,
    RowState.DUPLICATE_IN_FILE,
    RowState.DUPLICATE_IN_CAMPAIGN,
    RowState.DO_NOT_CALL,
    RowState.NO_CONSENT,
    RowState.REFUSED,
    RowState.FAILED,
    RowState.CANCELLED,
    RowState.CORRECTED,
)
FIXABLE = (RowState.INVALID, RowState.REFUSED, RowState.FAILED)  # what people are asked to correct
HOLDING = (  # a number
    RowState.PENDING,
    RowState.CORRECTED,
    RowState.SENDING,
    RowState.UNKNOWN,
    RowState.CREATED,
    RowState.UNCONFIRMED,
)
OPEN_TO_CORRECTION = (JobState.READY, JobState.PUSHING, JobState.PAUSED, JobState.DONE)
AT_ONCE = 1_000
Progress = Mapping[str, Any]
SaveProgress = Callable[[Progress], None]  # writes the checkpoint of a batch, in its transaction


def is_culprit(row: ImportRow, field: Field) -> bool:
    """Whether the row's reason speaks of this field."""
    if row.reason in ("no_consent", "consent_unclear"):
        return field.kind == "consent"
    if row.state != RowState.INVALID:
        return False
    if row.reason == "phone_label_fax" and field.kind == "phone_label":
        return field.position == 0
    if row.reason == "missing_required":
        return bool((row.detail or {}).get("params", {}).get("field") == (field.variable or field.key))
    return row.reason.startswith("phone_") and field.kind == "phone"


class Correction(NamedTuple):
    """A row and the cells that a person wants in it."""

    row: ImportRow
    cells: list[str]


def correct_row(job: ImportJob, row_number: int, cells: list[str], user: User | None) -> ImportRow:
    """One row with these cells (all of them, in the file's order). It ends in the state that they deserve."""
    row = ImportRow.objects.filter(job=job, row_number=row_number).first()
    if row is None:
        raise WorkflowError("row_missing", **place_params(row_number, list_starts(job)))
    clean = [without_control(cell) for cell in cells]
    if not correct(job, [Correction(row, clean)], user):
        raise WorkflowError("row_already_sent", **place_params(row_number, list_starts(job)))
    row.refresh_from_db()
    return row


def _require_open(job: ImportJob) -> None:
    if job.state not in OPEN_TO_CORRECTION:
        raise WorkflowError("not_now", state=str(job.get_state_display()))
    if job.is_being_undone:
        raise WorkflowError("undo_under_way")  # what is sent now would be deleted at once


def correct(job: ImportJob, corrections: Sequence[Correction], user: User | None) -> list[int]:
    """Check and store corrections; the ids of the rows that took one. Nothing is sent by it."""
    _require_open(job)
    settings = check_settings(job)
    taken: list[int] = []
    for begin in range(0, len(corrections), AT_ONCE):
        taken += _correct_some(job, corrections[begin : begin + AT_ONCE], settings)
    if taken:
        ImportJob.objects.filter(pk=job.pk).update(moved_at=timezone.now())
        audit.record(user, "correct", f"import {job.pk}", after={"rows": len(taken)})
        job.refresh_from_db()
    return taken


class _Judged(NamedTuple):
    """A corrected row and what it is to become."""

    row: ImportRow
    cells: list[str]
    result: CheckedRow
    state: str
    reason: str
    detail: DetailJson


def _correct_some(job: ImportJob, corrections: Sequence[Correction], settings: CheckSettings) -> list[int]:
    checked = check_rows([Row(row.row_number, cells) for row, cells in corrections], settings)
    with transaction.atomic():
        sums: Counter[tuple[str, str]] = Counter()
        taken = []
        for one in _judged(job, corrections, checked, _state_of_a_good_row(job)):
            if _write(one):
                taken.append(one.row.pk)
                sums.update(_sums(one.state, one.reason, one.detail))
                sums.subtract(_sums(one.row.state, one.row.reason, one.row.detail or {}))
        counters.add(job.pk, sums)
    return taken


def _state_of_a_good_row(job: ImportJob) -> str:
    """While nobody has sent the import, a row that was put right is sent with all others. The lock keeps it so until the rows are
    written; no sender is at work on an import in this state."""
    is_unsent = ImportJob.objects.select_for_update().filter(pk=job.pk, state=JobState.READY).values_list("pk", flat=True)
    return (RowState.PENDING if list(is_unsent) else RowState.CORRECTED).value


def _write(one: _Judged) -> bool:
    """Only where the row is still as it was read: a sender may have taken it meanwhile."""
    return bool(
        ImportRow.objects.filter(pk=one.row.pk, state=one.row.state, state__in=CORRECTABLE).update(
            corrected=one.cells,
            state=one.state,
            reason=one.reason,
            phone=one.result.phone,
            lead=lead_of(one.result),
            detail=one.detail or None,
            attempts=0,
            unknowns=0,
            misses=0,
            lookup_failures=0,
            next_ms=0,
            first_intent_ms=None,
        )
    )


def _sums(state: str, reason: str, detail: Mapping[str, Any]) -> Counter[tuple[str, str]]:
    sums: Counter[tuple[str, str]] = Counter({("state", state): 1})
    if state == RowState.INVALID:
        sums["reason", reason] += 1
    sums.update(("repair", code) for code in detail.get("repairs", ()))
    sums.update(("warning", code) for code in {code for code, _ in detail.get("warnings", ())})
    return sums


def _forbidden(job: ImportJob, checked: Sequence[CheckedRow]) -> dict[str, str]:
    """Numbers of these rows, of secondary contacts too, that may not be called, with the reason."""
    going = [result for result in checked if result.state == RowState.PENDING]
    return forbidden(
        numbers_of([one.phone for one in going], [{"secondary_contacts": one.secondary} for one in going]), job.campaign_id
    )


def _judged(job: ImportJob, corrections: Sequence[Correction], checked: Sequence[CheckedRow], sendable: str) -> list[_Judged]:
    """What each corrected row becomes, beside all other rows, the campaign and the do-not-call list; `sendable`: where nothing
    stands in its way."""
    refused = _forbidden(job, checked)
    checked = leave_out_checked(checked, refused)
    rows = [row for row, _cells in corrections]
    phones = [result.phone for result in checked if result.state == RowState.PENDING]
    holders = {} if job.allow_duplicates else _holders(job, phones)
    obstacles = Obstacles(
        refused,
        _refusals(job, rows, checked, phones),
        set() if job.allow_duplicates else bulk_insert.numbers_in_campaign(job.campaign_id, phones),
        no_holder if job.allow_duplicates else partial(_other_holder, holders),
    )
    judged, starts = [], list_starts(job)
    for (row, cells), result in zip(corrections, checked, strict=True):
        state, reason, detail = result.state, result.reason, detail_of(result)
        if state == RowState.PENDING:
            verdict = obstacles.judge(result.phone, row.row_number)
            if verdict is None:
                state = sendable
                holders.setdefault(result.phone, row.row_number)
            else:
                state, reason = verdict.state.value, verdict.reason
                if params := verdict.params(starts):
                    detail["params"] = params
        judged.append(_Judged(row, cells, result, state, reason, detail))
    return judged


def _refusals(job: ImportJob, rows: Sequence[ImportRow], checked: Sequence[CheckedRow], phones: Sequence[str]) -> dict[str, int]:
    """Number → the row whose person has said no to calls, by the corrections themselves or elsewhere in the file."""
    of_these = {one.phone: row.row_number for row, one in zip(rows, checked) if one.state == RowState.NO_CONSENT and one.phone}
    return of_these | refusals_of(job, phones, but=[row.pk for row in rows])


def _other_holder(holders: Mapping[str, int], phone: str, row_number: int) -> int | None:
    holder = holders.get(phone)
    return None if holder == row_number else holder


def _holders(job: ImportJob, phones: Iterable[str]) -> dict[str, int]:
    """Number → the row of this import that has it."""
    rows = ImportRow.objects.filter(job=job, state__in=HOLDING, phone__in=list(phones)).order_by("-row_number")
    return dict(rows.values_list("phone", "row_number"))


# -- the same mistake in many rows ---------------------------------------------------------------------------------
class Fix(NamedTuple):
    """What could be put right in many rows at once: read their numbers as those of `region`. `kind` is for `fix_all`."""

    kind: str
    region: str
    n: int


def fix_all(
    job: ImportJob,
    kind: str,
    user: User | None,
    begun: Mapping[str, int] = MappingProxyType({}),
    save: SaveProgress = lambda progress: None,
) -> int:
    """Put right every row that `kind` (`region:TR`) makes callable; how many there were.

    `save` is given the progress in the transaction of each batch; one that was cut short goes on from it (`begun`).
    """
    verb, _sign, region = kind.partition(":")
    source = mapping_of(job).get("phone_number")
    if verb != "region" or region not in dict(regions()) or source is None:
        raise WorkflowError("fix_unknown")
    settings = _as_if_from(job, region)
    fixed, after = begun.get("n", 0), begun.get("after", 0)
    while rows := _invalid_rows(job, after):
        after = rows[-1].row_number
        wanted = [Correction(row, _with(row, source, number)) for row, number in _callable(rows, settings)]
        with transaction.atomic():
            fixed += len(correct(job, wanted, user)) if wanted else 0
            save({"n": fixed, "after": after})
    return fixed


def possible_fixes(job: ImportJob, regions: Iterable[str], sample: int = 500) -> list[Fix]:
    """For each of `regions` that would make some of the first rows callable: how many of those."""
    rows = _invalid_rows(job, 0, sample)
    fixes = []
    for region in regions:
        n = len(_callable(rows, _as_if_from(job, region)))
        if n:
            fixes.append(Fix(f"region:{region}", region, n))
    return fixes


def _callable(rows: Sequence[ImportRow], settings: CheckSettings) -> list[tuple[ImportRow, str]]:
    """The rows that could be sent to the number in their own phone cell, with that number."""
    as_read = [Row(row.row_number, row.corrected or row.cells) for row in rows]
    checked, numbers = check_rows(as_read, settings), own_numbers(as_read, settings)
    return [
        (row, number)
        for row, result, number in zip(rows, checked, numbers, strict=True)
        if result.state == RowState.PENDING and result.phone == number
    ]


def _as_if_from(job: ImportJob, region: str) -> CheckSettings:
    settings = check_settings(job)
    return replace(settings, phone_format=PhoneFormat("national", region))


def _invalid_rows(job: ImportJob, after: int, most: int | None = None) -> list[ImportRow]:
    rows = ImportRow.objects.filter(job=job, state=RowState.INVALID, row_number__gt=after)
    return list(rows.order_by("row_number")[: most or AT_ONCE])


def _with(row: ImportRow, source: Source, phone: str) -> list[str]:
    """The row's cells with the whole number in its own cell; the other parts of a joined one are emptied."""
    cells = list(row.corrected or row.cells)
    *others, column = columns_of(source)
    cells += [""] * (column + 1 - len(cells))
    for other in others:
        if other < len(cells):
            cells[other] = ""
    cells[column] = phone
    return cells
