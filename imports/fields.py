"""From what an import has stored to what the pure rooms speak: options, fields, mapping, phone format."""
import hashlib

import orjson
from django.conf import settings

from imports.models import ColumnMemory, ImportJob
from imports.pipeline.columns import Field, MappingSuggestion, lead_fields, suggest_mapping
from imports.pipeline.header_language import regions_of_headers
from imports.pipeline.phones import INTERNATIONAL, FormatSuggestion, PhoneFormat, region_of_country, suggest_format
from imports.pipeline.rows import CheckSettings
from imports.pipeline.sheets import Preview, ReadOptions


def read_options(job: ImportJob) -> ReadOptions:
    """How the file is to be read: as the person chose, else as the preview found out (a check must not guess anew)."""
    found = {key: job.preview[key] for key in ("encoding", "delimiter", "sheet", "header_row")} if job.preview else {}
    return ReadOptions.from_json({**found, **{key: value for key, value in job.read_options.items() if value is not None}})


def fields_of(job: ImportJob) -> list[Field]:
    """Every field of a lead of this import's campaign.

    While nobody knows the campaign's assistant for certain, the mapping may name variables of its own.
    """
    campaign = job.campaign
    known = lead_fields(campaign.variables, campaign.required_variables)
    if campaign.assistant_id and not campaign.assistant_guessed:
        return known
    keys = {field.key for field in known}
    extra = [key for key in job.mapping if key not in keys and not _belongs_to_contact(key)]
    return lead_fields([*campaign.variables, *extra], campaign.required_variables) if extra else known


def _belongs_to_contact(key: str) -> bool:
    return key.startswith("secondary_")


def check_settings(job: ImportJob) -> CheckSettings:
    """What the check needs to know: only fields that are mapped or required."""
    fields = [field for field in fields_of(job) if field.required or field.key in job.mapping]
    return CheckSettings(mapping=job.mapping, fields=fields, phone_format=phone_format(job), home_region=settings.DEFAULT_REGION)


def phone_format(job: ImportJob) -> PhoneFormat:
    return PhoneFormat(**job.phone_format) if job.phone_format else INTERNATIONAL


def suggestion_for(job: ImportJob, preview: Preview) -> MappingSuggestion:
    """Which column is which field; what was confirmed last for such headers in this campaign comes first."""
    memory = _memory(job, preview.headers)
    return suggest_mapping(
        preview.headers, [row.cells for row in preview.sample], fields_of(job), memory.mapping if memory else None,
        likely_region=settings.DEFAULT_REGION,
    )


def suggest_phone_format(job: ImportJob, preview: Preview, mapping: dict[str, int]) -> FormatSuggestion:
    """How the numbers of the chosen phone column are written, judged by the sample."""
    texts, regions = phone_cells(job, preview, mapping)
    known = {"likely_region": settings.DEFAULT_REGION, "spoken_in": regions_of_headers(preview.headers)}
    suggestion = suggest_format(texts, regions, **known)
    contacts = _contact_cells(preview, mapping)
    if suggestion.phone_format != INTERNATIONAL or regions or not any(contacts):
        return suggestion
    together = suggest_format([*texts, *contacts], **known)
    return together if together.sure and together.phone_format.kind == "national" else suggestion


def _contact_cells(preview: Preview, mapping: dict[str, int]) -> list[str]:
    """The sample's cells of secondary phones: often `0212 …` beside a `+90 …` to call first."""
    columns = [column for key, column in mapping.items() if key.startswith("secondary_phone_")]
    return [text for column in columns for text in _cells(preview, column)]


def phone_cells(job: ImportJob, preview: Preview, mapping: dict[str, int]) -> tuple[list[str], list[str | None] | None]:
    """The sample's phone cells, and the region of each row's country cell (None: there is no such column)."""
    texts = _cells(preview, mapping.get("phone_number"))
    country = next((mapping[field.key] for field in fields_of(job) if field.kind == "country" and field.key in mapping), None)
    return texts, None if country is None else [region_of_country(text) for text in _cells(preview, country)]


def _cells(preview: Preview, column: int | None) -> list[str]:
    if column is None:
        return []
    return [row.cells[column] if column < len(row.cells) else "" for row in preview.sample]


def remember(job: ImportJob, preview: Preview) -> None:
    """Keep the confirmed mapping for the next file with the same headers."""
    ColumnMemory.objects.update_or_create(
        campaign_id=job.campaign_id, headers_hash=headers_hash(preview.headers),
        defaults={
            "mapping": {key: preview.headers[column] for key, column in job.mapping.items()},
            "phone_format": job.phone_format,
        },
    )


def remembered_format(job: ImportJob, preview: Preview) -> PhoneFormat | None:
    memory = _memory(job, preview.headers)
    return PhoneFormat(**memory.phone_format) if memory and memory.phone_format else None


def _memory(job: ImportJob, headers: list[str]) -> ColumnMemory | None:
    return ColumnMemory.objects.filter(campaign_id=job.campaign_id, headers_hash=headers_hash(headers)).first()


def headers_hash(headers: list[str]) -> str:
    return hashlib.sha256(orjson.dumps(headers)).hexdigest()
