"""The page that waits for WhatTalk, and where it leads once WhatTalk has answered."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from background.database_clock import now_ms
from campaigns import remote_requests
from campaigns.access import where_visible
from campaigns.forms import CampaignForm
from campaigns.gateway import RemoteProblem
from campaigns.remote_request_models import RemoteRequest
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.held_response import held_until

UNTAKEN_MS = 5_000  # that no worker has taken a request for so long is said
KINDS = RemoteRequest.Kind


@needs(Role.UPLOADER)
def waiting(request: SignedInRequest, number: int) -> HttpResponse:
    """What WhatTalk is asked, until it has answered: the page asks again by itself, or is reloaded."""
    mine = RemoteRequest.objects.filter(where_visible(request.user), asked_by=request.user)
    asked = get_object_or_404(mine.select_related("account", "campaign"), pk=number)
    is_part = "HX-Request" in request.headers
    if asked.state != RemoteRequest.State.WAITING:
        # A part of a page cannot lead elsewhere: the whole page is loaded once more, and says what came of it.
        return HttpResponse(headers={"HX-Redirect": request.path}) if is_part else concluded(request, asked)
    is_new = not asked.attempts and not asked.lease_ms
    context = {"asked": asked, "is_untaken": is_new and now_ms() - asked.asked_ms > UNTAKEN_MS}
    return render(request, "campaigns/_waiting.html" if is_part else "campaigns/waiting.html", context)


def answered(request: SignedInRequest, asked: RemoteRequest) -> HttpResponse:
    """What came of it, or a page that waits for it. The response is held back for a moment in which most are answered."""
    if asked.state != RemoteRequest.State.WAITING:
        return concluded(request, asked)
    return held_until(
        redirect("campaigns:waiting", asked.pk),
        lambda: not RemoteRequest.objects.filter(pk=asked.pk, state=RemoteRequest.State.WAITING).exists(),
    )


def concluded(request: SignedInRequest, asked: RemoteRequest) -> HttpResponse:
    return CONCLUSIONS[asked.kind](request, asked)


def problem_of(asked: RemoteRequest) -> RemoteProblem | None:
    """Why it was not done, as far as WhatTalk is the reason."""
    code, message = asked.result.get("problem", ("", ""))
    return RemoteProblem(code, message) if code else None


def _refreshed(request: SignedInRequest, asked: RemoteRequest) -> HttpResponse:
    _tell(request, asked, _("Campaigns and assistants are up to date."))
    return redirect("campaigns:campaign", asked.campaign_id) if asked.campaign_id else redirect("campaigns:campaigns")


def _key_checked(request: SignedInRequest, asked: RemoteRequest) -> HttpResponse:
    _tell(request, asked, _("The key works. It belongs to %(name)s.") % {"name": asked.result.get("name", "")})
    if not problem_of(asked) and asked.account.stopped_by == "key":
        messages.warning(
            request,
            _(
                "This check only reads from WhatTalk. A lead was refused with this key, so imports wait until WhatTalk accepts one or somebody presses Resume."
            ),
        )
    return redirect("campaigns:account", asked.account_id)


def _looked(request: SignedInRequest, asked: RemoteRequest) -> HttpResponse:
    return redirect(f"{reverse('campaigns:start', args=[asked.campaign_id])}?asked={asked.pk}")


def _started(request: SignedInRequest, asked: RemoteRequest) -> HttpResponse:
    _tell(request, asked, _("The campaign is started. It may take some minutes until the first call begins."))
    return redirect("campaigns:campaign", asked.campaign_id)


def _stopped(request: SignedInRequest, asked: RemoteRequest) -> HttpResponse:
    _tell(request, asked, _("The campaign is stopped. Calls that are being made go on to their end."))
    return redirect("campaigns:campaign", asked.campaign_id)


def _created(request: SignedInRequest, asked: RemoteRequest) -> HttpResponse:
    """The campaign, or the form again, as it was filled in, with what WhatTalk says."""
    if "campaign" in asked.result:
        name = asked.params["campaign"]["name"]
        messages.success(request, _("“%(name)s” is created. Import leads into it, then start it.") % {"name": name})
        return redirect("campaigns:campaign", asked.result["campaign"])
    form = CampaignForm(asked.account, QueryDict(asked.params["form"]))
    form.is_valid()
    problem = problem_of(asked)
    is_name_taken = problem is not None and problem.code == remote_requests.SAME_NAME
    if is_name_taken:
        form.add_error("name", _("There is a campaign of this name already, or one is just being created."))
    elif problem:
        form.add_error(None, f"{problem} {problem.remedy}")
    page = {"form": form, "account": asked.account, "token": asked.params["token"], "is_name_taken": is_name_taken}
    return render(request, "campaigns/new.html", page, status=422)


def _tell(request: SignedInRequest, asked: RemoteRequest, done: str) -> None:
    problem = problem_of(asked)
    if problem is None:
        messages.success(request, done)
    elif problem.code == remote_requests.SUPERSEDED:
        messages.error(request, _("The campaign was not started: it was stopped meanwhile."))
    elif problem.code == remote_requests.NOBODY_THERE:
        messages.error(request, _("The campaign was not started: nobody could do it within a minute. Start it again."))
    else:
        add_message = messages.warning if problem.code == "doubtful" else messages.error
        add_message(request, f"{problem} {problem.remedy}")


CONCLUSIONS: dict[str, Callable[[SignedInRequest, RemoteRequest], HttpResponse]] = {
    KINDS.REFRESH: _refreshed,
    KINDS.CHECK_KEY: _key_checked,
    KINDS.LOOK: _looked,
    KINDS.START: _started,
    KINDS.STOP: _stopped,
    KINDS.CREATE: _created,
}
