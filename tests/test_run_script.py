"""`./run` and `./test` before Python gets a say: what is missing is said in one sentence with a remedy."""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import PATIENCE

ROOT = Path(__file__).resolve().parent.parent
SHELL_FILES = ("run", "test", "config/environment.sh", "config/launcher/ports.py", "requirements.txt")


@pytest.fixture
def clone(tmp_path) -> Path:
    """What the scripts need, in a folder of its own that has no environment yet."""
    for name in SHELL_FILES:
        (tmp_path / "clone" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / "clone" / name)
    return tmp_path / "clone"


@pytest.fixture
def ready_clone(clone) -> Path:
    """The same with an environment in which nothing has been noted as installed."""
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to(sys.executable)
    return clone


def script(folder: Path, name: str, *words: str, path: Path | None = None, **environment: str) -> subprocess.CompletedProcess:
    search = f"{path}:{os.environ['PATH']}" if path else os.environ["PATH"]
    return subprocess.run(
        [folder / name, *words],
        env={**os.environ, "PATH": search, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def fake_pythons(folder: Path, body: str) -> Path:
    """A folder for the front of the PATH in which every Python is the shell script `body`."""
    folder.mkdir()
    for name in ("python3", *(f"python3.{minor}" for minor in range(11, 15))):
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize("name", ["run", "test"])
def test_an_old_python_is_named_with_a_way_to_a_new_one(clone, tmp_path, name):
    old = fake_pythons(tmp_path / "bin", 'case $2 in *version_info*) exit 1 ;; *) echo "Python 3.9.2" ;; esac')
    refused = script(clone, name, path=old)
    assert refused.returncode == 1
    assert "needs Python 3.11 or newer; this machine has Python 3.9.2" in refused.stderr and "python.org" in refused.stderr


def test_a_newer_numbered_python_is_found(clone, tmp_path):
    pythons = fake_pythons(tmp_path / "bin", "exit 1")
    (pythons / "python3.12").write_text('#!/bin/sh\ncase "$*" in *"import ensurepip"*) exit 1 ;; esac\n')
    assert "venv module is missing" in script(clone, "run", path=pythons).stderr


def test_a_missing_venv_module_is_named_with_the_package_to_install(clone, tmp_path):
    without = fake_pythons(tmp_path / "bin", f'case "$*" in *"import ensurepip"*) exit 1 ;; esac; exec {sys.executable} "$@"')
    refused = script(clone, "run", path=without)
    version = "python{}.{}-venv".format(*sys.version_info[:2])
    assert refused.returncode == 1 and f"sudo apt-get install {version}" in refused.stderr


def test_a_folder_that_cannot_be_written_to_is_said_so(clone):
    (clone / "var").write_text("a file where a folder should be")
    refused = script(clone, "run")
    assert refused.returncode == 1 and f"cannot write to {clone}" in refused.stderr


def test_a_taken_port_is_refused_before_anything_is_installed(ready_clone):
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = str(somebody.getsockname()[1])
        refused = script(ready_clone, "run", "--port", port)
    assert refused.returncode == 1 and f"Port {port} is already taken" in refused.stderr
    assert "Installing" not in refused.stdout


@pytest.mark.parametrize("words", [("--port",), ("--port", "eighty"), ("--port=",), ("--prot", "8000"), ("--port", "70000")])
def test_nonsense_options_are_refused_with_an_example(ready_clone, words):
    refused = script(ready_clone, "run", *words)
    assert refused.returncode == 1 and "--port" in refused.stderr


def test_packages_that_cannot_be_fetched_are_said_so(ready_clone):
    (ready_clone / "requirements.txt").write_text("no-such-thing-anywhere==1 --hash=sha256:" + "0" * 64 + "\n")
    refused = script(
        ready_clone, "run", "--port", str(_free_port()), PIP_NO_INDEX="1", PIP_FIND_LINKS="", PIP_CONFIG_FILE=os.devnull
    )
    assert refused.returncode == 1 and "could not be installed" in refused.stderr and "internet" in refused.stderr
    assert not (ready_clone / ".venv" / ".requirements").exists()


def test_what_was_installed_is_not_installed_again(ready_clone):
    wanted = hashlib.sha256((ready_clone / "requirements.txt").read_bytes()).hexdigest()
    (ready_clone / ".venv" / ".requirements").write_text(f"{sys.version} {wanted}\n")
    (ready_clone / "manage.py").write_text("import sys; print('started with', *sys.argv[1:])\n")
    port = str(_free_port())
    started = script(ready_clone, "run", "--port", port)
    assert started.stdout == f"started with up --host 127.0.0.1 --port {port}\n"


def _free_port() -> int:
    from config.launcher.ports import free_port

    return free_port()
