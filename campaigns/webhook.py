"""The webhook by which WhatTalk reports finished calls. It is not signed, so its address is the secret."""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
from django.conf import settings
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from campaigns import call_events
from campaigns.models import Account
from people.bodies import takes_large_bodies
from people.middleware import open_to_all

LARGEST_BODY = 1024 * 1024
OLD_ONE_COUNTS = timedelta(days=7)  # after a change: time to enter the new address at WhatTalk
# For the log of whoever calls us, hence in one language.
RESPONSES = {
    call_events.APPLIED: (200, "Noted."),
    call_events.OLDER: (
        202,
        "Nothing was changed: this lead is known to be in a later state, or the call says no time to judge by.",
    ),
    call_events.UNKNOWN: (202, "Nothing was changed: this lead is not known here yet. The leads of its campaign are read."),
    call_events.CONTRADICTS: (422, "Nothing was changed: the campaign or the phone number of this call is not the lead's."),
    call_events.NAMELESS: (202, "Nothing was changed: the call does not name a lead."),
}


def webhook_url(account: Account) -> str:
    """The address to enter at WhatTalk for the calls of this account."""
    return settings.SITE_URL + reverse("campaigns:webhook", args=[account.pk, secret_of(account.pk)])


def secret_of(account_id: int) -> str:
    """The secret in the address of this account's webhook now."""
    number = Account.objects.filter(pk=account_id).values_list("webhook_number", flat=True).first()
    return _secret(account_id, number or 0)


def change_secret(account: Account, *, at_once: bool = False) -> None:
    """Give the account's webhook a new address. The one before counts for OLD_ONE_COUNTS, `at_once`: no longer."""
    Account.objects.filter(pk=account.pk).update(
        webhook_number=F("webhook_number") + 1, webhook_changed_at=None if at_once else timezone.now()
    )
    account.refresh_from_db(fields=["webhook_number", "webhook_changed_at"])


def old_one_counts_until(account: Account) -> datetime | None:
    """Until when the address before is taken as well; None when it no longer is, or there was none."""
    until = account.webhook_changed_at and account.webhook_changed_at + OLD_ONE_COUNTS
    return until if until and account.webhook_number and until > timezone.now() else None


def _secret(account_id: int, number: int) -> str:
    """Follows from SECRET_KEY: changing that closes all addresses given out before. `number` counts the changes."""
    text = f"post-call webhook {account_id}" + (f" {number}" if number else "")
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), sha256).hexdigest()[:40]


def _is_known(account_id: int, secret: str) -> bool:
    """Whether the secret is the account's, or the one before while that counts. Takes as long for a wrong one."""
    account = Account.objects.filter(pk=account_id).only("webhook_number", "webhook_changed_at").first()
    number = account.webhook_number if account else 0
    old_counts = bool(account and old_one_counts_until(account))
    matches = [hmac.compare_digest(secret.encode(), _secret(account_id, one).encode()) for one in (number, max(number - 1, 0))]
    return bool(account) and (matches[0] or (old_counts and matches[1]))


def _is_called_by_whattalk(_request: HttpRequest, arguments: Mapping[str, Any]) -> bool:
    return _is_known(arguments["account_id"], arguments["secret"])


@takes_large_bodies(lambda: LARGEST_BODY, _is_called_by_whattalk)
@csrf_exempt
@open_to_all
@require_POST
def post_call(request: HttpRequest, account_id: int, secret: str) -> HttpResponse:
    """Apply what a call shows of its lead. Whatever was sent, the response is a sentence."""
    if not _is_known(account_id, secret):
        raise Http404
    try:
        length = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return _sentence(400, "The length of this request is not a number.")
    if length > LARGEST_BODY or len(request.body) > LARGEST_BODY:
        return _sentence(413, "This is too large to be a call.")
    try:
        call = orjson.loads(request.body)  # knows neither NaN nor halves of characters, and nests no deeper than it can bear
    except orjson.JSONDecodeError:
        call = None
    if not isinstance(call, dict):
        return _sentence(400, "This is not a JSON object.")
    return _sentence(*RESPONSES[call_events.apply(account_id, call)])


def _sentence(status: int, text: str) -> HttpResponse:
    return HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")
