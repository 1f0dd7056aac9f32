"""The list of all imports that a person may see."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from imports.pages.history import STATES, filter_form, headings, matching
from imports.pages.progress import Progress
from people.requests import SignedInRequest
from people.roles import Role, needs

PAGE = 25


@needs(Role.UPLOADER)
def history(request: SignedInRequest) -> HttpResponse:
    form = filter_form(request.user, request.GET)
    state, sort = request.GET.get("state", ""), request.GET.get("sort", "")
    page = Paginator(matching(request.user, form, state, sort), PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "lines": [(one.job, one) for one in Progress.of_all(page)],
        "form": form,
        "headings": headings(sort),
        "state": state if state in STATES else "",
        "sort": sort,
    }
    return render(request, "imports/history.html", shown)
