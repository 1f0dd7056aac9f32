"""What `manage.py check` says of this installation, each with a remedy. Errors keep it from starting."""

import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from config.celery import app
from config.secrets import is_easy_to_guess

LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "fuse.s3fs", "glusterfs", "ceph", "afs"}


@register(Tags.security)
def no_debug_in_the_open(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    if settings.DEBUG and urlsplit(settings.SITE_URL).hostname not in LOCAL_HOSTS:
        return [
            Error(
                f"DEBUG is on while {settings.SITE_URL} is served: error pages would show data and settings.",
                hint="Remove DEBUG from the environment.",
                id="rowcall.E001",
            )
        ]
    return []


@register(Tags.security)
def secrets_are_private(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    folder = Path(settings.VAR_DIR) / "secrets"
    return [
        Error(
            f"{path} can be read by other people of this machine.",
            hint=f"chmod {0o700 if path.is_dir() else 0o600:o} {path}",
            id="rowcall.E003",
        )
        for path in ([folder, *sorted(folder.iterdir())] if folder.is_dir() else [])
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]


@register(Tags.security)
def forgotten_numbers_are_not_guessed(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Only a warning: with another key nobody who was forgotten would be recognised."""
    if not is_easy_to_guess(settings.FORGOTTEN_KEY):
        return []
    return [
        Warning(
            "FORGOTTEN_KEY is easy to guess: with it, numbers of forgotten people can be tried out against a copy of the database.",
            hint="Keep it if anybody was forgotten already; a new instance makes its own where none is given.",
            id="rowcall.W009",
        )
    ]


@register(Tags.security)
def data_is_private(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    folder = Path(settings.VAR_DIR)
    if not folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return []
    return [
        Warning(
            f"{folder} can be opened by other people of this machine: names, numbers and mails lie there.",
            hint=f"chmod 700 {folder}, as its owner.",
            id="rowcall.W008",
        )
    ]


@register(Tags.security)
def whattalk_key_is_given(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    if settings.WHATTALK_BASE_URL and not settings.WHATTALK_API_KEY:
        return [
            Warning(
                "WHATTALK_BASE_URL is set but no key: nothing can be sent.",
                hint="Set WHATTALK_API_KEY, or WHATTALK_API_KEY_FILE to a file that holds it.",
                id="rowcall.W004",
            )
        ]
    return []


@register(Tags.database)
def sqlite_is_durable(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Without these an intent could be lost in a power cut, or a worker fail because another one writes."""
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return []
    options: dict[str, Any] = database.get("OPTIONS", {})
    wanted = {
        "transaction_mode IMMEDIATE": options.get("transaction_mode") == "IMMEDIATE",
        "a timeout of at least 20 s": options.get("timeout", 5) >= 20,
        "journal_mode=WAL": "journal_mode=WAL" in options.get("init_command", ""),
        "synchronous=FULL": "synchronous=FULL" in options.get("init_command", ""),
    }
    missing = [what for what, is_there in wanted.items() if not is_there]
    if missing:
        return [
            Error(
                f"SQLite is used without {', '.join(missing)}.",
                hint="Restore SQLITE_OPTIONS in config/database.py.",
                id="rowcall.E005",
            )
        ]
    return list(_on_a_network(Path(database["NAME"])))


def _on_a_network(path: Path) -> Iterator[CheckMessage]:
    kind = file_system_of(path)
    if kind in NETWORK_FILE_SYSTEMS:
        yield Error(
            f"The SQLite database {path} lies on a network file system ({kind}), where its locks do not hold.",
            hint="Set ROWCALL_VAR to a folder on a disk of this machine, or use PostgreSQL (DATABASE_URL).",
            id="rowcall.E006",
        )


def file_system_of(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The kind of file system that `path` lies on; '' where the system does not tell."""
    try:
        lines = mounts.read_text().splitlines()
    except OSError:
        return ""
    kinds = {Path(_unescaped(line.split()[1])): line.split()[2] for line in lines}
    return next((kinds[folder] for folder in (path.resolve(), *path.resolve().parents) if folder in kinds), "")


def _unescaped(mount_point: str) -> str:
    """/proc/mounts writes blanks and the like as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda escape: chr(int(escape[1], 8)), mount_point)


@register("celery")
def broker_waits_long_enough(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    if are_visibility_timeouts_right(app.conf):
        return []
    return [
        Error(
            "The broker would hand out a task again while it still runs.",
            hint="Set visibility_timeout to one number, more than twice CELERY_TASK_TIME_LIMIT, in CELERY_VISIBILITY_TIMEOUT, "
            "CELERY_BROKER_TRANSPORT_OPTIONS and CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS.",
            id="rowcall.E007",
        )
    ]


def are_visibility_timeouts_right(conf: Mapping[str, Any]) -> bool:
    """The shortest of the three places counts, so they must agree; and be far longer than a task may take."""
    transports = ("broker_transport_options", "result_backend_transport_options")
    timeouts = {conf.get("visibility_timeout"), *((conf[name] or {}).get("visibility_timeout") for name in transports)}
    shortest: float = min((timeout for timeout in timeouts if timeout), default=0)
    return len(timeouts) == 1 and shortest > 2 * conf["task_time_limit"]
