"""How long what people gave us is kept: files for a while, rows and leads a while longer, the sums of an import for good.

A file can be read anew, and a report written anew, only while both are there; after that the import says how many rows
became what, and no longer whose they were. What WhatTalk has is not touched, but for leads of people who asked to be
forgotten and who would still be called.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from background.database_clock import surely_before
from campaigns import do_not_call, erasure
from imports.intake import object_store, partial_uploads
from imports.intake.storage import path_of
from imports.models import OPEN_STATES, Edit, ImportJob, ImportPreview, ImportRow, JobState, NumberList, RowEdit
from imports.pipeline.phones.normalise import regions
from imports.pipeline.readers.table import Preview
from imports.reports.files import folder_of
from imports.transitions import BEFORE_SENDING, ENDED
from people import audit
from people.models import User

AT_ONCE = 2_000  # rows deleted in one transaction: nobody waits long behind it


def sweep() -> None:
    """Let go of what has been kept long enough. Safe to repeat: what a crash leaves is found the next time."""
    partial_uploads.discard_abandoned()
    if settings.KEEP_FILES_DAYS:
        day = surely_before(timedelta(days=settings.KEEP_FILES_DAYS))
        _give_up_forgotten(day)
        _remove_files(day)
    if settings.KEEP_ROWS_DAYS:
        day = surely_before(timedelta(days=settings.KEEP_ROWS_DAYS))
        _remove_rows(day)
        NumberList.objects.exclude(state=NumberList.State.WAITING).filter(finished_at__lt=day).delete()
    erasure.apply_retention()


def _give_up_forgotten(day: datetime) -> None:
    """Imports that nobody confirmed in all this time are cancelled: their file goes, and nobody will send them now."""
    ImportJob.objects.filter(state__in=BEFORE_SENDING, created_at__lt=day).update(
        state=JobState.CANCELLED,
        reason="expired",
        reason_detail={"days": settings.KEEP_FILES_DAYS},
        moved_at=timezone.now(),
    )


def _remove_files(day: datetime) -> None:
    ended = Q(finished_at__lt=day) | Q(state=JobState.FAILED, created_at__lt=day) | Q(state=JobState.CANCELLED, reason="expired")
    for job in ImportJob.objects.filter(ended, file_gone_at=None):
        _remove_files_of(job)


def _remove_files_of(job: ImportJob) -> None:
    """The file, the reports, and the cells of it that the import remembers beside them."""
    object_store.remove(path_of(job))
    object_store.remove_folder(folder_of(job))
    with transaction.atomic():
        if job.preview is not None:
            ImportPreview.objects.filter(job=job).update(data=_without_cells(job.preview).to_json())
        ImportJob.objects.filter(pk=job.pk).update(file_gone_at=timezone.now(), warnings=[])


def _without_cells(preview: Preview) -> Preview:
    sheets = [replace(sheet, first_rows=[]) for sheet in preview.sheets]
    notes = [note for note in preview.notes if not note.code.startswith("letters_")]
    return replace(preview, sample=[], sheets=sheets, letters=None, notes=notes)


def _remove_rows(day: datetime) -> None:
    # Said first: from this moment nobody is offered the rows, and whoever tries them again is told.
    ImportJob.objects.filter(state__in=ENDED, finished_at__lt=day, rows_gone_at=None).update(rows_gone_at=timezone.now())
    left = ImportJob.objects.exclude(rows_gone_at=None).filter(Exists(ImportRow.objects.filter(job=OuterRef("pk"))))
    for job in left:
        Edit.objects.filter(job=job).delete()
        while _delete_some(ImportRow.objects.filter(job=job)):
            pass
        _remove_files_of(job)


def _delete_some(rows: QuerySet[ImportRow]) -> int:
    with transaction.atomic():
        # In the order of an index: else all that are left would be sorted, each time.
        some = list(rows.order_by("row_number").values_list("pk", flat=True)[:AT_ONCE])
        return ImportRow.objects.filter(pk__in=some).delete()[0]


# -- one person ----------------------------------------------------------------------------------------------------------
class StillToBeSent(Exception):
    """Rows with this number wait to be sent; `imports` are the numbers of their imports."""

    def __init__(self, imports: list[int]) -> None:
        super().__init__(imports)
        self.imports = imports


class Forgotten(NamedTuple):
    """How many rows were emptied, the imports they are in, and leads that WhatTalk keeps though they ended: (campaign, lead)."""

    rows: int
    imports: list[int]
    leads: list[tuple[str, str]]


def forget(number: str, user: User | None = None) -> Forgotten:
    """Empty every row and every lead that holds `number` (E.164), and remove the files of their imports.

    Rows and leads keep their place and their outcome, so that the sums stay right. Cells are looked at as well: a number
    that was refused stands nowhere else. What is kept is a keyed hash: the number is not called should it come again.
    Leads that WhatTalk would still call are to be settled (`imports.do_not_call.settling`).
    StillToBeSent, before anything is changed, where a row of it is under way.
    """
    written = _written(number)
    object_store.require_reachable()  # before rows are emptied, by which the files are found
    if waiting := sorted({job for _row, job, state in _rows_with(number, written) if state in OPEN_STATES}):
        raise StillToBeSent(waiting)
    with transaction.atomic():
        erasure.record_forgotten(number)
    with transaction.atomic():
        do_not_call.wait_for_askers()
    rows = list(_rows_with(number, written))
    if waiting := sorted({job for _row, job, state in rows if state in OPEN_STATES}):
        raise StillToBeSent(waiting)
    imports = sorted({job for _row, job, _state in rows})
    with transaction.atomic():
        for begin in range(0, len(rows), AT_ONCE):
            some = [row for row, _job, _state in rows[begin : begin + AT_ONCE]]
            ImportRow.objects.filter(pk__in=some).update(phone="", cells=[], corrected=None, lead=None, detail=None)
        ImportJob.objects.filter(pk__in=imports).update(moved_at=timezone.now())  # reports made before hold no longer
        audit.record(user, "forget_number", after={"rows": len(rows), "imports": imports})
    for job in ImportJob.objects.filter(pk__in=imports):
        _remove_files_of(job)
    _forget_in_lists(written)
    _forget_in_edits(written)
    return Forgotten(len(rows), imports, erasure.erase_number(number, written))


def _forget_in_lists(written: re.Pattern[str]) -> None:
    """Lists of numbers that were read name the lines that were doubtful."""
    for one in NumberList.objects.iterator():
        if written.search(str(one.progress)):
            NumberList.objects.filter(pk=one.pk).update(progress={**one.progress, "named": []})


def _forget_in_edits(written: re.Pattern[str]) -> None:
    """What people have typed over stands in what can be undone. An edit without it cannot be undone in that row any more."""
    for one in RowEdit.objects.exclude(cells={}).iterator(chunk_size=AT_ONCE):
        if written.search(str(one.cells)):
            one.delete()


def _written(number: str) -> re.Pattern[str]:
    """Finds a number in a text, however it is written there."""
    return re.compile("[^0-9]*".join(_without_dialing_code(number)) + "(?![0-9])")


def _rows_with(number: str, written: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
    """(row, import, state) of each row that has the number: as its phone, in a cell, a correction or a contact."""
    rows = ImportRow.objects.values_list("pk", "job_id", "state", "phone", "cells", "corrected", "lead")
    for pk, job, state, phone, *texts in rows.iterator(chunk_size=AT_ONCE):
        if phone == number or any(written.search(str(text)) for text in texts if text):
            yield pk, job, state


def _without_dialing_code(number: str) -> str:
    """The digits that stand in a cell in whichever way the number is written. No dialing code begins another one."""
    codes = {code for _region, code in regions()}
    return next(number[1 + n :] for n in (1, 2, 3) if number[1 : 1 + n] in codes)
