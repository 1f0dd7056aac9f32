"""How many leads an hour workers send, by how many they are and how many requests a minute the service takes; against the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from devtools.benchmarks.measuring import Result, measure
from devtools.benchmarks.push import broker_of

WORKERS = (1, 2, 8)  # processes
CEILINGS = (60, 600, 6_000, 0)  # requests a minute; 0: as many as come
LATENCY_MS = 100
MOST_ROWS = 12_000  # where nothing limits
SECONDS = 45  # of a run that is limited


def capacity(
    environment: Mapping[str, str],
    say: Callable[[str], object],
    workers: Iterable[int] = WORKERS,
    ceilings: Iterable[int] = CEILINGS,
    most_rows: int = MOST_ROWS,
    seconds: float = SECONDS,
) -> list[Result]:
    """`workers`, `ceiling`, `per_hour` of each pair, measured one after the other."""
    found: list[Result] = []
    ceilings = tuple(ceilings)
    with broker_of(Path(environment["ROWCALL_VAR"])) as url:
        shared = {**environment, "BROKER_URL": url}
        for many in workers:
            for ceiling in ceilings:
                say(f"{many} workers, {ceiling or 'no'} requests a minute")
                rows = min(most_rows, int(ceiling * seconds / 60)) if ceiling else most_rows
                sent = measure("push:workers", shared, rows=rows, latency_ms=LATENCY_MS, processes=many, per_minute=ceiling)
                found.append({"workers": many, "ceiling": ceiling, "per_hour": 3_600 * sent["per_second"]})
    return found


def table(found: Iterable[Result]) -> list[str]:
    """Lines for people: a row for each number of workers, a column for each ceiling."""
    cells = {(one["workers"], one["ceiling"]): one["per_hour"] for one in found}
    ceilings = list(dict.fromkeys(ceiling for _workers, ceiling in cells))
    head = "workers  " + "".join(f"{f'{ceiling:,} a minute' if ceiling else 'no limit':>16}" for ceiling in ceilings)
    rows = {many: [cells[many, ceiling] for ceiling in ceilings] for many in dict.fromkeys(many for many, _ceiling in cells)}
    return [head, *(f"{many:<9}" + "".join(f"{pace:>16,.0f}" for pace in paces) for many, paces in rows.items())]
