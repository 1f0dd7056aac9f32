"""Every address against every kind of person. A new address that names no role fails here."""

from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from campaigns.models import DoNotCall
from imports.models import ImportJob, ImportRow, JobState, OutgoingMail, PartialUpload
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
WORDS = {"file_format": "csv", "kind": "errors", "secret": "x" * 40, "key": UUID(int=1)}


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
        "people:enter_code",
        "people:forgotten_password",
        "people:reset_password",
        "people:accept_invitation",
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
    PartialUpload.objects.create(pk=WORDS["key"], owner=alice, file_name="a.csv", size=9, touched_at=timezone.now())
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


# Each of these asks for all addresses: none of the answers changes anything, and all that is wrong is named at once.
METHODS = pytest.mark.parametrize("method", ["get", "post"])
FOR_SOME = [one for one in ADDRESSES if one[0] not in OPEN]


@METHODS
def test_role_by_address(method, things, alice, bob, charlie, adam):
    clients = {person: signed_in(person) for person in (alice, charlie, bob, adam)}
    wrong = []
    for name, pattern in FOR_SOME:
        url = url_of(name, pattern, things)
        anonymous = getattr(signed_in(None), method)(url)
        if anonymous.status_code != 302 or not anonymous.url.startswith("/sign-in/"):
            wrong.append(f"{name}: {anonymous.status_code} without a sign-in")
        for person, client in clients.items():
            if role_of(person) < NEEDS[name] and (status := getattr(client, method)(url).status_code) != 403:
                wrong.append(f"{name}: {status} for {person}")
    assert FOR_SOME and wrong == []


OF_AN_IMPORT = [
    (name, pattern)
    for name, pattern in ADDRESSES
    if name.startswith("imports:")
    and "pk" in pattern.pattern.converters
    and name not in ("imports:sample", "imports:retry_mail", "imports:remove_do_not_call")
]


@METHODS
def test_another_uploaders_import_does_not_exist(method, things, charlie):
    client = signed_in(charlie)
    answers = {name: getattr(client, method)(url_of(name, pattern, things)).status_code for name, pattern in OF_AN_IMPORT}
    allowed = {name: (403,) if NEEDS[name] > Role.UPLOADER else (404, 405) for name in answers}
    assert answers and {name: status for name, status in answers.items() if status not in allowed[name]} == {}


@pytest.mark.any_database
@pytest.mark.slow
def test_without_a_session_nothing_is_swapped_in_and_the_way_back_is_a_page(things, adam):
    """Whatever was asked for, by htmx or not: the whole page goes to sign-in, and from there to a page that can be opened."""
    client, nobody, wrong = signed_in(adam), Client(), []
    for name, pattern in FOR_SOME:
        for method in ("get", "post"):
            for headers in ({}, {"HX-Request": "true"}):
                answer = getattr(nobody, method)(url_of(name, pattern, things), headers=headers)
                target = answer.headers.get("HX-Redirect" if headers else "Location", "")
                back = dict(parse_qsl(urlsplit(target).query)).get("next", "")
                shown = client.get(back)
                is_page = (
                    shown.status_code == 302 or shown.streaming or b"<main" in shown.content
                )  # an address that names nothing says so
                if headers and answer.content or not target.startswith("/sign-in/") or not is_page or shown.status_code == 405:
                    wrong.append(f"{method} {name} {headers}: {target} {shown.status_code}")
    assert wrong == []


@pytest.mark.any_database
def test_an_address_that_only_takes_leads_to_its_page(things, adam):
    client = signed_in(adam)
    answers = {name: client.get(url_of(name, pattern, things)) for name, pattern in FOR_SOME}
    assert [name for name, answer in answers.items() if answer.status_code == 405] == []
    assert answers["imports:send"].url == reverse("imports:show", args=[things["job"]])
    assert answers["campaigns:stop"].url == reverse("campaigns:campaign", args=[things["campaign"]])


def test_who_signs_in_again_comes_back_to_the_same_cell(things, adam):
    page = reverse("imports:check", args=[things["job"]]) + "?show=invalid&after=7"
    correct = reverse("imports:correct", args=[things["job"], 17])
    for headers in (
        {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}#x"},
        {"Referer": f"http://testserver{page}"},
    ):
        answer = Client().post(correct, headers=headers)
        target = answer.headers.get("HX-Redirect") or answer.url
        expected = f"{page}#row-17" if "HX-Request" in headers else f"{correct.removesuffix('17/')}?show=all&at=17#row-17"
        assert dict(parse_qsl(urlsplit(target).query))["next"] == expected
    for stranger in ("http://elsewhere.example/imports/1/", "http://testserver//elsewhere.example/", "nonsense"):
        answer = Client().post(correct, headers={"HX-Request": "true", "HX-Current-URL": stranger})
        assert "elsewhere" not in answer.headers["HX-Redirect"] and "nonsense" not in answer.headers["HX-Redirect"]


def test_reading_changes_nothing(things, adam):
    client, before, changing = signed_in(adam), _everything(), []
    for name, pattern in FOR_SOME:
        client.get(url_of(name, pattern, things))
        if _everything() != before:
            before = _everything()
            changing.append(name)
    assert changing == []


def _everything() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (ImportJob, ImportRow, OutgoingMail, DoNotCall)]


def test_a_post_without_a_token_is_refused(things, adam):
    client, wrong = Client(enforce_csrf_checks=True), []
    client.force_login(adam, backend="django.contrib.auth.backends.ModelBackend")
    for name, pattern in ADDRESSES:
        if name not in ("healthz", "metrics", "campaigns:webhook"):
            answer = client.post(url_of(name, pattern, things))
            if answer.status_code != 403 or b"open for too long" not in answer.content:
                wrong.append(f"{name}: {answer.status_code}")
    assert wrong == []


def test_a_part_of_a_page_with_an_old_token_has_its_page_loaded_anew(things, adam):
    client = Client(enforce_csrf_checks=True)
    client.force_login(adam, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(reverse("imports:correct", args=[things["job"], 2]), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (403, "true")


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
