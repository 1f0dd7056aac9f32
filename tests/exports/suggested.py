"""Choices and questions as the command makes them before there are proposals (`imports.foreground`)."""
from imports.pipeline.columns import Field, MappingSuggestion, suggest_mapping
from imports.pipeline.header_language import regions_of_headers
from imports.pipeline.phones import INTERNATIONAL, FormatSuggestion, PhoneFormat, region_of_country, suggest_format
from imports.pipeline.rows import CheckSettings
from imports.pipeline.sheets import Preview


def choose(found: Preview, fields: list[Field], home: str) -> tuple[CheckSettings, dict[str, str], set[str]]:
    """Settings of the check, what is asked with the value preselected, and codes of what is said."""
    suggestion = suggest_mapping(found.headers, [row.cells for row in found.sample], fields, likely_region=home)
    numbers = _format(found, suggestion.mapping, home)
    used = [field for field in fields if field.required or field.key in suggestion.mapping]
    return CheckSettings(suggestion.mapping, used, numbers.phone_format), _asked(found, suggestion, numbers), set()


def _format(found: Preview, mapping: dict[str, int], home: str) -> FormatSuggestion:
    """As `imports.fields.suggest_phone_format`, for an instance at home in `home`."""
    cells = {key: [row.cells[column] for row in found.sample] for key, column in mapping.items()}
    country = next((key for key in ("country", "phone_country") if key in mapping), None)
    regions = [region_of_country(text) for text in cells[country]] if country else None
    known = {"likely_region": home, "spoken_in": regions_of_headers(found.headers)}
    texts = cells.get("phone_number", [])
    suggestion = suggest_format(texts, regions, **known)
    contacts = [text for key in cells if key.startswith("secondary_phone_") for text in cells[key]]
    if suggestion.phone_format != INTERNATIONAL or regions or not any(contacts):
        return suggestion
    together = suggest_format([*texts, *contacts], **known)
    return together if together.sure and together.phone_format.kind == "national" else suggestion


def _asked(found: Preview, suggestion: MappingSuggestion, numbers: FormatSuggestion) -> dict[str, str]:
    asked = {}
    if not suggestion.sure:
        column = suggestion.mapping.get("phone_number")
        asked["phone_number"] = "" if column is None else found.headers[column]
    if numbers.evidence.code == "format_unclear":
        asked["phone_format"] = _named(numbers.phone_format)
    return asked


def _named(phone_format: PhoneFormat) -> str:
    return phone_format.region or phone_format.kind
