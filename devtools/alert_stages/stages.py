"""The stages: each brings one thing about for as long as its block runs, from outside, as it happens."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse

from devtools.alert_stages import database
from devtools.alert_stages.instance import SHOWN_LIMIT, SHOWN_USE, Instance
from devtools.alert_stages.pages import Visitor
from devtools.alert_stages.settings import DISK_MARGIN
from imports.models import ImportJob

WORKERS, SCHEDULER, SANDBOX, BROKER = "--queues", " beat ", " sandbox ", "--unixsocket"
# It refuses with 429: a limit that its headers tell of is kept to before it refuses anything.
LIMITED = {"rate_limit": 5, "rate_window": 10, "rate_headers": False}
LITTLE_MEMORY = 64 * 2**20  # bytes that are left of a container's


@dataclass(frozen=True)
class Scene:
    """`job` is being sent throughout, some leads a second."""

    instance: Instance
    admin: Visitor
    job: ImportJob


Fault = Callable[[Scene], AbstractContextManager[None]]


@dataclass(frozen=True)
class Stage:
    """`code`: of the alert that must be named. `needs`: what this machine must have for it, '' where it can be staged here."""

    code: str
    fault: Fault
    needs: Callable[[Scene], str] = lambda scene: ""


def _disk_is_taken(scene: Scene) -> AbstractContextManager[None]:
    return _taken(settings.VAR_DIR / "taken", DISK_MARGIN + DISK_MARGIN // 3)


@contextmanager
def _taken(path: Path, size: int) -> Iterator[None]:
    with path.open("wb") as file:
        try:
            os.posix_fallocate(file.fileno(), 0, size)
            yield
        finally:
            path.unlink()


@contextmanager
def _mail_server_is_closed(scene: Scene) -> Iterator[None]:
    scene.instance.mail.close()
    yield
    scene.instance.mail.open()


@contextmanager
def _memory_is_used(scene: Scene) -> Iterator[None]:
    assert scene.instance.memory is not None
    scene.instance.memory.use(SHOWN_LIMIT - LITTLE_MEMORY)
    yield
    scene.instance.memory.use(SHOWN_USE)


def _sandbox_with(mended: dict[str, Any], **changes: Any) -> Fault:
    @contextmanager
    def fault(scene: Scene) -> Iterator[None]:
        scene.instance.sandbox.settings(**changes)
        yield
        scene.instance.sandbox.settings(**mended)

    return fault


@contextmanager
def _key_is_refused(scene: Scene) -> Iterator[None]:
    """It works again at the end, and the admin resumes the import, as the alert says."""
    scene.instance.sandbox.settings(key_refused="all")
    yield
    scene.instance.sandbox.settings(key_refused="")
    scene.admin.press(reverse("imports:resume", args=[scene.job.pk]), reverse("imports:show", args=[scene.job.pk]))


def _memory_needs(scene: Scene) -> str:
    return "" if scene.instance.memory else "root, for a container's memory of its own"


STAGES = {
    "no worker": Stage("no_worker", lambda scene: scene.instance.killed(WORKERS)),
    "frozen worker": Stage("worker_frozen", lambda scene: scene.instance.frozen("--queues send")),
    "frozen process": Stage("worker_frozen", lambda scene: scene.instance.frozen_children("--queues send", 1)),
    "frozen broker": Stage("broker_silent", lambda scene: scene.instance.frozen(BROKER)),
    "full broker": Stage("broker_full", lambda scene: scene.instance.full_broker()),
    "database locked": Stage("database_locked", lambda scene: database.locked()),
    "database read-only": Stage("database_locked", lambda scene: database.read_only()),
    "database slow": Stage("database_slow", lambda scene: database.slow()),
    "WhatTalk frozen": Stage("service_frozen", lambda scene: scene.instance.frozen(SANDBOX)),
    "WhatTalk slow": Stage("service_slow", _sandbox_with({"latency_ms": 0}, latency_ms=4_000)),
    "WhatTalk limiting": Stage("service_limits", _sandbox_with({"rate_limit": 0}, **LIMITED)),
    "WhatTalk away": Stage("service_failing", _sandbox_with({"maintenance": False}, maintenance=True)),
    "key refused": Stage("key_refused", _key_is_refused),
    "mail down": Stage("mail_down", _mail_server_is_closed),
    "disk short": Stage("disk_short", _disk_is_taken),
    "memory short": Stage("memory_short", _memory_is_used, _memory_needs),
    "dispatcher asleep": Stage("dispatcher_asleep", lambda scene: scene.instance.frozen(WORKERS, SCHEDULER)),
    "import still": Stage("import_still", lambda scene: scene.instance.frozen_children("--queues send", 1_000)),
}
