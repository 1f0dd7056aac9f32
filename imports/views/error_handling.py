"""What a person reads when a step cannot be taken."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import redirect

from imports.errors import WorkflowError


def sentence_of(error: WorkflowError) -> str:
    return f"{error} {error.remedy}".strip()


def back_to_import(view):
    """Say why a step of import `pk` cannot be taken, on the page where the import stands."""

    @wraps(view)
    def wrapped(request, pk, *args, **kwargs):
        try:
            return view(request, pk, *args, **kwargs)
        except WorkflowError as error:
            messages.error(request, sentence_of(error))
            return redirect("imports:show", pk)

    return wrapped
