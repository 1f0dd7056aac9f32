"""The road of an import, step by step: what views and commands may ask for.

    uploaded ──▶ mapped ──▶ checking ──▶ ready ──▶ pushing ⇄ paused ──▶ done
                               └▶ failed              └────────────▶ cancelled

Every step looks at the state first, is safe to press twice, and raises `WorkflowError` with a sentence and a remedy.
Work that takes time is only begun here: `checking.run_check` and `sender.run_slice` do it, in a worker or in the
foreground (`in_background=False`: no bell is rung, the caller does the work itself).
"""
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from campaigns.models import Campaign
from config.clock import last
from imports import fields, reading, tallies, uploads
from imports.checking import run_check
from imports.corrections import correct_row, fix_all
from imports.fields import fields_of
from imports.models import ImportJob, ImportRow, ImportTally, JobState, RowState
from imports.open_questions import choices_to_store, choices_with_format, everything_said, questions_left
from imports.pipeline.column_source import Source, columns_used, mapping_to_json
from imports.pipeline.columns import MappingSuggestion
from imports.pipeline.evidence import Decision
from imports.pipeline.phones import FormatSuggestion, PhoneFormat, PhoneResult, awkward_first
from imports.pipeline.sheets import Preview, ReadOptions, UnreadableFile
from imports.push import probes
from imports.push import rows as push_rows
from imports.push.probes import ACCOUNT_REASONS
from imports.questions import question
from imports.shared_columns import shared_columns
from imports.trouble import WorkflowError, trouble
from people import audit
from people.roles import Role, role_of

__all__ = [
    "receive_upload", "receive_paste", "same_file_before", "reread", "preview_of", "suggestion_for", "fields_of", "set_mapping",
    "suggest_phone_format", "phone_preview", "set_phone_format", "start_check", "run_check", "check_summary", "correct_row",
    "fix_all", "confirm", "send_corrected", "pause", "resume", "send_rest", "cancel", "retry_failed", "undo", "require_rows",
    "WorkflowError",
]
BEFORE_SENDING = (JobState.UPLOADED, JobState.MAPPED, JobState.CHECKING, JobState.READY)
HELD_BACK = (RowState.DUPLICATE_IN_FILE, RowState.DUPLICATE_IN_CAMPAIGN)
AT_ONCE = 5_000  # rows let go in one transaction
ENDED = (JobState.DONE, JobState.CANCELLED)
# What may be wrong with the choice of sheet, header row, encoding, delimiter or escape, and not with the file.
MENDED_BY_READING = (
    "no_data_rows", "header_row_empty", "too_many_columns", "quote_not_closed", "sheet_too_long", "too_many_rows",
    "sheet_unknown", "encoding_unknown", "delimiter_unknown", "escape_unknown",
)
PASTED = "pasted cells.txt"
FRESH = timedelta(minutes=2)  # numbers read so lately need not be read again for every file


# -- 1 upload --------------------------------------------------------------------------------------------------------
def receive_upload(
    chunks: Iterable[bytes], file_name: str, campaign: Campaign, owner, form_token: str | None = None, in_background: bool = True,
) -> ImportJob:
    """Keep a file; once this returns, nothing but the disk can lose it."""
    job = uploads.receive(chunks, file_name, campaign, owner, form_token)
    _ask_for_known_numbers(campaign, in_background)
    return job


def receive_paste(text: str, campaign: Campaign, owner, form_token: str | None = None) -> ImportJob:
    """Cells copied from a spreadsheet: tab-separated text."""
    if not text.strip():
        raise trouble("paste_empty")
    options = ReadOptions(encoding="utf-8", delimiter="\t" if "\t" in text else None)
    job = uploads.receive([text.encode("utf-8", "replace")], PASTED, campaign, owner, form_token, options.to_json())
    _ask_for_known_numbers(campaign)
    return job


def _ask_for_known_numbers(campaign: Campaign, in_background: bool = True) -> None:
    """While a person looks at columns, the numbers that the campaign has already are read from WhatTalk."""
    read_at, (since, until) = campaign.leads_synced_at, last(FRESH)
    if read_at is None or not since <= read_at <= until:
        _ring("sync_leads", campaign, in_background)


