"""Campaigns: the list, one campaign, a new one, starting and stopping."""

from datetime import timedelta
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from background.database_clock import now_ms
from campaigns import remote_requests
from campaigns.access import campaign_of, visible_campaigns
from campaigns.accounts import default_account
from campaigns.calling_hours import effect_of_calling
from campaigns.forms import AssistantForm, CampaignForm, RequiredVariablesForm
from campaigns.lead_counters import lead_counts
from campaigns.models import Account, Campaign
from campaigns.remote_request_models import RemoteRequest
from campaigns.search_text import with_words
from campaigns.views.remote_requests import answered
from people import audit
from people.requests import SignedInRequest
from people.roles import Role, needs, role_of
from ui.return_addresses import post_only
from ui.whole_numbers import whole_number

PAGE = 25
LOOK_COUNTS = timedelta(minutes=1)  # what WhatTalk told is shown as told just now for so long


@needs(Role.UPLOADER)
def campaigns(request: SignedInRequest) -> HttpResponse:
    listed = visible_campaigns(request.user).filter(missing_since=None).select_related("assistant", "account")
    query = request.GET.get("q", "").strip()[:100]
    if query:
        places, with_text = with_words(query, "search")
        listed = listed.alias(**places).filter(with_text)
    page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    counts = lead_counts(page.object_list)
    return render(
        request,
        "campaigns/campaigns.html",
        {
            "page": page,
            "query": query,
            "lines": [(campaign, counts[campaign.pk]) for campaign in page],
            "account": default_account(),
        },
    )


@needs(Role.UPLOADER)
def campaign(request: SignedInRequest, pk: int) -> HttpResponse:
    campaign = campaign_of(request, pk, "assistant", "account")
    return render(request, "campaigns/campaign.html", _facts(campaign))


@needs(Role.MANAGER)
def new_campaign(request: SignedInRequest) -> HttpResponse:
    account = default_account()
    if not account:
        messages.error(request, _("There is no WhatTalk account yet. An admin can add one under Accounts."))
        return redirect("campaigns:campaigns")
    form = CampaignForm(account, request.POST or None)
    token = request.POST.get("form_token", "").replace("\0", "").strip()[:64] or uuid4().hex
    if request.method == "POST" and form.is_valid():
        return answered(request, _ask_to_create(request, account, form, token))
    page = {"form": form, "account": account, "token": token, "is_name_taken": False}
    return render(request, "campaigns/new.html", page, status=422 if form.errors else 200)


def _ask_to_create(request: SignedInRequest, account: Account, form: CampaignForm, token: str) -> RemoteRequest:
    filled_in = request.POST.copy()
    filled_in.pop("csrfmiddlewaretoken", None)  # a secret of the session: it has no place in the database
    params = {
        "campaign": form.params(),
        "token": token,
        "may_repeat_name": "same_name" in request.POST,
        "form": filled_in.urlencode(),
    }
    return remote_requests.ask(RemoteRequest.Kind.CREATE, account, request.user, params=params)


@needs(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: SignedInRequest, pk: int) -> HttpResponse:
    """What starting will do, and the button that does it."""
    campaign = campaign_of(request, pk, "account", "assistant")
    if request.method != "POST" and campaign.may_be_running:
        return redirect("campaigns:campaign", pk)
    if request.method == "POST":
        return answered(request, remote_requests.ask(RemoteRequest.Kind.START, campaign.account, request.user, campaign))
    looked = _look_named_in(request, campaign)
    if looked is None:
        looked = remote_requests.ask(RemoteRequest.Kind.LOOK, campaign.account, request.user, campaign)
    if looked.state == RemoteRequest.State.WAITING:
        return answered(request, looked)
    return render(request, "campaigns/start.html", {**_facts(campaign), **looked.result})


