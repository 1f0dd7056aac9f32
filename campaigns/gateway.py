"""Requests to WhatTalk from synchronous code, and the rows that follow their answers.

Everything raises `RemoteProblem`, whose text may be shown to a person as it is.
"""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.accounts import key_of
from campaigns.labels import WAITING
from campaigns.models import Account, Assistant, Campaign, PhoneLine
from campaigns.pacing import budget
from campaigns.pacing.adaptive_rate import LONG_WAIT
from campaigns.pacing.seen import Seen
from campaigns.whattalk import errors, resources
from campaigns.whattalk.addresses import UnusableAddress, check_base_url
from campaigns.whattalk.client import WhatTalkClient, call, collect
from campaigns.whattalk.error_texts import DUPLICATE_PHRASES, duplicate_matcher
from campaigns.whattalk.received_json import LARGEST_WHOLE
from campaigns.whattalk.transport import Limits, is_sendable
from ui.whole_numbers import whole_number

T = TypeVar("T")
PATIENCE = Limits(connections=8, connect=4, read=15, total=20)  # a person is waiting


class RemoteProblem(Exception):
    """WhatTalk did not do what it was asked.

    `code`: no_key, address, key, balance, plan, missing, refused, rate_limited, unreachable, nonsense, doubtful; do_not_call:
    nothing was asked. `message`: the service's own. `retry_after`: seconds, where it named them. `is_doubtful`: it may have been
    done all the same.
    """

    def __init__(self, code: str, message: str = "", retry_after: float | None = None, is_doubtful: bool = False) -> None:
        super().__init__(code)
        self.code, self.message, self.retry_after, self.is_doubtful = code, message, retry_after, is_doubtful

    def __str__(self) -> str:
        return _sentences(self.message)[self.code][0]

    @property
    def remedy(self) -> str:
        return _sentences(self.message)[self.code][1]


def _sentences(message: str) -> dict[str, tuple[str, str]]:
    return {
        "no_key": (_("This account has no WhatTalk key yet."), _("Enter one under Accounts.")),
        "address": (_("The API address of this account cannot be used."), _("Correct it under Accounts.")),
        "key": (_("WhatTalk does not accept the key of this account."), _("Enter a valid key under Accounts.")),
        "balance": (_("The WhatTalk account has no balance left."), _("Top it up at WhatTalk.")),
        "plan": (_("Your WhatTalk plan does not allow this: %(said)s") % {"said": message}, _("Change the plan at WhatTalk.")),
        "missing": (_("WhatTalk does not know this any more: %(said)s") % {"said": message}, _("Reload the list of campaigns.")),
        "refused": (_("WhatTalk says: %(said)s") % {"said": message}, _("Correct what it names and try again.")),
        "do_not_call": (
            _("Numbers that must not be called may still be in this campaign; they are being taken out of WhatTalk."),
            _("Start it in a minute. What still waits is shown under “Do not call”."),
        ),
        "rate_limited": (_("WhatTalk asks us to slow down."), _("Wait a minute and try again.")),
        "unreachable": (_("WhatTalk cannot be reached at the moment."), _("Try again in a minute.")),
        "doubtful": (
            _("WhatTalk has not confirmed whether this was done."),
            _("Rowcall checks this before it repeats anything. Look again in a minute."),
        ),
        "nonsense": (
            _("The API address of this account does not answer as WhatTalk does."),
            _("Check the address under Accounts."),
        ),
    }


CODES = {
    errors.KeyRejected: "key",
    errors.BalanceEmpty: "balance",
    errors.PlanLimit: "plan",
    errors.NotFound: "missing",
    errors.Invalid: "refused",
    errors.RateLimited: "rate_limited",
    errors.Unreachable: "unreachable",
    errors.Nonsense: "nonsense",
}


def problem_of(error: errors.WhatTalkError) -> RemoteProblem:
    is_doubtful = isinstance(error, errors.Nonsense) or isinstance(error, errors.Unreachable) and error.sent
    return RemoteProblem(CODES[type(error)], str(error), getattr(error, "retry_after", None), is_doubtful)


def connection_of(account: Account) -> tuple[str, str, dict[str, Any]]:
    """Base URL, key and options of a `WhatTalkClient` for this account; RemoteProblem `no_key` without a usable key, `address`
    where the operator does not allow the address."""
    try:
        key = key_of(account)
    except ImproperlyConfigured:  # it was encrypted with another secret, so here there is none
        key = ""
    if not key:
        raise RemoteProblem("no_key")
    if not is_sendable(key):
        raise RemoteProblem("key")
    addresses = {"allow_local": account.from_environment, **allowed_addresses(account)}
    try:
        check_base_url(account.base_url, **addresses)
    except UnusableAddress as error:
        raise RemoteProblem("address") from error
    phrases = account.duplicate_words.split("\n") if account.duplicate_words.strip() else DUPLICATE_PHRASES
    return (
        account.base_url,
        key,
        {**addresses, "is_duplicate": duplicate_matcher(phrases)},
    )


