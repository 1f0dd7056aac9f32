"""What logs look like: lines for people, or JSON; neither holds a phone number or a secret."""

from typing import Any


def logging_settings(log_format: str, level: str) -> dict[str, Any]:
    """`settings.LOGGING`. `log_format`: `console` or `json`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"masking": {"()": "background.logs.Masking"}},
        "formatters": {
            "console": {"format": "%(levelname)s %(name)s: %(message)s%(ids)s"},
            "json": {"()": "background.logs.JsonLines"},
        },
        "handlers": {"console": {"class": "background.logs.MaskedLines", "formatter": log_format, "filters": ["masking"]}},
        # Django's own handler would mail whole requests, secret addresses among them.
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "axes": {"level": "CRITICAL"},  # the audit log says what it would; and it takes a used link for an error
        },
        "root": {"handlers": ["console"], "level": level},
    }
