"""The first steps of an import: a file is taken in, its columns are mapped, the format of its phone numbers is chosen.

    uploaded ──▶ mapped ──▶ (the check, `imports.workflow`)

Every step looks at the state first, is safe to press twice, and raises `WorkflowError` with a sentence and a remedy.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from background.database_clock import last
from campaigns.models import Campaign
from imports.errors import WorkflowError
from imports.models import ImportJob, ImportPreview, JobState
from imports.pipeline.columns.choices import MappingSuggestion
from imports.pipeline.columns.source import Source, columns_used, mapping_to_json
from imports.pipeline.evidence import Decision
from imports.pipeline.phones.normalise import FormatSuggestion, PhoneFormat, PhoneResult, awkward_first
from imports.pipeline.process import parent
from imports.pipeline.readers.table import Preview, ReadOptions, UnreadableFile
from imports.pipeline.reasons import Reason
from imports.pipeline.row_regions import normalise_rows
from imports.transitions import BEFORE_SENDING, change_state, enqueue_task, require_state
from people.models import User

from . import field_settings, object_store, partial_uploads, storage
from .column_conflicts import shared_columns
from .field_settings import fields_of
from .open_questions import choices_to_store, choices_with_format, decisions_of_named_columns

# Reasons that may lie in the choice of sheet, header row, encoding, delimiter or escape, and not in the file.
MENDED_BY_READING = (
    "no_data_rows",
    "header_row_empty",
    "too_many_columns",
    "quote_not_closed",
    "sheet_too_long",
    "too_many_rows",
    "sheet_unknown",
    "encoding_unknown",
    "delimiter_unknown",
    "escape_unknown",
)
CHANGEABLE = (JobState.UPLOADED, JobState.MAPPED, JobState.READY)  # in which pages offer other columns and another phone format
PASTED = "pasted cells.txt"
FRESH = timedelta(minutes=2)  # numbers read so lately need not be read again for every file


# -- 1 upload --------------------------------------------------------------------------------------------------------
def receive_upload(
    chunks: Iterable[bytes],
    file_name: str,
    campaign: Campaign,
    owner: User | None,
    form_token: str | None = None,
    in_background: bool = True,
) -> ImportJob:
    """Keep a file; once this returns, nothing but the disk can lose it."""
    job = storage.receive(chunks, file_name, campaign, owner, form_token)
    _ask_for_known_numbers(campaign, in_background)
    return job


def receive_parts(upload: UUID, campaign: Campaign, owner: User, form_token: str | None = None) -> ImportJob:
    """The same for a file that has come in parts."""
    job = partial_uploads.receive(upload, campaign, owner, form_token)
    _ask_for_known_numbers(campaign)
    return job


def receive_paste(text: str, campaign: Campaign, owner: User, form_token: str | None = None) -> ImportJob:
    """Cells copied from a spreadsheet: tab-separated text."""
    if not text.strip():
        raise WorkflowError("paste_empty")
    options = ReadOptions(encoding="utf-8", delimiter="\t" if "\t" in text else None)
    job = storage.receive([text.encode("utf-8", "replace")], PASTED, campaign, owner, form_token, options.to_json())
    _ask_for_known_numbers(campaign)
    return job


def _ask_for_known_numbers(campaign: Campaign, in_background: bool = True) -> None:
    """While a person looks at columns, the numbers that the campaign has already are read from WhatTalk."""
    read_at, (since, until) = campaign.leads_synced_at, last(FRESH)
    if read_at is None or not since <= read_at <= until:
        enqueue_task("sync_leads", campaign, in_background)


def same_file_before(job: ImportJob) -> QuerySet[ImportJob]:
    """Earlier imports of the same content into the same campaign, newest first."""
    return ImportJob.objects.filter(campaign_id=job.campaign_id, sha256=job.sha256, pk__lt=job.pk).exclude(state=JobState.FAILED)


# -- 2 map -----------------------------------------------------------------------------------------------------------
def preview_of(job: ImportJob) -> Preview:
    """What the file holds, as it is read now, kept with `job`. Raises WorkflowError for a file that cannot be read, which fails
    its import."""
    if job.preview is not None:
        return job.preview
    try:
        return _keep_preview(job, ReadOptions.from_json(job.read_options or {}))
    except UnreadableFile as error:
        change_state(
            job,
            (JobState.UPLOADED, JobState.FAILED),
            JobState.FAILED,
            reason=error.reason.code,
            reason_detail=error.reason.params,
        )
        raise WorkflowError(error.reason.code, **error.reason.params) from error


def fail_unread(job: ImportJob, reason: Reason) -> None:
    """The import of a file of which nothing could be shown has failed, whatever the reason."""
    if not ImportPreview.objects.filter(job=job).exists():
        failed = {"state": JobState.FAILED, "reason": reason.code, "reason_detail": reason.params}
        ImportJob.objects.filter(pk=job.pk, state__in=CHANGEABLE).update(**failed)


def may_reread(job: ImportJob) -> bool:
    """Whether a file that failed could be a good one, read in another way."""
    return job.state == JobState.FAILED and job.reason in MENDED_BY_READING and object_store.exists(storage.path_of(job))


def reread(job: ImportJob, options: ReadOptions) -> Preview:
    """Read the file in another way. Choices that belonged to other headers are dropped."""
    require_state(job, *BEFORE_SENDING, JobState.FAILED)
    headers = job.headers
    try:
        preview = _keep_preview(job, options)
    except UnreadableFile as error:
        raise WorkflowError(error.reason.code, **error.reason.params) from error
    mapping = job.mapping if preview.headers == headers else {}
    change_state(
        job, (*BEFORE_SENDING, JobState.FAILED), JobState.UPLOADED, mapping=mapping, choices=[], reason="", reason_detail={}
    )
    return preview


def _keep_preview(job: ImportJob, options: ReadOptions) -> Preview:
    with object_store.readable(storage.path_of(job)) as path:
        if not path.exists():
            raise WorkflowError("file_gone")
        preview = parent.preview_file(path, options)
    job.read_options = options.to_json()
    with transaction.atomic():
        ImportPreview.objects.update_or_create(job=job, defaults={"data": preview.to_json()})
        job.save(update_fields=["read_options"])
    job.preview = preview
    return preview


def suggestion_for(job: ImportJob) -> MappingSuggestion:
    """Which column is likely to be which field."""
    return field_settings.suggestion_for(job, preview_of(job))


def set_mapping(
    job: ImportJob, mapping: Mapping[str, Source], user: User | None, choices: Iterable[Decision] | None = None
) -> None:
    """Which column (0-based), or columns joined, is which field of a lead. What was checked with another mapping is
    checked anew. `choices` are the choices made on the way, with their grades; None: each is the caller's own."""
    preview = preview_of(job)
    _check_mapping(job, mapping, preview)
    made = decisions_of_named_columns(job, preview, mapping) if choices is None else choices
    change_state(
        job, BEFORE_SENDING, JobState.MAPPED, mapping=mapping_to_json(mapping), choices=choices_to_store(job, mapping, made)
    )


