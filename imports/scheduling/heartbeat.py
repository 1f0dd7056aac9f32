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
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from celery.signals import beat_init, worker_ready, worker_shutdown, worker_shutting_down
from django.conf import settings
from django.db import connection

from background import shutdown
from background.database_clock import now_ms
from imports.alerts.gathering import MAIL_SERVER
from imports.alerts.machine import stopped_children, this_machine
from imports.alerts.mail_server import error_of_mail_server
from imports.mail import outbox
from imports.models import Heartbeat

from .dispatcher import dispatch_due_work, is_due

log = logging.getLogger(__name__)
BEAT_SECONDS = 5.0  # a page names a process that has been silent for four of these
AGAIN_SECONDS = 3.0  # after a heartbeat that could not be written
LOOK_EVERY_MS = 18_000  # at the mail server, by one process of all
_between_forks = threading.Lock()
END_SECONDS = 5.0  # how long the end of a process may wait for its last beat
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
        self._dispatched = float("-inf")
        self._look: threading.Thread | None = None

    def run(self) -> None:
        while not shutdown.is_asked():
            begun = time.monotonic()
            looked, stopped = this_machine(), stopped_children()
            with _between_forks:
                is_written = not shutdown.is_asked() and self._beat({"machine": asdict(looked), "stopped": stopped})
                looks = is_written and self._is_look_due()
            if looks:
                self._begin_look()
            wait = min(BEAT_SECONDS if is_written else AGAIN_SECONDS, settings.DISPATCH_SECONDS)
            time.sleep(max(1.0, wait - (time.monotonic() - begun)))
        with _between_forks:
            self._write(self._note_stopping)

    def _beat(self, found: dict[str, Any]) -> bool:
        """Whether it was written; how long that took is told with the next one."""
        begun = time.monotonic()
        is_written = self._write(lambda: self._note(**found))
        self._detail["write_ms"] = int(1000 * (time.monotonic() - begun))
        return is_written and self._dispatch()

    def _dispatch(self) -> bool:
        """Every DISPATCH_SECONDS, though heartbeats come more often."""
        if time.monotonic() - self._dispatched < settings.DISPATCH_SECONDS - 1:
            return True
        self._dispatched = time.monotonic()
        return self._write(lambda: dispatch_due_work() or True)

    def _note(self, **found: Any) -> bool:
        self._detail.update(found)
        self._detail.setdefault("started_ms", now_ms())
        beat(self._owner, self._kind, self._detail)
        return True

    def _note_stopping(self) -> bool:
        """It finishes what it has begun. Only where it is still known: `end` may have taken it away."""
        detail = {**self._detail, "is_stopping": True}
        return bool(Heartbeat.objects.filter(name=self._owner[:120]).update(detail=detail))

    def _is_look_due(self) -> bool:
        if self._look is not None and self._look.is_alive():
            return False
        return self._write(lambda: is_due(MAIL_SERVER, LOOK_EVERY_MS))

    def _begin_look(self) -> None:
        """In a thread of its own: a name server may take longer to answer than a worker may be silent."""
        self._look = threading.Thread(target=self._look_at_mail_server, name="mail server", daemon=True)
        self._look.start()

    def _look_at_mail_server(self) -> None:
        """Without the database: a server that does not answer must not keep this process from forking."""
        error = error_of_mail_server()
        with _between_forks:
            self._write(lambda: note_mail_server(error))

    def _write(self, work: Callable[[], bool]) -> bool:
        try:
            return work()
        except Exception as error:  # a database that is away comes back; a thread that has ended does not
            log.warning("no heartbeat: %s", type(error).__name__)
            return False
        finally:
            connection.close()


def beat(name: str, kind: str, detail: dict[str, Any] | None = None) -> None:
    """Write that `name` is alive and does its work."""
    now = now_ms()
    defaults = {"kind": kind, "beat_ms": now, "last_run_ms": now, "detail": detail or {}}
    Heartbeat.objects.update_or_create(name=name, defaults=defaults)


def note_mail_server(error: str) -> bool:
    """Keep what a look at the mail server has shown; once it answers again, mails that waited for it are tried at once."""
    server = Heartbeat.objects.filter(name=MAIL_SERVER)
    was = next((detail.get("error", "") for detail in server.values_list("detail", flat=True)), "")
    server.update(detail={"error": error})
    if was and not error:
        outbox.hurry()
    return True


@worker_ready.connect
def _start_in_worker(sender: Any, **kwargs: Any) -> None:
    queues = sorted(sender.app.amqp.queues.consume_from)
    HeartbeatThread(sender.hostname, "worker", {"queues": queues, "processes": sender.controller.concurrency}).start()


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
