"""A small list of leads, and what is suggested for it with one more column."""

from imports.pipeline.columns.fields import lead_fields
from imports.pipeline.columns.source import in_words
from imports.pipeline.columns.suggest import suggest_mapping
from imports.pipeline.evidence import Grade

PHONES = ["0532 123 45 67", "0533 234 56 78", "0542 345 67 89", "0555 456 78 90", "0505 567 89 01"]

NAMES = ["Ali Yılmaz", "Ayşe Demir", "Can Kaya", "Elif Şahin", "Mert Koç"]


def suggested(table: dict[str, list[str]], variables=("name",), required=()):
    headers, rows = list(table), [list(row) for row in zip(*table.values())]
    suggestion = suggest_mapping(headers, rows, lead_fields(list(variables), required))
    return suggestion, {key: in_words(source, headers) for key, source in suggestion.mapping.items()}


def grade(suggestion, what: str) -> Grade | None:
    return next((decision.grade for decision in suggestion.decisions if decision.what == what), None)


def left_out(suggestion) -> dict[str, str]:
    return {reason.params["header"]: reason.params["why"] for reason in suggestion.left_out}


LEADS = {"Ad Soyad": NAMES, "Telefon": PHONES}
