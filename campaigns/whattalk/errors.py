"""What can go wrong with any call but `create_lead`.

    WhatTalkError          .retryable  is the same call worth repeating later, with nothing changed?
    ├── KeyRejected        401, or 403 that is no plan limit
    ├── BalanceEmpty       402, or texts that say so
    ├── PlanLimit          403: the plan of the account does not allow it
    ├── NotFound           404
    ├── Invalid            400, 409, 422 …: .fields = {field: [text, …]}
    ├── RateLimited        429, 408, 425 (retryable): .retry_after seconds or None
    ├── Unreachable        no answer, or 5xx (retryable): .sent tells whether it may have been carried out all the same
    └── Nonsense           an answer that is not WhatTalk's: a redirect, HTML, an unexpected shape

`str(error)` is the service's own sentence, or a short note of ours; never the key.
"""

from __future__ import annotations

import re

from ui.folding import fold

from .error_texts import ErrorTexts
from .replies import Failure, Reply, retry_after

_NO_SUCH_CALL = re.compile(r"\broutes?\b|<html|<!doctype|cannot delete|endpoint", re.IGNORECASE)
_PLAN = re.compile(r"\bplan|limit|upgrade|paket|subscription|abonelik")


class WhatTalkError(Exception):
    retryable = False


class KeyRejected(WhatTalkError):
    pass


class BalanceEmpty(WhatTalkError):
    pass


class PlanLimit(WhatTalkError):
    pass


class NotFound(WhatTalkError):
    @property
    def is_of_the_call(self) -> bool:
        """Whether the service does not have the call itself, so that nothing follows for what was asked for."""
        return bool(_NO_SUCH_CALL.search(str(self)))


class Invalid(WhatTalkError):
    def __init__(self, message: str, fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}


class RateLimited(WhatTalkError):
    retryable = True

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unreachable(WhatTalkError):
    retryable = True

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


class Nonsense(WhatTalkError):
    pass


def error_of(reply: Reply, *, now: float) -> WhatTalkError | None:
    """The error an answer stands for; None for a 2xx that was read to its end."""
    status = reply.status
    if status is None:
        return Unreachable(reply.detail, sent=reply.failure is not Failure.NOT_SENT)
    if 300 <= status < 400:
        return Nonsense(f"HTTP {status}: redirected")
    if reply.body is None and status < 400:
        return Unreachable(reply.detail, sent=True)
    if 200 <= status < 300:
        return None
    if not 400 <= status < 600:
        return Nonsense(f"HTTP {status}")
    return _refusal(status, reply, now)


def _refusal(status: int, reply: Reply, now: float) -> WhatTalkError:
    texts = ErrorTexts.of_body(reply.body or b"")
    message = texts.sentence or f"HTTP {status}"
    if status >= 500:
        return Unreachable(message, sent=True)
    match status:
        case 401:
            return KeyRejected(message)
        case 408 | 425 | 429:
            return RateLimited(message, retry_after(reply, now))
        case 404 | 410:
            return NotFound(message)
    if status == 402 or texts.says_balance:
        return BalanceEmpty(message)
    if status == 403:
        return PlanLimit(message) if _PLAN.search(fold(message)) else KeyRejected(message)
    return Invalid(message, texts.fields)
