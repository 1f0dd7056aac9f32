"""Every request has an id: the one that a proxy gave it in `X-Request-ID`, or a new one. It stands in its log lines and answer."""

import re
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from background import log_context

HEADER = "X-Request-ID"
USABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")  # what somebody else sends must not write our log


class RequestIds:
    """The middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        request_id = given if USABLE.fullmatch(given) else uuid.uuid4().hex
        with log_context.about(request_id=request_id):
            response = self.get_response(request)
        response.headers[HEADER] = request_id
        return response

    def process_view(self, request: HttpRequest, view: object, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Lines about a page of an import name it; the block of the request ends them."""
        match = request.resolver_match
        if match and match.route.startswith("imports/<int:pk>/"):
            log_context.add(import_id=kwargs["pk"], **({"row_ids": [kwargs["number"]]} if match.url_name == "correct" else {}))
