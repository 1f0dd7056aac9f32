"""What a backup and a restore say: sentences for people, one JSON object for scripts."""

from collections.abc import Iterator
from typing import Any

from config.backup import keys
from config.backup.making import Done
from imports.intake import object_store

MEGABYTE = 1024 * 1024


def facts(done: Done) -> dict[str, Any]:
    """What both say in JSON; `files` and `bytes` count the database as well."""
    return {
        "ok": True,
        "archive": str(done.archive),
        "version": done.manifest.version,
        "made_at": done.manifest.made_at,
        "database": done.manifest.engine,
        "tables": done.manifest.tables,
        "rows": done.rows,
        "files": len(done.manifest.files),
        "bytes": done.bytes,
        "files_in_bucket": object_store.is_remote(),
        "keep_elsewhere": keys.kept_elsewhere(),
        "other_keys": sorted(done.other_keys),
        "paused_imports": done.pausing,
    }


def backup_lines(done: Done) -> Iterator[str]:
    yield f"{done.archive}: {_amount(done)}."
    if object_store.is_remote():
        yield "Uploaded files and reports are in the bucket of FILES_URL, and not in it. Keep that bucket by its own means."
    yield "The keys are not in it. Keep them apart from it, or what it holds cannot be used:"
    yield from (f"  {name}, in {where}" for name, where in keys.kept_elsewhere().items())


def restore_lines(done: Done) -> Iterator[str]:
    yield f"Restored from {done.archive}, made {done.manifest.made_at} by version {done.manifest.version}: {_amount(done)}."
    yield "Every table has the rows, and every file the bytes, that the archive says."
    for name, loss in done.other_keys.items():
        yield f"{name} is not the one of the backup: {loss}. Put that one into {keys.kept_elsewhere()[name]}."
    if done.pausing:
        names = ", ".join(map(str, done.pausing))
        yield f"Paused, since some of their rows may have been sent after the backup and would be called twice: import {names}."


def _amount(done: Done) -> str:
    tables, files = len(done.manifest.tables), len(done.manifest.files) - 1
    return f"{done.rows:,} rows in {tables} tables, {files:,} files, {done.bytes / MEGABYTE:,.1f} MB"
