"""What is refused before a view sees it."""

import codecs
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from config.errors import unusable

# Forms are sent in the encoding of their page, which is UTF-8; ASCII is a part of it, and some programs name the old default.
ENCODINGS = {"utf-8", "ascii", "iso8859-1"}


class ReadableForms:
    """Answers 400 to a body in an encoding that no form of ours has: Python knows some that are no encodings of text. And to a
    query with NUL in it, which no browser sends and PostgreSQL takes in no text."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        charset = (request.content_params or {}).get("charset", "")
        if charset and _name(charset) not in ENCODINGS:
            request.encoding = "utf-8"
            return unusable(request)
        if any(nul in request.META.get("QUERY_STRING", "") for nul in ("%00", "\0")):
            return unusable(request)
        return self.get_response(request)


def _name(charset: str) -> str:
    try:
        return codecs.lookup(charset).name
    except (LookupError, ValueError):
        return ""
