"""WhatTalk tells us of a finished call. The call carries no signature, so the address itself is the secret."""
import hmac
import json
from hashlib import sha256

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from campaigns import counts
from campaigns.do_not_call import BLACKLISTED
from campaigns.do_not_call_list import list_blacklisted
from campaigns.models import Account, Lead
from people.middleware import open_to_all

LARGEST_BODY = 1024 * 1024
KEPT = ("status", "duration", "extracted_variables", "created_at", "finished_at", "recording_url")


def webhook_url(account: Account) -> str:
    """The address to enter at WhatTalk for the calls of this account."""
    return settings.SITE_URL + reverse("campaigns:webhook", args=[account.pk, secret_of(account.pk)])


def secret_of(account_id: int) -> str:
    """Follows from SECRET_KEY: changing that closes all addresses given out before."""
    return hmac.new(settings.SECRET_KEY.encode(), f"post-call webhook {account_id}".encode(), sha256).hexdigest()[:40]


@csrf_exempt
@open_to_all
@require_POST
def post_call(request: HttpRequest, account_id: int, secret: str) -> HttpResponse:
    """Note what became of a call. A call that concerns none of our leads is acknowledged and forgotten."""
    if not hmac.compare_digest(secret.encode(), secret_of(account_id).encode()):
        raise Http404
    call = _body_of(request)
    if call is None:
        return HttpResponseBadRequest()
    _note(account_id, call)
    return HttpResponse(status=204)


def _body_of(request: HttpRequest) -> dict | None:
    if int(request.headers.get("Content-Length") or 0) > LARGEST_BODY:
        return None
    try:
        call = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return call if isinstance(call, dict) else None


def _note(account_id: int, call: dict) -> None:
    told = call.get("lead") if isinstance(call.get("lead"), dict) else {}
    lead = Lead.objects.filter(campaign__account_id=account_id, remote_id=str(told.get("id", "")))
    changes = {"call": {"tries": told.get("call_tries"), **{key: call.get(key) for key in KEPT}}}
    if isinstance(told.get("status"), str) and told["status"]:
        changes["status"] = told["status"][:40]
    with counts.kept(lead):
        if changes.get("status") == BLACKLISTED:
            list_blacklisted(lead.exclude(status=BLACKLISTED).values_list("phone_number", flat=True))
        lead.update(**changes)
