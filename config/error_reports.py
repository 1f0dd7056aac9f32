"""Errors to Sentry, where SENTRY_DSN names one: what went wrong and where in the code, nothing of people, no key and no token."""

from collections.abc import Mapping
from typing import Any

import sentry_sdk

from background import log_context
from background.masking import scrubbed

DROPPED = frozenset({"cookies", "data", "env", "headers", "vars", "user"})


def begin(dsn: str, secrets: tuple[str, ...] = ()) -> None:
    """Report the errors of this process from now on. `secrets`: values that never leave this machine."""

    def scrub(event: Any, hint: Mapping[str, Any]) -> Any:
        return scrubbed_event(event, secrets)

    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,  # they hold leads
        max_request_body_size="never",
        before_send=scrub,
        before_send_transaction=scrub,
        before_breadcrumb=scrub,
        traces_sample_rate=0.0,
    )


def scrubbed_event(event: Any, secrets: tuple[str, ...] = ()) -> Any:
    """The event with every text in it scrubbed, and without headers, cookies, bodies and local variables."""
    clean = _scrubbed(event, secrets)
    if isinstance(clean, dict) and (ids := log_context.current()):
        clean["tags"] = {**(clean.get("tags") or {}), **{name: str(value) for name, value in ids.items()}}
    return clean


def _scrubbed(value: Any, secrets: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        return scrubbed(value, secrets)
    if isinstance(value, Mapping):
        return {key: _scrubbed(one, secrets) for key, one in value.items() if key not in DROPPED}
    if isinstance(value, list | tuple):
        return [_scrubbed(one, secrets) for one in value]
    return value
