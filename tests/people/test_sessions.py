"""Where a person is signed in: every session is listed and can be ended, and a sign-in somewhere new is told by mail."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail as mailbox
from django.core.cache import cache
from django.db.models import F
from django.test import Client
from django.utils import timezone

from people import mails, sessions
from people.browsers import browser_of
from people.locking import lock_out
from people.models import AuditEntry, User
from people.sign_in_models import SignIn
from people.throttle import record_success

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Version/18.0 Mobile Safari/604"
)
PASSWORD, MINE = "correct horse battery", "/settings/sessions/"


@pytest.fixture(autouse=True)
def a_person_with_a_password(alice, settings):
    cache.clear()
    settings.EMAIL_URL = "smtp://mail.example"
    alice.set_password(PASSWORD)
    alice.save()


def sign_in(person, ip="192.0.2.1", agent=FIREFOX) -> Client:
    client = Client(REMOTE_ADDR=ip, headers={"user-agent": agent})
    assert client.post("/sign-in/", {"username": person.username, "password": PASSWORD}).url == "/"
    return client


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def mailed() -> list[str]:
    mailbox.outbox.clear()
    for mail_id in mails.due_ids():
        mails.send(mail_id)
    return [mail.body for mail in mailbox.outbox]


def is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


def test_browsers_are_named_as_people_know_them():
    chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
    assert [browser_of(agent) for agent in (FIREFOX, SAFARI, chrome, chrome + " Edg/140.0", "", "x" * 9000)] == [
        "Firefox, Windows",
        "Safari, iPhone",
        "Chrome, Linux",
        "Edge, Linux",
        "",
        "",
    ]


def test_each_session_is_listed_and_ends_by_a_press_of_its_owner(alice, bob):
    here, there = sign_in(alice), sign_in(alice, "2001:db8::7", SAFARI)
    page = here.get(MINE).content.decode()
    assert "Firefox, Windows" in page and "Safari, iPhone" in page and "2001:db8::7" in page and page.count("this one") == 1
    other = SignIn.objects.get(browser="Safari, iPhone")
    assert signed_in(bob).post(f"{MINE}{other.pk}/end/").status_code == 404 and is_in(there)
    here.post(f"{MINE}{other.pk}/end/")
    assert is_in(here) and not is_in(there) and "Safari, iPhone" not in here.get(MINE).content.decode()


def test_all_others_end_at_once_and_the_list_follows_the_session_that_stays(alice):
    here, there, third = sign_in(alice), sign_in(alice, agent=SAFARI), signed_in(alice)
    here.post(MINE + "others/end/")
    assert (is_in(here), is_in(there), is_in(third)) == (True, False, False)
    assert here.get(MINE).content.decode().count("End it</button>") == 0
    there = sign_in(alice, agent=SAFARI)
    here.post("/settings/password/", {"current": PASSWORD, "new": "quite another phrase"})
    assert is_in(here) and not is_in(there)
    (only,) = sessions.living(alice)
    assert only.browser == "Firefox, Windows"
    here.post("/sign-out/")
    assert not sessions.living(alice)


def test_an_admin_ends_the_sessions_of_somebody_and_a_lock_does(adam, alice):
    client, admin = sign_in(alice), signed_in(adam)
    assert "Firefox, Windows" in admin.get(f"/users/{alice.pk}/").content.decode()
    admin.post(f"/users/{alice.pk}/sessions/end/")
    assert not is_in(client) and User.objects.get(pk=alice.pk).is_active
    assert AuditEntry.objects.get(action="end_sessions").target == "user alice"
    client = sign_in(alice)
    admin.post(f"/users/{adam.pk}/sessions/end/")
    assert is_in(admin)
    lock_out(alice)
    assert not is_in(client) and not sessions.living(alice)


def test_a_sign_in_somewhere_new_is_told_by_mail_and_what_is_known_is_not(alice):
    sign_in(alice)
    sign_in(alice)
    assert mailed() == []
    sign_in(alice, agent=SAFARI)
    (text,) = mailed()
    assert "Safari, iPhone" in text and "192.0.2.1" in text and "/settings/sessions/" in text and "token" not in text
    sign_in(alice, "198.51.100.4")
    assert len(mailed()) == 1
    sign_in(alice, "198.51.100.4")
    assert mailed() == []
    SignIn.objects.update(at=F("at") - timedelta(days=91), seen_at=F("seen_at") - timedelta(days=91), session_key="")
    sign_in(alice, "203.0.113.5")
    assert len(mailed()) == 1 and SignIn.objects.count() == 1


def test_sessions_whose_time_is_over_are_deleted_and_no_longer_listed(alice):
    client = sign_in(alice)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not sessions.living(alice) and not is_in(client)
    sessions.sweep()
    assert not Session.objects.exists()


def test_another_address_for_mails_wants_the_password(alice):
    client, facts = sign_in(alice), {"first_name": "A", "last_name": "", "email": "thief@example.com", "language": "en"}
    for current in ("", "wrong"):
        assert client.post("/settings/", {**facts, "current": current}).status_code == 422
    assert client.post("/settings/", {**facts, "email": "alice@example.com"}).status_code == 302
    assert client.post("/settings/", {**facts, "current": PASSWORD}).status_code == 302
    assert User.objects.get(pk=alice.pk).email == "thief@example.com"


def test_after_an_upgrade_the_addresses_of_the_audit_log_are_known(alice):
    record_success(alice, "192.0.2.1")
    sign_in(alice)
    assert mailed() == []
    SignIn.objects.all().delete()
    sign_in(alice, "203.0.113.5")
    assert len(mailed()) == 1


def test_use_is_noted_now_and_then_and_a_session_from_before_the_list_enters_it(alice):
    client = signed_in(alice)
    assert not SignIn.objects.exists()
    assert is_in(client)
    noted = SignIn.objects.get()
    SignIn.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    assert is_in(client) and SignIn.objects.get().seen_at < noted.seen_at
    cache.clear()
    client.get("/settings/", REMOTE_ADDR="198.51.100.9")
    assert SignIn.objects.get().seen_at > noted.seen_at and SignIn.objects.get().ip == "198.51.100.9"
