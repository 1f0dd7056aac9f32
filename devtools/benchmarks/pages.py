"""How long pages take with a million rows in the database while an import is being sent.

Called in this process through Django's own handler, signed in as an admin, each page some times; what a network and a
browser add is not in it. The sender is imitated by another process that moves rows at the pace of a fast service: a
thread of this one would hold the interpreter, which no worker does. A page that shows nothing is measured among the
others: what the machine's other work adds to it, it adds to all.
"""

import itertools
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from resource import RUSAGE_CHILDREN, getrusage

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns import lead_counters
from campaigns.models import Campaign, Lead
from devtools.benchmarks.rereading import rereadings
from devtools.demo_data import seed
from imports import counters
from imports.models import ImportJob, ImportPreview, ImportRow, JobState, RowState
from imports.pipeline.readers.table import Preview
from people.models import User

# shares of a large list, as they are met
SHARES = (
    (RowState.CREATED, 60),
    (RowState.PENDING, 30),
    (RowState.INVALID, 6),
    (RowState.DUPLICATE_IN_FILE, 3),
    (RowState.REFUSED, 1),
)
BATCH = 20_000
ASKED_MS, ASKED_REREAD_MS = 150, 900
SENT_AT_ONCE, PAUSE = 50, 0.05
FILE_NAME = "A million leads.xlsx"
NOTHING = "(a page with nothing on it)"


@dataclass(frozen=True)
class PageTime:
    """Milliseconds of one page, 19 of 20 requests being faster than `p95`; `cpu`: of this thread and of processes that it waited
    for, which a busy machine hardly changes; `queries`: to the database, each time; `asked`: of `p95`, at most."""

    name: str
    cpu: float
    median: float
    p95: float
    queries: int
    asked: int


def measure_pages(rows: int, times: int = 20) -> list[PageTime]:
    """Time every page of a database that holds `rows`; an empty one is filled first."""
    kept = settings.VAR_DIR / "pages.json"
    if not kept.exists():
        pages = seed()
        job = large_import(rows)
        large_campaign(job.campaign, rows)
        kept.write_bytes(orjson.dumps(pages | _pages_of(job)))
    pages = orjson.loads(kept.read_bytes()) | {NOTHING: reverse("people:my_password")}
    client = Client()
    client.force_login(User.objects.get(username="ada"), backend="django.contrib.auth.backends.ModelBackend")
    with _sending():
        found = [_timed(name, partial(_load, client, path), times, ASKED_MS) for name, path in sorted(pages.items())]
    # Apart from the sender, so that the reading process has a processor to itself where there are two.
    again = rereadings(User.objects.get(username="ada"))
    return found + [_timed(name, partial(post, client), times, ASKED_REREAD_MS) for name, post in again]


def _pages_of(job: ImportJob) -> dict[str, str]:
    """Addresses where a million rows are felt."""
    rows = reverse("imports:rows", args=[job.pk])
    leads = reverse("campaigns:leads", args=[job.campaign_id])
    return {
        "large: progress": reverse("imports:show", args=[job.pk]),
        "large: progress poll": reverse("imports:poll", args=[job.pk]),
        "large: invalid rows": f"{rows}?show=invalid",
        "large: invalid rows, one reason": f"{rows}?show=invalid&reason=missing_required",
        "large: rows with a remark, none": f"{rows}?show=warned",
        "large: sent rows, one reason, none": f"{rows}?show=created&reason=kept_called",
        "large: sent rows, far down": f"{rows}?show=created&after=500000",
        "large: repaired rows": f"{rows}?show=repaired",
        "large: campaign": reverse("campaigns:campaign", args=[job.campaign_id]),
        "large: results of the campaign": reverse("campaigns:results", args=[job.campaign_id]),
        "large: leads": leads,
        "large: leads by status": f"{leads}?status=completed",
        "large: leads by beginning": f"{leads}?q=%2B905550000",
        "large: leads by number, none": f"{leads}?q=0999+999+99+99",
        "large: leads by part, none": f"{leads}?q=9999999",
        "running part of home": reverse("imports:running"),
    }


