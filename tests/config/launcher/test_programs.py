"""Which programs an instance runs, and what they share."""

from pathlib import Path

import pytest
from redis import exceptions

from config.launcher.programs import Instance, app, programs, worker_answers

WORKERS = ["reader", "sender", "asker", "mailer", "maintenance"]
ROOT = Path(__file__).resolve().parents[3]


class TestPrograms:
    @pytest.fixture
    def instance(self, tmp_path, monkeypatch):
        for name in ("BROKER_URL", "WHATTALK_BASE_URL", "SITE_URL"):
            monkeypatch.delenv(name, raising=False)
        return Instance(ROOT, tmp_path, "127.0.0.1", 8123)

    def names(self, instance):
        return [program.name for program in programs(instance)]

    def test_everything_is_built_in(self, instance):
        assert self.names(instance) == ["broker", "sandbox", "web", *WORKERS, "scheduler"]

    def test_what_the_environment_names_is_not_started(self, instance, monkeypatch):
        monkeypatch.setenv("BROKER_URL", "redis://elsewhere")
        monkeypatch.setenv("WHATTALK_BASE_URL", "https://app.whattalk.ai/api")
        assert self.names(instance) == ["web", *WORKERS, "scheduler"]

    def test_all_of_ours_know_the_sandbox_and_the_site(self, instance):
        ours = programs(instance)[2:]
        assert len({program.environment["WHATTALK_API_KEY"] for program in ours}) == 1
        assert {program.environment["SITE_URL"] for program in ours} == {"http://localhost:8123"}

    def test_the_sandbox_keeps_port_and_key(self, instance):
        first, second = (programs(instance)[1].environment for _ in range(2))
        assert first == second

    def test_two_instances_share_nothing(self, instance, tmp_path):
        other = Instance(ROOT, tmp_path / "other", "127.0.0.1", 8124)
        other.var.mkdir()
        mine, theirs = programs(instance)[1].environment, programs(other)[1].environment
        assert not set(mine.values()) & set(theirs.values())

    def test_no_key_stands_on_a_command_line(self, instance):
        key = programs(instance)[1].environment["WHATTALK_API_KEY"]
        assert not [program.name for program in programs(instance) if key in " ".join(program.command)]


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError(), exceptions.ConnectionError(), exceptions.OutOfMemoryError("used memory > 'maxmemory'")]
)
def test_a_broker_that_is_away_or_full_is_no_answer_of_a_worker(error, monkeypatch):
    def fail(*_args, **_options):
        raise error

    monkeypatch.setattr(app.control, "ping", fail)
    assert worker_answers("reader@here")() is False
