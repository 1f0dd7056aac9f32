"""Error pages. They say what to do, and nothing of the inside."""

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

from background.unavailable import Lack, lack_of
from people.middleware import open_to_all

# A part of a page that cannot be had: a sentence above what the person has typed.
INTO_PROBLEM = {"HX-Retarget": "#problem", "HX-Reswap": "innerHTML", "HX-Reselect": ".notice"}


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def unusable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that makes no sense, or holds more than is taken."""
    return render(request, "errors/400.html", status=400)


def body_refused(request: HttpRequest, status: int, largest: int) -> HttpResponse:
    """A body that was not received, `largest` bytes being taken here: 413 for one that is too large, 408 for one that is too slow."""
    context = {"is_slow": status == HTTPStatus.REQUEST_TIMEOUT, "largest": largest}
    page, into = ("errors/_body.html", INTO_PROBLEM) if "HX-Request" in request.headers else ("errors/body.html", {})
    response = render(request, page, context, status=status)
    for name, value in into.items():
        response.headers[name] = value
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """Rendered without the request: the context processors may be what broke.

    Django calls this while it handles the error, wherever in a request that happened.
    """
    lack = lack_of(sys.exc_info()[1])
    return unavailable(request, lack) if lack else HttpResponseServerError(render_to_string("errors/500.html"))


def unavailable(request: HttpRequest, lack: Lack) -> HttpResponse:
    """The disk is full, the database is away, or it took too long: a page, or, for a part of one, a sentence above what the person has typed."""
    context = {"lack": lack.value, "is_post": request.method == "POST"}
    if "HX-Request" in request.headers and context["is_post"]:
        page, into = "errors/_unavailable.html", INTO_PROBLEM
    else:
        page, into = "errors/503.html", {}
    return HttpResponse(
        render_to_string(page, context), status=503, headers={"Retry-After": "60", "Cache-Control": "no-store", **into}
    )


@open_to_all
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: an old tab, or a request forged by another site. A part of a page has its whole page loaded anew:
    somebody has signed in again elsewhere, and the page has an old token in each of its forms."""
    response = render(request, "errors/csrf.html", status=403)
    if "HX-Request" in request.headers:
        response.headers["HX-Refresh"] = "true"
    return response
