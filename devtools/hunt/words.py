"""Headers and other words of lists, by language: `words.tsv` has one line for each meaning."""

import csv
import random
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("words.tsv")


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    with open(TABLE, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row.pop("role"): {language: text.split("/") for language, text in row.items()} for row in rows}


def languages() -> list[str]:
    return list(_table()["name"])


def choices(role: str, language: str) -> list[str]:
    """Every way in which a header of this meaning is written."""
    return _table()[role][language]


def word(rng: random.Random, role: str, language: str) -> str:
    return rng.choice(choices(role, language))


def yes_and_no(rng: random.Random, language: str) -> tuple[str, str]:
    """How one column says yes and no: `Evet`, `Hayır`; `1`, `0`."""
    return rng.choice(list(zip(choices("yes", language), choices("no", language), strict=True)))
