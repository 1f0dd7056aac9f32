"""What Rowcall talks to: the broker, its workers, the mail server, WhatTalk."""

import smtplib
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from background.database_clock import now_ms
from campaigns import gateway
from campaigns.gateway import RemoteProblem
from campaigns.models import Account
from config.checks import LOCAL_HOSTS
from config.doctor.finding import Finding, error, ok, warning
from imports.alerts import broker as brokers
from imports.alerts.gathering import gather
from imports.alerts.mail_server import error_of_mail_server
from imports.alerts.rules import SILENT_MS, alerts_of
from imports.messages.lookup import remedy, sentence
from imports.models import Heartbeat

OF_WORKERS = ("no_worker", "queue_unread", "worker_frozen", "dispatcher_asleep", "database_locked")
MAIL_SECONDS = 5


def broker() -> Iterator[Finding]:
    look = brokers.look(settings.QUEUES)
    if not look.facts.answers:
        yield error(
            "broker",
            "The broker does not answer.",
            "Start Redis or Valkey (`up` starts one), and see whether BROKER_URL is right.",
        )
        return
    found = []
    if look.policy and look.policy != "noeviction":
        found.append(
            error(
                "broker",
                f"The broker drops messages when it is full (maxmemory-policy {look.policy}).",
                "Set maxmemory-policy noeviction.",
            )
        )
    if look.facts.is_full:
        found.append(error("broker", "The broker is full.", "Give it more memory (maxmemory) or disk."))
    yield from found or [ok("broker", "The broker answers, and keeps its messages.")]


def workers() -> Iterator[Finding]:
    """Whether somebody works, reads every queue, and looks for work that is due: by the rules of the alerts that pages show."""
    try:
        facts = gather()
        scheduler = Heartbeat.objects.filter(kind="scheduler", beat_ms__gt=now_ms() - SILENT_MS).exists()
    except DatabaseError:
        return
    alerts = [alert for alert in alerts_of(facts) if alert.code in OF_WORKERS]
    yield from (error("workers", sentence(one.message, one.params), remedy(one.message, one.params)) for one in alerts)
    if not scheduler and "no_worker" not in {one.code for one in alerts}:
        yield warning(
            "workers", "No scheduler is alive; workers look for due work themselves.", "Start one scheduler (celery beat)."
        )
    if not alerts:
        yield ok("workers", "Workers are alive, and somebody reads every queue.")


def mail_server() -> Iterator[Finding]:
    if not settings.EMAIL_URL and urlsplit(settings.SITE_URL).hostname not in LOCAL_HOSTS:
        yield warning("mail", "Mails are written to files: nobody receives them.", "Set EMAIL_URL to your mail server.")
    if problem := error_of_mail_server() or _error_of_sign_in():
        yield error(
            "mail", f"Mail cannot be sent: {problem}", "See whether the mail server runs, and whether EMAIL_URL is right."
        )
    else:
        yield ok("mail", "Mail can be sent.")


def _error_of_sign_in() -> str:
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return ""
    connection = mail.get_connection(timeout=MAIL_SECONDS)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as problem:
        return type(problem).__name__
    finally:
        connection.close()
    return ""


def whattalk() -> Iterator[Finding]:
    """Every account: its address answers, and takes its key."""
    try:
        accounts = list(Account.objects.order_by("pk"))
    except DatabaseError:
        return
    if not accounts:
        yield warning(
            "whattalk",
            "There is no WhatTalk account: nothing can be sent.",
            "Enter one under Accounts, or set WHATTALK_BASE_URL and WHATTALK_API_KEY.",
        )
    for account in accounts:
        yield _account(account)


def _account(account: Account) -> Finding:
    try:
        gateway.check_key(account)
    except ImproperlyConfigured as problem:
        return error("whattalk", str(problem), "Restore ENCRYPTION_KEYS, or enter the key again under Accounts.")
    except RemoteProblem as problem:
        if problem.code in ("key", "no_key"):
            return error(
                "whattalk", f"WhatTalk refuses the key of the account {account.name}.", "Enter a valid key under Accounts."
            )
        text = f"WhatTalk cannot be asked for the account {account.name} ({problem.code})."
        return error("whattalk", text, "See whether this machine reaches the API address, and whether the address is right.")
    return ok("whattalk", f"WhatTalk answers the account {account.name}, and takes its key.")
