"""The container files: well-formed, private by default, and running what `manage.py up` runs."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from config.launcher.workers import GIB, Machine, workers_for

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
OURS = {name: service for name, service in COMPOSE["services"].items() if service.get("image") == "rowcall"}
WORKERS = {worker.name: worker for worker in workers_for(Machine(2, 8 * GIB))}
EXAMPLE = (ROOT / ".env.example").read_text()


def test_everything_up_starts_has_a_service():
    assert {"web", *WORKERS, "scheduler", "broker", "sandbox", "database"} <= set(COMPOSE["services"])


def test_sandbox_and_mail_catcher_are_for_the_demo_only():
    assert {name for name, service in COMPOSE["services"].items() if service.get("profiles") == ["demo"]} == {"sandbox", "mail"}


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_containers_are_locked_down_and_may_finish(name):
    service = OURS[name]
    assert service["read_only"] and service["cap_drop"] == ["ALL"] and "no-new-privileges:true" in service["security_opt"]
    assert service["stop_grace_period"] == "90s"


def test_the_image_runs_as_nobody_special():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    last_stage = lines[max(number for number, line in enumerate(lines) if line.startswith("FROM")) :]
    assert "USER rowcall" in last_stage
    assert any("--require-hashes" in line for line in lines)


@pytest.mark.parametrize("name", ["web", *WORKERS, "scheduler", "database", "broker"])
def test_services_that_go_on_are_watched(name):
    assert COMPOSE["services"][name]["healthcheck"]["test"][0] == "CMD"


def test_only_this_machine_sees_published_ports():
    published = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert published and all("127.0.0.1:" in port for port in published)
    assert not {"database", "broker"} & {name for name, service in COMPOSE["services"].items() if "ports" in service}


def test_each_kind_of_work_has_workers_of_its_own():
    for name, worker in WORKERS.items():
        command = COMPOSE["services"][name]["command"]
        assert command[command.index("--queues") + 1] == worker.queues


def test_secrets_have_no_default_and_every_one_is_explained():
    secrets = {"SECRET_KEY", "ENCRYPTION_KEYS", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}
    assert secrets <= set(re.findall(r"\$\{(\w+):\?see \.env\.example\}", TEXT))
    assert all(re.search(rf"^{name}=$", EXAMPLE, re.MULTILINE) for name in secrets)


def test_every_variable_handed_to_rowcall_is_read_by_it():
    settings = "".join((ROOT / "config" / name).read_text() for name in ("settings.py", "asgi.py"))
    handed = {name for service in OURS.values() for name in service.get("environment", {})}
    assert {name for name in handed if f'"{name}"' not in settings} == set()


def test_compose_itself_understands_the_file(tmp_path):
    """With the real tool where it is installed, else by what it would refuse first: unknown references."""
    if not _has_compose():
        for service in COMPOSE["services"].values():
            assert set(service.get("depends_on", {})) <= set(COMPOSE["services"])
            assert {volume.split(":")[0] for volume in service.get("volumes", [])} <= set(COMPOSE["volumes"])
            assert set(service["networks"]) <= set(COMPOSE["networks"])
        return
    (tmp_path / "env").write_text(re.sub(r"^(\w+)=$", r"\1=x", EXAMPLE, flags=re.MULTILINE))
    subprocess.run(
        ["docker", "compose", "--env-file", tmp_path / "env", "--profile", "demo", "config", "--quiet"], cwd=ROOT, check=True
    )


def _has_compose() -> bool:
    return bool(shutil.which("docker")) and subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_no_container_takes_all_memory(name):
    assert COMPOSE["services"][name]["mem_limit"]
