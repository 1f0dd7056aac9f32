"""A file that comes in parts, so that a broken line costs no more than the last of them."""

import uuid

from django.conf import settings
from django.db import models


class PartialUpload(models.Model):
    """A file on its way. Once all of it is there its parts are joined: then it has `file_key` and `sha256`, and no parts."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    size = models.BigIntegerField()  # bytes of the whole file, as announced
    received = models.BigIntegerField(default=0)  # bytes that are kept durably, from the beginning on
    file_key = models.UUIDField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    touched_at = models.DateTimeField()  # when it was begun, or its last part came

    class Meta:
        indexes = [models.Index(fields=["touched_at"], name="partial_upload_touched")]

    @property
    def is_complete(self) -> bool:
        return self.received == self.size


class UploadPart(models.Model):
    """Some bytes of a file on its way, kept in a file of their own."""

    upload = models.ForeignKey(PartialUpload, on_delete=models.CASCADE, related_name="parts", db_index=False)
    offset = models.BigIntegerField()
    file_key = models.UUIDField()

    class Meta:
        ordering = ["offset"]
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="upload_part_once")]
