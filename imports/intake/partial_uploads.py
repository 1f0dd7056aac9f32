"""Files that come in parts: each part is kept durably where every host reaches it, and joined once all are there.

Where a part belongs is decided in the database: it is taken only where the last one ended. Of two at the same offset one wins.
"""

import uuid
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from background.database_clock import surely_before
from campaigns.models import Campaign
from imports.errors import WorkflowError
from imports.intake import object_store, quota, storage
from imports.intake.storage import Kept, kept_path
from imports.models import ImportJob, PartialUpload, UploadPart
from people.models import User

KEPT_FOR = timedelta(hours=12)  # after the last part: a night, in which nobody mends a line
MOST_OPEN = 3  # files of a person on their way; with one more the one that waits longest is given up
LARGEST_PART = 16 * 1024 * 1024
BLOCK = 1024 * 1024


class WrongOffset(Exception):
    """A part does not begin where the last one ended."""


def begin(owner: User, file_name: str, size: int) -> PartialUpload:
    """WorkflowError for a file that is empty, too large, or finds no room."""
    if not size:
        raise WorkflowError("upload_empty")
    if size > settings.MAX_UPLOAD_BYTES:
        raise WorkflowError("upload_too_large", limit=settings.MAX_UPLOAD_BYTES // storage.MEGABYTE)
    quota.check_room(owner, size)
    for surplus in PartialUpload.objects.filter(owner=owner).order_by("-touched_at")[MOST_OPEN - 1 :]:
        discard(surplus)
    name = storage.clean_name(file_name)
    return PartialUpload.objects.create(owner=owner, file_name=name, size=size, touched_at=timezone.now())


def upload_of(owner: User, key: uuid.UUID | str | None) -> PartialUpload | None:
    """The person's own; None where there is none, or not any more."""
    return PartialUpload.objects.filter(owner=owner, pk=key).first() if key else None


def append(upload: PartialUpload, offset: int, chunks: Iterable[bytes]) -> None:
    """Keep a part that begins at `offset`; once all are there they are joined. WrongOffset where it does not fit; WorkflowError for
    an empty part, or where it finds no room."""
    if offset != upload.received:
        raise WrongOffset
    quota.check_room(None)
    part = storage.keep(chunks)
    try:
        _record(upload, offset, part)
    except BaseException:
        object_store.remove(kept_path(part.key))
        raise
    upload.refresh_from_db()
    if upload.is_complete:
        join(upload)


def _record(upload: PartialUpload, offset: int, part: Kept) -> None:
    if offset + part.size > upload.size:
        raise WrongOffset
    try:
        with transaction.atomic():
            at_offset = PartialUpload.objects.filter(pk=upload.pk, received=offset, file_key=None)
            if not at_offset.update(received=offset + part.size, touched_at=timezone.now()):
                raise WrongOffset
            UploadPart.objects.create(upload=upload, offset=offset, file_key=part.key)
    except IntegrityError as error:
        raise WrongOffset from error


def join(upload: PartialUpload) -> Kept:
    """The whole file. Safe to repeat: a process that was killed leaves the parts. WorkflowError where they are not kept any more."""
    if upload.file_key is None:
        parts = list(upload.parts.all())
        try:
            whole = storage.keep(_blocks_of(parts))
        except FileNotFoundError as error:
            raise WorkflowError("upload_gone") from error
        if PartialUpload.objects.filter(pk=upload.pk, file_key=None).update(file_key=whole.key, sha256=whole.sha256):
            _remove_parts(parts)
        else:  # another request has joined them
            object_store.remove(kept_path(whole.key))
        upload.refresh_from_db()
    assert upload.file_key is not None
    return Kept(upload.file_key, upload.size, upload.sha256)


def _blocks_of(parts: Iterable[UploadPart]) -> Iterator[bytes]:
    for part in parts:
        with object_store.opened(kept_path(part.file_key)) as file:
            while block := file.read(BLOCK):
                yield block


def receive(upload_key: uuid.UUID, campaign: Campaign, owner: User, form_token: str | None = None) -> ImportJob:
    """Make the import of a file that has come in parts; the same form sent twice gives the same import. After a WorkflowError the
    file is still there, for another try."""
    if job := storage.received_before(form_token, owner):
        return job
    upload = upload_of(owner, upload_key)
    if upload is None or not upload.is_complete:
        raise WorkflowError("upload_gone")
    kept = join(upload)
    try:
        with transaction.atomic():
            if not PartialUpload.objects.filter(pk=upload.pk).delete()[0]:
                raise WorkflowError("upload_gone")
            return storage.make_import(kept, upload.file_name, campaign, owner, form_token)
    except (IntegrityError, WorkflowError):
        if job := storage.received_before(form_token, owner):  # the other half of a double click was faster
            return job
        raise


def discard(upload: PartialUpload) -> None:
    """Give up a file on its way."""
    parts, whole = list(upload.parts.all()), upload.file_key
    with transaction.atomic():
        PartialUpload.objects.filter(pk=upload.pk).delete()
    _remove_parts(parts)
    if whole is not None and not ImportJob.objects.filter(file_key=whole).exists():
        object_store.remove(kept_path(whole))


def _remove_parts(parts: Iterable[UploadPart]) -> None:
    """Files first: a row without its file is found again, a file without its row is swept a day later."""
    for part in parts:
        object_store.remove(kept_path(part.file_key))
        UploadPart.objects.filter(pk=part.pk).delete()


def discard_abandoned() -> int:
    """Give up those that nothing has come of for KEPT_FOR; how many there were."""
    abandoned = list(PartialUpload.objects.filter(touched_at__lt=surely_before(KEPT_FOR)))
    for upload in abandoned:
        discard(upload)
    return len(abandoned)
