"""Bodies that are not received: why, and the page that says so."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from background.unavailable import Lack
from config import errors

REFUSAL = "rowcall.refusal"  # in the environ of a request whose body was not received
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Refusal(Exception):
    """`status` of the response. `largest`: bytes that would have been taken."""

    def __init__(self, status: int, largest: int = 0) -> None:
        super().__init__(status)
        self.status, self.largest = status, largest


TOO_LARGE, TOO_SLOW, NO_ROOM = 413, 408, 503


class RefusedBodies:
    """Middleware: a request whose body was refused gets the sentence that says why, in the person's language, and no view.

    Stands above the CSRF check, which would look for its token in a body that is not there.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        refusal = request.META.get(REFUSAL)
        if refusal is None:
            return None
        if not isinstance(refusal, Refusal):
            raise refusal
        if refusal.status == NO_ROOM:
            return errors.unavailable(request, Lack.ROOM)
        return errors.body_refused(request, refusal.status, refusal.largest)
