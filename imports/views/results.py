"""What became of the calls to the leads of an import."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from campaigns.views.results import followed
from imports.access import import_of
from imports.pages.results import ImportResults
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.return_addresses import part_of


@needs(Role.UPLOADER)
def results(request: SignedInRequest, pk: int) -> HttpResponse:
    return render(request, "imports/results.html", _facts(request, pk))


@needs(Role.UPLOADER)
@part_of("imports:results", "pk")
def results_now(request: SignedInRequest, pk: int) -> HttpResponse:
    """The part of the page that asks again by itself."""
    return render(request, "imports/_results.html", _facts(request, pk))


def _facts(request: SignedInRequest, pk: int) -> dict[str, Any]:
    job = import_of(request, pk)
    found = ImportResults(job)
    shown = followed(job.campaign, found.results, found.known_at, reverse("imports:results_now", args=[pk]))
    return {**shown, "job": job, "one_by_one": found.one_by_one}
