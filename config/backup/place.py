"""The place of an instance: its folders, whether anything works on it, and whether it holds anything."""

import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from background.database_clock import CLOCK, now_ms
from config.backup import databases
from config.backup.errors import NOT_EMPTY, RUNNING, BackupError
from config.launcher.instance_lock import AlreadyRunning, only_instance
from imports.models import Heartbeat
from imports.views.health import FRESH_MS


def file_folders() -> dict[str, Path]:
    """The name of each folder in an archive, and where it is here."""
    return {"uploads": Path(settings.UPLOAD_DIR), "reports": Path(settings.REPORT_DIR)}


def kept_files() -> Iterator[tuple[Path, str]]:
    """Every file on this machine that is whole, and its name in an archive."""
    for name, folder in file_folders().items():
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            is_draft = path.suffix == ".part" or path.name.startswith(".")
            if path.is_file() and not path.is_symlink() and not is_draft:
                yield path, f"{name}/{path.relative_to(folder).as_posix()}"


@contextmanager
def stopped(tell: Callable[[str], object]) -> Iterator[None]:
    """Nothing works on this place while the block runs, and no `up` can start. BackupError where something does."""
    try:
        with only_instance(settings.VAR_DIR / "up.lock", "", tell):
            _require_no_heartbeat()
            databases.engine_here().require_unused()
            yield
    except AlreadyRunning as error:
        raise BackupError(f"{error} Nothing was changed.", RUNNING) from error


def _require_no_heartbeat() -> None:
    if alive := _alive():
        raise BackupError(
            f"{', '.join(alive)} worked on this database within the last minute. Stop what runs; where it was killed, "
            "wait a minute. Nothing was changed.",
            RUNNING,
        )


def _alive() -> list[str]:
    """Names of the workers and schedulers that are alive; none where there are no tables yet, or none that can be read."""
    try:
        tables = databases.table_names()
        if Heartbeat._meta.db_table not in tables:
            return []
        now = now_ms() if CLOCK in tables else time.time_ns() // 1_000_000  # an old version, or one migrated by half
        fresh = Heartbeat.objects.filter(kind__in=("worker", "scheduler"), beat_ms__gt=now - FRESH_MS)
        return sorted(fresh.values_list("name", flat=True))
    except DatabaseError:
        if databases.engine_here().name == "sqlite":
            return []  # a damaged file: the lock alone tells
        raise


def require_empty() -> None:
    """BackupError where the place holds data that a restore would replace."""
    try:
        holds = "its database holds data" if not databases.is_empty() else ""
    except DatabaseError:
        holds = "its database holds something that cannot be read"
    if not holds and any(kept_files()):
        holds = "its folders hold files"
    if holds:
        raise BackupError(
            f"This place is not empty: {holds}. Nothing was changed; with --replace, what is there is replaced.", NOT_EMPTY
        )


@contextmanager
def folder_beside(path: Path) -> Iterator[Path]:
    """A new private folder in `path`, gone afterwards with all it holds."""
    folder = path / f".backup-{os.getpid()}-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def files_replaced(staged: Path, aside: Path) -> Iterator[None]:
    """The folders in `staged` in the place of ours while the block runs, and for good if it ends well; else ours are put back."""
    aside.mkdir(mode=0o700)
    done: list[tuple[Path, Path]] = []
    try:
        for name, folder in file_folders().items():
            (staged / name).mkdir(mode=0o700, exist_ok=True)
            if folder.exists():
                folder.rename(aside / name)
            done.append((folder, aside / name))
            (staged / name).rename(folder)
        yield
    except BaseException:
        for folder, before in done:
            shutil.rmtree(folder, ignore_errors=True)
            if before.exists():
                before.rename(folder)
        raise
