"""What htmx says of a request, as its middleware found it in the headers."""

from typing import cast

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


def is_htmx(request: HttpRequest) -> bool:
    """Whether a part of a page is asked for, and not a whole one."""
    return bool(_details(request))


def htmx_target(request: HttpRequest) -> str:
    """The id of the element that the answer replaces; '' for a whole page and for an element without one."""
    return _details(request).target or ""


def _details(request: HttpRequest) -> HtmxDetails:
    return cast(HtmxDetails, request.htmx)  # type: ignore[attr-defined]  # set by HtmxMiddleware
