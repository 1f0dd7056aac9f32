"""What can be told from the settings alone: secrets, addresses, proxies, time zones, collected files."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography.fernet import Fernet
from django.conf import settings
from django.core import checks
from django.http.request import validate_host

from config.checks import LOCAL_HOSTS
from config.doctor.finding import Finding, Level, error, ok, warning

SHORTEST_TOKEN = 16
SECRETS = (  # settings that may be given as a file
    *("SECRET_KEY", "ENCRYPTION_KEYS", "FORGOTTEN_KEY", "WHATTALK_API_KEY", "METRICS_TOKEN"),
    *("DATABASE_URL", "BROKER_URL", "EMAIL_URL", "FILES_URL", "SENTRY_DSN"),
)
ZONES = ("UTC", "Europe/Istanbul", "America/New_York")


def system_checks() -> Iterator[Finding]:
    """What `manage.py check` says: those findings keep Rowcall from starting."""
    levels = {checks.ERROR: Level.ERROR, checks.CRITICAL: Level.ERROR}
    messages = [one for one in checks.run_checks() if one.level >= checks.WARNING and not one.is_silenced()]
    for one in messages:
        yield Finding("settings", levels.get(one.level, Level.WARNING), str(one.msg), str(one.hint or ""))
    if not messages:
        yield ok("settings", "The settings pass the system checks.")


def debug() -> Iterator[Finding]:
    if settings.DEBUG:
        yield warning("debug", "DEBUG is on: error pages show data and settings.", "Remove DEBUG from the environment.")


def secrets() -> Iterator[Finding]:
    """But for keys that are easy to guess: the system checks name those, or the settings refuse them."""
    found = [*_short_token(), *_unusable_encryption_keys(), *_open_secret_files()]
    yield from found or [ok("secrets", "Secrets can be used, and nobody else on this machine can read them.")]


def _short_token() -> Iterator[Finding]:
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < SHORTEST_TOKEN:
        make = "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        yield warning("secrets", "METRICS_TOKEN is short.", f"Set METRICS_TOKEN to the output of: {make}")


def _unusable_encryption_keys() -> Iterator[Finding]:
    make = "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
    for key in settings.ENCRYPTION_KEYS:
        try:
            Fernet(key)
        except ValueError:
            yield error("secrets", "ENCRYPTION_KEYS holds something that is no key.", f"Each is the output of: {make}")
            return


def _open_secret_files() -> Iterator[Finding]:
    for path in (Path(os.environ.get(f"{name}_FILE", "")) for name in SECRETS):
        if path.is_file() and path.stat().st_mode & stat.S_IRWXO:
            yield warning("secrets", f"{path} can be read by other people of this machine.", f"chmod o-rwx {path}")


def files() -> Iterator[Finding]:
    """Who else can read what this instance writes."""
    folder = Path(settings.VAR_DIR)
    if not os.access(folder, os.W_OK):
        yield error(
            "files", f"{folder} cannot be written.", f"Give the user that runs Rowcall the right to: chown -R USER {folder}"
        )
        return
    if folder.stat().st_mode & stat.S_IRWXO:
        yield warning("files", f"{folder} can be read by other people of this machine.", f"chmod 0700 {folder}")
    else:
        yield ok("files", f"{folder} can be written, and is private.")


def site_address() -> Iterator[Finding]:
    host = urlsplit(settings.SITE_URL).hostname or ""
    if not validate_host(host, settings.ALLOWED_HOSTS):
        yield error(
            "site",
            f"SITE_URL names {host}, which ALLOWED_HOSTS does not hold: every request is refused.",
            f"Add {host} to ALLOWED_HOSTS.",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield warning("site", "ALLOWED_HOSTS holds *: any name is answered to.", "Name the hosts that people use.")
    if host not in LOCAL_HOSTS and not settings.IS_HTTPS:
        yield warning(
            "site",
            f"{settings.SITE_URL} is no https: passwords and numbers travel openly.",
            "Put a proxy with TLS in front and set SITE_URL to https://…",
        )
    yield from _proxies(host)


def _proxies(host: str) -> Iterator[Finding]:
    if settings.IS_HTTPS and not settings.TRUSTED_PROXIES:
        yield error(
            "proxies",
            "SITE_URL is https, and no proxy is trusted: requests count as plain http, and everybody has the proxy's address.",
            "Set TRUSTED_PROXIES to the number of reverse proxies in front (usually 1).",
        )
    elif settings.TRUSTED_PROXIES and host in LOCAL_HOSTS:
        yield warning(
            "proxies",
            "Proxies are trusted, though SITE_URL is this machine: callers could choose the address they are known by.",
            "Set SITE_URL to the proxy's address, or TRUSTED_PROXIES to 0.",
        )
    else:
        yield ok("proxies", f"{settings.SITE_URL} is served behind {settings.TRUSTED_PROXIES} trusted proxies.")


def time_zones() -> Iterator[Finding]:
    for name in (settings.TIME_ZONE, *ZONES):
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            yield error(
                "time zones",
                f"The time zone {name} is not known here.",
                "Install the system's tzdata, or: pip install tzdata; and see TIME_ZONE.",
            )
            return
    yield ok("time zones", "Time zone data are there.")


def collected_files() -> Iterator[Finding]:
    backend = settings.STORAGES["staticfiles"]["BACKEND"]
    if "Manifest" in backend and not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        yield error(
            "static",
            "The files of the pages have not been collected: pages cannot be shown.",
            "python manage.py collectstatic --noinput",
        )
    for code, name in settings.LANGUAGES:
        if code != "en" and not any(
            (Path(folder) / code / "LC_MESSAGES" / "django.mo").exists() for folder in settings.LOCALE_PATHS
        ):
            yield warning("static", f"The sentences in {name} have not been compiled.", "python manage.py compilemessages")
