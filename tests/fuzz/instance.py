"""An instance for hostile requests: people of every role, and something behind every number that an address may hold."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client

from campaigns.models import Account, Assistant, Campaign, CampaignRequest, DoNotCall, Lead, PhoneLine, Team
from campaigns.remote_request_models import RemoteRequest
from campaigns.webhook import webhook_url
from imports.intake import steps as intake
from imports.models import ImportJob, ImportPreview, JobState, Operation, OutgoingMail, RowState
from people.models import SignIn, User
from people.roles import Role
from tests.builders import a_campaign, a_job, add_rows, an_account

ROLES = {
    "uploader": Role.UPLOADER,
    "other": Role.UPLOADER,
    "manager": Role.MANAGER,
    "admin": Role.ADMIN,
    "nobody": None,
    "anonymous": None,
}
SHEET = "Ad Soyad;Telefon;Teklif\nAyşe Yılmaz;0532 123 45 67;A\nMehmet Kaya;12;C\n"
RESULTS = {
    Operation.State.DONE: {"n": 1, "file": "gone.csv"},
    Operation.State.FAILED: {"reason": ["disk_full", {}]},
}


@dataclass
class Instance:
    """`things`: kind → keys that addresses may hold; `tokens`: of forms that were sent before."""

    clients: dict[str, Client]
    things: dict[str, list[int]]
    tokens: list[str]
    webhook: str


def furnished(base_url: str) -> Instance:
    people = {name: _person(name, role) for name, role in ROLES.items() if name != "anonymous"}
    account = an_account(base_url)
    unusable = an_account(base_url, key="kÿ\n", name="odd\u202e", is_default=False)
    campaigns = _campaigns(account)
    jobs = _imports(campaigns[0], people["uploader"])
    things = {
        "job": [job.pk for job in jobs],
        "campaign": [campaign.pk for campaign in campaigns],
        "account": [account.pk, unusable.pk],
        "mail": [OutgoingMail.objects.create(job=jobs[0], kind="done", recipient=people["uploader"]).pk],
        "user": [person.pk for person in people.values()],
        "listed": [DoNotCall.objects.create(phone_number="+905550000001").pk],
        "operation": [
            Operation.objects.create(
                job=jobs[0],
                kind=kind,
                what="errors.csv.en",
                asked_by=people["uploader"],
                state=state,
                result=RESULTS.get(state, {}),
            ).pk
            for kind in Operation.Kind
            for state in Operation.State
        ],
        "remote request": [one.pk for name in ("uploader", "admin") for one in _remote_requests(campaigns[1], people[name])],
    }
    team = Team.objects.create(name="=1\u202e")
    team.campaigns.add(*campaigns)
    things["team"] = [team.pk]
    now = campaigns[0].created_at
    things["session"] = [SignIn.objects.create(person=people["uploader"], session_key="k" * 32, at=now, seen_at=now).pk]
    CampaignRequest.objects.create(
        account=account,
        token="made",
        name_key="made",
        state="made",
        campaign=campaigns[0],
        asked_by=people["admin"],
        asked_at=campaigns[0].created_at,
    )
    clients = {name: _client(people.get(name)) for name in ROLES}
    return Instance(clients, things, ["uploaded", "made"], webhook_url(account).removeprefix(settings.SITE_URL))


def _person(name: str, role: Role | None) -> User:
    person = User.objects.create(username=name, email=f"{name}@example.com", language="en")
    if role == Role.ADMIN:
        person.set_password("correct horse battery")  # takes long: one of them will do
        person.save()
    if role:
        person.groups.add(Group.objects.get(name=role.group))
    return person


def _client(person: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _campaigns(account: Account) -> list[Campaign]:
    """One as usual, and one whose service says odd things of it."""
    assistant = Assistant.objects.create(account=account, remote_id="7", name="Ayla", variables={"name": "friend", "offer": ""})
    odd_one = Assistant.objects.create(
        account=account, remote_id="a\nb/ü", name="=1\n", variables={"?\x01": "\x01=1", "=n": ""}, timezone="Mars/Olympus"
    )
    PhoneLine.objects.create(account=account, remote_id=2**63 - 1, phone_number="+90")
    usual = a_campaign(account, assistant=assistant)
    odd = a_campaign(
        account,
        remote_id='a\nb"ü/..',
        name="=HYPERLINK(1)\n\u202e",
        assistant=odd_one,
        status="=odd\nstatus",
        timezone="Mars/Olympus",
        settings={"allowed_days": 7, "allowed_hours_start_time": ["x"], "allowed_hours_end_time": "25:99"},
        required_variables=["?"],
    )
    for campaign in (usual, odd):
        Lead.objects.create(
            campaign=campaign, remote_id="1\n", phone_number="+905550000001", status="=odd", variables={"=n": [1]}
        )
    return [usual, odd]


def _remote_requests(campaign: Campaign, user: User) -> list[RemoteRequest]:
    """One a kind and state, with what an odd service said."""
    kind, state = RemoteRequest.Kind, RemoteRequest.State
    said = {kind.CHECK_KEY: {"name": "=1\u202e"}, kind.LOOK: {"balance": "=1\n"}, kind.CREATE: {"campaign": campaign.pk}}
    made = {"campaign": {"name": "=1\u202e"}, "token": "t", "may_repeat_name": False, "form": "name=%00&assistant=x"}
    return [
        RemoteRequest.objects.create(
            kind=one,
            account=campaign.account,
            campaign=None if one in (kind.CHECK_KEY, kind.CREATE) else campaign,
            asked_by=user,
            params=made if one == kind.CREATE else {},
            asked_ms=0,
            state=now,
            result={state.DONE: said.get(one, {}), state.FAILED: {"problem": ["refused", "<b>\n"]}}.get(now, {}),
        )
        for one in kind
        for now in state
    ]


def _imports(campaign: Campaign, owner: User) -> list[ImportJob]:
    """The uploader's, one a state, the first with rows of every state and a file."""
    jobs, read = [], None
    for state in JobState:
        job = intake.storage.receive([SHEET.encode()], "leads.csv", campaign, owner, "uploaded" if not jobs else None)
        read = intake.preview_of(job) if not jobs else read
        ImportPreview.objects.update_or_create(job=job, defaults={"data": read.to_json()})
        ImportJob.objects.filter(pk=job.pk).update(state=state, mapping={"phone_number": 1, "name": 0}, total_rows=2)
        jobs.append(job)
    ready = a_job(campaign, 2, owner=owner, state=JobState.READY, mapping={"phone_number": 0, "name": 1})
    for number, state in enumerate(RowState, start=10):
        facts = {"remote_id": f"{number}\n"} if state == RowState.CREATED else {}
        facts |= {"reason": "phone_too_short"} if state == RowState.INVALID else {}
        facts |= {"token": number, "first_intent_ms": 1} if state == RowState.SENDING else {}
        add_rows(ready, [f"+90555{number:07}"], state, first_row=number, **facts)
    return [*jobs, ready]