def same_file_before(job: ImportJob):
    """Earlier imports of the same content into the same campaign, newest first."""
    return ImportJob.objects.filter(campaign_id=job.campaign_id, sha256=job.sha256, pk__lt=job.pk).exclude(
        state=JobState.FAILED
    )


# -- 2 map -----------------------------------------------------------------------------------------------------------
def preview_of(job: ImportJob) -> Preview:
    """What the file holds, as it is read now. A file that cannot be read at all fails its import."""
    if job.preview:
        return Preview.from_json(job.preview)
    try:
        return _keep_preview(job, ReadOptions.from_json(job.read_options or {}))
    except UnreadableFile as error:
        _move(job, (JobState.UPLOADED, JobState.FAILED), JobState.FAILED, reason=error.reason.code, reason_detail=error.reason.params)
        raise WorkflowError(error.reason) from error


def may_reread(job: ImportJob) -> bool:
    """Whether a file that failed could be a good one, read in another way."""
    return job.state == JobState.FAILED and job.reason in MENDED_BY_READING and uploads.path_of(job).exists()


def reread(job: ImportJob, options: ReadOptions) -> Preview:
    """Read the file in another way. Choices that belonged to other headers are dropped."""
    _require(job, *BEFORE_SENDING, JobState.FAILED)
    headers = job.preview.get("headers")
    try:
        preview = _keep_preview(job, options)
    except UnreadableFile as error:
        raise WorkflowError(error.reason) from error
    mapping = job.mapping if preview.headers == headers else {}
    _move(job, (*BEFORE_SENDING, JobState.FAILED), JobState.UPLOADED, mapping=mapping, choices=[], reason="", reason_detail={})
    return preview


def _keep_preview(job: ImportJob, options: ReadOptions) -> Preview:
    path = uploads.path_of(job)
    if not path.exists():
        raise trouble("file_gone")
    preview = reading.preview_file(path, options)
    job.preview, job.read_options = preview.to_json(), options.to_json()
    job.save(update_fields=["preview", "read_options"])
    return preview


def suggestion_for(job: ImportJob) -> MappingSuggestion:
    """Which column is likely to be which field."""
    return fields.suggestion_for(job, preview_of(job))


def set_mapping(job: ImportJob, mapping: Mapping[str, Source], user, choices: Iterable[Decision] | None = None) -> None:
    """Which column (0-based), or columns joined, is which field of a lead. What was checked with another mapping is
    checked anew. `choices` are the choices made on the way, with their grades; None: each is the caller's own word."""
    preview = preview_of(job)
    _check_mapping(job, mapping, preview)
    made = everything_said(job, preview, mapping) if choices is None else choices
    _move(job, BEFORE_SENDING, JobState.MAPPED, mapping=mapping_to_json(mapping), choices=choices_to_store(job, mapping, made))


def _check_mapping(job: ImportJob, mapping: Mapping[str, Source], preview: Preview) -> None:
    known = {field.key: field for field in fields_of(job)}
    if unknown := [key for key in mapping if key not in known]:
        raise trouble("field_unknown", field=unknown[0], known=", ".join(job.campaign.variables) or "phone_number")
    if outside := [column for column in columns_used(mapping.values()) if not 0 <= column < len(preview.headers)]:
        raise trouble("column_unknown", column=outside[0] + 1)
    if "phone_number" not in mapping:
        raise trouble("phone_not_mapped")
    if missing := [key for key, field in known.items() if field.required and key not in mapping]:
        raise trouble("required_not_mapped", fields=", ".join(missing))
    if len([key for key in mapping if known[key].kind == "consent"]) > 1:
        raise trouble("consent_twice")
    if wrong := [reason for reason in shared_columns(mapping, list(known.values()), preview) if reason.code == "column_twice"]:
        raise WorkflowError(wrong[0])


