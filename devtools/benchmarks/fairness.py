"""One person's giant files, another's small one, and a third's import that is being sent: who waits for how long.

An instance of its own: the sandbox, a broker, and the worker programs that `up` starts on this machine. Times are wall clock, from
the request to the database saying that it is done.
"""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from devtools.benchmarks.measuring import Result
from devtools.benchmarks.push import broker_of, import_of, sandbox_of
from devtools.processes import end, wait_until

if TYPE_CHECKING:
    from campaigns.models import Campaign
    from imports.models import ImportJob
    from people.models import User

GIANTS = 3
SENT_ROWS = 90_000  # more than can be sent meanwhile
CELLS = ("Ayşe Çağrı {n}", "Firma {n} A.Ş.", "İstanbul", "paket {n} ile ilgilendi")
BETWEEN_PROBES = 5.0  # seconds
LONGEST_WAIT = 180.0  # seconds; what takes longer is an answer too


def fairness(megabytes: int, probes: int, file_format: str, alone_seconds: float, say: Callable[[str], None]) -> Result:
    """`check`, `report`: seconds that each small check and report took beside the giants; `alone`, `beside`: leads a second."""
    from django.conf import settings

    with ExitStack() as stack:
        sandbox = stack.enter_context(sandbox_of(100))
        os.environ["BROKER_URL"] = settings.CELERY_BROKER_URL = stack.enter_context(broker_of(settings.VAR_DIR))
        say("preparing the files")
        campaign, giants, sent = _prepare(sandbox, megabytes, file_format)
        programs = stack.enter_context(worker_programs())
        say(f"workers: {', '.join(name for name, _program in programs)}")
        alone = _window(alone_seconds, sent)
        say(f"{GIANTS} checks of {megabytes} MB begin")
        began = time.monotonic()
        _begin(giants)
        waits = [_probe(campaign, number) for number in range(probes)]
        ended = time.monotonic()
        under_way = sum(job.state == "checking" for job in _again(giants))
        if not under_way:
            say("the giants were done before the last probe: ask for fewer probes, or larger files")
        moments = [event["mono"] for event in sandbox.ledger.events() if event["event"] == "lead"]
    return {
        "check": [round(check, 2) for check, _report in waits],
        "report": [round(report, 2) for _check, report in waits],
        "alone": _pace(moments, *alone),
        "beside": _pace(moments, began, ended),
        "giants_left": under_way,
    }


def _prepare(sandbox: Any, megabytes: int, file_format: str) -> "tuple[Campaign, list[ImportJob], ImportJob]":
    from imports.models import ImportJob
    from people.models import User

    giant, small, third = (User.objects.create(username=name) for name in ("giant", "small", "third"))
    sent = import_of(sandbox, SENT_ROWS, 32, state="paused")
    ImportJob.objects.filter(pk=sent.pk).update(owner=third)
    path = _giant_file(megabytes, file_format)
    giants = [uploaded(_chunks(path), path.name, sent.campaign, giant) for _ in range(GIANTS)]
    path.unlink()
    _reported(sent.campaign, small)
    return sent.campaign, giants, sent


def _giant_file(megabytes: int, file_format: str) -> Path:
    from django.conf import settings

    path = Path(settings.VAR_DIR) / f"giant.{file_format}"
    rows = megabytes * 1_000_000 // (68 if file_format == "csv" else 62)
    if file_format == "csv":
        with path.open("w", encoding="utf-8") as file:
            file.write("Telefon,Ad Soyad,Şirket,Şehir,Not\n")
            file.writelines(",".join((f"0555{n:07d}", *_cells(n))) + "\n" for n in range(rows))
        return path
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Telefon", "Ad Soyad", "Şirket", "Şehir", "Not"])
        for n in range(min(rows, 1_000_000)):
            sheet.write_row(n + 1, 0, [f"0555{n:07d}", *_cells(n)])
    return path


def _cells(n: int) -> list[str]:
    return [cell.format(n=n) for cell in CELLS]


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(1024 * 1024):
            yield chunk


def uploaded(chunks: Iterator[bytes] | list[bytes], name: str, campaign: "Campaign", owner: "User") -> "ImportJob":
    """An import whose columns and numbers are confirmed."""
    from imports.intake import steps as intake
    from imports.pipeline.phones.normalise import PhoneFormat

    job = intake.receive_upload(chunks, name, campaign, owner)
    intake.set_mapping(job, intake.suggestion_for(job).mapping, None)
    intake.set_phone_format(job, PhoneFormat("national", "TR"), None)
    return job


