"""How much may come in: counted while it comes, so that nobody fills the disk with one request."""

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

TOO_LARGE = "upload_too_large"  # an attribute of the request


class LimitedUpload(TemporaryFileUploadHandler):
    """Files go to disk up to MAX_UPLOAD_BYTES. A larger one is dropped, and `request.upload_too_large` says so."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > settings.MAX_UPLOAD_BYTES:
            setattr(self.request, TOO_LARGE, True)
            self.file.close()  # and thereby removed
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)