# -- 3 phone format ----------------------------------------------------------------------------------------------------
def suggest_phone_format(job: ImportJob, mapping: Mapping[str, Source] | None = None) -> FormatSuggestion:
    """How the phone numbers are written, judged by the column that is (or would be) mapped."""
    return fields.suggest_phone_format(job, preview_of(job), fields.mapping_of(job) if mapping is None else mapping)


def phone_preview(job: ImportJob, phone_format: PhoneFormat, n: int = 10) -> list[tuple[int, str, PhoneResult]]:
    """Row number, cell and what it becomes, of `n` rows of the sample, the awkward ones first."""
    preview = preview_of(job)
    texts, regions = fields.phone_cells(job, preview, fields.mapping_of(job))
    awkward = awkward_first(texts, phone_format, n, regions)
    return [(preview.sample[place].number, texts[place], result) for place, result in awkward]


def set_phone_format(job: ImportJob, phone_format: PhoneFormat, user, choice: Decision | None = None) -> None:
    """How the phone numbers are written. What was checked with another format is checked anew. `choice` has its grade; None:
    it is the caller's own word."""
    _move(job, BEFORE_SENDING, JobState.MAPPED if job.mapping else JobState.UPLOADED,
          phone_format={"kind": phone_format.kind, "region": phone_format.region},
          choices=choices_with_format(job, phone_format, choice))


# -- 4 check -----------------------------------------------------------------------------------------------------------
def start_check(job: ImportJob, in_background: bool = True) -> None:
    """Begin to check every row. Pressing it again while it runs, or after it, changes nothing."""
    if job.state in (JobState.CHECKING, JobState.READY):
        return
    if "phone_number" not in job.mapping:
        raise trouble("phone_not_mapped")
    if not job.phone_format:
        raise trouble("format_missing")
    _require(job, JobState.MAPPED)
    if left := questions_left(job, preview_of(job)):
        raise trouble("choices_open", questions=" ".join(map(question, left)))
    with transaction.atomic():
        _move(job, (JobState.MAPPED,), JobState.CHECKING, check_attempts=0, check_token=0, check_lease_ms=0, checked_rows=0,
              checked_chunks=0, check_hash="", total_rows=None, notes=[], warnings=[])
        ImportTally.objects.filter(job=job).delete()
    _ring("check", job, in_background)


def check_summary(job: ImportJob) -> dict[str, dict[str, int]]:
    """`{"state": {…}, "reason": {…}, "repair": {…}, "warning": {…}}`; the states add up to the rows stored."""
    sums = tallies.of(job.pk)
    return {kind: sums.get(kind, {}) for kind in ("reason", "repair", "warning")} | {"state": tallies.states(job.pk)}


# -- 5 send ------------------------------------------------------------------------------------------------------------
def confirm(
    job: ImportJob, user, *, allow_duplicates: bool = False, first: int | None = None, in_background: bool = True,
) -> None:
    """Send what can be sent; with `first`, only so many rows, and then ask. `user` None: the operator at the terminal."""
    if allow_duplicates and user is not None and role_of(user) < Role.MANAGER:
        raise trouble("duplicates_not_allowed")
    if job.state == JobState.PUSHING:
        return
    with transaction.atomic():
        _move(
            job, (JobState.READY,), JobState.PUSHING, allow_duplicates=allow_duplicates, send_limit=first, confirmed_by=user,
            confirmed_at=timezone.now(), push_started_at=timezone.now(), moved_at=timezone.now(),
        )
        fields.remember(job, preview_of(job))  # only now: a dry run or a given-up try is nobody's word
        if allow_duplicates:
            _release(job, "duplicates", user, in_background)
        audit.record(user, "confirm", f"import {job.pk}", after={"allow_duplicates": allow_duplicates, "first": first})
    _ring("pump", job, in_background)


