"""What became of leads that were taken out of WhatTalk, noted in the leads and rows that we know.

Every function runs inside the caller's transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from campaigns import do_not_call, lead_counters
from campaigns.models import Campaign, CampaignNumber, Lead
from campaigns.sync import save_leads
from campaigns.whattalk import resources
from imports import counters
from imports.do_not_call.removal_requests import STOPPING, Leads
from imports.models import ImportRow, RowState

GONE = frozenset({"deleted", "deleted_whole", "made", "not_made", "gone"})
ROW_STATES = {  # where a lead stands → state and reason of the row that sent it
    "deleted": (RowState.DO_NOT_CALL, "taken_out"),
    "stopped": (RowState.DO_NOT_CALL, "taken_out"),
    "deleted_whole": (RowState.DO_NOT_CALL, "taken_out_contact"),
    "not_made": (RowState.REFUSED, "refused"),
}


def note(campaign: Campaign, before: Leads, after: Leads, number: str) -> None:
    """Follow what has changed: leads that are gone, rows whose lead is gone, leads made anew."""
    news = {lead: stands for lead, stands in after.items() if stands.get("at") != before.get(lead, {}).get("at")}
    for lead, stands in news.items():
        match stands.get("at"):
            case "made":
                _made_anew(campaign, lead, stands, number)
            case "deleted" | "deleted_whole" | "not_made" | "stopped" as word:
                _end_rows(campaign, lead, *ROW_STATES[word], message=stands.get("said", ""))
    _drop(campaign, [lead for lead, stands in news.items() if stands.get("at") in GONE])
    _mark_stopping(campaign, [lead for lead, stands in news.items() if stands.get("at") == "stopped"])


def _mark_stopping(campaign: Campaign, lead_ids: Sequence[str]) -> None:
    stopped = Lead.objects.filter(campaign=campaign, remote_id__in=lead_ids)
    with lead_counters.kept(stopped):
        stopped.update(status=STOPPING)


def _drop(campaign: Campaign, remote_ids: Iterable[str]) -> None:
    """The leads are no longer known, and their numbers are no longer the campaign's."""
    leads = Lead.objects.filter(campaign=campaign, remote_id__in=list(remote_ids))
    numbers = list(leads.values_list("phone_number", flat=True))
    with lead_counters.kept(leads):
        leads.delete()
    left = set(Lead.objects.filter(campaign=campaign, phone_number__in=numbers).values_list("phone_number", flat=True))
    CampaignNumber.objects.filter(campaign=campaign, phone_number__in=set(numbers) - left).delete()


def _made_anew(campaign: Campaign, old: str, stands: Mapping[str, Any], number: str) -> None:
    made = resources.Lead.of({**stands["lead"], "id": stands["id"], "status": "created"})
    save_leads(campaign, [made])
    is_forgotten = do_not_call.forbidden([number], campaign.pk).get(number) == do_not_call.FORGOTTEN
    code: str = "secondary_taken_out"
    warning = [code, {} if is_forgotten else {"phone": number}]
    for row in _rows(campaign, old):
        before = (row.detail or {}).get("warnings", ())
        detail = {**(row.detail or {}), "warnings": [*before, warning]}
        lead = {**(row.lead or {}), "secondary_contacts": stands["lead"]["secondary_contacts"]}
        is_first = all(known != code for known, _params in before)  # rows are counted, not warnings
        if _rows(campaign, old).filter(pk=row.pk).update(remote_id=made.id, detail=detail, lead=lead) and is_first:
            counters.add(row.job_id, {("warning", code): 1})


def _end_rows(campaign: Campaign, lead: str, state: RowState, reason: str, message: str) -> None:
    for row in _rows(campaign, lead):
        detail = {**(row.detail or {}), **({"message": message, "params": {"message": message}} if message else {})}
        if (
            _rows(campaign, lead)
            .filter(pk=row.pk)
            .update(state=state, reason=reason, detail=detail or None, token=None, lease_ms=0)
        ):
            counters.add(row.job_id, counters.moves(RowState.CREATED, [state]))


def _rows(campaign: Campaign, lead: str) -> QuerySet[ImportRow]:
    return ImportRow.objects.filter(remote_id=lead, state=RowState.CREATED, job__campaign=campaign)
