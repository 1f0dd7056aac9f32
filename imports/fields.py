"""From what an import has stored to what the pure rooms speak: options, fields, mapping, phone format."""
import hashlib
from collections.abc import Mapping

import orjson
from django.conf import settings

from imports.models import ColumnMemory, ImportJob
from imports.pipeline.column_source import Joined, Source, columns_of, mapping_from_json, value_of
from imports.pipeline.columns import Field, MappingSuggestion, lead_fields, suggest_mapping
from imports.pipeline.consent import is_inverted
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


def mapping_of(job: ImportJob) -> dict[str, Source]:
    """Which column, or columns joined, is which field."""
    return mapping_from_json(job.mapping)


def check_settings(job: ImportJob) -> CheckSettings:
    """What the check needs to know: only fields that are mapped or required."""
    fields = [field for field in fields_of(job) if field.required or field.key in job.mapping]
    return CheckSettings(mapping_of(job), fields, phone_format(job), _is_consent_inverted(job, fields))


def _is_consent_inverted(job: ImportJob, fields: list[Field]) -> bool:
    """Whether a "yes" in the column of consent means no to calls, as under `Do Not Call`."""
    headers, mapping = job.preview.get("headers", []), mapping_of(job)
    sources = [mapping[field.key] for field in fields if field.kind == "consent" and field.key in mapping]
    return any(is_inverted(headers[column]) for source in sources for column in columns_of(source) if column < len(headers))


def phone_format(job: ImportJob) -> PhoneFormat:
    return PhoneFormat(**job.phone_format) if job.phone_format else INTERNATIONAL


def suggestion_for(job: ImportJob, preview: Preview) -> MappingSuggestion:
    """Which column is which field; what was confirmed last for such headers in this campaign comes first."""
    memory = _memory(job, preview.headers)
    return suggest_mapping(
        preview.headers, [row.cells for row in preview.sample], fields_of(job), memory.mapping if memory else None,
        likely_region=settings.DEFAULT_REGION,
    )


def suggest_phone_format(job: ImportJob, preview: Preview, mapping: Mapping[str, Source]) -> FormatSuggestion:
    """How the numbers of the chosen phone column are written, judged by the sample."""
    texts, regions = phone_cells(job, preview, mapping)
    known = {"likely_region": settings.DEFAULT_REGION, "spoken_in": regions_of_headers(preview.headers)}
    suggestion = suggest_format(texts, regions, **known)
    contacts = _contact_cells(preview, mapping)
    if suggestion.phone_format != INTERNATIONAL or regions or not any(contacts):
        return suggestion
    together = suggest_format([*texts, *contacts], **known)
    return together if together.sure and together.phone_format.kind == "national" else suggestion


def _contact_cells(preview: Preview, mapping: Mapping[str, Source]) -> list[str]:
    """The sample's cells of secondary phones: often `0212 …` beside a `+90 …` to call first."""
    sources = [source for key, source in mapping.items() if key.startswith("secondary_phone_") and not key.endswith("_label")]
    return [text for source in sources for text in _cells(preview, source)]


def phone_cells(job: ImportJob, preview: Preview, mapping: Mapping[str, Source]) -> tuple[list[str], list[str | None] | None]:
    """The sample's phone cells, and the region of each row's country cell (None: there is no such column)."""
    texts = _cells(preview, mapping.get("phone_number"))
    country = next((mapping[field.key] for field in fields_of(job) if field.kind == "country" and field.key in mapping), None)
    return texts, None if country is None else [region_of_country(text) for text in _cells(preview, country)]


def _cells(preview: Preview, source: Source | None) -> list[str]:
    if source is None:
        return []
    if isinstance(source, Joined):
        return [value_of(row.cells, source) for row in preview.sample]
    return [row.cells[source] if source < len(row.cells) else "" for row in preview.sample]


def remember(job: ImportJob, preview: Preview) -> None:
    """Keep the confirmed mapping for the next file with the same headers."""
    ColumnMemory.objects.update_or_create(
        campaign_id=job.campaign_id, headers_hash=headers_hash(preview.headers),
        defaults={
            "mapping": {key: _by_header(source, preview.headers) for key, source in mapping_of(job).items()},
            "phone_format": job.phone_format,
        },
    )


def _by_header(source: Source, headers: list[str]) -> str | dict:
    if isinstance(source, Joined):
        return {"headers": [headers[column] for column in source.columns], "separator": source.separator}
    return headers[source]


def remembered_format(job: ImportJob, preview: Preview) -> PhoneFormat | None:
    memory = _memory(job, preview.headers)
    return PhoneFormat(**memory.phone_format) if memory and memory.phone_format else None


def _memory(job: ImportJob, headers: list[str]) -> ColumnMemory | None:
    return ColumnMemory.objects.filter(campaign_id=job.campaign_id, headers_hash=headers_hash(headers)).first()


def headers_hash(headers: list[str]) -> str:
    return hashlib.sha256(orjson.dumps(headers)).hexdigest()
