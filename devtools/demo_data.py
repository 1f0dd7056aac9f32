"""A database with something to see on every page: for screenshots and for people who want to look around.

Files are really read and checked; only what WhatTalk would have answered is made up.
"""

import datetime as dt
import random
import time
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from background.database_clock import now_ms
from campaigns import lead_counters
from campaigns.accounts import set_key
from campaigns.models import Account, AccountBudget, Assistant, Campaign, DoNotCall, Lead, PhoneLine
from campaigns.remote_request_models import RemoteRequest
from devtools.demo_leads import leads_of_campaign, leads_of_rows
from devtools.demo_sheet import spreadsheet
from imports import counters
from imports.check.run import run_check
from imports.errors import WorkflowError
from imports.intake import steps as intake
from imports.models import Heartbeat, ImportJob, ImportRow, JobState, Operation, OutgoingMail, PushMinute, RowState
from imports.pipeline.phones.normalise import PhoneFormat
from imports.workflow import dismissals
from imports.workflow import steps as workflow
from people import audit
from people.models import User
from people.roles import Role

PAGES_FOR_ADMIN = (
    "home",
    "imports:history",
    "imports:new",
    "campaigns:campaigns",
    "campaigns:new_campaign",
    "imports:do_not_call",
    "imports:monitor",
    "people:users",
    "people:new_user",
    "campaigns:accounts",
    "campaigns:new_account",
    "people:audit_log",
    "people:my_settings",
    "people:my_password",
)
PAGES_OF_PEOPLE = ("people:my_sessions", "people:my_second_factor", "campaigns:teams", "campaigns:new_team")

# what somebody sees who has not done anything yet: the uploader `deniz`
NEWCOMERS_PAGES = {"newcomer-home": "/", "newcomer-imports": "/imports/", "newcomer-new": "/imports/new/?campaign=1"}


def seed() -> dict[str, str]:
    """Fill an empty database; page name → address, to be looked at as the admin `ada`."""
    people = [
        _person(*one)
        for one in (
            ("ada", "Ada Demir", Role.ADMIN),
            ("murat", "Murat Şen", Role.MANAGER),
            ("deniz", "Deniz Ak", Role.UPLOADER),
        )
    ]
    account, campaigns = _account()
    jobs = dict(_imports(campaigns, people[0]))
    _surroundings(people, account, jobs)
    pages = {name.replace(":", "-"): reverse(name) for name in PAGES_FOR_ADMIN + PAGES_OF_PEOPLE}
    pages |= {
        "columns": reverse("imports:columns", args=[jobs["fresh"].pk]),
        "phones": reverse("imports:phones", args=[jobs["mapped"].pk]),
    }
    pages |= {f"import-{name}": reverse("imports:show", args=[job.pk]) for name, job in jobs.items()}
    found = reverse("imports:history") + "?q=RANDEVU&outcome=invalid&sort=file"
    pages |= {"search": reverse("imports:search") + "?q=randevular", "imports-found": found}
    pages |= {"import-discard": reverse("imports:cancel", args=[jobs["ready"].pk])}
    pages |= {
        f"rows-{kind}": reverse("imports:rows", args=[jobs["ready"].pk]) + f"?show={kind}"
        for kind in ("all", "repaired", "duplicate_in_file")
    }
    fixes = reverse("imports:fixes", args=[jobs["ready"].pk])
    pages |= {"fixes": fixes, "fixes-before-and-after": f"{fixes}?fix=replace&column=1&find=12&by=13"}
    pages |= {f"asked-{kind}": address for kind, address in _asked_of_whattalk(account, campaigns[0], people[0])}
    pages |= {
        f"operation-{name}": reverse("imports:operation", args=[operation.job_id, operation.pk])
        for name, operation in _operations(jobs["done"])
    }
    return pages | {
        "campaign": reverse("campaigns:campaign", args=[campaigns[0].pk]),
        "campaign-running": reverse("campaigns:campaign", args=[campaigns[1].pk]),
        "campaign-results": reverse("campaigns:results", args=[campaigns[1].pk]),
        "campaign-no-results": reverse("campaigns:results", args=[_campaign(account, None, 9, "Nobody yet", "draft").pk]),
        "import-results": reverse("imports:results", args=[jobs["first-sent"].pk]),
        "leads": reverse("campaigns:leads", args=[campaigns[0].pk]),
        "account": reverse("campaigns:account", args=[account.pk]),
        "user": reverse("people:user", args=[people[2].pk]),
        "not-found": "/nothing-here/",
    }


