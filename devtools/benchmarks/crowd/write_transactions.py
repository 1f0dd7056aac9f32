"""Which transactions keep SQLite's only right to write for long: in every process of the measured instance, a line for each.

A line of the file `write-transactions` in the instance's folder: milliseconds, tab, where in our code it was committed.
"""

import os
import time
import traceback
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.backends.sqlite3.base import DatabaseWrapper

FILE = "write-transactions"
WORTH_TELLING_MS = 20.0
OURS = ("background", "campaigns", "config", "imports", "people")


def watch() -> None:
    """From now on, in this process."""
    wrapper: Any = DatabaseWrapper
    begin = wrapper._start_transaction_under_autocommit

    def begun(self: Any) -> None:
        begin(self)
        self.writes_since = time.perf_counter()

    wrapper._start_transaction_under_autocommit = begun
    for name in ("_commit", "_rollback"):
        setattr(wrapper, name, _ending(getattr(wrapper, name)))


def _ending(end: Any) -> Any:
    def ended(self: Any) -> Any:
        try:
            return end(self)
        finally:
            since, self.writes_since = getattr(self, "writes_since", None), None
            if since is not None:
                _tell(1000 * (time.perf_counter() - since))

    return ended


def _tell(took_ms: float) -> None:
    if took_ms < WORTH_TELLING_MS:
        return
    base = str(settings.BASE_DIR) + os.sep
    frames = [
        frame for frame in traceback.extract_stack() if frame.filename.startswith(tuple(base + name + os.sep for name in OURS))
    ]
    where = " < ".join(f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}" for frame in reversed(frames[-3:]))
    with open(Path(settings.VAR_DIR) / FILE, "a", encoding="utf-8") as file:
        file.write(f"{took_ms:.1f}\t{where}\n")


def told(folder: Path) -> dict[str, list[float]]:
    """Where → milliseconds of each, those that took longest first."""
    found: dict[str, list[float]] = defaultdict(list)
    path = folder / FILE
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        took, _tab, where = line.partition("\t")
        found[where].append(float(took))
    return dict(sorted(found.items(), key=lambda one: -max(one[1])))
