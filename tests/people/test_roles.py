"""Every address against every kind of person. A new address that names no role fails here."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from campaigns.models import DoNotCall
from imports.models import ImportJob, ImportRow, JobState, OutgoingMail
from imports.pipeline.readers.table import Preview, Row, SheetInfo
from people.roles import Role, role_of
from tests.builders import a_campaign, a_job

PREVIEW = Preview(
    "csv",
    "utf-8",
    ",",
    [SheetInfo("", True, 3, 2, [["phone", "name"]])],
    "",
    1,
    ["phone", "name"],
    [Row(2, ["+905550000000", "Ayşe"])],
    2,
)
WORDS = {"file_format": "csv", "kind": "errors", "secret": "x" * 40}


def addresses(resolver=None, space: str = "") -> list[tuple[str, URLPattern]]:
    """(name, pattern) of every address of the product."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            found += addresses(entry, f"{entry.namespace}:" if entry.namespace else space)
        else:
            found.append((space + (entry.name or ""), entry))
    return found


ADDRESSES = addresses()
NEEDS = {name: getattr(pattern.callback, "needs_role", None) for name, pattern in ADDRESSES}
OPEN = {name for name, pattern in ADDRESSES if getattr(pattern.callback, "open_to_all", False)}


def test_every_address_names_a_role_or_is_open_to_all():
    assert [name for name in NEEDS if NEEDS[name] is None and name not in OPEN] == []


def test_what_is_open_to_all_is_known():
    assert OPEN == {
        "healthz",
        "metrics",
        "people:sign_in",
        "people:sign_in_link",
        "people:sign_out",
        "people:choose_language",
        "campaigns:webhook",
    }


@pytest.fixture
def things(alice, bob) -> dict[str, int]:
    """An object for every number an address may hold; the import is Alice's."""
    campaign = a_campaign()
    job = a_job(campaign, 2, owner=alice, state=JobState.DONE, preview=PREVIEW)
    mail = OutgoingMail.objects.create(job=job, kind="done", recipient=alice)
    listed = DoNotCall.objects.create(phone_number="+905550000001")
    return {
        "job": job.pk,
        "campaign": campaign.pk,
        "account": campaign.account_id,
        "mail": mail.pk,
        "user": alice.pk,
        "listed": listed.pk,
    }


def url_of(name: str, pattern: URLPattern, things: dict[str, int]) -> str:
    own = {"imports:retry_mail": "mail", "imports:remove_do_not_call": "listed", "imports:sample": "campaign"}
    by_space = {"imports": "job", "campaigns": "account" if "account" in name else "campaign", "people": "user"}
    pk = things[own.get(name) or by_space.get(name.split(":")[0], "job")]
    words = {**WORDS, "pk": pk, "number": 2, "account_id": things["account"]}
    return reverse(name, kwargs={key: words[key] for key in pattern.pattern.converters})


def signed_in(person) -> Client:
    client = Client()
    if person:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "name, pattern",
    [one for one in ADDRESSES if one[0] not in OPEN],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_role_by_address(name, pattern, method, things, alice, bob, charlie, adam):
    url = url_of(name, pattern, things)
    anonymous = getattr(signed_in(None), method)(url)
    assert anonymous.status_code == 302 and anonymous.url.startswith("/sign-in/")
    for person in (alice, charlie, bob, adam):
        if role_of(person) < NEEDS[name]:
            assert getattr(signed_in(person), method)(url).status_code == 403, person


OF_AN_IMPORT = [
    (name, pattern)
    for name, pattern in ADDRESSES
    if name.startswith("imports:")
    and "pk" in pattern.pattern.converters
    and name not in ("imports:sample", "imports:retry_mail", "imports:remove_do_not_call")
]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name, pattern", OF_AN_IMPORT, ids=lambda one: one if isinstance(one, str) else "")
def test_another_uploaders_import_does_not_exist(name, pattern, method, things, charlie):
    answer = getattr(signed_in(charlie), method)(url_of(name, pattern, things))
    assert answer.status_code in ((403,) if NEEDS[name] > Role.UPLOADER else (404, 405))


@pytest.mark.parametrize(
    "name, pattern",
    [one for one in ADDRESSES if one[0] not in OPEN],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_reading_changes_nothing(name, pattern, things, adam):
    before = _everything()
    signed_in(adam).get(url_of(name, pattern, things))
    assert _everything() == before


def _everything() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (ImportJob, ImportRow, OutgoingMail, DoNotCall)]


@pytest.mark.parametrize(
    "name, pattern",
    [one for one in ADDRESSES if one[0] not in ("healthz", "metrics", "campaigns:webhook")],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_post_without_a_token_is_refused(name, pattern, things, adam):
    client = Client(enforce_csrf_checks=True)
    client.force_login(adam, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(url_of(name, pattern, things))
    assert answer.status_code == 403
    assert b"open for too long" in answer.content


def test_a_role_taken_away_works_on_the_next_request(bob):
    client = signed_in(bob)
    assert client.get(reverse("imports:do_not_call")).status_code == 200
    bob.groups.clear()
    assert client.get(reverse("imports:do_not_call")).status_code == 403


def test_duplicates_are_for_managers_even_when_the_form_is_forged(alice, things):
    ImportJob.objects.filter(pk=things["job"]).update(state=JobState.READY)
    signed_in(alice).post(
        reverse("imports:send", args=[things["job"]]),
        {"allow_duplicates": "on", "sure_of_duplicates": "on", "how": "all"},
    )
    job = ImportJob.objects.get(pk=things["job"])
    assert (job.state, job.allow_duplicates) == (JobState.PUSHING, False)
