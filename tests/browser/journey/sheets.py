"""Spreadsheets with the answer known beforehand: the realistic list in three formats, and small ones made for one test."""

import json
from pathlib import Path
from typing import NamedTuple

LEADS = Path(__file__).resolve().parents[2] / "spreadsheets" / "leads"  # .csv, .xlsx, .xls
# What must come of each row, known from how the list was made and not from what Rowcall says.
ANSWER = json.loads(LEADS.with_suffix(".json").read_text(encoding="utf-8"))
NUMBERS = sorted(set(ANSWER["phones"].values()))
NOT_SENT = sorted(map(int, [*ANSWER["reasons"], *ANSWER["duplicates"]]))


def ends(pending: str) -> dict[str, int]:
    """Row state → how many rows of the list end in it; `pending` is what the good ones are called."""
    return {
        pending: ANSWER["counts"]["pending"],
        **{state: ANSWER["counts"][state] for state in ("invalid", "duplicate_in_file")},
    }


class Sheet(NamedTuple):
    """A file and the numbers that must arrive from it."""

    path: Path
    numbers: list[str]


def clean(folder: Path, rows: int) -> Sheet:
    """`rows` good leads, each with a number of its own, headers as everybody writes them."""
    numbers = [f"+9053211{n:05d}" for n in range(rows)]
    return Sheet(_csv(folder, ["phone_number,name", *(f"{number},Ayşe {n}" for n, number in enumerate(numbers))]), numbers)


def mixed(folder: Path) -> Sheet:
    """Turkish headers; two right, one repaired, two that cannot be called (rows 5 and 7), one duplicate."""
    lines = [
        "Ad;Cep Telefonu;Firma",
        "Ayşe;0532 111 22 33;Işık",
        "Mehmet;+90 532 111 22 34;Güneş",
        "Elif;532 111 22 35;Çınar",
        "Can;0532 11;Öz-Ka",
        "Ayşe;0532 111 22 33;Işık",
        "Ömer;yok;Şahin",
    ]
    return Sheet(_csv(folder, lines), ["+905321112233", "+905321112234", "+905321112235"])


def _csv(folder: Path, lines: list[str]) -> Path:
    path = folder / "leads.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
