"""Mail that is owed is sent, once, however often the mail server says no; and it tells nobody's number."""

import email
import re
import smtplib
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core import mail as mailbox
from django.utils import timezone

from config.launcher.ports import free_port
from imports.mail import outbox
from imports.models import ImportJob, JobState, OutgoingMail
from tests.builders import a_campaign, a_job, add_rows, phone


class MailServer:
    """A real one, on a free port: `answer` is what it says to each message, `messages` what it took."""

    def __init__(self):
        self.answer, self.refused_recipients, self.messages = "250 OK", set(), []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - the library's name
        if address in self.refused_recipients:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.answer.startswith("250"):
            self.messages.append(envelope.content.decode())
        return self.answer


@pytest.fixture
def server(settings, unused_port):
    handler = MailServer()
    controller = Controller(handler, hostname="127.0.0.1", port=unused_port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", unused_port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield handler
    controller.stop()


@pytest.fixture
def unused_port() -> int:
    return free_port()


@pytest.fixture
def job(alice) -> ImportJob:
    job = a_job(a_campaign(name="Bahar"), 0, state=JobState.DONE, owner=alice, file_name="müşteriler.xlsx", total_rows=5)
    add_rows(job, [phone(1), phone(2), phone(3)], "created", remote_id="1")
    add_rows(job, ["", ""], "invalid", first_row=5)
    return job


def owed(job, kind="done", who=None) -> OutgoingMail:
    outbox.owe(job.pk, kind, [who or job.owner])
    return OutgoingMail.objects.get(kind=kind)


def test_a_mail_goes_out_once_with_counts_and_link_and_nobody_s_number(job, server):
    mail = owed(job)
    assert outbox.send_due() == 1 and outbox.send_due() == 0
    [message] = server.messages
    headers = email.message_from_bytes(message.encode())
    assert headers["Subject"] == "3 leads sent to Bahar, 2 rows need attention"
    assert headers["Message-ID"].strip() == outbox.message_id(mail)
    assert f"/imports/{job.pk}/" in message
    assert not re.search(r"\+90|555\d{4}|Ayşe", written_in(message))
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, bool(mail.sent_at)) == ("sent", 1, True)


def written_in(message: str) -> str:
    """Both bodies, text and HTML."""
    parts = email.message_from_bytes(message.encode()).walk()
    return "".join(part.get_payload(decode=True).decode() for part in parts if not part.is_multipart())


def test_while_the_mail_server_is_down_it_is_tried_again_later_and_then_sent(job, server):
    mail = owed(job)
    server.answer = "451 try later"
    assert not outbox.send(mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("waiting", 1) and "451" in mail.error
    assert outbox.due_ids() == []
    OutgoingMail.objects.update(next_ms=0)
    server.answer = "250 OK"
    assert outbox.send(mail.pk)
    assert len(server.messages) == 1


def test_a_mail_server_that_is_not_there_is_a_reason_to_wait(job, settings, unused_port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", unused_port
    mail = owed(job)
    assert not outbox.send(mail.pk)
    mail.refresh_from_db()
    assert mail.state == "waiting"


@pytest.mark.parametrize(
    "refuse",
    [
        lambda server: setattr(server, "answer", "554 never"),
        lambda server: server.refused_recipients.add("alice@example.com"),
    ],
)
def test_what_the_server_refuses_for_good_is_final_until_somebody_asks_again(job, server, refuse):
    refuse(server)
    mail = owed(job)
    outbox.send(mail.pk)
    mail.refresh_from_db()
    assert mail.state == "failed" and mail.error
    server.answer, server.refused_recipients = "250 OK", set()
    OutgoingMail.objects.update(next_ms=0)
    assert outbox.due_ids() == []
    outbox.try_again(mail)
    assert outbox.send_due() == 1


def test_after_three_days_it_is_given_up(job, server):
    mail = owed(job)
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(hours=73))
    server.answer = "451 try later"
    outbox.send(mail.pk)
    mail.refresh_from_db()
    assert mail.state == "failed"


def test_our_own_wrong_password_is_not_the_receiver_s_fault(job, monkeypatch):
    mail = owed(job)
    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", raising(smtplib.SMTPAuthenticationError(535, b"no")))
    outbox.send(mail.pk)
    mail.refresh_from_db()
    assert mail.state == "waiting"


def raising(error):
    def send(self):
        raise error

    return send


def test_a_sender_that_died_is_followed_by_another_after_its_lease(job):
    mail = owed(job)
    OutgoingMail.objects.update(state="sending", lease_ms=outbox.now_ms() + 60_000)
    assert not outbox.send(mail.pk)
    OutgoingMail.objects.update(lease_ms=outbox.now_ms() - 1)
    assert outbox.send(mail.pk)


def test_a_sender_that_was_frozen_writes_over_nothing(job, monkeypatch):
    """Another one has taken the mail over meanwhile, and knows more."""

    def frozen(self):
        OutgoingMail.objects.update(token=1, state="failed", error="550 no such user")
        raise OSError

    mail = owed(job)
    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", frozen)
    assert not outbox.send(mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.error) == ("failed", "550 no such user")


def test_a_second_end_is_told_with_another_message_id(job):
    mail = owed(job)
    outbox.send(mail.pk)
    first = mailbox.outbox[0].extra_headers["Message-ID"]
    owed(job)
    outbox.send(mail.pk)
    assert len(mailbox.outbox) == 2 and mailbox.outbox[1].extra_headers["Message-ID"] != first


def test_an_address_with_a_second_one_in_it_is_sent_nothing(job, alice):
    alice.email = "a@example.com,evil@example.com"
    alice.save()
    mail = owed(job)
    outbox.send(mail.pk)
    mail.refresh_from_db()
    assert mail.state == "failed" and not mailbox.outbox


def test_names_with_line_ends_or_markup_cannot_reach_headers_or_html(job):
    job.campaign.name = "Bahar\r\nBcc: evil@example.com <b>x</b>"
    job.campaign.save()
    outbox.send(owed(job).pk)
    message = mailbox.outbox[0]
    assert "\n" not in message.subject and message.bcc == []
    assert "<b>" not in message.alternatives[0][0] and "<b>" in message.body


@pytest.mark.parametrize(
    "kind, reason, words",
    [
        ("paused", "key", "key"),
        ("failed", "file_gone", "Nothing was sent"),
        ("done", "", "rows in the file"),
    ],
)
def test_each_kind_says_what_happened_and_what_to_do(job, kind, reason, words):
    ImportJob.objects.filter(pk=job.pk).update(reason=reason)
    outbox.send(owed(job, kind).pk)
    message = mailbox.outbox[0]
    html = message.alternatives[0][0]
    assert words in message.body and words.lower() in html.lower()
    assert "{" not in message.body and "%(" not in message.body + html
    assert message.body.count("\n\n\n") == 0


def test_a_mail_is_written_in_the_language_of_who_receives_it(job, alice, settings):
    alice.language = "tr"
    alice.save()
    outbox.send(owed(job).pk)
    assert 'lang="tr"' in mailbox.outbox[0].alternatives[0][0]
