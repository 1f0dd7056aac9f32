"""Nobody sees a page unless it is open to all, and each reads it in their own language."""

from django.test import Client
from django.utils import translation

from people.middleware import open_to_all


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
