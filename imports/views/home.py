"""The first page: what runs now, what needs me, which campaigns wait to be started."""

from django.shortcuts import render

from campaigns.models import Campaign
from imports.pages.dashboard import desk_of
from people.roles import Role, needs


@needs(Role.UPLOADER)
def home(request):
    return render(request, "imports/home.html", {"desk": desk_of(request.user), "has_campaigns": Campaign.objects.exists()})


@needs(Role.UPLOADER)
def running(request):
    """What runs now: the part of the first page that asks again by itself."""
    return render(request, "imports/_running.html", {"desk": desk_of(request.user)})
