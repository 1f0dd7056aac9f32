"""What becomes of a mail that a mail server did not take: tried again with growing pauses, or given up.

What a server refuses for good (5xx) is final; everything else is tried again for 72 hours.
"""

import smtplib
from datetime import timedelta

from django.core.exceptions import ValidationError

KEEP_TRYING = timedelta(hours=72)
FIRST_WAIT_MS, LONGEST_WAIT_MS = 15_000, 300_000
LONGEST_TEXT = 300  # characters of an error that are kept


def wait_ms(attempts: int) -> int:
    """Until the next try, after so many that failed."""
    return min(LONGEST_WAIT_MS, FIRST_WAIT_MS << min(attempts - 1, 10))


def is_final(error: Exception) -> bool:
    """A wrong password of this instance (SMTPAuthenticationError, 535) can be mended; a refused recipient cannot."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= 500 and not isinstance(error, smtplib.SMTPAuthenticationError)
    return isinstance(error, ValidationError)


def text_of(error: Exception) -> str:
    """The error in the server's words, at most LONGEST_TEXT characters."""
    return _whole_text(error)[:LONGEST_TEXT]


def _whole_text(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {text!r}" for code, text in error.recipients.values())
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return f"{type(error).__name__}: {error}"
