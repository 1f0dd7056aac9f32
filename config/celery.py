"""The Celery application. Its messages carry ids, and losing one costs a few seconds at most."""

import os

from celery import Celery

from config import (  # noqa: F401  both connect to Celery's signals
    celery_logs,
    worker,
)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("rowcall")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
