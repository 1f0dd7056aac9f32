"""Logs of workers and the scheduler: as the settings say, and each line of a task tells which import it is about."""

import logging.config
from typing import Any

from celery.signals import setup_logging, task_postrun, task_prerun
from django.conf import settings

from background import log_context

IMPORT_TASKS = frozenset({"check", "send_import", "undo"})  # their first id is an import's
IDS = {"run_operation": "operation_id", "send_mail": "mail_id", "sync_campaigns": "account_id", "sync_leads": "campaign_id"}


@setup_logging.connect
def _as_the_settings_say(**kwargs: Any) -> None:
    """Without this Celery would log in a form of its own, past the filter that masks numbers."""
    logging.config.dictConfig(settings.LOGGING)


@task_prerun.connect
def _begin(task_id: str, task: Any, args: Any = (), **kwargs: Any) -> None:
    name = task.name.rpartition(".")[2]
    about = "import_id" if name in IMPORT_TASKS else IDS.get(name)
    log_context.begin(task_id=task_id, **({about: args[0]} if about and args else {}))


@task_postrun.connect
def _end(**kwargs: Any) -> None:
    log_context.begin()