def _person(username: str, name: str, role: Role) -> User:
    first, last = name.split()
    person = User.objects.create(
        username=username, first_name=first, last_name=last, email=f"{username}@example.com", language="en"
    )
    person.set_unusable_password()
    person.save()
    person.groups.add(Group.objects.get_or_create(name=role.group)[0])
    return person


def _account() -> tuple[Account, list[Campaign]]:
    account = Account(
        name="Sandbox",
        base_url="http://127.0.0.1:8001/api",
        from_environment=True,
        is_default=True,
        is_sandbox=True,
        balance="120.50",
        checked_at=timezone.now(),
    )
    set_key(account, "nobody-answers-4f2a")
    account.save()
    ayla = Assistant.objects.create(
        account=account,
        remote_id="7",
        name="Ayla, appointments",
        variables={"name": "friend", "appointment": "", "branch": "our office"},
    )
    Assistant.objects.create(account=account, remote_id="8", name="Kerem, surveys", variables={"name": "", "product": ""})
    for n in (1, 2):
        PhoneLine.objects.create(account=account, remote_id=n, phone_number=f"+90850555010{n}", label="Istanbul")
    made = [_campaign(account, ayla, place, name, status) for place, (name, status) in enumerate(CAMPAIGNS)]
    for campaign, n in zip(made, (340, 1260, 80), strict=True):
        Lead.objects.bulk_create(leads_of_campaign(campaign, n))
    return account, made


CAMPAIGNS = [("Check-up reminders", "draft"), ("Spring offer", "in-progress"), ("Satisfaction survey 2026", "stopped")]
HOURS = {
    "allowed_hours_start_time": "09:00:00",
    "allowed_hours_end_time": "18:00:00",
    "max_calls_in_parallel": 3,
    "allowed_days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
    "max_retries": 3,
    "retry_interval": 60,
}


def _campaign(account: Account, assistant: Assistant | None, place: int, name: str, status: str) -> Campaign:
    return Campaign.objects.create(
        account=account,
        remote_id=str(1050 + place),
        name=name,
        status=status,
        assistant=assistant,
        settings=HOURS,
        timezone="Europe/Istanbul",
        leads_synced_at=timezone.now(),
        leads_sync={"full_at": time.time() - 180},
        required_variables=["name"] if place == 0 else [],
    )


def _imports(campaigns: list[Campaign], owner: User) -> Iterator[tuple[str, ImportJob]]:
    """Imports in every state a person can meet."""
    draft, running, stopped = campaigns
    yield "fresh", _received(draft, owner, "Randevular haziran.csv", 120, 1)
    yield "mapped", _mapped(_received(draft, owner, "Kadıköy şubesi.csv", 200, 2), owner)
    yield "ready", _checked(draft, owner, "Randevular mayıs.csv", 400, 3)
    yield "ready-running", _checked(running, owner, "Spring list.csv", 300, 4)
    yield "pushing", _sent(_checked(running, owner, "Big list.csv", 900, 5), JobState.PUSHING, share=0.62)
    yield (
        "stalled",
        _sent(
            _checked(stopped, owner, "Slow list.csv", 150, 6),
            JobState.PUSHING,
            share=0.2,
            quiet=dt.timedelta(minutes=7),
        ),
    )
    yield "paused", _sent(_checked(running, owner, "Autumn.csv", 250, 7), JobState.PAUSED, share=0.4, reason="key")
    yield (
        "first-sent",
        _sent(
            _checked(running, owner, "Evening list.csv", 250, 10),
            JobState.PAUSED,
            share=0.08,
            reason="first_sent",
            detail={"count": 20},
        ),
    )
    yield "done", _sent(_checked(draft, owner, "Randevular nisan.csv", 600, 8), JobState.DONE, share=1.0)
    broken = intake.receive_upload([b"%PDF-1.7 nothing of a sheet" * 20], "List.xlsx", draft, owner)
    try:
        intake.preview_of(broken)
    except WorkflowError:
        broken.refresh_from_db()
    yield "failed", broken
    checking = _mapped(_received(draft, owner, "Huge list.csv", 300, 9), owner)
    ImportJob.objects.filter(pk=checking.pk).update(
        state=JobState.CHECKING, checked_rows=140, phone_format={"kind": "national", "region": "TR"}
    )
    yield "checking", checking


