"""From the file to stored rows: reading, storing and the whole check, each beside the plain way and the floor.

The plain way is what everybody writes first: pandas with openpyxl, phonenumbers, `bulk_create`. The floor is the best
that is known for the part alone, with nothing else done: calamine for reading, the database's own bulk insert for storing.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from devtools.benchmarks.measuring import Result, timed
from devtools.benchmarks.sheet import HEADERS, MAPPING, make_sheet

if TYPE_CHECKING:
    from imports.models import ImportJob
    from imports.pipeline.process.protocol import PackedRow

READ_AT_ONCE = 2_000


# -- read --------------------------------------------------------------------------------------------------------------
def read_plain(path: str) -> Result:
    import pandas

    with timed():
        table = pandas.read_excel(path, engine="openpyxl", dtype=str).fillna("")
        rows = len(table.to_numpy().tolist())
    return {"rows": rows}


def read_ours(path: str) -> Result:
    """Watchdog and limits included, every row as it leaves the reader."""
    from imports.pipeline.readers.opening import open_sheet

    with timed():
        rows = sum(1 for _ in open_sheet(path).rows())
    return {"rows": rows}


def read_floor(path: str) -> Result:
    from python_calamine import CalamineWorkbook

    with timed():
        rows = sum(1 for _ in CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()) - 1
    return {"rows": rows}


# -- store -------------------------------------------------------------------------------------------------------------
def store_plain(rows: int) -> Result:
    """Django's own bulk insert: as fast as Django is, and it does not even say which rows were duplicates."""
    _django()
    from imports.models import ImportRow

    job = _a_job()
    table = _rows(rows)
    with timed(*_servers()):
        for begin in range(0, rows, READ_AT_ONCE):
            ImportRow.objects.bulk_create(
                [
                    ImportRow(job=job, row_number=number, state=state, phone=phone, cells=cells, lead=lead)
                    for number, state, phone, cells, lead in table[begin : begin + READ_AT_ONCE]
                ],
                ignore_conflicts=True,
            )
    return {"rows": ImportRow.objects.filter(job=job).count()}