def allowed_addresses(account: Account) -> dict[str, Any]:
    """Where an account's address may lead. One from the environment is the operator's own word."""
    if account.from_environment:
        return {}
    return {"allowed_hosts": settings.WHATTALK_HOSTS, "allowed_ports": settings.WHATTALK_PORTS}


def ask(account: Account, question: Callable[[WhatTalkClient], Awaitable[T]], *, permitted: int = 0) -> T:
    """The answer to `question`; what it shows of the account itself is saved. RemoteProblem where there is no such answer.

    Its requests are part of the account's budget: `permitted` says how many of them the budget was asked for (`budget.ask`);
    the others are counted afterwards, because a person waits.
    """
    base_url, key, options = connection_of(account)
    observed: dict[str, Any] = {}

    async def conversation(client: WhatTalkClient) -> T:
        try:
            return await question(client)
        finally:
            observed.update(
                is_sandbox=client.is_sandbox, taken=client.taken, limited=client.limited, rate_limit=client.rate_limit
            )

    begun = time.monotonic()
    try:
        answer = call(base_url, key, conversation, limits=PATIENCE, **options)
    except errors.WhatTalkError as error:
        problem = problem_of(error)
        _count(account, observed, permitted, problem.retry_after)
        _note_failure(account, observed, time.monotonic() - begun)
        raise _checked(account, observed, problem) from error
    _count(account, observed, permitted)
    # What a lead was refused for is not disproved by something that can be read.
    _update_account(account, observed, account.stopped_by if account.problem == "key" else account.problem)
    return answer


def _count(account: Account, observed: dict[str, Any], permitted: int, retry_after: float | None = None) -> None:
    taken, limited = observed.get("taken", 0), observed.get("limited", 0)
    if taken or limited:
        asked_ms = int(1000 * (retry_after or 0)) if limited else 0
        found = Seen(fine=taken, limited=limited, asked_ms=asked_ms, wanted_more=permitted > 0)  # a reading goes on
        budget.note_limits(found, observed["rate_limit"])
        budget.report(account, found, uncounted=max(0, taken + limited - permitted))


def _note_failure(account: Account, observed: dict[str, Any], seconds: float) -> None:
    """Nothing was answered: those who watch the service are told, and also whether it was for want of time."""
    if not (observed.get("taken") or observed.get("limited")):
        budget.report(account, Seen(failed=1, timed_out=int(seconds >= LONG_WAIT)))


def _checked(account: Account, observed: dict[str, Any], problem: RemoteProblem) -> RemoteProblem:
    """A 401 or 403 says that the key is dead only if the account itself cannot be read with it either: some services refuse
    a single call so, in words of their own."""
    if problem.code != "key":
        _update_account(account, observed, account.problem)
        return problem
    if _is_key_accepted(account):
        return RemoteProblem("refused", problem.message)
    _update_account(account, observed, "key")
    return problem


def _is_key_accepted(account: Account) -> bool:
    base_url, key, options = connection_of(account)
    try:
        call(base_url, key, lambda client: client.me(), limits=PATIENCE, **options)
    except errors.KeyRejected:
        return False
    except errors.WhatTalkError:
        return True  # nothing is proved; the next question tells
    finally:
        budget.report(account, Seen(), uncounted=1)
    return True


def _update_account(account: Account, observed: dict[str, Any], problem: str) -> None:
    is_sandbox = account.is_sandbox if observed.get("is_sandbox") is None else observed["is_sandbox"]
    if (is_sandbox, problem) != (account.is_sandbox, account.problem):
        account.is_sandbox, account.problem = is_sandbox, problem
        account.save(update_fields=["is_sandbox", "problem"])


# -- the account -----------------------------------------------------------------------------------------------------
def check_key(account: Account) -> resources.Me:
    """Whose key it is; the account's balance is saved."""
    me = ask(account, lambda client: client.me())
    account.balance, account.checked_at = me.total_balance[:40], timezone.now()
    account.save(update_fields=["balance", "checked_at"])
    return me


def refresh_assistants(account: Account) -> list[Assistant]:
    """The account's outbound assistants as WhatTalk has them now."""
    outbound = ask(account, lambda client: client.outbound_assistants())
    schemas = _post_call_schemas(account)
    with transaction.atomic():
        kept = [_upsert_assistant(account, seen, schemas) for seen in outbound if seen.id]
        gone = account.assistants.exclude(pk__in=[assistant.pk for assistant in kept])
        gone.filter(campaigns=None).delete()
    return kept


