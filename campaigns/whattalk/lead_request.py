"""What a request for a new lead says, in WhatTalk's own names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def lead_request(
    campaign_id: str,
    phone: str,
    variables: Mapping[str, Any],
    secondary_contacts: Iterable[Mapping[str, Any]],
    *,
    may_double: bool = False,
) -> dict[str, Any]:
    """`phone` in E.164. `may_double`: without WhatTalk's duplicate block, whose field it spells this way."""
    lead = {
        "phone_number": phone,
        "campaign_id": number_if_one(campaign_id),
        "variables": dict(variables),
        "secondary_contacts": list(secondary_contacts),
    }
    return {**lead, "allow_dupplicate": True} if may_double else lead


def number_if_one(id: str | int) -> str | int:
    """An id as WhatTalk takes it: we keep ids as text, most of its are numbers."""
    return int(id) if str(id).isdecimal() else id
