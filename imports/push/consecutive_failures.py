"""Consecutive failures: answers of one bad kind in a row, the sign that not the rows but something else must be mended. Pure.

`ImportJob.consecutive_failures` holds `{"kind": "refused" | "redirect" | "address", "words": …, "n": …}`. Refusals of one
kind have the same `error_texts.text_key`, whatever their status; a lead that was taken, or is there already, begins anew.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from campaigns.whattalk.replies import Created, NotAccepted, Outcome, RetryReason
from imports.models import RowState
from imports.push.conclusions import Conclusion
from imports.push.service_signals import is_redirect

MOST = {"refused": 50, "redirect": 3, "address": 10}
ADDRESS_FAULTS = ("the address leads into a private network", "the host name cannot be found", "the certificate is not valid")


class Stop(NamedTuple):
    """Why the import must wait for a person: a code of imports.messages.lookup and its params."""

    reason: str
    detail: dict[str, Any]


def counted(failures: dict[str, Any], answers: Iterable[tuple[Outcome | None, Conclusion]]) -> tuple[dict[str, Any], Stop | None]:
    """The failures after these answers (None: a look-up) and what was concluded from them; a Stop when they are too many."""
    for outcome, conclusion in answers:
        kind, words = _kind(outcome, conclusion)
        if not kind:
            failures = failures if _says_nothing(failures, outcome, conclusion) else {}
            continue
        key = conclusion.key or words
        same = (failures.get("kind"), failures.get("key")) == (kind, key)
        failures = {"kind": kind, "key": key, "words": words, "n": failures["n"] + 1 if same else 1}
        if failures["n"] >= MOST[kind]:
            return {}, _stop(failures)
    return failures, None


def _kind(outcome: Outcome | None, conclusion: Conclusion) -> tuple[str, str]:
    if conclusion.is_refusal:
        return "refused", conclusion.message[:200]
    if is_redirect(outcome):
        return "redirect", ""
    if isinstance(outcome, NotAccepted) and outcome.reason is RetryReason.NOT_SENT and outcome.message in ADDRESS_FAULTS:
        return "address", outcome.message
    return "", ""


def _says_nothing(failures: dict[str, Any], outcome: Outcome | None, conclusion: Conclusion) -> bool:
    """Whether it neither is a refusal nor shows that leads are taken."""
    if outcome is None:
        return True
    is_taken = isinstance(outcome, Created) or conclusion.state == RowState.DUPLICATE_IN_CAMPAIGN
    return failures.get("kind") == "refused" and not is_taken


def _stop(failures: dict[str, Any]) -> Stop:
    if failures["kind"] == "refused":
        return Stop("every_row_refused", {"count": failures["n"], "message": failures["words"]})
    return Stop("misconfigured", {"message": failures["words"] or "redirect"})
