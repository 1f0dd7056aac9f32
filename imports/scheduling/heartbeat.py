"""The heartbeat of a worker's parent process and of the scheduler: every few seconds it writes that the process is alive
and calls the dispatcher.

So the work goes on when the scheduler is dead or the broker has lost everything. The database is used only
between forks: a child must not inherit a connection in use.
"""

import atexit
import logging
import os
import socket
import threading
import time
from typing import Any

from celery.signals import beat_init, worker_ready, worker_shutdown, worker_shutting_down
from django.conf import settings
from django.db import connection

from background import shutdown
from background.database_clock import now_ms
from imports.models import Heartbeat

from .dispatcher import dispatch_due_work

log = logging.getLogger(__name__)
_between_forks = threading.Lock()
END_SECONDS = 5.0  # how long the end of a process may wait for its last beat
os.register_at_fork(
    before=_between_forks.acquire,
    after_in_parent=_between_forks.release,
    after_in_child=_between_forks.release,
)


class HeartbeatThread(threading.Thread):
    """`owner`: the process that is alive, by name; `kind`: worker or scheduler."""

    def __init__(self, owner: str, kind: str) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self._owner, self._kind = owner[:120], kind

    def run(self) -> None:
        while not shutdown.is_asked():
            with _between_forks:
                if not shutdown.is_asked():  # `end` may have had the lock
                    self._beat()
            time.sleep(settings.DISPATCH_SECONDS)

    def _beat(self) -> None:
        try:
            beat(self._owner, self._kind)
            dispatch_due_work()
        except Exception as error:  # a database that is away comes back; a thread that has ended does not
            log.warning("no heartbeat: %s", type(error).__name__)
        finally:
            connection.close()


def beat(name: str, kind: str) -> None:
    """Write that `name` is alive and does its work."""
    now = now_ms()
    Heartbeat.objects.update_or_create(name=name, defaults={"kind": kind, "beat_ms": now, "last_run_ms": now})


@worker_ready.connect
def _start_in_worker(sender: Any, **kwargs: Any) -> None:
    HeartbeatThread(sender.hostname, "worker").start()


@beat_init.connect
def _start_in_scheduler(sender: Any, **kwargs: Any) -> None:
    name = f"scheduler@{socket.gethostname()}"
    HeartbeatThread(name, "scheduler").start()
    atexit.register(end, name)  # beat has no signal for its end


@worker_shutdown.connect
def _end_of_worker(sender: Any, **kwargs: Any) -> None:
    end(sender.hostname)


def end(name: str) -> None:
    """Take the heartbeat away: who has stopped in order is not alive for another minute, as one who was killed is."""
    shutdown.ask()  # no beat comes after this
    if not _between_forks.acquire(timeout=END_SECONDS):
        return  # the last beat waits for the database
    try:
        Heartbeat.objects.filter(name=name[:120]).delete()
    except Exception as error:  # the database may be stopping too
        log.warning("the heartbeat stays: %s", type(error).__name__)
    finally:
        connection.close()
        _between_forks.release()


@worker_shutting_down.connect
def _finish_soon(**kwargs: Any) -> None:
    shutdown.ask()
