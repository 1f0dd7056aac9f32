"""How long it takes from *read it in another way* to the page of columns, for files of many rows.

Each request starts the limited process that reads the file, and draws the page with what it found. The file is kept once; the
choices alternate, so that each request changes something.
"""

import random
import tempfile
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import xlsxwriter
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign
from devtools.benchmarks.sheet import HEADERS, phone_cell
from imports.intake import steps as intake
from imports.models import ImportJob
from people.models import User

ROWS = 100_000
ENCODINGS = ("utf-8", "cp1254")
DELIMITERS = (";", ",")
SHEETS = ("Ocak", "Şubat")
HEADER_ROWS = (1, 2)


class Rereading:
    """Posts the form of one import with a choice that differs from the one before."""

    def __init__(self, job: ImportJob, field: str, choices: tuple[str | int, ...]) -> None:
        preview = intake.preview_of(job)
        self._path = reverse("imports:reread", args=[job.pk])
        self._known: dict[str, str | int] = {"header_row": preview.header_row}
        if preview.kind == "csv":
            self._known |= {"encoding": preview.encoding or "", "delimiter": preview.delimiter or ""}
        else:
            self._known |= {"sheet": preview.sheet or ""}
        self._field, self._choices = field, cycle((*choices[1:], choices[0]))

    def __call__(self, client: Client) -> None:
        """RuntimeError where the page does not come."""
        answer = client.post(self._path, self._known | {self._field: next(self._choices)}, follow=True)
        if answer.status_code != 200 or not answer.redirect_chain:
            raise RuntimeError(f"{self._path} answered {answer.status_code}")


def rereadings(owner: User, rows: int = ROWS) -> Iterator[tuple[str, Rereading]]:
    """Name → what posts, for a text file and a workbook of two sheets with `rows` rows each."""
    with tempfile.TemporaryDirectory(prefix="rowcall-reread-") as folder:
        text, workbook = Path(folder) / "list.csv", Path(folder) / "list.xlsx"
        _write_text(text, rows)
        _write_workbook(workbook, rows)
        csv, xlsx = _received(text, owner), _received(workbook, owner)
    yield "reread: csv, another encoding", Rereading(csv, "encoding", ENCODINGS)
    yield "reread: csv, another delimiter", Rereading(csv, "delimiter", DELIMITERS)
    yield "reread: xlsx, another sheet", Rereading(xlsx, "sheet", SHEETS)
    yield "reread: xlsx, another header row", Rereading(xlsx, "header_row", HEADER_ROWS)


def _received(path: Path, owner: User) -> ImportJob:
    with path.open("rb") as file:
        return intake.receive_upload(iter(lambda: file.read(1 << 20), b""), path.name, Campaign.objects.earliest("pk"), owner)


def _rows(rows: int) -> Iterator[list[str]]:
    draw = random.Random(1)
    for number in range(rows):
        yield [phone_cell(draw, number), f"Ayşe Çağrı {number}", f"Firma {number % 1000} A.Ş.", "İzmir", "2026-05-01", "bir not"]


def _write_text(path: Path, rows: int) -> None:
    lines = (";".join(row) for row in (HEADERS, *_rows(rows)))
    path.write_text("\r\n".join(lines), encoding="utf-8")


def _write_workbook(path: Path, rows: int) -> None:
    workbook = xlsxwriter.Workbook(path)
    for name in SHEETS:
        sheet = workbook.add_worksheet(name)
        for number, row in enumerate((HEADERS, *_rows(rows))):
            sheet.write_row(number, 0, row)
    workbook.close()
