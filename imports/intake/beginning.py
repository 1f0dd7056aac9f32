"""A file that certainly cannot be read is refused by its size and its first bytes, before the rest has come."""

from django.conf import settings

from imports.errors import WorkflowError
from imports.intake.storage import MEGABYTE
from imports.pipeline.readers.beginning import refusal_of


def check(head: bytes, size: int) -> None:
    """WorkflowError, the one that would be raised once all of it was here."""
    if not size:
        raise WorkflowError("upload_empty")
    if size > settings.MAX_UPLOAD_BYTES:
        raise WorkflowError("upload_too_large", limit=settings.MAX_UPLOAD_BYTES // MEGABYTE)
    if refusal := refusal_of(head, is_whole=len(head) == size):
        raise WorkflowError(refusal.code, **refusal.params)
