"""The environment of such a run: an instance of its own, with the waits of production."""

import os
import shutil
from pathlib import Path
from urllib.parse import quote

INSIDE = "ROWCALL_ALERTS"  # set in the process that runs inside that environment: the folder of the run
MEGABYTE = 2**20
DISK_MARGIN = 3 * 2**30  # bytes of the disk that may be taken until it counts as nearly full
NOT_INHERITED = (
    "BROKER_URL",
    "DATABASE_URL",
    "EMAIL_URL",
    "FILES_URL",
    "METRICS_TOKEN",
    "SECOND_FACTOR_FOR",
    "WHATTALK_API_KEY",
    "WHATTALK_BASE_URL",
)


def environment(folder: Path, port: int, mail_port: int, on_postgres: bool) -> dict[str, str]:
    """`port`, `mail_port`: of the web server, and of the mail server that is closed and opened again."""
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    chosen = {
        INSIDE: str(folder),
        "ROWCALL_VAR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SITE_URL": f"http://localhost:{port}",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "DISK_FLOOR_MB": str(disk_floor(shutil.disk_usage(folder).free) // MEGABYTE),
        "LANGUAGE_CODE": "en",
        "LOG_LEVEL": "WARNING",
        "PYTHONWARNINGS": "ignore",
        "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
    }
    if on_postgres:
        chosen["DATABASE_URL"] = f"postgresql://rowcall@{quote(str(folder / 'postgres'), safe='')}/postgres"
    return {**inherited, **chosen}


def disk_floor(free: int) -> int:
    """A DISK_FLOOR in bytes of which `free` is twice as much and DISK_MARGIN more: who takes a little more than that has made the
    disk short, however large it is."""
    return max(0, free - DISK_MARGIN) // 2
