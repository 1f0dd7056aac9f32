"""How fast a column of phone numbers is read, and whether it is read right."""

from time import process_time
from typing import Any

from devtools.benchmarks.measuring import measure
from devtools.benchmarks.phone_samples import COLUMNS, plain_e164, world_column
from imports.pipeline.phones.normalise import PhoneFormat, normalise, normalise_column

TURKISH = PhoneFormat("national", "TR")
MOST_PLAIN = 50_000  # numbers the plain way is measured on; each takes it as long as the next
SETTLED = 5_000  # numbers of which each of the library's expressions has been used


def phones_stage(rows: int, seed: int = 1) -> dict[str, Any]:
    """CPU seconds for `rows` numbers, Turkish and of all regions: the plain way, and ours.

    The plain way is `parse`, `is_valid_number` and `format_number` for each number, in a
    process of its own, with the library as it is installed; `plain_cached_seconds` is the
    same with the library's cache of expressions switched on and filled. Ours is measured as
    the first import of a process finds it, its expressions still to be compiled.

    `differences` counts the numbers on which the batch and `normalise`, which asks the
    library, disagree, with as many odd ones added to those of all regions; `strangers` the
    numbers we found that the library does not call valid as they stand.
    """
    found = {column: _measure(column, rows, seed) for column in COLUMNS}
    found["world"]["differences"] += _differences(*world_column(min(rows, 100_000), seed + 1, hard=True))
    return found


def _measure(column: str, rows: int, seed: int) -> dict[str, Any]:
    texts, regions = COLUMNS[column](rows, seed)
    row_regions = None if set(regions) == {"TR"} else regions
    started = process_time()
    ours = normalise_column(texts, TURKISH, row_regions)
    seconds = process_time() - started
    some = min(rows, MOST_PLAIN)
    plain = measure("phone_samples:plain_stage", column=column, rows=some, seed=seed)["cpu"] / some * rows
    return {
        "rows": rows,
        "plain_seconds": plain,
        "plain_cached_seconds": _plain_cached(texts[:some], regions[:some]) / some * rows,
        "ours_seconds": seconds,
        "ratio": plain / seconds,
        "differences": _differences(texts, regions),
        "strangers": sum(plain_e164(result.e164, None) != result.e164 for result in ours),
        "valid": sum(bool(result.e164) for result in ours),
    }


def _plain_cached(texts: list[str], regions: list[str]) -> float:
    """Seconds of the plain way in this process, where the cache has been switched on by importing the phones package."""
    for text, region in zip(texts[:SETTLED], regions[:SETTLED]):
        plain_e164(text, region)
    started = process_time()
    for text, region in zip(texts, regions):
        plain_e164(text, region)
    return process_time() - started


def _differences(texts: list[str], regions: list[str]) -> int:
    ours = normalise_column(texts, TURKISH, regions)
    return sum(one != normalise(text, TURKISH, region) for one, text, region in zip(ours, texts, regions))
