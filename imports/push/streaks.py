"""Answers of one bad kind in a row: the sign that not the rows but something else must be mended. Pure.

A streak is what `ImportJob.streak` keeps: `{"kind": "refused" | "redirect" | "address", "words": …, "n": …}`.
"""
from collections.abc import Iterable
from typing import Any, NamedTuple

from campaigns.whattalk.answers import NotAccepted, Outcome, Refused, Why
from imports.push.answers import is_redirect

MOST = {"refused": 50, "redirect": 3, "address": 10}
ADDRESS_TROUBLE = ("the address leads into a private network", "the host name cannot be found",
                   "the certificate is not valid")


class Stop(NamedTuple):
    """Why the import must wait for a person: a code of imports.messages and its params."""

    reason: str
    detail: dict[str, Any]


def follow(streak: dict[str, Any], outcomes: Iterable[Outcome]) -> tuple[dict[str, Any], Stop | None]:
    """The streak after these answers, and whether it has become too long."""
    for outcome in outcomes:
        kind, words = _kind(outcome)
        same = kind and (streak.get("kind"), streak.get("words")) == (kind, words)
        streak = {"kind": kind, "words": words, "n": streak["n"] + 1 if same else 1} if kind else {}
        if kind and streak["n"] >= MOST[kind]:
            return {}, _stop(streak)
    return streak, None


def _kind(outcome: Outcome) -> tuple[str, str]:
    if isinstance(outcome, Refused):
        return "refused", outcome.message[:200]
    if is_redirect(outcome):
        return "redirect", ""
    if isinstance(outcome, NotAccepted) and outcome.why is Why.NOT_SENT and outcome.message in ADDRESS_TROUBLE:
        return "address", outcome.message
    return "", ""


def _stop(streak: dict[str, Any]) -> Stop:
    if streak["kind"] == "refused":
        return Stop("every_row_refused", {"count": streak["n"], "message": streak["words"]})
    return Stop("misconfigured", {"message": streak["words"] or "redirect"})