def _look_named_in(request: SignedInRequest, campaign: Campaign) -> RemoteRequest | None:
    """What WhatTalk has just told of the campaign for this page; None where it is to be asked."""
    looks = RemoteRequest.objects.filter(kind=RemoteRequest.Kind.LOOK, campaign=campaign, asked_by=request.user)
    # What was asked just now was told just now, also by a worker whose clock is behind: else it would be asked again for ever.
    is_new = Q(finished_at__gt=timezone.now() - LOOK_COUNTS) | Q(asked_ms__gt=now_ms() - LOOK_COUNTS // timedelta(milliseconds=1))
    return looks.filter(is_new, pk=whole_number(request.GET.get("asked")) or 0).exclude(state=RemoteRequest.State.WAITING).first()


@needs(Role.MANAGER)
@post_only("campaigns:campaign", "pk", may_see=campaign_of)
def stop(request: SignedInRequest, pk: int) -> HttpResponse:
    campaign = campaign_of(request, pk, "account")
    return answered(request, remote_requests.ask(RemoteRequest.Kind.STOP, campaign.account, request.user, campaign))


@needs(Role.UPLOADER)
@post_only("campaigns:campaign", "pk", may_see=campaign_of)
def set_assistant(request: SignedInRequest, pk: int) -> HttpResponse:
    """Anybody who imports may answer this once; changing the answer is for managers."""
    campaign = campaign_of(request, pk)
    is_settled = campaign.assistant_id and not campaign.assistant_guessed
    if is_settled and role_of(request.user) < Role.MANAGER:
        messages.error(request, _("The assistant is already chosen. A manager can change it."))
        return redirect("campaigns:campaign", pk)
    form = AssistantForm(campaign, request.POST)
    if not form.is_valid():
        return render(request, "campaigns/campaign.html", {**_facts(campaign), "assistant_form": form}, status=422)
    before = campaign.assistant.name if campaign.assistant else ""
    campaign.assistant, campaign.assistant_guessed = form.cleaned_data["assistant"], False
    campaign.required_variables = [name for name in campaign.required_variables if name in campaign.variables]
    campaign.save(update_fields=["assistant", "assistant_guessed", "required_variables"])
    audit.record(request.user, "choose_assistant", f"campaign {pk}", before=before, after=campaign.assistant.name)
    messages.success(request, _("%(name)s is the assistant of this campaign.") % {"name": campaign.assistant})
    return redirect("campaigns:campaign", pk)


@needs(Role.MANAGER)
@post_only("campaigns:campaign", "pk", may_see=campaign_of)
def set_required(request: SignedInRequest, pk: int) -> HttpResponse:
    campaign = campaign_of(request, pk, "assistant")
    form = RequiredVariablesForm(campaign, request.POST)
    if form.is_valid():
        before, campaign.required_variables = campaign.required_variables, form.cleaned_data["required_variables"]
        campaign.save(update_fields=["required_variables"])
        audit.record(request.user, "set_required_variables", f"campaign {pk}", before=before, after=campaign.required_variables)
        messages.success(request, _("Saved. The next check uses it."))
    return redirect("campaigns:campaign", pk)


@needs(Role.UPLOADER)
@post_only("campaigns:campaigns")
def refresh(request: SignedInRequest) -> HttpResponse:
    """Campaigns, assistants and numbers as WhatTalk has them now: of the campaign that is named, else of the default account."""
    campaigns = visible_campaigns(request.user).select_related("account")
    named = campaigns.filter(pk=whole_number(request.POST.get("campaign")) or 0).first()
    account = named.account if named else default_account()
    if account is None:
        return redirect("campaigns:campaigns")
    return answered(request, remote_requests.ask(RemoteRequest.Kind.REFRESH, account, request.user, named))


def _facts(campaign: Campaign) -> dict[str, object]:
    counts = lead_counts([campaign])[campaign.pk]
    return {
        "campaign": campaign,
        "counts": counts,
        "total": sum(counts.values()),
        **effect_of_calling(campaign, counts),
        "assistant_form": AssistantForm(campaign),
        "required_form": RequiredVariablesForm(campaign),
    }
