"""A file in parts, by the protocol tus 1.0 with creation, expiration and termination (https://tus.io/protocols/resumable-upload):
announce its length, send each part with its offset, ask how far it came. And what its beginning tells.

The import is made by the form of the upload page, which names the upload.
"""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import http_date

from imports.errors import WorkflowError
from imports.intake import beginning, partial_uploads
from imports.models import PartialUpload
from imports.views.error_handling import sentence_of
from people.bodies import SMALL_BODY, takes_large_bodies
from people.requests import SignedInRequest
from people.roles import Role, needs, role_of
from ui.return_addresses import part_of, post_only
from ui.whole_numbers import whole_number

P = ParamSpec("P")
View = Callable[Concatenate[SignedInRequest, P], HttpResponse]
VERSION = "1.0.0"
PART_TYPE = "application/offset+octet-stream"
CAPABILITIES = {"Tus-Version": VERSION, "Tus-Extension": "creation,expiration,termination"}
BLOCK = 256 * 1024
# Statuses that a client of the protocol understands; in each the body is the sentence for the person.
STATUSES = {"upload_too_large": 413, "upload_empty": 400, "upload_too_often": 429, "disk_full": 507, "quota_full": 507}


def of_protocol(view: View[P]) -> View[P]:
    """Speak the protocol's version in each response, and refuse what cannot be done with its status."""

    @wraps(view)
    def wrapped(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method in ("GET", "OPTIONS"):
            return _of_no_upload(request)
        try:
            response = _refused(412) if request.headers.get("Tus-Resumable") != VERSION else view(request, *args, **kwargs)
        except WorkflowError as error:
            response = _refused(STATUSES.get(error.reason.code, 503), sentence_of(error))
        except partial_uploads.WrongOffset:
            response = _refused(409)
        response.headers["Tus-Resumable"] = VERSION
        return response

    return wrapped


def _of_no_upload(request: SignedInRequest) -> HttpResponse:
    if request.method == "GET":
        return redirect("imports:new")
    return HttpResponse(status=204, headers={**CAPABILITIES, "Tus-Max-Size": str(settings.MAX_UPLOAD_BYTES)})


def _refused(status: int, sentence: str = "") -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


@needs(Role.UPLOADER)
@part_of("imports:new")
@of_protocol
def create(request: SignedInRequest) -> HttpResponse:
    """Announce a file: Upload-Length, and its name in Upload-Metadata."""
    size = whole_number(request.headers.get("Upload-Length", ""))
    if request.method != "POST":
        return _refused(405)
    if size is None:
        return _refused(400)
    upload = partial_uploads.begin(request.user, _file_name(request.headers.get("Upload-Metadata", "")), size)
    response = _so_far(upload, 201)
    response.headers["Location"] = reverse("imports:upload_parts", args=[upload.pk])
    return response


def _file_name(metadata: str) -> str:
    """`filename` of Upload-Metadata: pairs of a key and base64, with commas between them. '' where it is not there."""
    pairs = (pair.strip().partition(" ") for pair in metadata.split(","))
    encoded = next((value for key, _space, value in pairs if key == "filename"), "")
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _is_own_upload(request: HttpRequest, arguments: Mapping[str, Any]) -> bool:
    user = request.user
    return role_of(user) >= Role.UPLOADER and PartialUpload.objects.filter(owner_id=user.pk, pk=arguments["key"]).exists()


@takes_large_bodies(lambda: partial_uploads.LARGEST_PART, _is_own_upload)
@needs(Role.UPLOADER)
@part_of("imports:new")
@of_protocol
def parts(request: SignedInRequest, key: str) -> HttpResponse:
    """HEAD: how far it came. PATCH: the next part. DELETE: it is not wanted any more. 404: it is not kept any more, or somebody
    else's."""
    upload = partial_uploads.upload_of(request.user, key)
    if upload is None:
        return _refused(404)
    if request.method == "PATCH":
        return _append(request, upload)
    if request.method == "DELETE":
        partial_uploads.discard(upload)
        return HttpResponse(status=204)
    return _so_far(upload, 200) if request.method == "HEAD" else _refused(405)


def _append(request: SignedInRequest, upload: PartialUpload) -> HttpResponse:
    offset = whole_number(request.headers.get("Upload-Offset", ""))
    if request.content_type != PART_TYPE:
        return _refused(415)
    if offset is None:
        return _refused(400)
    partial_uploads.append(upload, offset, _blocks_of(request))
    return _so_far(upload, 204)


def _blocks_of(request: HttpRequest) -> Iterator[bytes]:
    while block := request.read(BLOCK):
        yield block


def _so_far(upload: PartialUpload, status: int) -> HttpResponse:
    kept_until = upload.touched_at + partial_uploads.KEPT_FOR
    so_far = {"Upload-Offset": str(upload.received), "Upload-Length": str(upload.size)}
    return HttpResponse(status=status, headers={**so_far, "Upload-Expires": http_date(kept_until.timestamp())})


@needs(Role.UPLOADER)
@post_only("imports:new")
def look_at_beginning(request: SignedInRequest) -> HttpResponse:
    """Why a file cannot be read, by its size (`?size=`) and its first bytes, which are the body: 422 with the sentence; else 204."""
    size = whole_number(request.GET.get("size", ""))
    if size is None:
        return _refused(400)
    try:
        beginning.check(request.read(SMALL_BODY), size)
    except WorkflowError as error:
        return _refused(422, sentence_of(error))
    return HttpResponse(status=204)
