"""Passwords by mail: for who forgot theirs, and for who is invited. Links work once, and tell nobody who is here."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail as mailbox
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import invitations, mail_texts, mails, password_resets
from people.locking import lock_out
from people.mail_models import Invitation, PersonMail
from people.models import AuditEntry, User
from people.sign_in import INVITATION, RESET, mailed_link, one_time_link, person_of

FORGOTTEN, RESETTING, INVITED = "/password/forgotten/", "/password/reset/", "/invitation/"
NEW = {"new": "quite another phrase"}


@pytest.fixture(autouse=True)
def a_mail_server(settings, db):
    settings.EMAIL_URL, settings.SITE_URL = "smtp://mail.example", "https://rowcall.example"


def sent() -> list:
    """The mails of all that is owed, in the order of their receivers."""
    mailbox.outbox.clear()
    for mail_id in mails.due_ids():
        mails.send(mail_id)
    return sorted(mailbox.outbox, key=lambda one: one.to)


def token_of(text: str) -> str:
    return re.search(r"token=(\S+)", text)[1]


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(client, alice):
    alice.set_password("correct horse battery")
    alice.save()
    elsewhere = signed_in(alice)
    client.post(FORGOTTEN, {"address": "ALICE@example.com"}, REMOTE_ADDR="203.0.113.7")
    (mail,) = sent()
    link = urlsplit(re.search(r"https://\S+", mail.body.split("password:")[1])[0])
    assert (mail.to, link.netloc, link.path) == (["alice@example.com"], "rowcall.example", RESETTING)
    token = token_of(mail.body)
    for _ in range(2):  # a mail scanner opens it
        assert "Choose a new password" in client.get(RESETTING, {"token": token}).content.decode()
    assert client.post(RESETTING, {"token": token, "new": "short"}).status_code == 422
    assert client.post(RESETTING, {"token": token, **NEW}).url == "/"
    assert client.get("/").status_code == 200 and elsewhere.get("/").status_code == 302
    assert Client().post(RESETTING, {"token": token, **NEW}).status_code == 410
    assert User.objects.get(pk=alice.pk).check_password(NEW["new"])
    actions = {entry.action: entry.ip for entry in AuditEntry.objects.all()}
    assert actions["mail_reset_link"] == "203.0.113.7" and "reset_password" in actions
    assert PersonMail.objects.get().address == ""


def test_the_answer_tells_nobody_who_is_here(client, alice, bob):
    lock_out(bob)
    asked = []
    for address in ("alice@example.com", "bob@example.com", "nobody@example.com"):
        with CaptureQueriesContext(connection) as queries:
            page = client.post(FORGOTTEN, {"address": address}).content.decode()
        asked.append((re.sub(r"\b\w{64}\b", "", page), len(queries)))
    assert len(set(asked)) == 1
    assert [mail.to for mail in sent()] == [["alice@example.com"]]
    assert AuditEntry.objects.filter(action="ask_for_reset", target__startswith="unknown ").count() == 2
    assert not AuditEntry.objects.filter(target__contains="nobody").exists()


def test_requests_are_limited_for_an_address_and_from_a_caller(client, alice):
    for _ in range(password_resets.MOST_FOR_AN_ADDRESS + 2):
        assert client.post(FORGOTTEN, {"address": "alice@example.com"}).status_code == 200
    assert len(sent()) == password_resets.MOST_FOR_AN_ADDRESS
    for n in range(password_resets.MOST_FROM_A_CALLER):
        client.post(FORGOTTEN, {"address": f"{n}@example.com"})
    assert client.post(FORGOTTEN, {"address": "bob@example.com"}).status_code == 422
    assert client.post(FORGOTTEN, {"address": "bob@example.com"}, REMOTE_ADDR="203.0.113.9").status_code == 200
    PersonMail.objects.update(created_at=F("created_at") - timedelta(hours=2))
    assert client.post(FORGOTTEN, {"address": "bob@example.com"}).status_code == 200


def test_a_link_ends_with_its_time_a_lock_a_new_address_or_a_sign_in_and_is_none_of_another_kind(alice, monkeypatch):
    token = token_of(mailed_link(alice, RESET))
    assert person_of(token, RESET) == alice and person_of(token, INVITATION) is None and person_of(token) is None
    assert person_of(token_of(one_time_link(alice)), RESET) is None
    with monkeypatch.context() as later:
        later.setattr("sesame.tokens_v2.time.time", lambda: timezone.now().timestamp() + 3700)
        assert person_of(token, RESET) is None
    facts = {"first_name": "A", "last_name": "", "email": "new@example.com", "language": "en"}
    signed_in(alice).post("/settings/", facts)
    assert person_of(token, RESET) is None
    token = token_of(mailed_link(User.objects.get(pk=alice.pk), RESET))
    lock_out(alice)
    assert person_of(token, RESET) is None


def test_an_invitation_is_sent_withdrawn_sent_anew_and_accepted(client, adam, alice):
    admin, page, address = signed_in(adam), f"/users/{alice.pk}/", f"/users/{alice.pk}/invitation/"
    admin.post(address)
    (mail,) = sent()
    first = token_of(mail.body)
    assert "Welcome, Alice" in client.get(INVITED, {"token": first}).content.decode()
    assert "not accepted yet" in admin.get(page).content.decode()
    admin.post(address, {"action": "withdraw"})
    assert client.get(INVITED, {"token": first}).status_code == 410
    admin.post(address)
    (mail,) = sent()
    assert client.get(INVITED, {"token": first}).status_code == 410
    assert client.post(INVITED, {"token": token_of(mail.body), **NEW}).url == "/"
    alice.refresh_from_db()
    assert alice.check_password(NEW["new"]) and invitations.open_invitation(alice) is None
    assert "Invite by mail" not in admin.get(page).content.decode()
    actions = list(AuditEntry.objects.exclude(action="sign_in").order_by("pk").values_list("action", flat=True))
    assert actions == ["invite_user", "withdraw_invitation", "invite_user", "accept_invitation"]


def test_who_is_withdrawn_or_locked_out_before_the_mail_goes_gets_none(adam, alice, bob):
    invitations.invite(alice, adam)
    invitations.invite(bob, adam)
    assert invitations.withdraw(alice, adam) and not invitations.withdraw(alice, adam)
    lock_out(bob)
    assert sent() == [] and not Invitation.objects.filter(withdrawn_at=None).exists()


def test_a_new_user_may_be_invited_at_once_in_their_language(adam):
    facts = {"username": "dilek", "first_name": "Dilek", "email": "dilek@example.com", "language": "tr", "role": "Uploader"}
    signed_in(adam).post("/users/new/", {**facts, "last_name": "", "invite": "yes"})
    (mail,) = sent()
    assert mail.to == ["dilek@example.com"] and "Dilek" in mail.body and "invited" not in mail.subject
    assert mail.extra_headers["Message-ID"].endswith("@rowcall.example>")


def test_names_reach_neither_headers_nor_html_of_a_mail(adam, alice):
    User.objects.filter(pk=alice.pk).update(first_name="<b>Eve</b>\nBcc: eve@example.com", last_name="")
    invitations.invite(User.objects.get(pk=alice.pk), adam)
    (mail,) = sent()
    html = mail.alternatives[0].content
    assert "<b>Eve" not in html and "&lt;b&gt;Eve" in html and mail.recipients() == ["alice@example.com"]
    assert "Bcc" not in mail.message()


def test_without_a_mail_server_pages_say_so_and_links_are_handed_over(client, adam, alice, settings):
    settings.EMAIL_URL = ""
    assert "no mail server is set up" in client.get(FORGOTTEN).content.decode()
    assert FORGOTTEN not in client.get("/sign-in/").content.decode()
    client.post(FORGOTTEN, {"address": "alice@example.com"})
    admin = signed_in(adam)
    answer = admin.post(f"/users/{alice.pk}/invitation/", follow=True).content.decode()
    assert "No mail server is set up" in answer and "Make a sign-in link" in answer
    assert not PersonMail.objects.exists()


def test_what_the_mail_server_did_not_take_is_tried_again_and_shown(adam, alice, monkeypatch):
    def away(*_args):
        raise ConnectionRefusedError("nobody there")

    invitations.invite(alice, adam)
    with monkeypatch.context() as server:
        server.setattr(mails, "message_of", away)
        assert sent() == [] and mails.errors(but="^[0-9]{3} ") == ["ConnectionRefusedError: nobody there"]
        assert "nobody there" in signed_in(adam).get(f"/users/{alice.pk}/").content.decode()
        assert mails.due_ids() == []
        PersonMail.objects.update(next_ms=0, created_at=timezone.now() - timedelta(hours=73))
        assert sent() == [] and PersonMail.objects.get().state == PersonMail.State.FAILED
    PersonMail.objects.update(state=PersonMail.State.WAITING, next_ms=0)
    assert len(sent()) == 1 and invitations.problem(alice) == ""
    assert mail_texts.message_of(PersonMail.objects.get(), alice, "<1@example>").to == [alice.email]
    PersonMail.objects.update(created_at=timezone.now() - timedelta(days=31))
    mails.sweep()
    assert not PersonMail.objects.exists()