def _asked_of_whattalk(account: Account, campaign: Campaign, person: User) -> Iterator[tuple[str, str]]:
    """A page that waits for WhatTalk, and one that shows what it told: kind and address."""

    def asked(kind: RemoteRequest.Kind, state: RemoteRequest.State) -> RemoteRequest:
        return RemoteRequest.objects.create(
            kind=kind, account=account, campaign=campaign, asked_by=person, state=state, asked_ms=now_ms()
        )

    waiting = asked(RemoteRequest.Kind.REFRESH, RemoteRequest.State.WAITING)
    yield "waiting", reverse("campaigns:waiting", args=[waiting.pk])
    look = asked(RemoteRequest.Kind.LOOK, RemoteRequest.State.DONE)
    yield "start", reverse("campaigns:start", args=[campaign.pk]) + f"?asked={look.pk}"


def _operations(job: ImportJob) -> Iterator[tuple[str, Operation]]:
    """What is done for a person in the background, as it is under way and as it ends."""
    now = timezone.now()
    for name, kind, what, state, result in (
        ("waiting", "report", "all.xlsx.en", "waiting", {}),
        ("reading", "preview", "", "waiting", {}),
        ("ready", "report", "errors.csv.en", "done", {"file": "made before.csv"}),
        ("taken", "take_workbook", "1", "done", {"taken": [40, 2, 1, 0]}),
        ("failed", "report", "sent.xlsx.en", "failed", {"reason": ["operation_given_up", {}]}),
    ):
        yield name, Operation.objects.create(job=job, kind=kind, what=what, state=state, result=result, began_at=now)


def _received(campaign: Campaign, owner: User, name: str, rows: int, seed: int) -> ImportJob:
    job = intake.receive_upload([spreadsheet(rows, seed)], name, campaign, owner)
    intake.preview_of(job)
    return job


def _mapped(job: ImportJob, owner: User) -> ImportJob:
    intake.set_mapping(job, {"phone_number": 1, "name": 0, "appointment": 2}, owner)
    return job


def _checked(campaign: Campaign, owner: User, name: str, rows: int, seed: int) -> ImportJob:
    job = _mapped(_received(campaign, owner, name, rows, seed), owner)
    intake.set_phone_format(job, PhoneFormat("national", "TR"), owner)
    workflow.start_check(job, in_background=False)
    run_check(job.pk)
    job.refresh_from_db()
    return job