def _post_call_schemas(account: Account) -> dict[str, list[Any]]:
    """Assistant id → post-call schema. Only another list has it, and only needed to offer goals of a campaign."""
    try:
        everyone = ask(account, lambda client: collect(client.assistants()))
    except RemoteProblem:
        return {}
    return {assistant.id: assistant.post_call_schema for assistant in everyone}


def _upsert_assistant(account: Account, seen: resources.Assistant, schemas: dict[str, list[Any]]) -> Assistant:
    fields = {"name": seen.name[:255], "variables": seen.variables, "timezone": seen.timezone[:64]}
    if seen.id in schemas:
        fields["post_call_schema"] = schemas[seen.id]
    assistant, _made = Assistant.objects.update_or_create(account=account, remote_id=seen.id, defaults=fields)
    return assistant


def refresh_phone_lines(account: Account) -> list[PhoneLine]:
    """The numbers that this account's campaigns may call from."""
    seen = [
        line for line in ask(account, lambda client: client.phone_numbers()) if whole_number(line.id, LARGEST_WHOLE) is not None
    ]
    with transaction.atomic():
        account.phone_lines.exclude(remote_id__in=[int(line.id) for line in seen]).delete()
        return [
            PhoneLine.objects.update_or_create(
                account=account,
                remote_id=int(line.id),
                defaults={
                    "phone_number": line.phone_number[:32],
                    "label": line.type_label[:100],
                    "is_available": line.is_available,
                },
            )[0]
            for line in seen
        ]


# -- campaigns -------------------------------------------------------------------------------------------------------
def refresh_campaigns(account: Account) -> list[Campaign]:
    """The account's campaigns as WhatTalk has them now; those it no longer lists are marked missing."""
    began = timezone.now()
    listed = [seen for seen in ask(account, lambda client: client.list_campaigns()) if seen.id]
    with transaction.atomic():
        kept = [upsert_campaign(account, seen, began) for seen in listed]
        gone = account.campaigns.filter(missing_since=None).exclude(pk__in=[campaign.pk for campaign in kept])
        gone.update(missing_since=timezone.now(), status_asked="")
    return kept


def count_waiting(campaign: Campaign) -> int | None:
    """How many of its leads wait to be called, as WhatTalk counts them now; None where it does not count."""

    async def first_pages(client: WhatTalkClient) -> list[tuple[str, resources.LeadPage]]:
        pages = []
        for status in WAITING:
            async for page in client.lead_pages(campaign_id=campaign.remote_id, status=status, per_page=1):
                pages.append((status, page))
                break
        return pages

    pages = ask(campaign.account, first_pages)
    # A service that does not know a filter leaves it out; then the totals are those of something else.
    is_filtered = all(_is_one_of(lead, campaign, status) for status, page in pages for lead in page.leads)
    totals = [page.total for _status, page in pages if page.total is not None]
    return sum(totals) if is_filtered and len(totals) == len(pages) else None


def _is_one_of(lead: resources.Lead, campaign: Campaign, status: str) -> bool:
    return lead.status == status and lead.campaign_id in ("", campaign.remote_id)


def upsert_campaign(account: Account, seen: resources.Campaign, began: datetime | None = None) -> Campaign:
    """The campaign as the service described it to a request that `began` then; a status learnt later than that stays."""
    began = began or timezone.now()
    fields: dict[str, Any] = {
        "name": seen.name[:255] or seen.id,
        "missing_since": None,
        "settings": {key: value for key, value in seen.raw.items() if key not in ("id", "name", "status")},
    }
    if isinstance(seen.raw.get("timezone"), str):
        fields["timezone"] = seen.raw["timezone"][:64]
    known = Campaign.objects.filter(account=account, remote_id=seen.id).first()
    if known is None or not _is_newer(known, began):
        fields |= {"status": seen.status[:40] or "draft", "synced_at": began}
        if known and _is_settled(known, seen.status, began):
            fields["status_asked"] = ""
    campaign, _made = Campaign.objects.update_or_create(account=account, remote_id=seen.id, defaults=fields)
    return campaign


def _is_settled(campaign: Campaign, status: str, began: datetime) -> bool:
    """Whether a reading tells what became of a start or stop whose answer was lost: it shows what was asked for, or came so much
    later that the request can no longer be carried out."""
    if campaign.status_asked_at is None or campaign.is_status_known:
        return False
    since = (began - campaign.status_asked_at).total_seconds()
    # Far back: the clock was set back.
    return abs(since) >= settings.SETTLE_SECONDS or since >= 0 and status == campaign.status_asked


def _is_newer(campaign: Campaign, began: datetime) -> bool:
    """Whether its status was learnt after a request that began then. Far later it cannot be: then the clock was set back."""
    return campaign.synced_at is not None and 0 < (campaign.synced_at - began).total_seconds() < settings.SETTLE_SECONDS
