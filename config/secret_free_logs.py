"""No secret and no phone number stands in a log: neither in a message nor in a traceback, whoever writes it and wherever it goes.

Addresses carry secrets (the webhook's, one-time links), and libraries quote addresses, headers and arguments. So records are made
without them, before any handler sees one. Control characters are written as escapes, so that no text can feign a line of its own.
"""

import logging
import re
import traceback
from collections.abc import Callable
from typing import Any

from django.conf import settings

from background.masking import scrubbed

CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")  # a tab harms nobody
SHORTEST = 8  # characters of a secret that is looked for: a shorter one would be found in other words


def without_secrets(text: str) -> str:
    """The text with *** for every secret that is known, or stands where secrets stand."""
    return scrubbed(text, tuple(_known_secrets()))


def keep_secrets_out_of_logs() -> None:
    """From now on, in this process."""
    make = logging.getLogRecordFactory()
    if not getattr(make, "is_secret_free", False):
        logging.setLogRecordFactory(_secret_free(make))


def _secret_free(make: Callable[..., logging.LogRecord]) -> Callable[..., logging.LogRecord]:
    def record_of(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        try:
            text = record.getMessage()
        except (TypeError, ValueError, KeyError):  # arguments that do not fit: the handler says so
            return record
        hidden = without_secrets(text)
        if "\n" not in str(record.msg):
            hidden = CONTROL.sub(lambda found: ascii(found[0])[1:-1], hidden)
        if hidden != text:
            record.msg, record.args = hidden, ()
        if record.exc_info and record.exc_info[0]:
            record.exc_text = without_secrets("".join(traceback.format_exception(*record.exc_info)).rstrip("\n"))
        return record

    record_of.is_secret_free = True  # type: ignore[attr-defined]  # made once a process
    return record_of


def _known_secrets() -> list[str]:
    """The instance's own, as the settings hold them."""
    password = settings.DATABASES["default"].get("PASSWORD") or ""
    named = [settings.SECRET_KEY, settings.FORGOTTEN_KEY, settings.WHATTALK_API_KEY, settings.METRICS_TOKEN, str(password)]
    return [secret for secret in [*named, *settings.ENCRYPTION_KEYS] if len(secret) >= SHORTEST]
