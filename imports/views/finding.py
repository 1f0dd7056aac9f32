"""Finding a page, a campaign or an import by words: a page, and the options of the palette, which has the same."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from imports.pages.finding import found
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.return_addresses import part_of

LONGEST_QUERY = 100  # characters


@needs(Role.UPLOADER)
def search(request: SignedInRequest) -> HttpResponse:
    return render(request, "imports/search.html", _facts(request))


@needs(Role.UPLOADER)
@part_of("imports:search")
def search_options(request: SignedInRequest) -> HttpResponse:
    """The options of the palette."""
    return render(request, "_palette_options.html", _facts(request))


def _facts(request: SignedInRequest) -> dict[str, Any]:
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    return {"query": query, "found": found(request.user, query)}
