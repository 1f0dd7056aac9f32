"""Logs of workers and the scheduler: as the settings say, and each line of a task tells what it is about.

Many tasks do whatever has its turn, not what their message names: those say what they are about once it is chosen
(`imports.scheduling`).
"""

import logging.config
from typing import Any

from celery.signals import setup_logging, task_postrun, task_prerun
from django.conf import settings

from background import log_context

# What the first id of a message is, of tasks that do what it names.
IDS = {
    "undo": "import_id",
    "ask_whattalk": "request_number",  # `request_id` is that of a page's request
    "sync_campaigns": "account_id",
    "settle_do_not_call": "account_id",
    "sync_leads": "campaign_id",
}


@setup_logging.connect
def _as_the_settings_say(**kwargs: Any) -> None:
    """Without this Celery would log in a form of its own, past the filter that masks numbers."""
    logging.config.dictConfig(settings.LOGGING)


@task_prerun.connect
def _begin(task_id: str, task: Any, args: Any = (), **kwargs: Any) -> None:
    about = IDS.get(task.name.rpartition(".")[2])
    log_context.begin(task_id=task_id, **({about: args[0]} if about and args else {}))


@task_postrun.connect
def _end(**kwargs: Any) -> None:
    log_context.begin()
