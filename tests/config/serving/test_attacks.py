"""Slow, endless and huge requests, over sockets against a server as `up` starts it: they cost the one who sends them."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from django.db import connection

from config.launcher.commands import web_command
from config.launcher.ports import free_port
from config.launcher.programs import answer_status
from tests.config.serving.callers import PASSWORD, Caller, multipart
from tests.instances import NOT_OURS, ROOT
from tests.processes import running, wait_until

THREADS = 2
MORE_THAN_THREADS = 3 * THREADS
TOO_MUCH = 300_000  # bytes: more than anybody may send anywhere
PEOPLE = f"""
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.contrib.auth.models import Group
from django.utils import timezone
from campaigns.models import Account, Assistant, Campaign, Lead
from people.models import User
for name in ("uploader", "manager"):
    User.objects.create_user(name, password={PASSWORD!r}).groups.add(Group.objects.get(name=name.capitalize()))
account = Account.objects.create(name="Ours", base_url="http://127.0.0.1:9/api", is_default=True)
assistant = Assistant.objects.create(account=account, remote_id="1", name="Ayla", variables={{"text": ""}})
campaign = Campaign.objects.create(pk=1, account=account, remote_id="1", name="Spring", assistant=assistant)
said = {{"text": "x" * 2000}}
Lead.objects.bulk_create(
    Lead(campaign=campaign, remote_id=str(n), phone_number="+905550000000", variables=said) for n in range(6000)
)
"""


class Server:
    """A web server, its folder and its port."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, free_port()
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        self.environment = inherited | {
            "ROWCALL_VAR": str(var),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
            "BROKER_URL": f"redis+socket://{var}/none.sock",
            "SITE_URL": f"http://localhost:{self.port}",
            "WEB_THREADS": str(THREADS),
            "BODY_SECONDS": "3",
            "MAX_UPLOAD_MB": "2",
        }

    def manage(self, *words: str) -> str:
        command = [sys.executable, ROOT / "manage.py", *words]
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout

    @contextmanager
    def serving(self) -> Iterator[None]:
        with open(self.var / "log", "wb") as log:
            ready = f"http://127.0.0.1:{self.port}/healthz"
            command = web_command(self.port, "--working-dir", str(ROOT))
            with running(command, lambda: answer_status(ready) == 200, env=self.environment, stdout=log, stderr=log):
                yield

    @property
    def log(self) -> str:
        return (self.var / "log").read_text()

    def files_on_their_way(self) -> list[str]:
        """Those that have a name, and those that only a process still holds open."""
        incoming = self.var / "incoming"
        named = [path.name for path in incoming.iterdir()]
        return named + [link for link in _open_files() if link.startswith(f"{incoming}/")]


def _open_files() -> Iterator[str]:
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            yield str(link.readlink())
        except OSError:
            continue  # closed meanwhile


@pytest.fixture(scope="module")
def server(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("web") / "var")
    server.var.mkdir()
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":  # the tables of the tests, empty as they are, are there sooner than new ones
            connection.cursor().execute("VACUUM INTO %s", [str(server.var / "rowcall.sqlite3")])
    server.manage("shell", "--no-imports", "--command", PEOPLE)
    with server.serving():
        yield server


@pytest.fixture(scope="module")
def uploader(server) -> Caller:
    return Caller(server.port).signed_in("uploader")


@pytest.fixture(scope="module")
def manager(server) -> Caller:
    return Caller(server.port).signed_in("manager")


@pytest.fixture
def stranger(server) -> Caller:
    return Caller(server.port)


@pytest.mark.parametrize("length", ["Content-Length: 60000\r\n", "Transfer-Encoding: chunked\r\n"])
def test_bodies_that_never_end_hold_no_thread_and_are_cut(server, stranger, uploader, length):
    with ExitStack() as lines:
        begun = [
            lines.enter_context(stranger.begin("POST", "/sign-in/", length, b"3\r\nabc\r\n")) for _ in range(MORE_THAN_THREADS)
        ]
        large = uploader.begin("POST", "/imports/new/", "Content-Length: 900000\r\n", b"abc")
        begun.append(lines.enter_context(large))
        assert stranger.ask("GET", "/healthz")[0] == 200
        assert uploader.ask("GET", "/")[0] == 200
        assert all(b" 408 " in line.recv(100) for line in begun)
    wait_until(lambda: server.files_on_their_way() == [])


def test_a_body_that_drips_is_cut_although_something_always_comes(uploader):
    """As often as it must, but a hundredth of the least rate."""
    with uploader.begin("POST", "/imports/new/", "Content-Length: 900000\r\n") as line:
        line.setblocking(False)
        answer = b""

        def is_answered() -> bool:
            nonlocal answer
            try:
                line.send(b"x")
                answer = line.recv(100)
            except BlockingIOError:
                return False
            return True

        wait_until(is_answered)
    assert b" 408 " in answer


