"""The environment of a chaos run: a folder of its own, and waits short enough to see many of them."""

import os
from pathlib import Path
from urllib.parse import quote

INSIDE = "ROWCALL_CHAOS"  # set in the process that runs inside that environment
LEASE_SECONDS = 8


def environment(folder: Path, on_postgres: bool) -> dict[str, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in ("BROKER_URL", "DATABASE_URL", "WHATTALK_BASE_URL", "WHATTALK_API_KEY", "EMAIL_URL")
    }
    chosen = {
        INSIDE: str(folder),
        "ROWCALL_VAR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LOG_LEVEL": "WARNING",
        "SEND_LEASE_SECONDS": str(LEASE_SECONDS),
        "SETTLE_SECONDS": "3",
        "SETTLE_SECONDS_WITH_DUPLICATES": "12",
        "LOOKUP_GAP_SECONDS": "1",
        "PROBE_SECONDS": "2",
        "SEND_SLICE_SECONDS": "10",
        "TICK_SECONDS": "2",
        "MOST_IN_FLIGHT": "16",
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",
        "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
    }
    if on_postgres:
        chosen["DATABASE_URL"] = f"postgresql://rowcall@{quote(str(folder / 'postgres'), safe='')}/postgres"
    return {**inherited, **chosen}
