"""Files on their way in: once an upload is answered, the file and its import survive anything but the disk.

Order: bytes to `<uuid>.part`, fsync, rename, fsync of the folder, row in the database, then the answer. What a
crash leaves in between is a file without a row, swept away after a day.
"""

import errno
import hashlib
import os
import re
import unicodedata
import uuid
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction

from background.database_clock import surely_before
from campaigns.models import Campaign
from imports.errors import WorkflowError
from imports.intake import object_store, quota
from imports.intake.quota import check_room, kept_path
from imports.models import ImportJob, NumberList, Operation, PartialUpload, UploadPart
from people import audit
from people.models import User

MEGABYTE = 1024 * 1024
LONGEST_NAME = 120  # characters; longer ones are cut in the middle of nowhere by every page that shows them
INVISIBLE = {"Cc", "Cf", "Cs", "Co"}  # Unicode: control, format (text direction among them), surrogate, private
__all__ = ["check_room", "clean_name", "keep", "kept_path", "receive"]
ORPHANED_AFTER = timedelta(days=1)
BROKEN_OFF_AFTER = timedelta(hours=1)  # taking a request apart lasts seconds
NAMELESS = "spreadsheet"


def path_of(job: ImportJob) -> Path:
    """Where the file of an import lies. The name is ours: nothing of the person's file name reaches the disk."""
    return kept_path(job.file_key)


class Kept(NamedTuple):
    """A file that lies where files are kept: its key, its size in bytes and its SHA-256."""

    key: uuid.UUID
    size: int
    sha256: str


def receive(
    chunks: Iterable[bytes],
    file_name: str,
    campaign: Campaign,
    owner: User | None,
    form_token: str | None = None,
    read_options: dict[str, Any] | None = None,
) -> ImportJob:
    """Keep a file and make its import; the same form sent twice gives the same import."""
    if job := received_before(form_token, owner):
        return job
    check_room(owner)
    kept = keep(chunks)
    try:
        with transaction.atomic():
            return make_import(kept, file_name, campaign, owner, form_token, read_options)
    except WorkflowError:
        object_store.remove(kept_path(kept.key))
        raise
    except IntegrityError:  # the other half of a double click was faster
        object_store.remove(kept_path(kept.key))
        job = received_before(form_token, owner)
        if job is None:
            raise
    return job


def make_import(
    kept: Kept,
    file_name: str,
    campaign: Campaign,
    owner: User | None,
    form_token: str | None = None,
    read_options: dict[str, Any] | None = None,
) -> ImportJob:
    """The import of a file that is kept. To be called in a transaction."""
    job = ImportJob(
        campaign=campaign,
        owner=owner,
        file_key=kept.key,
        file_name=clean_name(file_name),
        file_size=kept.size,
        sha256=kept.sha256,
        form_token=form_token or None,
        read_options=read_options or {},
    )
    quota.take(owner, kept.size)
    job.save()
    audit.record(owner, "upload", f"import {job.pk}", after={"campaign": campaign.pk, "size": kept.size})
    return job


def received_before(form_token: str | None, owner: User | None) -> ImportJob | None:
    return ImportJob.objects.filter(form_token=form_token, owner=owner).first() if form_token else None


def keep(chunks: Iterable[bytes]) -> Kept:
    """Write `chunks` to a file, durably: its key, size in bytes and SHA-256. Nothing stays behind after an error."""
    key = uuid.uuid4()
    path = kept_path(key)
    draft = path.with_suffix(".part")
    try:
        with private_file(draft) as file:
            size, sha256 = copy(chunks, file)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise WorkflowError("disk_full") from error
        raise
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)
    _settle(path)
    return Kept(key, size, sha256)


def _settle(path: Path) -> None:
    try:
        object_store.settle(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def private_file(path: Path) -> BinaryIO:
    """A new file, open for writing, that nobody else on this machine can read."""
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def copy(chunks: Iterable[bytes], file: BinaryIO) -> tuple[int, str]:
    """Write `chunks`; how many bytes they were and their SHA-256. WorkflowError for none, and for too many."""
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > settings.MAX_UPLOAD_BYTES:
            raise WorkflowError("upload_too_large", limit=settings.MAX_UPLOAD_BYTES // MEGABYTE)
        digest.update(chunk)
        file.write(chunk)
    if not size:
        raise WorkflowError("upload_empty")
    return size, digest.hexdigest()


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_unchanged(job: ImportJob, path: Path | None = None) -> bool:
    """Whether the stored file, readable at `path` or where it is kept, is byte for byte the one that was received."""
    with open(path or path_of(job), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == job.sha256


def clean_name(name: str) -> str:
    """A file name fit to be shown: no folders, no control or direction characters, at most LONGEST_NAME long."""
    last = re.split(r"[\\/]", name)[-1]
    spaced = "".join(" " if c.isspace() else c for c in last)
    visible = "".join(c for c in spaced if unicodedata.category(c) not in INVISIBLE)
    text = " ".join(visible.split()).strip(". ")
    if len(text) <= LONGEST_NAME:
        return text or NAMELESS
    stem, dot, extension = text.rpartition(".")
    tail = f"….{extension}" if dot and len(extension) <= 5 else "…"
    return (stem if dot else text)[: LONGEST_NAME - len(tail)] + tail


def sweep_orphans() -> int:
    """Remove files that no import owns and no upload can still be writing; how many there were."""
    settings.UPLOAD_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    before = surely_before(ORPHANED_AFTER)
    object_store.sweep_leftovers(before)
    old = object_store.written_before(settings.UPLOAD_DIR, before)
    orphans = [path for path in old if not _is_owned(path)]
    for path in orphans:
        object_store.remove(path)
    return len(orphans)


def sweep_incoming() -> int:
    """Remove parts of requests whose process was killed while it took them apart; how many there were."""
    before = surely_before(BROKEN_OFF_AFTER).timestamp()
    listed = object_store.with_times(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir())
    parts = [path for path, written in listed if written < before]
    for path in parts:
        path.unlink(missing_ok=True)
    return len(parts)


def _is_owned(path: Path) -> bool:
    try:
        key = uuid.UUID(path.name)
    except ValueError:
        return False
    return (
        ImportJob.objects.filter(file_key=key).exists()
        or Operation.objects.filter(what=key, state="waiting").exists()
        or NumberList.objects.filter(file_key=key, state="waiting").exists()
        or PartialUpload.objects.filter(file_key=key).exists()
        or UploadPart.objects.filter(file_key=key).exists()
    )
