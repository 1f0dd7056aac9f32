"""What an instance needs: its broker's socket, its ports, its lock, its collected files, its first people."""

import fcntl
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.test import override_settings

from config.launcher.broker import broker_command, broker_socket, is_broker_ready, private_broker_url
from config.launcher.collect_static import collect_static_when_changed
from config.launcher.first_run import create_first_users, welcome
from config.launcher.instance_lock import AlreadyRunning, only_instance
from config.launcher.ports import free_port, problem_with
from config.launcher.programs import Instance, programs
from people.models import User
from people.roles import role_of
from tests.processes import running

ROOT = Path(__file__).resolve().parent.parent


class TestSocket:
    def test_it_lies_beside_the_data(self, tmp_path):
        assert broker_socket(Path("/srv/rowcall/var")) == Path("/srv/rowcall/var/valkey.sock")

    def test_a_path_that_is_too_long_gets_a_short_one_of_its_own(self):
        one, other = Path("/srv/" + "x" * 100), Path("/srv/" + "y" * 100)
        assert len(str(broker_socket(one))) < 100
        assert broker_socket(one) == broker_socket(one) != broker_socket(other)

    def test_a_broker_in_an_oddly_named_folder_is_reached_by_its_address(self):
        from kombu import Connection

        with tempfile.TemporaryDirectory(suffix=" #1 %41?") as folder:
            place = broker_socket(Path(folder))
            with running(broker_command(place, Path(folder) / "valkey"), lambda: is_broker_ready(place)):
                with Connection(private_broker_url(Path(folder))) as link:
                    assert link.default_channel.client.ping()


class TestPorts:
    def test_a_free_one_is_no_trouble(self):
        assert problem_with("127.0.0.1", free_port()) == ""

    def test_a_taken_one_is_named_and_another_is_suggested(self):
        with socket.create_server(("127.0.0.1", port := free_port())):
            sentence = problem_with("127.0.0.1", port)
            assert free_port(preferred=port) != port
        assert f"Port {port} is already taken" in sentence
        assert problem_with("127.0.0.1", int(sentence.rsplit(" ", 1)[1])) == ""

    @pytest.mark.parametrize("port", [0, -1, 65536])
    def test_what_is_no_port_is_said_so(self, port):
        assert f"{port} is not a port number" in problem_with("127.0.0.1", port)

    @pytest.mark.parametrize("host", ["no-such-host.invalid", "192.0.2.1"])
    def test_what_is_no_address_of_this_machine_is_said_so(self, host):
        assert f"{host} is not an address of this machine" in problem_with(host, free_port())

    def test_a_wish_that_is_free_is_granted(self):
        wish = free_port()
        assert free_port(preferred=wish) == wish


HOLD = (
    "import sys; from pathlib import Path; from config.launcher.instance_lock import only_instance\n"
    "with only_instance(Path(sys.argv[1]), 'http://localhost:1'): print('held', flush=True); sys.stdin.read()"
)


class TestInstance:
    def test_one_at_a_time(self, tmp_path):
        lock = tmp_path / "up.lock"
        holder = subprocess.Popen([sys.executable, "-c", HOLD, lock], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunning, match=rf"http://localhost:1.*kill {holder.pid}"), only_instance(lock, ""):
            pass
        holder.communicate()
        with only_instance(lock, ""):
            assert True

    def test_after_a_kill_the_next_waits_for_whoever_still_holds_the_lock(self, tmp_path):
        """As the watchdog of a killed instance does, until the last child is gone."""
        lock, told = tmp_path / "up.lock", []
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.write(descriptor, b'{"pid": %d}' % _pid_of_nobody())

        def tell(sentence):
            told.append(sentence)
            os.close(descriptor)

        with only_instance(lock, "", tell):
            assert len(told) == 1 and "still stopping" in told[0]


def _pid_of_nobody() -> int:
    gone = subprocess.Popen(["true"])
    gone.wait()
    return gone.pid


class TestCollecting:
    def test_once_a_change(self, tmp_path):
        source = tmp_path / "source"
        source.mkdir()
        (source / "page.css").write_text("a {}")
        with override_settings(STATIC_ROOT=tmp_path / "collected", STATICFILES_DIRS=[source]):
            collect_static_when_changed()
            collected = tmp_path / "collected" / "page.css"
            assert collected.read_text() == "a {}"
            collected.write_text("left alone")
            collect_static_when_changed()
            assert collected.read_text() == "left alone"
            (source / "page.css").write_text("b { }")
            collect_static_when_changed()
            assert collected.read_text() == "b { }"


class TestFirstPeople:
    def test_an_empty_instance_gets_one_a_role_without_a_password(self, db):
        create_first_users()
        people = User.objects.order_by("pk")
        assert [(person.username, role_of(person).name) for person in people] == [
            ("uploader", "UPLOADER"),
            ("manager", "MANAGER"),
            ("admin", "ADMIN"),
        ]
        assert not any(person.has_usable_password() for person in people)

    def test_an_instance_with_people_is_left_alone(self, alice):
        create_first_users()
        assert User.objects.get() == alice

    def test_nobody_who_was_locked_out_gets_a_link(self, db, tmp_path):
        create_first_users()
        User.objects.filter(username="manager").update(is_active=False)
        text = welcome(Instance(ROOT, tmp_path, "127.0.0.1", 8000), is_sandbox=True)
        assert text.count("token=") == 2 and "manager" not in text


class TestPrograms:
    @pytest.fixture
    def house(self, tmp_path, monkeypatch):
        for name in ("BROKER_URL", "WHATTALK_BASE_URL", "SITE_URL"):
            monkeypatch.delenv(name, raising=False)
        return Instance(ROOT, tmp_path, "127.0.0.1", 8123)

    def names(self, house):
        return [program.name for program in programs(house)]

    def test_everything_is_built_in(self, house):
        assert self.names(house) == ["broker", "sandbox", "web", "worker", "scheduler"]

    def test_what_the_environment_names_is_not_started(self, house, monkeypatch):
        monkeypatch.setenv("BROKER_URL", "redis://elsewhere")
        monkeypatch.setenv("WHATTALK_BASE_URL", "https://app.whattalk.ai/api")
        assert self.names(house) == ["web", "worker", "scheduler"]

    def test_all_of_ours_know_the_sandbox_and_the_site(self, house):
        ours = programs(house)[2:]
        assert len({program.environment["WHATTALK_API_KEY"] for program in ours}) == 1
        assert {program.environment["SITE_URL"] for program in ours} == {"http://localhost:8123"}

    def test_the_sandbox_keeps_port_and_key(self, house):
        first, second = (programs(house)[1].environment for _ in range(2))
        assert first == second

    def test_two_instances_share_nothing(self, house, tmp_path):
        other = Instance(ROOT, tmp_path / "other", "127.0.0.1", 8124)
        other.var.mkdir()
        mine, theirs = programs(house)[1].environment, programs(other)[1].environment
        assert not set(mine.values()) & set(theirs.values())

    def test_no_key_stands_on_a_command_line(self, house):
        key = programs(house)[1].environment["WHATTALK_API_KEY"]
        assert not [program.name for program in programs(house) if key in " ".join(program.command)]