def _begin(jobs: "list[ImportJob]") -> None:
    from imports.workflow import steps as workflow

    for job in jobs:
        workflow.start_check(job)


def _reported(campaign: "Campaign", owner: "User") -> None:
    """A small import that has ended, for reports of it."""
    from imports import counters
    from imports.models import ImportJob, ImportRow

    done = ImportJob.objects.create(campaign=campaign, state="done", owner=owner, file_name="done.csv", total_rows=20)
    ImportRow.objects.bulk_create(
        ImportRow(job=done, row_number=n, state="invalid", reason="phone_too_short", cells=["12"]) for n in range(2, 22)
    )
    counters.add(done.pk, {("state", "invalid"): 20})


def _probe(campaign: "Campaign", number: int) -> tuple[float, float]:
    """Seconds until a two-row file is checked, and until a report of a small import is made."""
    from imports.models import ImportJob, Operation
    from imports.workflow import requests
    from people.models import User

    owner = User.objects.get(username="small")
    text = f"Telefon,Ad Soyad\n0532000{number:04d},Ali\n0533000{number:04d},Veli\n"
    job = uploaded([text.encode()], "small.csv", campaign, owner)
    check = _seconds(lambda: _begin([job]), lambda: ImportJob.objects.filter(pk=job.pk, state="ready").exists())
    kind, file_format, language = ("errors", "all")[number % 2], ("csv", "xlsx")[number // 2 % 2], ("en", "tr")[number // 4 % 2]
    done = ImportJob.objects.get(file_name="done.csv")
    asked: list[Operation] = []
    report = _seconds(
        lambda: asked.append(requests.ask_for_report(done, kind, file_format, language, owner)),
        lambda: Operation.objects.filter(pk=asked[0].pk, state="done").exists(),
    )
    time.sleep(BETWEEN_PROBES)  # so that sending is watched for as long as the giants take
    return check, report


def _seconds(begin: Callable[[], object], is_done: Callable[[], bool]) -> float:
    began = time.monotonic()
    begin()
    while not is_done() and time.monotonic() - began < LONGEST_WAIT:
        time.sleep(0.1)
    return time.monotonic() - began


def _window(seconds: float, sent: "ImportJob") -> tuple[float, float]:
    """From and until when the import was sent with nothing beside it, once it goes steadily."""
    from background.queue import enqueue
    from imports import counters
    from imports.models import ImportJob

    ImportJob.objects.filter(pk=sent.pk).update(state="pushing")
    enqueue("imports.tasks.send_import", sent.pk)
    wait_until(lambda: counters.states(sent.pk)["created"] > 300)
    began = time.monotonic()
    time.sleep(seconds)
    return began, time.monotonic()


def _pace(moments: list[float], began: float, ended: float) -> float:
    return round(sum(began <= moment < ended for moment in moments) / (ended - began), 1)


def _again(jobs: "list[ImportJob]") -> "list[ImportJob]":
    from imports.models import ImportJob

    return list(ImportJob.objects.filter(pk__in=[job.pk for job in jobs]))


@contextmanager
def worker_programs(settings_module: str = "config.settings") -> "Iterator[list[tuple[str, subprocess.Popen[bytes]]]]":
    """The worker programs that `up` starts on this machine: name with number of processes, and the program."""
    from django.conf import settings

    from config.launcher.commands import worker_command
    from config.launcher.workers import this_machine, workers_for
    from imports.models import Heartbeat

    workers = workers_for(this_machine())
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "DJANGO_SETTINGS_MODULE": settings_module}
    started = [
        subprocess.Popen(
            worker_command(
                settings.BASE_DIR, f"{worker.name}-bench@localhost", worker.queues, worker.processes, "--loglevel", "ERROR"
            ),
            env=environment,
            stdout=subprocess.DEVNULL,  # of which its last word is ours to give
            start_new_session=True,
        )
        for worker in workers
    ]
    try:
        wait_until(lambda: Heartbeat.objects.filter(kind="worker").count() == len(workers))
        yield [(f"{worker.name} {worker.processes}", program) for worker, program in zip(workers, started, strict=True)]
    finally:
        end(started)


def summary(found: Result) -> list[str]:
    lines = [
        f"{name}: median {statistics.median(found[name]):.1f} s, longest {max(found[name]):.1f} s {found[name]}"
        for name in ("check", "report")
    ]
    ratio = found["beside"] / found["alone"] if found["alone"] else 0.0
    return [
        *lines,
        f"sending: {found['alone']:.0f} leads a second alone, {found['beside']:.0f} beside the giants: {ratio:.2f} of its pace",
        f"giants still being checked at the end: {found['giants_left']} of {GIANTS}",
    ]
