"""What the measured instance holds: an import that is being sent, one that waits for its check page to be confirmed, leads, people."""

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.module_loading import import_string

from campaigns.models import Account, Campaign, DoNotCall
from campaigns.whattalk.sandbox.process import SandboxProcess
from devtools.benchmarks.fairness import uploaded
from devtools.benchmarks.pages import large_campaign
from devtools.benchmarks.push import import_of
from devtools.demo_sheet import spreadsheet
from imports.check.run import run_check
from imports.models import ImportJob, JobState
from imports.workflow import steps as workflow
from people import audit
from people.models import User
from people.roles import Role

IN_FLIGHT = 32
LISTED, SMALL = 5_000, 400  # numbers that must not be called; rows of an uploader's own imports
READ_BEFORE = 570.0  # seconds: the campaign's leads are read again half a minute later


@dataclass
class Person:
    """`cookie`, `token`: of a session, and its CSRF token. `pages`: name → address; `own`: an import that the person may correct."""

    role: Role
    cookie: str
    token: str
    pages: dict[str, str] = field(default_factory=dict)
    own: int = 0
    campaign: int = 0


def lay_out(sandbox: SandboxProcess, people: int, rows: int) -> tuple[ImportJob, list[Person]]:
    """The import that will be sent, paused as yet, and the people."""
    users = [_user(number, list(Role)[1 + number % 3]) for number in range(people)]
    sent = import_of(sandbox, rows, IN_FLIGHT, state=JobState.PAUSED, first=rows)
    ImportJob.objects.filter(pk=sent.pk).update(owner=users[0][0], confirmed_at=timezone.now(), push_started_at=timezone.now())
    Account.objects.filter(pk=sent.campaign.account_id).update(is_default=True, is_sandbox=True)
    large_campaign(sent.campaign, rows)
    read_at = time.time() - READ_BEFORE
    Campaign.objects.filter(pk=sent.campaign_id).update(
        leads_sync={"full_at": read_at, "read_at": read_at},
        leads_synced_at=timezone.now() - dt.timedelta(seconds=READ_BEFORE),
    )
    DoNotCall.objects.bulk_create(DoNotCall(phone_number=f"+90532{n:07d}", added_by=users[0][0]) for n in range(LISTED))
    large = _checked(sent.campaign, users[1 % people][0], max(SMALL, rows // 10), 1)
    return sent, [_person(user, role, number, sent, large) for number, (user, role) in enumerate(users)]


def _user(number: int, role: Role) -> tuple[User, Role]:
    user = User.objects.create(
        username=f"{role.name.lower()}-{number}", first_name="Deniz", last_name=f"Ak {number}", language="en"
    )
    user.set_unusable_password()
    user.save()
    user.groups.add(Group.objects.get_or_create(name=role.group)[0])
    audit.record(user, "make_user", f"user {user.username}")
    return user, role


def _checked(campaign: Campaign, owner: User, rows: int, seed: int) -> ImportJob:
    job = uploaded([spreadsheet(rows, seed)], f"List {seed}.csv", campaign, owner)
    workflow.start_check(job, in_background=False)
    run_check(job.pk)
    return job


def _person(user: User, role: Role, number: int, sent: ImportJob, large: ImportJob) -> Person:
    own = _checked(sent.campaign, user, SMALL, 100 + number)
    mapped = uploaded([spreadsheet(SMALL, 200 + number)], f"Mapped {number}.csv", sent.campaign, user)
    session, token = _session(user), get_random_string(32)
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={token}"
    # Uploaders see their own imports only; the large one that is sent belongs to the first of them.
    sees_all = role >= Role.MANAGER
    shown = sent if sees_all or number == 0 else None
    pages = dict(_pages(role, shown, large if sees_all else own, mapped))
    return Person(role, cookie, token, pages, own.pk, sent.campaign_id)


def _session(user: User) -> SessionStore:
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = next(
        name for name in settings.AUTHENTICATION_BACKENDS if hasattr(import_string(name), "get_user")
    )
    session.save()
    return session


def _pages(role: Role, sent: ImportJob | None, ready: ImportJob, mapped: ImportJob) -> Iterator[tuple[str, str]]:
    """Every page that this person can come to by a click, and the parts of pages that ask again by themselves."""
    yield from _imports(ready, mapped)
    if sent:
        yield "progress", reverse("imports:show", args=[sent.pk])
        yield "progress poll", reverse("imports:poll", args=[sent.pk])
        yield "progress: rows sent", reverse("imports:rows", args=[sent.pk]) + "?show=created"
        yield "progress: cancel", reverse("imports:cancel", args=[sent.pk])
    if role >= Role.MANAGER:
        yield from _managers(ready.campaign)
    if role >= Role.ADMIN:
        yield from _admins(ready.campaign)


def _imports(ready: ImportJob, mapped: ImportJob) -> Iterator[tuple[str, str]]:
    history, rows = reverse("imports:history"), reverse("imports:rows", args=[ready.pk])
    yield "home", reverse("home")
    yield "home poll", reverse("imports:running")
    yield "imports", history
    yield "imports: search", f"{history}?q=mapped"
    yield "imports: running", f"{history}?state=running"
    yield "upload form", f"{reverse('imports:new')}?campaign={ready.campaign_id}"
    yield "campaign facts", f"{reverse('imports:campaign_facts')}?campaign={ready.campaign_id}"
    yield "columns", reverse("imports:columns", args=[mapped.pk])
    yield "phones", reverse("imports:phones", args=[mapped.pk])
    yield "check", reverse("imports:check", args=[ready.pk])
    yield "check: invalid rows", f"{rows}?show=invalid"
    yield "check: one reason", f"{rows}?show=invalid&reason=phone_too_short"
    yield "check: repaired rows", f"{rows}?show=repaired"
    yield "my settings", reverse("people:my_settings")
    yield "my password", reverse("people:my_password")
    yield "campaigns", reverse("campaigns:campaigns")
    yield "campaign", reverse("campaigns:campaign", args=[ready.campaign_id])


def _managers(campaign: Campaign) -> Iterator[tuple[str, str]]:
    leads, listed = reverse("campaigns:leads", args=[campaign.pk]), reverse("imports:do_not_call")
    yield "leads", leads
    yield "leads by status", f"{leads}?status=completed"
    yield "leads by name", f"{leads}?q=ay%C5%9Fe"
    yield "leads by number", f"{leads}?q=0555+000+12+34"
    yield "leads by beginning", f"{leads}?q=%2B905550000"
    yield "leads by part", f"{leads}?q=4321"
    yield "leads by part, none", f"{leads}?q=9999999"
    yield "do-not-call list", listed
    yield "do-not-call list: search", f"{listed}?q=0532+000+0042"
    yield "new campaign", reverse("campaigns:new_campaign")


def _admins(campaign: Campaign) -> Iterator[tuple[str, str]]:
    yield "monitor", reverse("imports:monitor")
    yield "monitor poll", reverse("imports:monitor_now")
    yield "alerts poll", reverse("imports:alerts")
    yield "users", reverse("people:users")
    yield "audit log", reverse("people:audit_log")
    yield "accounts", reverse("campaigns:accounts")
    yield "account", reverse("campaigns:account", args=[campaign.account_id])


def sheet_of(number: int) -> bytes:
    """A small file that nobody has uploaded before."""
    return f"Telefon,Ad Soyad\n0532{number:07d},Ali\n0533{number:07d},Veli\n".encode()
