"""Who is in a team sees the campaigns of their teams alone: nothing else of the product tells of another one."""

import ast
from pathlib import Path

import pytest

from campaigns import access, team_models, teams
from campaigns.creating import create_campaign  # noqa: F401 - shows what it makes to its maker's teams
from campaigns.models import Campaign, DoNotCall, RemoteRequest
from imports.mail import outbox
from imports.models import ImportJob, OutgoingMail
from people.models import AuditEntry, User
from people.roles import Role
from tests.builders import a_campaign
from tests.people.test_roles import ADDRESSES, FOR_SOME, METHODS, NEEDS, signed_in, things, url_of  # noqa: F401 - a fixture

ROOT = Path(__file__).resolve().parents[2]
OF_ONE = [
    (name, pattern)
    for name, pattern in FOR_SOME
    if {"pk", "number"} & set(pattern.pattern.converters)
    and name.split(":")[0] in ("imports", "campaigns")
    and NEEDS[name] < Role.ADMIN
    and name != "imports:remove_do_not_call"
]


def team_of(*people: User, sees: tuple[Campaign, ...] = ()) -> team_models.Team:
    team = team_models.Team.objects.create(name=f"Team {team_models.Team.objects.count()}")
    team.members.set(people)
    team.campaigns.set(sees)
    return team


@pytest.fixture
def secret(things) -> Campaign:  # noqa: F811 - the fixture of that name
    """A campaign, with Alice's import and a listed number, that neither Alice nor Bob sees."""
    campaign = Campaign.objects.get(pk=things["campaign"])
    Campaign.objects.filter(pk=campaign.pk).update(name="Secret plan")
    ImportJob.objects.update(file_name="secret.csv")
    team_of(
        *User.objects.filter(username__in=("alice", "bob")),
        sees=(a_campaign(campaign.account, name="Open to them", remote_id="2000"),),
    )
    return campaign


@METHODS
def test_what_is_outside_does_not_exist_at_any_address(method, secret, things, alice, bob):  # noqa: F811
    wrong = []
    for person in (alice, bob):
        client = signed_in(person)
        asked = RemoteRequest.objects.create(kind="look", account=secret.account, campaign=secret, asked_by=person, asked_ms=0)
        for name, pattern in OF_ONE:
            url = url_of(name, pattern, things) if name != "campaigns:waiting" else f"/campaigns/requests/{asked.pk}/"
            status = getattr(client, method)(url).status_code
            if status not in ((404, 405) if person == bob or NEEDS[name] <= Role.UPLOADER else (403,)):
                wrong.append(f"{name}: {status} for {person}")
    assert len(OF_ONE) > 30 and wrong == []


def test_no_list_page_poll_form_or_file_names_it(secret, alice, bob, adam):
    DoNotCall.objects.create(phone_number="+905550000077", campaign=secret)
    pages = ["/", "/running/", "/imports/", "/imports/?q=secret", "/campaigns/", "/campaigns/?q=secret", "/do-not-call/"]
    pages += ["/imports/new/", f"/imports/new/?campaign={secret.pk}", f"/imports/new/campaign/?campaign={secret.pk}"]
    for person in (alice, bob):
        for page in pages:
            text = signed_in(person).get(page).content.decode()
            assert "Secret plan" not in text and "secret.csv" not in text and "0000077" not in text, (person, page)
    seen = [page for page in pages if "Secret plan" in signed_in(adam).get(page).content.decode()]
    assert len(seen) > 5


def test_forms_take_nothing_outside(secret, bob):
    client = signed_in(bob)
    fields = {"campaign": secret.pk, "pasted": "Phone\n0532 123 45 67", "form_token": "x"}
    assert client.post("/imports/new/", fields).status_code == 422
    assert client.post("/do-not-call/", {"numbers": "0532 123 45 67", "campaign": secret.pk}).status_code == 422
    client.post("/campaigns/refresh/", {"campaign": secret.pk})
    assert not RemoteRequest.objects.filter(campaign=secret).exists()
    listed = DoNotCall.objects.create(phone_number="+905550000077", campaign=secret)
    everywhere = DoNotCall.objects.get(campaign=None)
    assert client.get(f"/do-not-call/{listed.pk}/remove/").status_code == 404
    client.post(f"/do-not-call/{everywhere.pk}/remove/")
    assert DoNotCall.objects.count() == 2


def test_whoever_is_in_no_team_and_every_admin_sees_all(secret, bob, charlie, adam):
    team_of(adam)
    everybody = set(Campaign.objects.all())
    for person, expected in ((charlie, everybody), (adam, everybody), (bob, everybody - {secret})):
        assert set(access.visible_campaigns(User.objects.get(pk=person.pk))) == expected
    job = ImportJob.objects.get()
    OutgoingMail.objects.all().delete()
    outbox.owe(job.pk, "paused", [bob, adam])
    assert OutgoingMail.objects.get().recipient == adam
    access.show_to_teams_of(bob, secret)
    outbox.owe(job.pk, "done", [bob, adam])
    assert OutgoingMail.objects.filter(kind="done").count() == 2 and secret in access.visible_campaigns(bob)


def test_admins_keep_teams_and_are_told_who_sees_all_from_now_on(adam, alice, db):
    campaign, admin = a_campaign(), signed_in(adam)
    fields = {"name": "Sales", "members": [alice.pk], "campaigns": [campaign.pk]}
    page = admin.post("/teams/new/", fields, follow=True).content.decode()
    team = team_models.Team.objects.get()
    assert "Sales" in page and list(team.members.all()) == [alice]
    assert "Sales" in admin.get("/teams/").content.decode() and "Sales" in admin.get(f"/users/{alice.pk}/").content.decode()
    admin.post(f"/teams/{team.pk}/delete/")
    assert team_models.Team.objects.exists()
    page = admin.post(f"/teams/{team.pk}/", {"name": "Sales"}, follow=True).content.decode()
    assert "these people see all campaigns: Alice" in page
    with pytest.raises(teams.HasMembers):
        team.members.add(alice)
        teams.delete(team, adam)
    team.members.clear()
    admin.post(f"/teams/{team.pk}/delete/")
    assert not team_models.Team.objects.exists()
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["create_team", "change_team", "delete_team"]


def test_pages_take_campaigns_and_imports_from_one_place():
    """A view, form or part of a page that asks the tables themselves would show what is outside."""
    for_admins = {
        "imports/pages/monitor.py",
        "imports/pages/metrics.py",
        "campaigns/views/accounts.py",
        "campaigns/views/teams.py",
    }
    wrong = []
    for folder in (
        "campaigns/views",
        "campaigns/templatetags",
        "imports/views",
        "imports/pages",
        "imports/forms",
        "imports/templatetags",
    ):
        for path in (ROOT / folder).rglob("*.py"):
            place = path.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                asks = isinstance(node, ast.Attribute) and node.attr not in ("none", "objects")
                if asks and ast.unparse(node.value) in ("Campaign.objects", "ImportJob.objects", "DoNotCall.objects"):
                    wrong.append(f"{place}: {ast.unparse(node)}")
    assert [line for line in wrong if line.partition(":")[0] not in for_admins] == []
