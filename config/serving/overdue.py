"""The page for a request that Django has not answered in time. Every thread may wait for a database that hangs: it is made without one."""

from collections.abc import Callable, Iterable
from typing import Any

from csp.middleware import CSPMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.middleware.security import SecurityMiddleware

from background.unavailable import Lack
from config import errors
from config.serving.environ import Environ


def _page(request: HttpRequest) -> HttpResponse:
    return errors.unavailable(request, Lack.TIME)


_with_headers = SecurityMiddleware(CSPMiddleware(LocaleMiddleware(_page)))


def overdue(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A WSGI application."""
    response: Any = _with_headers(WSGIRequest(environ))
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return response  # type: ignore[no-any-return]  # a Django response, as the types of its middleware do not say
