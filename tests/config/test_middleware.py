"""What is refused before a view sees it."""

import pytest

from config.middleware import ReadableForms


@pytest.fixture
def adams(client, adam):
    client.force_login(adam, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("path", ["/imports/", "/campaigns/", "/do-not-call/", "/audit/"])
def test_a_search_for_nul_is_refused_on_every_database(adams, path):
    assert adams.get(path, {"q": "a\0b"}).status_code == 400
    assert adams.get(path, {"q": "a b"}).status_code == adams.get(path, {"q": "%00"}).status_code == 200


def test_a_request_whose_server_names_no_query_is_let_through(rf):
    request = rf.get("/")
    del request.META["QUERY_STRING"]
    assert ReadableForms(lambda request: "answered")(request) == "answered"
