"""What an import has stored, as the arguments of the pipeline: options, fields, mapping, phone format."""

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson
from django.conf import settings

from imports.intake.assistants import is_assistant_known
from imports.models import ColumnMemory, ImportJob
from imports.pipeline import proposal
from imports.pipeline.columns.choices import MappingSuggestion
from imports.pipeline.columns.fields import FORBIDDING, Field, lead_fields
from imports.pipeline.columns.source import Joined, Source, columns_of, mapping_from_json, value_of
from imports.pipeline.consent import is_inverted, marks_only_agreement
from imports.pipeline.evidence import Decision
from imports.pipeline.phones.normalise import INTERNATIONAL, FormatSuggestion, PhoneFormat
from imports.pipeline.proposal import (
    Given,
    Proposal,
    Remembered,
    decide_format,
    notes_on_columns,
    propose,
    propose_columns,
    propose_format,
)
from imports.pipeline.readers.table import Preview, ReadOptions
from imports.pipeline.reasons import Reason
from imports.pipeline.rows import CheckSettings
from imports.row_place_labels import list_starts


def read_options(job: ImportJob) -> ReadOptions:
    """How the file is to be read: as the person chose, else as the preview found out (a check must not guess anew)."""
    chosen = {key: value for key, value in job.read_options.items() if value is not None}
    return ReadOptions.from_json({**_as_previewed(job), **chosen})


def _as_previewed(job: ImportJob) -> dict[str, Any]:
    if job.preview is None:
        return {}
    options = {key: getattr(job.preview, key) for key in ("encoding", "delimiter", "escape", "sheet", "header_row")}
    return options | {"lists": len(list_starts(job))}


def fields_of(job: ImportJob) -> list[Field]:
    """Every field of a lead of this import's campaign.

    While nobody knows the campaign's assistant for certain, the mapping may name variables of its own.
    """
    campaign = job.campaign
    known = lead_fields(campaign.variables, campaign.required_variables)
    if is_assistant_known(campaign):
        return known
    keys = {field.key for field in known}
    extra = [key for key in job.mapping if key not in keys and not _belongs_to_contact(key)]
    return lead_fields([*campaign.variables, *extra], campaign.required_variables) if extra else known


def _belongs_to_contact(key: str) -> bool:
    return key.startswith("secondary_")


def mapping_of(job: ImportJob) -> dict[str, Source]:
    """Which column, or columns joined, is which field."""
    return mapping_from_json(job.mapping)


def check_settings(job: ImportJob) -> CheckSettings:
    """What the check needs to know: only fields that are mapped or required."""
    fields = [field for field in fields_of(job) if field.required or field.key in job.mapping]
    letters = job.preview.letters if job.preview else None
    return CheckSettings(
        mapping_of(job),
        fields,
        phone_format(job),
        _is_consent_inverted(job, fields),
        letters,
        settings.DEFAULT_REGION,
        _is_consent_by_marks(job),
    )


def _is_consent_by_marks(job: ImportJob) -> bool:
    """Whether the column of consent marks those who agreed and nobody else, as far as the file was looked at."""
    source = mapping_of(job).get("consent", mapping_of(job).get("call_consent"))
    if source is None or job.preview is None:
        return False
    width = 1 + max(columns_of(source))
    return marks_only_agreement([value_of([*row.cells, *[""] * width], source) for row in job.preview.sample])


def _is_consent_inverted(job: ImportJob, fields: list[Field]) -> bool:
    """Whether a "yes" in the column of consent means no to calls, as under `Do Not Call`."""
    headers, mapping = job.headers, mapping_of(job)
    chosen = next(((field.key, mapping[field.key]) for field in fields if field.kind == "consent" and field.key in mapping), None)
    if chosen is None:
        return False
    key, source = chosen
    return key in FORBIDDING or any(is_inverted(headers[column]) for column in columns_of(source) if column < len(headers))


def phone_format(job: ImportJob) -> PhoneFormat:
    return PhoneFormat(**job.phone_format) if job.phone_format else INTERNATIONAL


