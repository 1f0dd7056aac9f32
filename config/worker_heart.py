"""The heart of a worker's parent process and of the scheduler: every few seconds it writes that it is alive
and gives the tick.

So the work goes on when the scheduler is dead or the broker has forgotten everything. The database is used only
between forks: a child must not inherit a connection in use.
"""
import logging
import os
import threading
import time

from django.conf import settings
from django.db import connection

from config import shutdown
from config.clock import now_ms

log = logging.getLogger(__name__)
_between_forks = threading.Lock()
os.register_at_fork(
    before=_between_forks.acquire, after_in_parent=_between_forks.release, after_in_child=_between_forks.release,
)


class Heart(threading.Thread):
    """`owner`: what beats, by name; `kind`: worker or scheduler."""

    def __init__(self, owner: str, kind: str) -> None:
        super().__init__(name="heart", daemon=True)
        self._owner, self._kind = owner[:120], kind

    def run(self) -> None:
        while not shutdown.is_asked():
            with _between_forks:
                self._beat()
            time.sleep(settings.TICK_SECONDS)

    def _beat(self) -> None:
        try:
            beat(self._owner, self._kind)
            _tick()
        except Exception as error:  # a database that is away comes back; a heart that stops does not
            log.warning("no heartbeat: %s", type(error).__name__)
        finally:
            connection.close()


def beat(name: str, kind: str) -> None:
    """Write that `name` is alive and does its work."""
    from imports.models import Heartbeat

    now = now_ms()
    Heartbeat.objects.update_or_create(name=name, defaults={"kind": kind, "beat_ms": now, "tick_ms": now})


def _tick() -> None:
    from imports.tasks import tick

    tick()
