"""A database that hangs: pages say so in time, whoever waits, and what was begun is left to end."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import RequestFactory

from config.serving.application import Application
from config.serving.overdue import overdue
from config.serving.responses import respond
from tests.processes import wait_until


def scope(path: str, **headers: str) -> dict:
    listed = [(name.encode(), value.encode()) for name, value in {"host": "testserver", **headers}.items()]
    return {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path, "raw_path": path.encode(),
        "query_string": b"", "headers": listed, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "root_path": "",
    }  # fmt: skip


class Hanging:
    """Django whose database hangs; but /quick/ needs none."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.goes_on = threading.Event()

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        self.begun.append(path)
        if path != "/quick/":
            self.goes_on.wait()
            self.ended.append(path)
        start_response("200 OK", [])
        return Parts()


class Parts(list):
    def close(self) -> None:
        pass


async def asked(application: Application, path: str, **headers: str) -> tuple[int, str]:
    """Status and body."""
    sent: list[dict] = []

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        sent.append(message)

    await application(scope(path, **headers), receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]).decode()


@pytest.fixture
def hanging():
    django = Hanging()
    yield django
    django.goes_on.set()


def test_a_page_that_does_not_come_in_time_is_answered_for_and_one_not_begun_is_forgotten(settings, hanging):
    settings.PAGE_SECONDS, settings.WEB_THREADS = 0.3, 1
    application = Application(hanging)

    async def two_at_once() -> list[tuple[int, str]]:
        return await asyncio.gather(asked(application, "/first/"), asked(application, "/second/", **{"accept-language": "tr"}))

    (first, english), (second, turkish) = asyncio.run(two_at_once())
    assert (first, second) == (503, 503)
    assert "This page was not ready in time." in english and "Bu sayfa zamanında hazırlanamadı." in turkish
    hanging.goes_on.set()
    wait_until(lambda: hanging.ended, what="what was begun ends")
    assert asyncio.run(asked(application, "/quick/"))[0] == 200
    assert hanging.begun == ["/first/", "/quick/"], "the second was forgotten before a thread began with it"


def test_whether_a_large_body_may_come_is_not_waited_for_any_longer(settings, hanging, monkeypatch):
    """Who sends it must be asked of the database, which hangs."""
    settings.PAGE_SECONDS = 0.3
    monkeypatch.setattr("config.serving.application._is_allowed", lambda *_asked: hanging.goes_on.wait())
    status, page = asyncio.run(asked(Application(hanging), "/imports/new/", **{"content-length": "1000000"}))
    assert status == 503 and "This page was not ready in time." in page and hanging.begun == []


def test_the_page_has_the_headers_of_every_page_and_touches_no_database():
    with ThreadPoolExecutor(1) as threads:  # one that has had no connection
        response = threads.submit(respond, overdue, RequestFactory().get("/imports/").environ).result()
    headers = {name.decode(): value.decode() for name, value in response.headers}
    assert response.status == 503 and "default-src" in headers["content-security-policy"]
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
