"""No secret stands in a log, whichever library writes the line."""

import logging

import pytest
from django.conf import settings
from django.urls import reverse

from campaigns.webhook import webhook_url
from people.sign_in import one_time_link
from tests.builders import an_account

SECRET = "s3cr3t-0123456789"


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.DEBUG)
    return caplog


def in_an_error(text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError:
        logging.getLogger("a.library").exception("it broke")


@pytest.mark.parametrize(
    "text",
    [
        f"Not Found: /hooks/whattalk/7/{SECRET}/",
        f"next=%2Fhooks%2Fwhattalk%2F7%2F{SECRET}%2F",
        f"GET /sign-in/link/?token={SECRET} 200",
        f"Referer checking failed - https://a.example/sign-in/link/?x=1&token={SECRET} does not match",
        f"{{'Authorization': 'Bearer {SECRET}'}}",
        f"api_key={SECRET}&x=1",
        f"cannot connect to redis://:{SECRET}@broker:6379/0",
        f"postgresql://rowcall:{SECRET}@database/rowcall",
    ],
)
def test_secrets_are_hidden_where_secrets_stand(log, text):
    logging.getLogger("a.library").warning("%s, 100%% sure", text)
    logging.getLogger("a.library").warning(text)
    in_an_error(text)
    assert log.text.count("***") >= 3 and SECRET not in log.text and "100% sure" in log.text


def test_the_instances_own_secrets_are_hidden_wherever_they_stand(log):
    in_an_error(f"{settings.SECRET_KEY} {settings.ENCRYPTION_KEYS[0]} {settings.FORGOTTEN_KEY}")
    logging.getLogger("a.library").info({"key": settings.SECRET_KEY})
    assert not {settings.SECRET_KEY, settings.ENCRYPTION_KEYS[0], settings.FORGOTTEN_KEY} & set(
        log.text.replace("'", " ").split()
    )


def test_no_text_feigns_a_line_of_its_own_and_no_number_is_whole(log):
    logging.getLogger("a.library").info("a file is called %s", "x\r\nINFO root: all is well\x1b[2J\u2028")
    assert log.messages[-1] == "a file is called x\\r\\nINFO root: all is well\\x1b[2J\\u2028"
    logging.getLogger("a.library").info("+905551234567 is called")
    in_an_error("+905551234567")
    assert "+90555***67 is called" in log.text and "1234567" not in log.text


def test_other_lines_stay_as_they_are(log):
    logging.getLogger("a.library").info("%s of %d", "tokens: 7, key: none", 8)
    assert log.messages[-1] == "tokens: 7, key: none of 8"


def test_addresses_with_a_secret_are_not_logged_by_any_answer(log, client, db, alice, monkeypatch):
    client.raise_request_exception = False
    url = webhook_url(an_account()).removeprefix(settings.SITE_URL)
    secret = url.split("/")[-2]
    assert client.post(url, b"nonsense", content_type="application/json").status_code == 400
    assert client.post(url.replace("/whattalk/", "/whattalk/9"), b"{}", content_type="application/json").status_code == 404
    assert client.get(url).status_code == 405
    monkeypatch.setattr("campaigns.call_events.apply", lambda *_call: 1 / 0)
    assert client.post(url, b"{}", content_type="application/json").status_code == 500
    token = one_time_link(alice).partition("token=")[2]
    client.get(reverse("people:sign_in_link"), {"token": token + "x"})
    client.get("/nowhere/", {"token": token}, headers={"referer": f"https://a.example/?token={token}"})
    assert "Bad Request" in log.text and "ZeroDivisionError" in log.text
    assert secret not in log.text and token not in log.text


def test_no_handler_mails_whole_requests():
    assert logging.getLogger("django").handlers == [] and logging.getLogger("django").propagate