def large_import(rows: int) -> ImportJob:
    """An import of so many rows that is being sent."""
    job = ImportJob.objects.create(
        campaign=Campaign.objects.filter(status="in-progress").earliest("pk"),
        owner=User.objects.get(username="ada"),
        state=JobState.PUSHING,
        file_name=FILE_NAME,
        total_rows=rows,
        mapping={"phone_number": 0, "name": 1},
        phone_format={"kind": "national", "region": "TR"},
    )
    ImportPreview.objects.create(job=job, data=Preview("csv", "utf-8", ",", [], "", 1, ["phone", "name"], [], rows).to_json())
    states = [state for state, share in SHARES for _ in range(share)]
    reasons: dict[str, tuple[str, ...]] = {RowState.INVALID: ("phone_too_short", "phone_letters", "missing_required")}
    for start in range(0, rows, BATCH):
        made = [_row(job, n, states[n % 100], reasons) for n in range(start, min(start + BATCH, rows))]
        ImportRow.objects.bulk_create(made)
    counted = {state: sum(1 for n in range(100) if states[n] == state) * rows // 100 for state, _share in SHARES}
    counters.add(job.pk, {("state", state): n for state, n in counted.items()})
    counters.add(job.pk, {("reason", reason): counted[RowState.INVALID] // 3 for reason in reasons[RowState.INVALID]})
    return job


def _row(job: ImportJob, n: int, state: str, reasons: dict[str, tuple[str, ...]]) -> ImportRow:
    why = reasons.get(state, ("",))
    detail = (
        {"params": {"country": "TR", "digits": 5}}
        if state == RowState.INVALID
        else {"repairs": ["plus_added"]}
        if n % 500 == 0
        else None
    )
    return ImportRow(
        job=job,
        row_number=n + 2,
        state=state,
        reason=why[n % len(why)],
        phone=f"+90555{n:07d}",
        cells=[f"0555 {n:07d}", "Ayşe Yılmaz"],
        lead={"variables": {"name": "Ayşe Yılmaz"}},
        detail=detail,
        remote_id=str(n) if state == RowState.CREATED else None,
    )


def large_campaign(campaign: Campaign, leads: int) -> None:
    for start in range(0, leads, BATCH):
        Lead.objects.bulk_create([_lead(campaign, n) for n in range(start, min(start + BATCH, leads))])
    lead_counters.recount(campaign.pk)


def _lead(campaign: Campaign, n: int) -> Lead:
    statuses = ("created", "completed", "completed", "reached-max-retries", "rescheduled")
    return Lead(
        campaign=campaign,
        remote_id=f"L{n}",
        phone_number=f"+90555{n:07d}",
        status=statuses[n % 5],
        tries=1 + n % 4 if n % 5 else 0,
        updated_at=timezone.now() - timedelta(minutes=n % 40_000),
        variables={"name": "Ayşe"},
    )


@contextmanager
def _sending() -> Iterator[None]:
    """Rows of the large import being sent while the block runs."""
    words = [sys.executable, "manage.py", "bench_pages"]
    with subprocess.Popen(words, env=os.environ | {"ROWCALL_BENCH_PAGES": "send"}, cwd=settings.BASE_DIR) as sender:
        try:
            yield
        finally:
            sender.terminate()


def send() -> None:
    """Move rows of the large import until somebody ends this process."""
    job_id = ImportJob.objects.get(file_name=FILE_NAME).pk
    waiting = iter(
        ImportRow.objects.filter(job_id=job_id, state=RowState.PENDING)
        .order_by("row_number")
        .values_list("pk", flat=True)[:100_000]
    )
    while ids := list(itertools.islice(waiting, SENT_AT_ONCE)):
        with transaction.atomic():
            ImportRow.objects.filter(pk__in=ids).update(state=RowState.CREATED, remote_id="1")
            counters.add(job_id, counters.moves(RowState.PENDING, [RowState.CREATED] * len(ids)))
        time.sleep(PAUSE)


def _load(client: Client, path: str) -> None:
    answer = client.get(path, follow=True)
    if answer.streaming:
        b"".join(getattr(answer, "streaming_content"))


def _timed(name: str, request: Callable[[], None], times: int, asked: int) -> PageTime:
    request()
    took, busy = [], []
    for _ in range(times):
        began, cpu = time.perf_counter(), _cpu_seconds()
        request()
        took.append((time.perf_counter() - began) * 1000)
        busy.append((_cpu_seconds() - cpu) * 1000)
    with CaptureQueriesContext(connection) as queries:
        request()
    p95 = statistics.quantiles(took, n=20)[-1]
    return PageTime(name, statistics.median(busy), statistics.median(took), p95, len(queries), asked)


def _cpu_seconds() -> float:
    children = getrusage(RUSAGE_CHILDREN)
    return time.thread_time() + children.ru_utime + children.ru_stime


def as_json(times: list[PageTime]) -> str:
    return orjson.dumps([time.__dict__ for time in times], option=orjson.OPT_INDENT_2).decode()
