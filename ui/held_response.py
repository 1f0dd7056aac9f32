"""A response that the server keeps back for a moment, because what it leads to is nearly ready.

A click on what a worker does mostly ends where it always did; only where the worker takes longer, a page waits for it. No thread
is held meanwhile: the server asks `is_ready` now and then (`config.serving`).
"""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponseBase

Response = TypeVar("Response", bound=HttpResponseBase)


def held_until(response: Response, is_ready: Callable[[], bool]) -> Response:
    """`response`, to be sent when `is_ready()` or a short time has passed. `is_ready` is quick and may be called by any thread."""
    response.is_ready = is_ready  # type: ignore[attr-defined]  # read by config.serving
    return response
