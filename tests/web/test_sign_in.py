"""Getting in: password, one-time link, and what holds off those who guess."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.db.models import F
from django.test import Client
from django.urls import reverse
from sesame.utils import get_user

from people.locking import use_up_link
from people.models import AuditEntry
from people.sign_in import one_time_link
from people.throttle import ADDRESS, NAME, WRONG_TRIES, record_failure

SIGN_IN = "/sign-in/"


@pytest.fixture
def alice_with_password(alice):
    alice.set_password("correct horse battery")
    alice.save()
    return alice


def try_password(client: Client, username="alice", password="wrong", **extra):
    return client.post(SIGN_IN, {"username": username, "password": password}, **extra)


def wrong_tries(n: int = WRONG_TRIES, ip: str = "127.0.0.1") -> None:
    for _ in range(n):
        record_failure("alice", ip)


def minutes_pass(minutes: int) -> None:
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - dt.timedelta(minutes=minutes))


def path_of(link: str) -> str:
    return urlsplit(link)._replace(scheme="", netloc="").geturl()


def test_the_right_password_lets_in_and_goes_where_one_was_going(client, alice_with_password):
    answer = client.post(SIGN_IN, {"username": "alice", "password": "correct horse battery", "next": "/campaigns/"})
    assert answer.url == "/campaigns/"
    assert AuditEntry.objects.filter(action="sign_in", actor=alice_with_password).exists()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(client, alice_with_password, target):
    assert client.post(SIGN_IN, {"username": "alice", "password": "correct horse battery", "next": target}).url == "/"


def test_wrong_name_and_wrong_password_read_the_same(client, alice_with_password):
    known, unknown = try_password(client), try_password(client, username="nobody")
    strip = lambda page: page.content.decode().replace('value="alice"', "").replace('value="nobody"', "")  # noqa: E731
    token = lambda page: page.split('csrfmiddlewaretoken" value="')[1][:64]  # noqa: E731
    first, second = strip(known), strip(unknown)
    assert known.status_code == unknown.status_code == 422
    assert first.split("<main")[1].replace(token(first), "") == second.split("<main")[1].replace(token(second), "")


def test_after_ten_wrong_tries_even_the_right_one_waits(client, alice_with_password):
    wrong_tries()
    answer = try_password(client, password="correct horse battery")
    assert "Wait 15 minutes" in answer.content.decode()
    minutes_pass(16)
    assert try_password(client, password="correct horse battery").status_code == 302


def test_each_further_wrong_try_doubles_the_wait(client, alice_with_password):
    wrong_tries()
    minutes_pass(16)
    try_password(client)
    assert "Wait 30 minutes" in try_password(client).content.decode()


def test_colleagues_and_other_places_are_not_locked_out(client, alice_with_password, bob):
    bob.set_password("another long password")
    bob.save()
    wrong_tries()
    assert try_password(client, "bob", "another long password").status_code == 302
    assert try_password(Client(), password="correct horse battery", REMOTE_ADDR="10.9.9.9").status_code == 302


def test_one_address_that_tries_many_names_waits_too_but_not_who_is_known_there(client, alice_with_password, bob):
    bob.set_password("another long password")
    bob.save()
    assert try_password(Client(), "bob", "another long password").status_code == 302
    for n in range(ADDRESS.tries - 1):
        record_failure(f"name{n}", "127.0.0.1")
    assert "Too many" not in try_password(client, username="one more").content.decode()
    assert "Wait 15 minutes" in try_password(client, password="correct horse battery").content.decode()
    assert "Wait 15 minutes" in try_password(client, username="nobody").content.decode()
    assert try_password(Client(), "bob", "another long password").status_code == 302
    assert try_password(Client(), password="correct horse battery", REMOTE_ADDR="10.9.9.9").status_code == 302


def test_a_name_that_many_addresses_try_waits_for_minutes_and_never_where_its_owner_is_known(client, alice_with_password):
    at_home = {"REMOTE_ADDR": "10.8.8.8"}
    assert try_password(Client(), password="correct horse battery", **at_home).status_code == 302
    for n in range(NAME.tries + 20):
        record_failure("alice", f"10.1.1.{n}")
    for elsewhere in ("10.9.9.9", "2001:db8::1"):
        answer = try_password(client, password="correct horse battery", REMOTE_ADDR=elsewhere)
        assert "Wait 10 minutes" in answer.content.decode()
    assert try_password(Client(), password="correct horse battery", **at_home).status_code == 302
    minutes_pass(11)
    assert try_password(client, password="correct horse battery", REMOTE_ADDR="10.9.9.9").status_code == 302


def test_a_network_of_ipv6_is_one_address(client, alice_with_password):
    for n in range(WRONG_TRIES):
        record_failure("alice", f"2001:db8:1:1::{n}")
    assert "Too many" in try_password(client, REMOTE_ADDR="2001:db8:1:1:ffff::1").content.decode()
    assert "Too many" not in try_password(client, REMOTE_ADDR="2001:db8:1:2::1").content.decode()


def test_authenticate_itself_refuses_while_a_name_waits(rf, alice_with_password):
    wrong_tries(WRONG_TRIES - 1)
    assert authenticate(rf.post(SIGN_IN), username="alice", password="wrong") is None
    assert authenticate(rf.post(SIGN_IN), username="alice", password="correct horse battery") is None
    assert AccessAttempt.objects.get().failures_since_start == WRONG_TRIES  # a refused try counts as none


def test_a_claimed_address_changes_nothing(client, alice_with_password):
    wrong_tries(WRONG_TRIES - 1)
    try_password(client, HTTP_X_FORWARDED_FOR="203.0.113.1")
    assert "Too many wrong tries" in try_password(client, HTTP_X_FORWARDED_FOR="203.0.113.99").content.decode()


def test_a_known_proxy_is_believed_as_far_as_it_saw(client, alice_with_password, settings):
    settings.TRUSTED_PROXIES = 1
    wrong_tries(WRONG_TRIES - 1, "198.51.100.7")
    try_password(client, HTTP_X_FORWARDED_FOR="1.1.1.1, 198.51.100.7")
    assert "Too many wrong tries" in try_password(client, HTTP_X_FORWARDED_FOR="8.8.8.8, 198.51.100.7").content.decode()
    assert try_password(client, password="correct horse battery", HTTP_X_FORWARDED_FOR="198.51.100.8").status_code == 302


def test_a_name_typed_into_the_wrong_box_is_not_kept(client, db):
    try_password(client, username="my-secret-password")
    assert not AuditEntry.objects.filter(target__contains="secret").exists()


def test_opening_a_link_uses_nothing_up(client, alice):
    path = path_of(one_time_link(alice))
    for _ in range(3):
        assert "Welcome, Alice" in client.get(path).content.decode()
    assert "_auth_user_id" not in client.session


def test_a_link_works_once(client, alice):
    token = one_time_link(alice).split("token=")[1]
    assert client.post("/sign-in/link/", {"token": token}).url == "/"
    assert Client().post("/sign-in/link/", {"token": token}).status_code == 410


def test_of_five_who_use_a_link_at_once_one_gets_in(alice):
    """Each has read the link before the first has used it up."""
    readers = [get_user(one_time_link(alice).split("token=")[1], update_last_login=False) for _ in range(5)]
    assert [use_up_link(reader) for reader in readers] == [True, False, False, False, False]


@pytest.mark.parametrize("token", ["", "nonsense", "A" * 5000])
def test_a_link_that_is_none(client, db, token):
    assert client.get("/sign-in/link/", {"token": token}).status_code == 410


def test_a_link_of_somebody_locked_out(client, alice):
    path = path_of(one_time_link(alice))
    alice.is_active = False
    alice.save()
    assert client.get(path).status_code == 410


def test_the_session_changes_with_the_password_and_others_end(client, alice_with_password):
    client.login(username="alice", password="correct horse battery")
    elsewhere = Client()
    elsewhere.login(username="alice", password="correct horse battery")
    before = client.session.session_key
    client.post(reverse("people:my_password"), {"current": "correct horse battery", "new": "quite another phrase"})
    assert client.session.session_key != before
    assert client.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302


def test_a_weak_password_is_refused(client, alice):
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("people:my_password"), {"new": "password12"}).status_code == 422


def test_signing_out_wants_a_press(client, alice):
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("people:sign_out")).status_code == 405
    client.post(reverse("people:sign_out"))
    assert client.get("/").status_code == 302
