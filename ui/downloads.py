"""Responses that a browser saves as a file."""

from typing import IO, TypeVar

from django.http import FileResponse, HttpResponseBase
from django.utils.http import content_disposition_header

LONGEST_NAME = 150  # characters: what the file systems of people's machines take, also where each needs several bytes
Response = TypeVar("Response", bound=HttpResponseBase)


def attached(file: IO[bytes], name: str) -> FileResponse:
    """The file under `name`, as a download."""
    return as_download(FileResponse(file, as_attachment=True, filename=_file_name(name)), name)


def as_download(response: Response, name: str) -> Response:
    """The response, to be saved under `name`; kept by no cache, and its address told to nobody."""
    response.headers["Content-Disposition"] = content_disposition_header(True, _file_name(name)) or "attachment"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _file_name(name: str) -> str:
    """The name without what no header and no file system takes; its end, which says what the file is, stays."""
    kept = "".join("_" if one in '/\\:*?"<>|' or not one.isprintable() else one for one in name)
    return kept.encode("utf-8", "replace").decode()[-LONGEST_NAME:]
