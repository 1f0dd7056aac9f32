"""WhatTalk accounts and their keys: for admins. A key can be written, never read."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from campaigns import remote_requests
from campaigns.accounts import set_key
from campaigns.forms import AccountForm
from campaigns.models import Account
from campaigns.remote_request_models import RemoteRequest
from campaigns.views.remote_requests import answered
from campaigns.webhook import change_secret, old_one_counts_until, webhook_url
from people import audit
from people.requests import SignedInRequest, client_ip
from people.roles import Role, needs
from ui.return_addresses import post_only


@needs(Role.ADMIN)
def accounts(request: SignedInRequest) -> HttpResponse:
    return render(request, "campaigns/accounts.html", {"accounts": Account.objects.order_by("-is_default", "name")})


@needs(Role.ADMIN)
@sensitive_post_parameters("key")
def new_account(request: SignedInRequest) -> HttpResponse:
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = _save(form, request)
        return redirect("campaigns:account", account.pk)
    return render(request, "campaigns/account.html", {"form": form, "account": None}, status=422 if form.errors else 200)


@needs(Role.ADMIN)
@sensitive_post_parameters("key")
def account(request: SignedInRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(Account, pk=pk)
    form = AccountForm(request.POST or None, instance=account)
    if request.method == "POST" and form.is_valid():
        _save(form, request)
        return redirect("campaigns:account", pk)
    return render(
        request,
        "campaigns/account.html",
        {
            "form": form,
            "account": account,
            "webhook_url": webhook_url(account),
            "old_webhook_until": old_one_counts_until(account),
        },
        status=422 if form.errors else 200,
    )


@needs(Role.ADMIN)
@post_only("campaigns:account", "pk")
def check_account(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask WhatTalk whose key it is."""
    account = get_object_or_404(Account, pk=pk)
    return answered(request, remote_requests.ask(RemoteRequest.Kind.CHECK_KEY, account, request.user))


@needs(Role.ADMIN)
@post_only("campaigns:account", "pk")
def change_webhook(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new secret address for the webhook; the old one still counts for some days, or no longer."""
    account, at_once = get_object_or_404(Account, pk=pk), "at_once" in request.POST
    change_secret(account, at_once=at_once)
    audit.record(request.user, "change_webhook", f"account {pk}", after={"old_one_ended": at_once}, ip=client_ip(request) or None)
    messages.success(request, _("The webhook has a new address. Enter it at WhatTalk."))
    return redirect("campaigns:account", pk)


@needs(Role.ADMIN)
@post_only("campaigns:account", "pk")
def make_default(request: SignedInRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(Account, pk=pk)
    with transaction.atomic():
        Account.objects.filter(is_default=True).update(is_default=False)
        Account.objects.filter(pk=pk).update(is_default=True)
        audit.record(request.user, "make_account_default", f"account {pk}", ip=client_ip(request) or None)
    messages.success(request, _("New campaigns are made in %(name)s from now on.") % {"name": account})
    return redirect("campaigns:accounts")


def _save(form: AccountForm, request: SignedInRequest) -> Account:
    """The account, with a new key, the old one, or, at a new address, none."""
    account, key = form.save(commit=False), form.cleaned_data.get("key", "")
    if key:
        set_key(account, key)
    elif form.moves_elsewhere:
        account.encrypted_key, account.key_ending = b"", ""
        messages.warning(request, _("The API address changed, so the key was removed. Enter the key for the new address."))
    account.is_default = account.is_default or not Account.objects.exclude(pk=account.pk).filter(is_default=True).exists()
    account.save()
    audit.record(
        request.user,
        "save_account",
        f"account {account.pk}",
        ip=client_ip(request) or None,
        after={"base_url": account.base_url, "key_changed": bool(key) or form.moves_elsewhere},
    )
    messages.success(request, _("Saved."))
    return account