def _sent(
    job: ImportJob,
    state: str,
    share: float,
    quiet: dt.timedelta = dt.timedelta(seconds=2),
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> ImportJob:
    """The import as if `share` of its leads had been answered."""
    ids = list(ImportRow.objects.filter(job=job, state=RowState.PENDING).order_by("row_number").values_list("pk", flat=True))
    done = ids[: int(len(ids) * share)]
    blocked = {"message": "The phone number is blacklisted."}
    odd = {done[n]: (RowState.REFUSED, "refused", blocked | {"params": blocked}) for n in range(5, len(done), 97)} | {
        done[n]: (RowState.FAILED, "failed", None) for n in range(31, len(done), 211)
    }
    outcomes = [(pk, *odd.get(pk, (RowState.CREATED, "", None))) for pk in done]
    for pk, row_state, reason_code, detail_of_row in outcomes:
        ImportRow.objects.filter(pk=pk).update(
            state=row_state,
            reason=reason_code,
            remote_id=str(pk) if row_state == RowState.CREATED else None,
            detail=detail_of_row,
        )
    created = [pk for pk, row_state, *_ in outcomes if row_state == RowState.CREATED]
    lead_counters.add(list(leads_of_rows(job, ImportRow.objects.filter(pk__in=created))))
    counters.add(job.pk, counters.moves(RowState.PENDING, [row_state for _pk, row_state, *_ in outcomes]))
    now = timezone.now()
    ImportJob.objects.filter(pk=job.pk).update(
        state=state,
        reason=reason,
        reason_detail=detail or {},
        push_started_at=now - dt.timedelta(minutes=3),
        moved_at=now - quiet,
        confirmed_at=now,
        finished_at=now if state == JobState.DONE else None,
    )
    minute = int(time.time() // 60)
    PushMinute.objects.bulk_create(
        [PushMinute(job=job, minute=minute - ago, created=len(done) // 4 + ago * 3, other=1) for ago in range(3)]
    )
    job.refresh_from_db()
    return job


def keep_alive() -> None:
    """What lives keeps living while people look around: workers report, and what moves has moved just now."""
    for n, age in ((1, 4_000), (2, 400_000)):
        Heartbeat.objects.update_or_create(name=f"celery@worker-{n}", defaults={"kind": "worker", "beat_ms": now_ms() - age})
    Heartbeat.objects.update_or_create(name="scheduler@main", defaults={"kind": "scheduler", "beat_ms": now_ms() - 3_000})
    moving = ImportJob.objects.filter(state=JobState.PUSHING).exclude(file_name="Slow list.csv")
    moving.update(moved_at=timezone.now())
    for job in moving:
        PushMinute.objects.update_or_create(job=job, minute=int(time.time() // 60), defaults={"created": 140, "other": 1})
    _as_if_sent_lately(list(moving))


def _as_if_sent_lately(jobs: list[ImportJob]) -> None:
    """Two leads a second, for a minute; all of one account."""
    now = now_ms()
    ended = [[now // 1000 - ago, 2] for ago in range(60, 0, -1)]
    sent = {str(job.pk): {"since": now - 60_000, "at": now, "ended": ended} for job in jobs}
    for account_id in {job.campaign.account_id for job in jobs}:
        learnt = {"pace": {"in_flight": 32}, "sent": sent, "speed": {"per_minute": 120, "at": now}}
        AccountBudget.objects.update_or_create(account_id=account_id, defaults={"learnt": learnt})


def _surroundings(people: list[User], account: Account, jobs: dict[str, ImportJob]) -> None:
    """What stands around imports: mails, heartbeats, the audit log, numbers not to be called."""
    ada, murat, _deniz = people
    OutgoingMail.objects.create(job=jobs["done"], kind="done", recipient=ada, state="sent", sent_at=timezone.now())
    OutgoingMail.objects.create(job=jobs["paused"], kind="paused", recipient=murat, state="failed", error="550 no such user here")
    dismissals.dismiss(jobs["failed"], ada)
    keep_alive()
    for n, note in enumerate(["asked on the phone", "", "lawyer's letter of 3 May"]):
        DoNotCall.objects.create(phone_number=f"+9053211122{n}{n}", note=note, added_by=murat)
    audit.record(
        murat, "start_campaign", "campaign 2", before={"status": "stopped"}, after={"status": "in-progress"}, ip="10.0.0.7"
    )
    audit.record(None, "wrong_password", "user deniz", ip="10.0.0.9")
    minute = int(time.time() // 60)
    dice = random.Random(1)
    PushMinute.objects.bulk_create(
        [
            PushMinute(job=jobs["done"], minute=minute - ago, created=dice.randrange(200, 900), other=dice.randrange(0, 20))
            for ago in range(5, 55)
        ]
    )