def send_corrected(job: ImportJob, user, n: int, in_background: bool = True) -> None:
    """Send the rows that were put right since the import was sent. `n` is how many the person was told of: when there are others by
    now, nothing is sent. Pressed twice, it sends them once. A paused import sends them when it goes on."""
    with transaction.atomic():
        list(ImportJob.objects.select_for_update().filter(pk=job.pk))
        job.refresh_from_db()
        _require(job, JobState.PUSHING, JobState.PAUSED, JobState.DONE)
        waiting = tallies.states(job.pk)[RowState.CORRECTED]
        if not waiting:
            return
        if waiting != n:
            raise trouble("corrections_changed", count=waiting)
        if job.state == JobState.DONE:
            _move(job, (JobState.DONE,), JobState.PUSHING, reason="", reason_detail={}, streak={}, send_limit=None,
                  finished_at=None, moved_at=timezone.now())
        require_rows(job)
        if job.is_being_undone:
            raise trouble("undo_under_way")  # what is sent now would be deleted at once
        _release(job, "corrections", user, in_background)
        audit.record(user, "send_corrected", f"import {job.pk}", after={"rows": waiting})
    _ring("pump", job, in_background)


def _let_duplicates_go(job_id: int, most: int) -> int:
    held = ImportRow.objects.filter(job=job_id, state__in=HELD_BACK).order_by("row_number")
    some = dict(held.values_list("pk", "state")[:most])
    ImportRow.objects.filter(pk__in=some, state__in=HELD_BACK).update(state=RowState.PENDING, reason="")
    moved = Counter(("state", state) for state in some.values())
    tallies.add(job_id, {("state", RowState.PENDING): len(some)} | {tally: -n for tally, n in moved.items()})
    return len(some)


# Rows that may go after all: of which states, and what lets some of them go and says how many there were.
RELEASES = {
    "duplicates": (HELD_BACK, _let_duplicates_go),
    "retry": ((RowState.FAILED, RowState.UNCONFIRMED), lambda job_id, most: len(push_rows.revive(job_id, most))),
    "corrections": ((RowState.CORRECTED,), lambda job_id, most: len(push_rows.release_corrected(job_id, most))),
}


def _release(job: ImportJob, which: str, user, in_background: bool) -> None:
    """All of them where they are few; else the first, so that sending can begin, and a worker sees to the others."""
    from imports import chores  # chores call the workflow

    states, some = RELEASES[which]
    sums = tallies.states(job.pk)
    n = sum(sums[state] for state in states)
    if in_background and not chores.is_small(n):
        n -= some(job.pk, AT_ONCE)
        chores.ask(job, chores.RELEASE, f"{which}:{n}", user)
        return
    while n > 0 and (gone := some(job.pk, min(n, AT_ONCE))):
        n -= gone


def release_more(job_id: int, which: str, most: int) -> int:
    """Let up to `most` more go, in the caller's transaction, unless the import has been ended meanwhile; how many there were."""
    job = ImportJob.objects.select_for_update().get(pk=job_id)
    _require(job, JobState.PUSHING, JobState.PAUSED, JobState.DONE)
    n = RELEASES[which][1](job_id, min(most, AT_ONCE))
    if n and job.state == JobState.DONE:  # the first ones were sent before we came to these
        _move(job, (JobState.DONE,), JobState.PUSHING, finished_at=None, moved_at=timezone.now())
        _ring("pump", job)
    return n


def pause(job: ImportJob, user) -> None:
    """Send nothing new; what is in flight is still recorded. Not even a new key makes it go on by itself then."""
    goes_on = Q(state=JobState.PUSHING) | Q(state=JobState.PAUSED, reason__in=ACCOUNT_REASONS)
    with transaction.atomic():
        paused = ImportJob.objects.filter(goes_on, pk=job.pk).update(
            state=JobState.PAUSED, reason="paused_by_person", reason_detail={"who": str(user or "")})
        if paused:
            audit.record(user, "pause", f"import {job.pk}")
    job.refresh_from_db()
    _require(job, JobState.PAUSED)


def resume(job: ImportJob, user, in_background: bool = True) -> None:
    """Go on from the same row."""
    if job.state == JobState.PUSHING:
        return
    with transaction.atomic():
        _believe_mended(job)
        _move(job, (JobState.PAUSED,), JobState.PUSHING, reason="", reason_detail={}, streak={}, probe={}, probe_ms=0,
              moved_at=timezone.now())
        audit.record(user, "resume", f"import {job.pk}")
    _ring("pump", job, in_background)


