"""The leads of the sandbox's ledger: who added each, when it was there, and what it says."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.whattalk.sandbox.ledger import Ledger

NumberKey = tuple[str, str]  # remote id of the campaign, number


@dataclass(frozen=True)
class LedgerLead:
    """`request` added it, 0 for somebody else. It was there from `added` to `deleted`, on the monotonic clock."""

    id: str
    campaign: str
    phone: str
    words: str
    request: int
    added: float
    deleted: float = float("inf")

    @property
    def is_ours(self) -> bool:
        return self.request > 0

    @property
    def is_alive(self) -> bool:
        return self.deleted == float("inf")

    def was_there(self, since: float, until: float) -> bool:
        return self.added <= until and self.deleted >= since


@dataclass(frozen=True)
class LedgerLeads:
    by_id: Mapping[str, LedgerLead]
    by_number: Mapping[NumberKey, Sequence[LedgerLead]]

    @classmethod
    def of(cls, ledger: Ledger) -> "LedgerLeads":
        deleted = {str(event["id"]): event["mono"] for event in ledger.events("delete")}
        leads = [_lead(event, deleted) for event in ledger.events("lead")]
        by_number = defaultdict(list)
        for lead in leads:
            by_number[lead.campaign, lead.phone].append(lead)
        return cls({lead.id: lead for lead in leads}, by_number)

    def ours(self, campaign: str) -> list[LedgerLead]:
        return [lead for lead in self.by_id.values() if lead.is_ours and lead.campaign == campaign]


def _lead(event: Mapping[str, Any], deleted: Mapping[str, float]) -> LedgerLead:
    lead = event["lead"]
    return LedgerLead(
        str(lead["id"]),
        str(lead["campaign_id"]),
        lead["phone_number"],
        words_of(lead),
        event["n"],
        event["mono"],
        deleted.get(str(lead["id"]), float("inf")),
    )


def words_of(lead: Mapping[str, Any] | None) -> str:
    """What a lead says of its person, in a form that can be compared."""
    return json.dumps((lead or {}).get("variables") or {}, sort_keys=True)


def short(phone: str) -> str:
    """A number as it may stand in logs."""
    return f"{phone[:6]}***{phone[-2:]}"
