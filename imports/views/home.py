"""The first page: what runs now, what needs me, which campaigns wait to be started."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from campaigns.access import visible_campaigns
from imports.access import import_of
from imports.alerts.gathering import alerts_if_unreadable, current_alerts
from imports.pages.dashboard import Dashboard
from imports.workflow import dismissals
from people.requests import SignedInRequest
from people.roles import Role, needs, role_of
from ui.return_addresses import part_of, post_only


@needs(Role.UPLOADER)
def home(request: SignedInRequest) -> HttpResponse:
    if role_of(request.user) >= Role.ADMIN and (alerts := alerts_if_unreadable()) is not None:
        return render(request, "imports/home.html", {"alerts": alerts, "is_unreadable": True, "is_sandbox": False})
    shown = {"dashboard": Dashboard(request.user), "has_campaigns": visible_campaigns(request.user).exists()}
    if role_of(request.user) >= Role.ADMIN:
        shown["alerts"] = current_alerts()
    return render(request, "imports/home.html", shown)


@needs(Role.UPLOADER)
@part_of("home")
def running(request: SignedInRequest) -> HttpResponse:
    """What runs now: the part of the first page that asks again by itself."""
    return render(request, "imports/_running.html", {"dashboard": Dashboard(request.user)})


@needs(Role.UPLOADER)
@post_only("imports:show", "pk", may_see=import_of)
def dismiss(request: SignedInRequest, pk: int) -> HttpResponse:
    """An import that needs this person no more."""
    job = import_of(request, pk)
    dismissals.dismiss(job, request.user)
    messages.success(
        request, _("“%(file)s” is dismissed. It is shown again if it changes, or if you want.") % {"file": job.file_name}
    )
    return redirect("home")


@needs(Role.UPLOADER)
@post_only("imports:show", "pk", may_see=import_of)
def show_again(request: SignedInRequest, pk: int) -> HttpResponse:
    dismissals.show_again(import_of(request, pk), request.user)
    return redirect("home")
