"""What a person reads when a step cannot be taken."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from imports.errors import WorkflowError

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)


def sentence_of(error: WorkflowError) -> str:
    return f"{error} {error.remedy}".strip()


def back_to_import(
    view: Callable[Concatenate[R, P], HttpResponseBase],
) -> Callable[Concatenate[R, P], HttpResponseBase]:
    """Say why a step of the import cannot be taken, on the page where it stands. The address names the import `pk`."""

    @wraps(view)
    def wrapped(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except WorkflowError as error:
            messages.error(request, sentence_of(error))
            return redirect("imports:show", kwargs["pk"])

    return wrapped
