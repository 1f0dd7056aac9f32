"""The heartbeat of a worker's parent process and of the scheduler: every few seconds it writes that the process is alive
and calls the dispatcher.

So the work goes on when the scheduler is dead or the broker has lost everything. The database is used only
between forks: a child must not inherit a connection in use.
"""

import logging
import os
import socket
import threading
import time
from typing import Any

from celery.signals import beat_init, worker_ready, worker_shutting_down
from django.conf import settings
from django.db import connection

from background import shutdown
from background.database_clock import now_ms
from imports.models import Heartbeat

from .dispatcher import dispatch_due_work

log = logging.getLogger(__name__)
_between_forks = threading.Lock()
os.register_at_fork(
    before=_between_forks.acquire,
    after_in_parent=_between_forks.release,
    after_in_child=_between_forks.release,
)


class HeartbeatThread(threading.Thread):
    """`owner`: the process that is alive, by name; `kind`: worker or scheduler; `detail`: what it does, as `Heartbeat` keeps it."""

    def __init__(self, owner: str, kind: str, detail: dict[str, Any] | None = None) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self._owner, self._kind, self._detail = owner[:120], kind, detail or {}

    def run(self) -> None:
        while not shutdown.is_asked():
            with _between_forks:
                self._beat()
            time.sleep(settings.DISPATCH_SECONDS)

    def _beat(self) -> None:
        try:
            beat(self._owner, self._kind, self._detail)
            dispatch_due_work()
        except Exception as error:  # a database that is away comes back; a thread that has ended does not
            log.warning("no heartbeat: %s", type(error).__name__)
        finally:
            connection.close()


def beat(name: str, kind: str, detail: dict[str, Any] | None = None) -> None:
    """Write that `name` is alive and does its work."""
    now = now_ms()
    defaults = {"kind": kind, "beat_ms": now, "last_run_ms": now, "detail": detail or {}}
    Heartbeat.objects.update_or_create(name=name, defaults=defaults)


@worker_ready.connect
def _start_in_worker(sender: Any, **kwargs: Any) -> None:
    queues = sorted(sender.app.amqp.queues.consume_from)
    HeartbeatThread(sender.hostname, "worker", {"queues": queues, "processes": sender.controller.concurrency}).start()


@beat_init.connect
def _start_in_scheduler(sender: Any, **kwargs: Any) -> None:
    HeartbeatThread(f"scheduler@{socket.gethostname()}", "scheduler").start()


@worker_shutting_down.connect
def _finish_soon(**kwargs: Any) -> None:
    shutdown.ask()