def _believe_mended(job: ImportJob) -> None:
    """Who goes on says that key and balance are well again; the first answer will tell."""
    probes.mended(Q(pk=job.campaign.account_id))


def send_rest(job: ImportJob, user, in_background: bool = True) -> None:
    """After the first few: all the others."""
    with transaction.atomic():
        ImportJob.objects.filter(pk=job.pk).update(send_limit=None)
        resume(job, user, in_background)


def cancel(job: ImportJob, user) -> None:
    """Send nothing more, for good. Rows not yet sent become `cancelled`; leads already sent stay at WhatTalk."""
    if job.state == JobState.CANCELLED:
        return
    with transaction.atomic():
        _move(job, (*BEFORE_SENDING, JobState.PUSHING, JobState.PAUSED), JobState.CANCELLED,
              reason="cancelled_by_person", reason_detail={"who": str(user or "")}, moved_at=timezone.now())
        audit.record(user, "cancel", f"import {job.pk}")
    _ring("pump", job)


# -- 6 afterwards ------------------------------------------------------------------------------------------------------
def retry_failed(job: ImportJob, user, in_background: bool = True) -> None:
    """Rows that could not be sent are sent again; those that could not be confirmed are looked up, and sent if need be."""
    _require(job, *ENDED, JobState.PAUSED, JobState.PUSHING)
    if job.state == JobState.CANCELLED and not job.finished_at:
        raise trouble("not_now", state=str(job.get_state_display()))  # rows of it still wait to be cancelled
    sums = tallies.states(job.pk)
    if not sums[RowState.FAILED] + sums[RowState.UNCONFIRMED]:
        if job.state == JobState.PUSHING:
            return
        raise trouble("nothing_to_retry")
    with transaction.atomic():
        _believe_mended(job)
        _move(job, (*ENDED, JobState.PAUSED, JobState.PUSHING), JobState.PUSHING, reason="", reason_detail={}, streak={},
              probe={}, probe_ms=0, finished_at=None, moved_at=timezone.now())
        require_rows(job)
        if job.is_being_undone:
            raise trouble("undo_under_way")  # what is sent now would be deleted at once
        _release(job, "retry", user, in_background)
        audit.record(user, "retry", f"import {job.pk}")
    _ring("pump", job, in_background)


def undo(job: ImportJob, user) -> None:
    """Delete from WhatTalk the leads of this import that have not been called. What has not been sent yet is cancelled.

    May be asked for again later, for leads that were created since.
    """
    job.refresh_from_db()
    if job.is_being_undone:
        return
    _require(job, *ENDED, JobState.PAUSED)
    with transaction.atomic():
        if job.state == JobState.PAUSED:
            cancel(job, user)
        _move(job, ENDED, job.state, undo_requested_at=timezone.now(), undone_at=None)
        require_rows(job)
        audit.record(user, "undo", f"import {job.pk}")
    _ring("undo", job)


# -- how a step is made --------------------------------------------------------------------------------------------------
def _require(job: ImportJob, *states: str) -> None:
    if job.state not in states:
        raise trouble("not_now", state=str(job.get_state_display()))


def require_rows(job: ImportJob) -> None:
    """Rows that are being let go of can neither be worked on nor read. Who moves the import asks inside that transaction."""
    if job.rows_gone_at:
        raise trouble("rows_gone")


def _move(job: ImportJob, allowed: Collection[str], state: str, **changes) -> None:
    """Into `state`, if the import is in one of `allowed` at this very moment, whatever `job` remembers."""
    moved = ImportJob.objects.filter(pk=job.pk, state__in=allowed).update(state=state, **changes)
    job.refresh_from_db()
    if not moved:
        raise trouble("not_now", state=str(job.get_state_display()))


def _ring(task: str, subject: ImportJob | Campaign, in_background: bool = True) -> None:
    """Tell a worker, once the transaction is committed. Should the bell go unheard, the tick finds the work."""
    if in_background:
        from imports import tasks  # tasks call the workflow

        tasks.ring(getattr(tasks, task), subject.pk)
