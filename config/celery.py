"""The Celery application. Its messages are doorbells: they carry ids, and losing one costs a few seconds at most.

Each worker's parent and the scheduler write a heartbeat and tick by themselves (`config.worker_heart`).
"""
import os
import socket

from celery import Celery
from celery.signals import beat_init, worker_ready, worker_shutting_down

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("rowcall")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def _let_worker_beat(sender, **kwargs) -> None:
    from config.worker_heart import Heart

    Heart(sender.hostname, "worker").start()


@beat_init.connect
def _let_scheduler_beat(sender, **kwargs) -> None:
    from config.worker_heart import Heart

    Heart(f"scheduler@{socket.gethostname()}", "scheduler").start()


@worker_shutting_down.connect
def _finish_soon(**kwargs) -> None:
    from config import shutdown

    shutdown.ask()