def proposal_for(job: ImportJob, preview: Preview, given: Given = Given()) -> Proposal:
    """Everything that is chosen for the person who imports this file, with the grade of each choice."""
    return propose(preview, fields_of(job), settings.DEFAULT_REGION, remembered(job, preview), given)


def suggestion_for(job: ImportJob, preview: Preview, given: Given = Given()) -> MappingSuggestion:
    """Which column is which field; what was confirmed last for such headers in this campaign comes first."""
    return propose_columns(preview, fields_of(job), settings.DEFAULT_REGION, remembered(job, preview), given)


def suggest_phone_format(job: ImportJob, preview: Preview, mapping: Mapping[str, Source]) -> FormatSuggestion:
    """How the numbers of the chosen phone column are written, judged by the sample."""
    return propose_format(preview, fields_of(job), mapping, settings.DEFAULT_REGION)


class FormatProposal(NamedTuple):
    """The phone format for the columns that are mapped, its grade, and what the cells say of it."""

    phone_format: PhoneFormat
    decision: Decision
    suggestion: FormatSuggestion


def format_proposal(job: ImportJob, preview: Preview) -> FormatProposal:
    """How the numbers are written: as confirmed for the last file with these headers, else as the sample shows."""
    fields, mapping = fields_of(job), mapping_of(job)
    suggestion = propose_format(preview, fields, mapping, settings.DEFAULT_REGION)
    chosen, decision = decide_format(suggestion, remembered(job, preview), Given(), preview, fields, mapping)
    return FormatProposal(chosen, decision, suggestion)


def phone_cells(job: ImportJob, preview: Preview, mapping: Mapping[str, Source]) -> tuple[list[str], list[str | None] | None]:
    """The sample's phone cells, and the region of each row's country cell (None: there is no such column)."""
    return proposal.phone_cells(preview, fields_of(job), mapping)


def remember(job: ImportJob, preview: Preview) -> None:
    """Keep the confirmed mapping for the next file with the same headers."""
    ColumnMemory.objects.update_or_create(
        campaign_id=job.campaign_id,
        headers_hash=headers_hash(preview.headers),
        defaults={
            "mapping": _left_empty(job) | {key: _by_header(source, preview.headers) for key, source in mapping_of(job).items()},
            "phone_format": job.phone_format,
            "job": job,
        },
    )


def _left_empty(job: ImportJob) -> dict[str, None]:
    """Fields that were shown without a column: a memory that does not name them is older than they are, and nobody's choice."""
    phones = {
        field.position for field in fields_of(job) if field.kind in ("phone", "secondary_phone") and field.key in job.mapping
    }
    return {
        field.key: None
        for field in fields_of(job)
        if field.kind == "consent" or field.kind == "phone_label" and field.position in phones
    }


def notes_of(job: ImportJob) -> list[Reason]:
    """What a person should know of an import that has been checked, beside its choices: how the file was read, and columns
    and fields that were left out."""
    read = [Reason(*note) for note in job.notes]
    if job.preview is None:
        return read
    suggestion = suggestion_for(job, job.preview, Given(columns=mapping_of(job)))
    return [*(read or job.preview.notes), *notes_on_columns(suggestion)]


def _by_header(source: Source, headers: list[str]) -> str | dict[str, object]:
    if isinstance(source, Joined):
        return {"headers": [headers[column] for column in source.columns], "separator": source.separator}
    return headers[source]


def remembered(job: ImportJob, preview: Preview) -> Remembered:
    """What was confirmed for the last file with these headers in this campaign."""
    memory = memory_of(job, preview.headers)
    if memory is None or job.ignores_memory:
        return Remembered()
    return Remembered(memory.mapping, PhoneFormat(**memory.phone_format) if memory.phone_format else None)


def memory_of(job: ImportJob, headers: list[str]) -> ColumnMemory | None:
    """What is kept of the last file with these headers in this order in this campaign, and of none else: headers alone do not tell
    which of its variables a campaign means, and who sees a campaign sees what was chosen for it."""
    memories = ColumnMemory.objects.select_related("job")
    return memories.filter(campaign_id=job.campaign_id, headers_hash=headers_hash(headers)).first()


def headers_hash(headers: list[str]) -> str:
    return hashlib.sha256(orjson.dumps(headers)).hexdigest()
