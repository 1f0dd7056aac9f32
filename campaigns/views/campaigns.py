"""Campaigns: the list, one campaign, a new one, starting and stopping."""

from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns import creating, gateway, running
from campaigns.accounts import default_account
from campaigns.calling_hours import effect_of_calling
from campaigns.forms import AssistantForm, CampaignForm, RequiredVariablesForm
from campaigns.lead_counters import lead_counts
from campaigns.models import Campaign
from people import audit
from people.models import User
from people.requests import SignedInRequest
from people.roles import Role, needs, role_of
from ui.whole_numbers import whole_number

PAGE = 25


@needs(Role.UPLOADER)
def campaigns(request: SignedInRequest) -> HttpResponse:
    listed = Campaign.objects.filter(missing_since=None).select_related("assistant", "account")
    query = request.GET.get("q", "").strip()[:100]
    if query:
        listed = listed.filter(name__icontains=query)
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
    campaign = get_object_or_404(Campaign.objects.select_related("assistant", "account"), pk=pk)
    return render(request, "campaigns/campaign.html", _facts(campaign))


@needs(Role.MANAGER)
def new_campaign(request: SignedInRequest) -> HttpResponse:
    account = default_account()
    if not account:
        messages.error(request, _("There is no WhatTalk account yet. An admin can add one under Accounts."))
        return redirect("campaigns:campaigns")
    form, is_name_taken = CampaignForm(account, request.POST or None), False
    token = request.POST.get("form_token", "").strip()[:64] or uuid4().hex
    if request.method == "POST" and form.is_valid():
        try:
            made = creating.create_campaign(
                account, form.params(), request.user, token, may_repeat_name="same_name" in request.POST
            )
        except gateway.RemoteProblem as problem:
            form.add_error(None, f"{problem} {problem.remedy}")
        except creating.SameName:
            is_name_taken = True
            form.add_error("name", _("There is a campaign of this name already, or one is just being created."))
        else:
            messages.success(request, _("“%(name)s” is created. Import leads into it, then start it.") % {"name": made.name})
            return redirect("campaigns:campaign", made.pk)
    page = {"form": form, "account": account, "token": token, "is_name_taken": is_name_taken}
    return render(request, "campaigns/new.html", page, status=422 if form.errors else 200)


@needs(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: SignedInRequest, pk: int) -> HttpResponse:
    """What starting will do, and the button that does it."""
    campaign = get_object_or_404(Campaign.objects.select_related("account", "assistant"), pk=pk)
    if request.method != "POST" and campaign.may_be_running:
        return redirect("campaigns:campaign", pk)
    if request.method != "POST":
        return render(request, "campaigns/start.html", {**_facts(campaign), **_as_whattalk_has_it(campaign)})
    return _ask(request, campaign, running.start, _("The campaign is started. The first calls may take some minutes."))


def _as_whattalk_has_it(campaign: Campaign) -> dict[str, object]:
    """The account's `balance` and how many leads are `waiting`, as WhatTalk tells it now; without what it does not tell."""
    facts: dict[str, object] = {}
    with suppress(gateway.RemoteProblem):
        facts["balance"] = gateway.check_key(campaign.account).total_balance
        waiting = gateway.count_waiting(campaign)
        facts |= {} if waiting is None else {"waiting": waiting, "is_counted": True}
    return facts


@needs(Role.MANAGER)
@require_POST
def stop(request: SignedInRequest, pk: int) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.select_related("account"), pk=pk)
    return _ask(request, campaign, running.stop, _("The campaign is stopped. Calls that are being made go on to their end."))


@needs(Role.UPLOADER)
@require_POST
def set_assistant(request: SignedInRequest, pk: int) -> HttpResponse:
    """Anybody who imports may answer this once; changing the answer is for managers."""
    campaign = get_object_or_404(Campaign, pk=pk)
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
@require_POST
def set_required(request: SignedInRequest, pk: int) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.select_related("assistant"), pk=pk)
    form = RequiredVariablesForm(campaign, request.POST)
    if form.is_valid():
        before, campaign.required_variables = campaign.required_variables, form.cleaned_data["required_variables"]
        campaign.save(update_fields=["required_variables"])
        audit.record(request.user, "set_required_variables", f"campaign {pk}", before=before, after=campaign.required_variables)
        messages.success(request, _("Saved. The next check uses it."))
    return redirect("campaigns:campaign", pk)


@needs(Role.UPLOADER)
@require_POST
def refresh(request: SignedInRequest) -> HttpResponse:
    """Campaigns, assistants and numbers as WhatTalk has them now: of the campaign that is named, else of the default account."""
    named = Campaign.objects.select_related("account").filter(pk=whole_number(request.POST.get("campaign")) or 0).first()
    account = named.account if named else default_account()
    try:
        if account:
            gateway.refresh_assistants(account)
            gateway.refresh_campaigns(account)
            gateway.refresh_phone_lines(account)
            messages.success(request, _("Campaigns and assistants are up to date."))
    except gateway.RemoteProblem as problem:
        messages.error(request, f"{problem} {problem.remedy}")
    return redirect("campaigns:campaign", named.pk) if named else redirect("campaigns:campaigns")


def _ask(request: SignedInRequest, campaign: Campaign, action: Callable[[Campaign, User], None], done: str) -> HttpResponse:
    """Start or stop the campaign; `done` is shown where that succeeded."""
    try:
        action(campaign, request.user)
        messages.success(request, done)
    except gateway.RemoteProblem as problem:
        add_message = messages.warning if problem.code == "doubtful" else messages.error
        add_message(request, f"{problem} {problem.remedy}")
    return redirect("campaigns:campaign", campaign.pk)


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
