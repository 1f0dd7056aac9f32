"""What a request of htmx asks for, as its middleware reads the headers."""

from typing import cast

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


def is_htmx(request: HttpRequest) -> bool:
    """Whether a part of a page is asked for, and not a whole one."""
    return bool(_details(request))


def htmx_target(request: HttpRequest) -> str:
    """The id of the element that the answer replaces; '' for a whole page and for an element without one."""
    return _details(request).target or ""


def page_path(request: HttpRequest) -> str:
    """The path of the page that asks; '' where it is none of ours."""
    return (_details(request).current_url_abs_path or "").partition("?")[0]


def _details(request: HttpRequest) -> HtmxDetails:
    return cast(HtmxDetails, request.htmx)  # type: ignore[attr-defined]  # set by HtmxMiddleware