def store_ours(rows: int) -> Result:
    """Duplicates in the file and in the campaign known, sums kept, checkpoint written: a transaction a chunk, as in a check."""
    _django()
    from imports.check import run
    from imports.check.chunk_judge import ChunkJudge
    from imports.models import ImportRow
    from imports.pipeline.process.protocol import Chunk

    job = _a_job(known=rows // 10)
    chunks = [Chunk(index, "", [*part], {}, {}) for index, part in enumerate(_chunks(rows))]
    claimed = run.claim(job.pk)
    assert claimed is not None
    with timed(*_servers()):
        judge = ChunkJudge.of(claimed)
        for chunk in chunks:
            run._store(claimed, judge, chunk)
    stored = ImportRow.objects.filter(job=job)
    return {"rows": stored.count(), "duplicates": stored.filter(state__startswith="duplicate").count()}


def store_floor(rows: int) -> Result:
    """The database's own bulk insert into the same table, in one transaction, duplicates not looked for."""
    _django()
    from django.db import transaction

    from imports.check import bulk_insert

    job = _a_job()
    chunks = list(_chunks(rows))
    with timed(*_servers()), transaction.atomic():
        for part in chunks:
            bulk_insert.store_rows(job.pk, part)
    return {"rows": rows}


def _rows(rows: int) -> list[tuple[Any, ...]]:
    return [
        (
            number,
            "pending",
            _phone(number),
            [_phone(number), f"Ayşe Çağrı {number}", "Firma A.Ş.", "İstanbul", "2026-05-01", "bir not"],
            {"variables": {"name": f"Ayşe Çağrı {number}", "company": "Firma A.Ş."}, "secondary_contacts": []},
        )
        for number in range(2, rows + 2)
    ]


def _phone(number: int) -> str:
    """One in twenty repeats the number of the row before."""
    return f"+90532{number - (number % 20 == 0):07d}"


def _chunks(rows: int) -> Iterator[list["PackedRow"]]:
    import orjson

    from imports.pipeline.process.protocol import PackedRow

    table = _rows(rows)
    for begin in range(0, rows, READ_AT_ONCE):
        yield [
            PackedRow(number, state, "", phone, orjson.dumps(cells).decode(), orjson.dumps(lead).decode(), None)
            for number, state, phone, cells, lead in table[begin : begin + READ_AT_ONCE]
        ]


# -- the whole check -----------------------------------------------------------------------------------------------------
def check_ours(path: str) -> Result:
    """What happens when somebody presses Check: child process, guard, reading, phones, duplicates, storing."""
    _django()
    from imports.check.run import run_check

    job = _a_job(path=path)
    with timed(*_servers()):
        run_check(job.pk)
    job.refresh_from_db()
    assert job.state == "ready", (job.state, job.reason)
    return {"rows": job.total_rows}


def check_plain(path: str) -> Result:
    _django()
    import pandas
    from django.db import transaction

    from devtools.benchmarks.phone_samples import plain_e164
    from imports.models import ImportRow

    job = _a_job()
    with timed(*_servers()), transaction.atomic():
        table = pandas.read_excel(path, engine="openpyxl", dtype=str).fillna("")
        seen, rows = set(), []
        for number, cells in enumerate(table.to_numpy().tolist(), start=2):
            phone = plain_e164(cells[0], "TR")
            state = "invalid" if not phone else "duplicate_in_file" if phone in seen else "pending"
            seen.add(phone)
            lead = {"variables": dict(zip(HEADERS[1:3], cells[1:3])), "secondary_contacts": []}
            rows.append(ImportRow(job=job, row_number=number, state=state, phone=phone, cells=cells, lead=lead))
        ImportRow.objects.bulk_create(rows, batch_size=READ_AT_ONCE)
    return {"rows": len(rows)}


def phones_floor(path: str) -> Result:
    """Our own batch form alone: no other way is known to come near it with the library's results."""
    from imports.pipeline.phones.normalise import PhoneFormat, normalise_column
    from imports.pipeline.readers.opening import open_sheet

    texts = [row.cells[0] for row in open_sheet(path).rows()]
    with timed():
        for begin in range(0, len(texts), READ_AT_ONCE):
            normalise_column(texts[begin : begin + READ_AT_ONCE], PhoneFormat("national", "TR"))
    return {"rows": len(texts)}


def _servers() -> list[int]:
    """The process that does our connection's work in a PostgreSQL on this machine. SQLite works within our own."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    return [pid] if Path(f"/proc/{pid}/stat").exists() else []


def _django() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()


def _a_job(path: str | None = None, known: int = 0) -> "ImportJob":
    """An import being checked, of the file at `path`; its campaign has `known` of the numbers already."""
    from campaigns.models import Account, Assistant, Campaign, CampaignNumber
    from imports.intake import steps as intake
    from imports.models import ImportJob
    from imports.pipeline.phones.normalise import PhoneFormat
    from imports.workflow import steps as workflow

    account = Account.objects.create(name="bench", base_url="http://127.0.0.1:9/api")
    assistant = Assistant.objects.create(account=account, remote_id="1", name="bench", variables={"name": "", "company": ""})
    campaign = Campaign.objects.create(account=account, remote_id="1", name="bench", assistant=assistant)
    CampaignNumber.objects.bulk_create(
        [CampaignNumber(campaign=campaign, phone_number=_phone(number * 7)) for number in range(1, known)],
        ignore_conflicts=True,
    )
    if path is None:
        return ImportJob.objects.create(campaign=campaign, file_name="bench", state="checking", mapping=MAPPING)
    with open(path, "rb") as file:
        job = intake.receive_upload(iter(lambda: file.read(1 << 20), b""), Path(path).name, campaign, None)
    intake.set_mapping(job, MAPPING, None)
    intake.set_phone_format(job, PhoneFormat("national", "TR"), None)
    workflow.start_check(job, in_background=False)
    return job


def make(path: str, rows: int) -> Result:
    """In a process of its own, or its memory would be counted as ours."""
    make_sheet(Path(path), rows)
    return {"rows": rows}


def migrate() -> Result:
    _django()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    return {}
