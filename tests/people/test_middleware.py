"""Nobody sees a page unless it is open to all, and each reads it in their own language."""

from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from people import audit
from people.middleware import NothingIsCached, open_to_all
from people.models import AuditEntry


def test_a_view_is_closed_unless_it_is_marked(db):
    response = Client().get("/audit/?q=1")
    assert (response.status_code, response.url) == (302, "/sign-in/?next=/audit/%3Fq%3D1")
    assert open_to_all(lambda request: None).open_to_all is True


def test_the_language_of_the_user_wins_over_the_browser_s(alice):
    alice.language = "tr"
    alice.save()
    client = Client(headers={"accept-language": "en"})
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    with translation.override("en"):
        assert 'lang="tr"' in client.get("/settings/").content.decode()


def test_mails_come_in_the_language_of_the_last_page_unless_one_is_chosen(alice, settings):
    settings.LANGUAGE_CODE, alice.language = "en", ""
    alice.save()
    client = Client(headers={"accept-language": "tr"})
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert alice.mail_language == "en"
    client.get("/settings/")
    alice.refresh_from_db()
    assert alice.mail_language == "tr"
    client.get("/settings/", headers={"accept-language": "de", "hx-request": "true"})  # a part of a page that stands open
    client.post("/language/", {"language": "ar", "next": "/settings/"})
    client.get("/settings/")
    alice.refresh_from_db()
    assert (alice.mail_language, alice.language) == ("ar", "")
    alice.language = "de"
    assert alice.mail_language == "de"


def test_nothing_behind_sign_in_is_kept_by_a_browser(client, alice):
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    for path in ("/", "/imports/", "/settings/", "/users/", "/nowhere/"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_a_database_that_is_away_is_not_asked_once_more_whose_the_failed_request_is():
    request = RequestFactory().get("/")  # without a user: whoever asks for it fails
    response = NothingIsCached(lambda _request: HttpResponse(status=503))(request)
    assert (response.status_code, response.headers["Cache-Control"]) == (503, "no-store")


def test_every_entry_carries_the_address_of_its_request_and_no_other(client, alice):
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    facts = {"first_name": "A", "last_name": "", "email": "new@example.com", "language": "en"}
    client.post("/settings/", facts, REMOTE_ADDR="203.0.113.7")
    entry = AuditEntry.objects.get(action="change_email")
    assert (entry.ip, entry.before, entry.after) == ("203.0.113.7", "alice@example.com", "new@example.com")
    audit.record(alice, "sign_out")
    assert AuditEntry.objects.first().ip is None