def test_slow_readers_hold_no_thread_and_an_export_is_whole(server, stranger, manager):
    path = "/campaigns/1/leads.csv"
    with ExitStack() as lines:
        for _ in range(MORE_THAN_THREADS):
            line = lines.enter_context(manager.begin("GET", path))
            assert line.recv(15) == b"HTTP/1.1 200 OK"
        assert stranger.ask("GET", "/healthz")[0] == 200
        status, text = manager.ask("GET", path)
    assert (status, text.count("\n"), len(text) > 6000 * 2000) == (200, 6001, True)
    wait_until(lambda: server.files_on_their_way() == [])


@pytest.mark.parametrize("path", ["/sign-in/", "/imports/new/", "/do-not-call/", "/hooks/whattalk/1/guessed/", "/language/"])
@pytest.mark.parametrize("is_declared", [True, False])
def test_a_large_body_of_a_stranger_is_refused_before_it_is_read(server, stranger, path, is_declared):
    body, headers = multipart({}, [("file", "leads.csv", b"x" * TOO_MUCH)])
    status, text = stranger.ask("POST", path, body if is_declared else [body[:80_000], body[80_000:]], headers)
    assert status == 413 and "Sign in before you upload a file" in text
    with stranger.begin("POST", path, "Content-Length: 900000\r\n") as line:  # nothing of it has been sent
        assert b" 413 " in line.recv(100)
    assert server.files_on_their_way() == []


def test_the_sentence_comes_in_turkish_too(stranger):
    assert "giriş yapın" in stranger.ask("POST", "/sign-in/", b"x" * TOO_MUCH, {"Accept-Language": "tr"})[1]


def test_signed_in_people_may_send_much_only_where_files_or_many_cells_are_taken(uploader):
    body, headers = multipart({}, [("file", "leads.csv", b"x" * TOO_MUCH)])
    assert uploader.ask("POST", "/settings/", body, headers)[0] == 413
    assert uploader.ask("POST", "/do-not-call/", body, headers)[0] == 413  # for managers
    assert uploader.ask("POST", "/imports/new/", body, headers)[0] == 403  # read, and then without a CSRF token
    body, headers = multipart({"pasted": "x" * 9_000_000}, [("file", "leads.csv", b"x" * 4_000_000)])
    status, text = uploader.ask("POST", "/imports/new/", body, headers)
    assert status == 413 and "It is larger than the limit of 12.0" in text


def sessions(server: Server) -> int:
    with closing(sqlite3.connect(server.var / "rowcall.sqlite3")) as database:
        return database.execute("SELECT COUNT(*) FROM django_session").fetchone()[0]


def kept(server) -> int:
    """Files that were taken; nobody may have uploaded one yet."""
    return len(list((server.var / "uploads").glob("*")))


def test_an_ordinary_upload_is_taken_and_a_file_too_many_is_not(server, uploader):
    token = uploader.token("/imports/new/")
    fields = {"csrfmiddlewaretoken": token, "campaign": "1", "form_token": "t1", "pasted": ""}
    file = ("file", "leads.csv", b"phone\n" + b"05551234567\n" * 100_000)
    assert uploader.ask("POST", "/imports/new/", *multipart(fields, [file]))[0] == 302
    assert uploader.ask("POST", "/imports/new/", *multipart(fields, [file] * 3))[0] == 400
    wait_until(lambda: server.files_on_their_way() == [])
    assert kept(server) == 1


def test_a_command_attacks_a_running_instance_and_leaves_nothing(server):
    before, signed_in = kept(server), sessions(server)
    words = ("bench_attack", "--bodies", "2", "--readers", "2", "--uploads", "1", "--seconds", "0.1", "--megabytes")
    found = server.manage(*words, "1")
    assert [line.split("  ")[0] for line in found.splitlines()[1:]] == [
        "nothing",
        "2 endless bodies",
        "2 slow readers",
        "1 uploads",
    ]
    with pytest.raises(subprocess.CalledProcessError) as refused:
        server.manage(*words, "15")  # more than MAX_UPLOAD_MB: a refusal is no upload
    assert "did not bear it" in refused.value.stderr
    assert (kept(server), sessions(server)) == (before, signed_in)


def test_an_upload_that_is_broken_off_leaves_nothing(server, uploader):
    before = kept(server)
    with uploader.begin("POST", "/imports/new/", "Content-Length: 900000\r\n", b"x" * 600_000):
        wait_until(server.files_on_their_way)
    wait_until(lambda: server.files_on_their_way() == [])
    assert kept(server) == before
