"""How much one person may keep here, and how often they may send something: every file counts, whatever it is for.

Asked twice: before a byte is taken (`check_room`), and once more where the file gets its row (`take`), one request of a person after
the other, so that many at once get no more than one after the other would.
"""

import shutil
import uuid
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Sum

from background.database_clock import last
from imports.errors import WorkflowError
from imports.models import ImportJob, NumberList, Operation
from people.models import AuditEntry, User

MEGABYTE = 1024 * 1024
# What is recorded of files that make no import of their own: corrected workbooks, lists of numbers.
OTHER_FILES = ("upload_workbook", "upload_list")
MINUTE = timedelta(minutes=1)


def kept_path(key: uuid.UUID | str) -> Path:
    return settings.UPLOAD_DIR / str(key)


def check_room(owner: User | None, size: int = 0) -> None:
    """WorkflowError when the disk or the person's quota is full, or too many files come. `size`: bytes of the file, 0 where that is
    not known yet."""
    settings.UPLOAD_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(settings.UPLOAD_DIR).free - size < settings.DISK_FLOOR_BYTES:
        raise WorkflowError("disk_full")
    if owner is not None:
        _check_person(owner, size)


def take(owner: User | None, size: int) -> None:
    """The same for a file of `size` bytes, in the transaction that records it: until that ends, the person's others wait."""
    if owner is not None:
        User.objects.select_for_update().filter(pk=owner.pk).first()
        _check_person(owner, size)


def _check_person(owner: User, size: int) -> None:
    imports = ImportJob.objects.filter(owner=owner)
    others = AuditEntry.objects.filter(actor=owner, action__in=OTHER_FILES, at__range=last(MINUTE))
    if imports.filter(created_at__range=last(MINUTE)).count() + others.count() >= settings.UPLOADS_PER_MINUTE:
        raise WorkflowError("upload_too_often", limit=settings.UPLOADS_PER_MINUTE)
    kept = (imports.filter(file_gone_at=None).aggregate(total=Sum("file_size"))["total"] or 0) + _waiting(owner)
    # A first file is taken whatever the quota is: MAX_UPLOAD_BYTES limits it.
    if settings.QUOTA_BYTES and kept and (kept >= settings.QUOTA_BYTES or kept + size > settings.QUOTA_BYTES):
        raise WorkflowError("quota_full", limit=settings.QUOTA_BYTES // MEGABYTE)


def _waiting(owner: User) -> int:
    """Bytes of the person's files that are kept until a worker has read them."""
    workbooks = Operation.objects.filter(asked_by=owner, kind=Operation.Kind.TAKE_WORKBOOK, state=Operation.State.WAITING)
    lists = NumberList.objects.filter(added_by=owner, state=NumberList.State.WAITING)
    keys = [*workbooks.values_list("what", flat=True), *map(str, lists.values_list("file_key", flat=True))]
    return sum(path.stat().st_size for path in map(kept_path, keys) if path.exists())
