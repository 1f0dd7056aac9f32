"""A look at the mail server: it is greeted, and left again. Nobody signs in and no mail is sent."""

import os
import smtplib
from pathlib import Path

from django.conf import settings

SECONDS = 3.0


def error_of_mail_server() -> str:
    """Why mail cannot be given to the server, in its own words; '' when it can, or when none is named."""
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        return _error_of_folder(Path(settings.EMAIL_FILE_PATH))
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return ""
    kind = smtplib.SMTP_SSL if getattr(settings, "EMAIL_USE_SSL", False) else smtplib.SMTP
    try:
        with kind(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=SECONDS) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return f"{type(error).__name__}: {error}"[:200]
    return ""


def _error_of_folder(folder: Path) -> str:
    there = folder if folder.exists() else folder.parent
    return "" if os.access(there, os.W_OK) else f"{folder} cannot be written"
