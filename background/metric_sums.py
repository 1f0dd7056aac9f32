"""Counters and histograms for /metrics that are kept in the database: every process adds to the same ones, and none is lost with it.

A histogram counts values by `le|<upper bound>` and keeps their sum, in thousandths, under `sum`; a prefix tells what is counted
apart, as in `3|ok|le|0.5`.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping

from background.counters import add_to_sums
from background.models import MetricSum

SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # upper bounds of a request's duration
MINUTES = (1.0, 5.0, 15.0, 60.0, 300.0, 1200.0)  # of the reading of a whole file, in seconds too
INFINITE = "+Inf"


def observed(value: float, bounds: tuple[float, ...], prefix: str = "") -> Counter[str]:
    """What one value adds to a histogram: label -> how much."""
    at = bisect_left(bounds, value)
    bound = f"{bounds[at]:g}" if at < len(bounds) else INFINITE
    return Counter({f"{prefix}le|{bound}": 1, f"{prefix}sum": max(1, round(1000 * value))})


def add(name: str, deltas: Mapping[str, int]) -> None:
    """Add to the sums of a metric, inside the caller's transaction where there is one."""
    add_to_sums(MetricSum, ("name", "label"), ((name, label, n) for label, n in deltas.items()))


def read(name: str) -> dict[str, int]:
    """label -> sum."""
    return dict(MetricSum.objects.filter(name=name).values_list("label", "n"))


def histograms(name: str) -> dict[str, tuple[list[tuple[str, float]], float]]:
    """prefix -> (upper bound and how many values up to it, in ascending order; the sum of all values)."""
    counted: dict[str, dict[str, int]] = {}
    sums: dict[str, float] = {}
    for label, n in read(name).items():
        prefix, _, last = label.rpartition("|")
        if last == "sum":
            sums[prefix] = n / 1000
        else:
            counted.setdefault(prefix.rpartition("le")[0].rstrip("|"), {})[last] = n
    return {prefix: (_cumulated(by_bound.items()), sums.get(prefix, 0.0)) for prefix, by_bound in counted.items()}


def _cumulated(by_bound: Iterable[tuple[str, int]]) -> list[tuple[str, float]]:
    total, buckets = 0, []
    for bound, n in sorted(by_bound, key=lambda one: float(one[0])):
        total += n
        buckets.append((bound, float(total)))
    if not buckets or buckets[-1][0] != INFINITE:
        buckets.append((INFINITE, float(total)))
    return buckets
