"""How a sandbox behaves where the real WhatTalk is unknown, adjustable or slow."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

DUPLICATE_STYLES = ("422", "409", "400", "200", "turkish", "taken", "named")
CHOICES = {
    "key_refused": ("", "posts", "all"),
    "duplicate_style": DUPLICATE_STYLES,
    "missing_campaign_style": ("404", "422"),
    "id_style": ("integer", "string"),
    "date_style": ("sql", "iso"),
    "unknown_variables": ("keep", "refuse"),
    "closed_campaigns": ("take", "refuse"),
    "rate_kind": ("fixed", "clock", "sliding", "bucket"),
}


@dataclass
class Settings:
    """Times are in seconds unless the name says otherwise. 0 means off, or at once."""

    api_key: str = ""
    key_refused: str = ""  # posts: leads are answered 403 and everything else as before; all: everything 401
    latency_ms: float = 0  # before every API answer
    jitter_ms: float = 0  # and up to this much more
    duplicate_style: str = "422"  # one of DUPLICATE_STYLES
    missing_campaign_style: str = "404"  # or 422
    id_style: str = "integer"  # or string: how lead ids are written
    date_style: str = "sql"  # or iso
    unknown_variables: str = "keep"  # or refuse
    closed_campaigns: str = "take"  # or refuse: leads for stopped and completed campaigns
    bare_lists: bool = False  # GET /user/leads answers an array without a paginator
    most_per_page: int = 100  # leads, however many are asked for
    rate_limit: int = 0  # API requests per window, counted for real
    rate_window: float = 60
    rate_kind: str = "fixed"  # one of CHOICES (throttle.py)
    rate_burst: int = 0  # of a bucket; 0: as much as the limit
    rate_headers: bool = True  # X-RateLimit-*
    rate_retry_after: bool = True
    rate_counts_refused: bool = False
    balance: float = 100.0  # what GET /user/me tells; at 0 leads and starts are refused
    call_cost: float = 0.0
    maintenance: bool = False  # 503 to everything
    lead_pace: float = 2.0  # how long a call lasts; 0: leads do not move
    lookup_lag: float = 0  # a new lead is listed only after this long
    lists_leave_out: str = ""  # fields of leads that lists and answers do not tell: "created_at variables"
    answers_leave_out: str = ""  # and those that only the answer to a new lead does not
    fills_in: bool = False  # variables that a lead does not have are listed as the assistant's defaults
    clock_offset: float = 0  # how far its clock is ahead, as its Date and the moments of its leads tell it
    lead_clock_offset: float = 0  # and by how much more those of its leads alone: another server, or another zone
    keep_alive: float = 75.0  # idle connections are closed without a word after this long
    plan_campaigns: int = 50  # more are refused with 403
    plan_parallel_calls: int = 10
    webhook_url: str = ""  # post-call webhook

    def change(self, **changes: Any) -> None:
        """All of them, or none: ValueError names a setting that does not exist or a value that it does not take."""
        kinds = {field.name: _KINDS[str(field.type)] for field in fields(self)}
        if unknown := next((name for name in changes if name not in kinds), None):
            raise ValueError(f"no setting is called {unknown}")
        values = {name: _of_kind(kinds[name], name, value) for name, value in changes.items()}
        for name, value in values.items():
            if name in CHOICES and value not in CHOICES[name]:
                raise ValueError(f"{name} is one of {', '.join(choice or 'nothing' for choice in CHOICES[name])}")
        for name, value in values.items():
            setattr(self, name, value)

    def public(self) -> dict[str, Any]:
        """Everything but the key."""
        return {name: value for name, value in asdict(self).items() if name != "api_key"}


_KINDS = {kind.__name__: kind for kind in (str, int, float, bool)}


def _of_kind(kind: type, name: str, value: Any) -> Any:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind in (int, float) and is_number:
        return kind(value)
    if kind not in (int, float) and isinstance(value, kind):
        return value
    raise ValueError(f"{name} is {kind.__name__}, not {value!r}")