def _check_mapping(job: ImportJob, mapping: Mapping[str, Source], preview: Preview) -> None:
    known = {field.key: field for field in fields_of(job)}
    if unknown := [key for key in mapping if key not in known]:
        raise WorkflowError("field_unknown", field=unknown[0], known=", ".join(job.campaign.variables) or "phone_number")
    if outside := [column for column in columns_used(mapping.values()) if not 0 <= column < len(preview.headers)]:
        raise WorkflowError("column_unknown", column=outside[0] + 1)
    if "phone_number" not in mapping:
        raise WorkflowError("phone_not_mapped")
    if missing := [key for key, field in known.items() if field.required and key not in mapping]:
        raise WorkflowError("required_not_mapped", fields=", ".join(missing))
    if len([key for key in mapping if known[key].kind == "consent"]) > 1:
        raise WorkflowError("consent_twice")
    if wrong := [reason for reason in shared_columns(mapping, known.values(), preview) if reason.code == "column_twice"]:
        raise WorkflowError(wrong[0].code, **wrong[0].params)


def use_memory(job: ImportJob, is_used: bool) -> None:
    """Propose the columns as for the last file with the same headers, or anew. What was chosen since is dropped."""
    state = BEFORE_SENDING
    change_state(job, state, JobState.UPLOADED, ignores_memory=not is_used, mapping={}, choices=[], phone_format={})


# -- 3 phone format ----------------------------------------------------------------------------------------------------
def suggest_phone_format(job: ImportJob, mapping: Mapping[str, Source] | None = None) -> FormatSuggestion:
    """How the phone numbers are written, judged by the column that is (or would be) mapped."""
    return field_settings.suggest_phone_format(
        job, preview_of(job), field_settings.mapping_of(job) if mapping is None else mapping
    )


def phone_preview(job: ImportJob, phone_format: PhoneFormat, n: int = 10) -> list[tuple[int, str, PhoneResult]]:
    """Row number, cell and what it becomes, of `n` rows of the sample, the awkward ones first."""
    preview = preview_of(job)
    texts, regions = field_settings.phone_cells(job, preview, field_settings.mapping_of(job))
    results = normalise_rows(texts, phone_format, regions, settings.DEFAULT_REGION)
    return [(preview.sample[place].number, texts[place], result) for place, result in awkward_first(texts, results, n)]


def set_phone_format(job: ImportJob, phone_format: PhoneFormat, user: User | None, choice: Decision | None = None) -> None:
    """How the phone numbers are written. What was checked with another format is checked anew. `choice` has its grade; None:
    it is the caller's own choice."""
    change_state(
        job,
        BEFORE_SENDING,
        JobState.MAPPED if job.mapping else JobState.UPLOADED,
        phone_format={"kind": phone_format.kind, "region": phone_format.region},
        choices=choices_with_format(job, phone_format, choice),
    )
