"""The first page: what runs now, what needs me, which campaigns wait to be started."""

from django.http import HttpResponse
from django.shortcuts import render

from campaigns.models import Campaign
from imports.pages.dashboard import Dashboard
from people.requests import SignedInRequest
from people.roles import Role, needs


@needs(Role.UPLOADER)
def home(request: SignedInRequest) -> HttpResponse:
    return render(
        request, "imports/home.html", {"dashboard": Dashboard(request.user), "has_campaigns": Campaign.objects.exists()}
    )


@needs(Role.UPLOADER)
def running(request: SignedInRequest) -> HttpResponse:
    """What runs now: the part of the first page that asks again by itself."""
    return render(request, "imports/_running.html", {"dashboard": Dashboard(request.user)})
