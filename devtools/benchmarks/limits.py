"""Services that take only so many requests a minute, and what is said of the time that sending takes; against the sandbox.

Each service is asked for three minutes by two imports of one account, several services at the same time, each with a
process of its own: waiting is what their senders do. A second account, whose service has no limit, sends alone before and
beside them later.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from devtools.benchmarks.measuring import Result, measure

if TYPE_CHECKING:
    from campaigns.whattalk.sandbox.process import SandboxProcess
    from imports.models import ImportJob

KINDS: dict[str, dict[str, Any]] = {
    "fixed": {"rate_kind": "fixed"},
    "sliding, no headers": {"rate_kind": "sliding", "rate_headers": False},
    "bucket, no headers": {"rate_kind": "bucket", "rate_headers": False},
    "clock, silent": {"rate_kind": "clock", "rate_headers": False, "rate_retry_after": False},
}
GROUPS = (  # so many at the same time that they do not wait for the processor
    ((60, "fixed"), (60, "sliding, no headers"), (60, "bucket, no headers"), (60, "clock, silent")),
    ((100, "sliding, no headers"), (100, "bucket, no headers"), (600, "fixed"), (600, "clock, silent")),
)
SECONDS, LEARNING = 180, 60  # of a run, and of its beginning that does not count
FREE_ROWS, FREE_IN_FLIGHT, ALONE_SECONDS = 5_000, 8, 20
LATENCY_MS = 100
ESTIMATES = {"20 ms": (20, 0, 60), "1 s": (1_000, 0, 60), "60 a minute": (100, 60, 150)}  # answer ms, limit, seconds
SAID_FROM, SAID_EVERY = 30, 5  # seconds


def limited_stage(environment: Mapping[str, str], groups: Iterable[Sequence[tuple[int, str]]] = GROUPS) -> Result:
    """`service: {share, refused, uneven}`; `second_account`: leads a second of one without a limit, alone and beside them."""
    alone = measure("limits:second_account", environment)["per_second"]
    found: Result = {}
    beside = []
    for group in groups:
        with ThreadPoolExecutor(len(group) + 1) as pool:
            services = {
                f"{limit} a minute, {kind}": pool.submit(measure, "limits:one_service", environment, limit=limit, kind=kind)
                for limit, kind in group
            }
            second = pool.submit(measure, "limits:second_account", environment, begin_after=LEARNING)
            found |= {name: service.result() for name, service in services.items()}
            beside.append(second.result()["per_second"])
    return {**found, "second_account": {"alone": alone, "beside": min(beside), "of_alone": min(beside) / alone}}


def estimates_stage(environment: Mapping[str, str]) -> Result:
    """`case: {factor}`: how far what was said from the 30th second on was from what it took."""
    return {case: measure("limits:estimated", environment, case=case) for case in ESTIMATES}


# -- each in a process of its own ------------------------------------------------------------------------------------
def second_account(begin_after: float = 0) -> Result:
    """Leads a second of an account with few requests in flight, so that not the processor is what counts."""
    _set_up()
    from devtools.benchmarks.push import sandbox_of

    time.sleep(begin_after)
    with sandbox_of(LATENCY_MS) as sandbox:
        sent = _Sent(sandbox, [FREE_ROWS], in_flight=FREE_IN_FLIGHT)
        sent.send(ALONE_SECONDS)
        moments = sent.moments()[0]
    return {"per_second": len(moments) / (moments[-1] - moments[0])}


def one_service(limit: int, kind: str, seconds: float = SECONDS, learning: float = LEARNING) -> Result:
    """Two imports of an account that is new to us. `uneven`: by how much one of them got more than the other."""
    _set_up()
    from devtools.benchmarks.push import sandbox_of

    with sandbox_of(LATENCY_MS) as sandbox:
        sandbox.control.settings(rate_limit=limit, **KINDS[kind])
        sent = _Sent(sandbox, [int(limit * (1 + seconds / 60))] * 2, learnt={})
        begun = time.monotonic()
        sent.send(seconds)
        answers, each = sandbox.ledger.posts(), sent.moments()
    refused = sum(post.status == 429 for post in answers)
    first = [sum(moment - begun < learning for moment in moments) for moments in each]
    later = [sum(learning <= moment - begun < seconds for moment in moments) for moments in each]
    return {
        "share": sum(later) / (limit * (seconds - learning) / 60),
        "refused": refused / len(answers),
        "uneven": max(max(pair) / max(1, min(pair)) - 1 for pair in (first, later)),
        "first_minute": first,
        "later": later,
    }


def estimated(case: str, rows: int = 0) -> Result:
    """An account that never sent. `factor`: the worst of what was said; `rows`: fewer than usual."""
    _set_up()
    from devtools.benchmarks.push import sandbox_of
    from imports.models import ImportJob
    from imports.pages.progress import Progress

    latency_ms, limit, seconds = ESTIMATES[case]
    rows = rows or (2 * limit + 30 if limit else 1_900 if latency_ms >= 1_000 else 30_000)
    with sandbox_of(latency_ms) as sandbox:
        sandbox.control.settings(rate_limit=limit, rate_headers=False)
        sent = _Sent(sandbox, [rows], learnt={})
        began, said = time.monotonic(), []
        thread = _thread(sent.send, 10 * seconds)
        while thread.is_alive():
            thread.join(SAID_EVERY)
            moment = time.monotonic() - began
            left = Progress.of(ImportJob.objects.select_related("campaign__account").get(pk=sent.ids[0])).seconds_left
            said.append((moment, left))
        ended = sent.ended - began
    late = [(moment, left) for moment, left in said if moment >= SAID_FROM and ended - moment > 5]
    off = [max(left / (ended - moment), (ended - moment) / left) if left else float("inf") for moment, left in late]
    return {
        "factor": max(off, default=1.0),
        "seconds": ended,
        "looks": len(late),
        "said": [[round(moment), left and round(left)] for moment, left in said],
    }


class _Sent:
    """Imports of one account at a sandbox, sent as workers send them: slice after slice."""

    def __init__(
        self, sandbox: SandboxProcess, rows: Iterable[int], learnt: dict[str, Any] | None = None, in_flight: int = 32
    ) -> None:
        from devtools.benchmarks.push import import_of

        self.sandbox, self.ended = sandbox, 0.0
        jobs: list[ImportJob] = []
        for n, many in enumerate(rows):
            account = jobs[0].campaign.account if jobs else None
            jobs.append(import_of(sandbox, many, in_flight, account=account, first=n * 1_000_000, learnt=learnt))
        self.ids = [job.pk for job in jobs]

    def send(self, seconds: float) -> None:
        threads = [_thread(self._send_one, pk, seconds) for pk in self.ids]
        for thread in threads:
            thread.join()
        self.ended = time.monotonic()

    def _send_one(self, pk: int, seconds: float) -> None:
        from imports.models import ImportJob, JobState
        from imports.push import sender

        until = time.monotonic() + seconds
        while time.monotonic() < until and ImportJob.objects.filter(pk=pk, state=JobState.PUSHING).exists():
            place, after = sender.run_at(pk, None, None)
            time.sleep(min(after, max(0.0, until - time.monotonic())) if place else 0.5)

    def moments(self) -> list[list[float]]:
        """When leads were accepted, of each import."""
        events = [event for event in self.sandbox.ledger.events() if event["event"] == "lead"]
        return [
            sorted(event["mono"] for event in events if int(event["lead"]["phone_number"][-7:]) // 1_000_000 == n)
            for n in range(len(self.ids))
        ]


def _set_up() -> None:
    import django

    django.setup()


def _thread(work: Callable[..., object], *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=_with_a_connection, args=(work, *arguments), daemon=True)
    thread.start()
    return thread


def _with_a_connection(work: Callable[..., object], *arguments: object) -> None:
    from django.db import connection

    try:
        work(*arguments)
    finally:
        connection.close()
