"""What every Celery worker does when it starts, however it was started."""

import gc
import os
from typing import Any

from celery.signals import celeryd_after_setup
from django.conf import settings

# Old name -> new name. A worker that is started with one of them consumes both: commands that people have written down go on
# working, and messages that were under way during an upgrade are done. To be removed with the release after 0.1.
RENAMED = {"tick": "maintenance"}
NEW = ("ask",)  # queues that the release before did not have: they are consumed by workers that are started as it said
READING = "parse"
NICENESS = 10  # of workers that only read: sending and pages come first where processors are short


@celeryd_after_setup.connect
def prepare(instance: Any, **kwargs: Any) -> None:
    consume_renamed(instance.app.amqp.queues)
    # Not with SQLite: whoever waits for a processor while it holds the one writer's lock keeps everybody waiting.
    if set(instance.app.amqp.queues.consume_from) == {READING} and not settings.IS_SQLITE:
        os.nice(NICENESS)
    instance.app.loader.import_default_modules()
    # What is loaded stays shared with the processes that are forked now: their garbage collectors leave it alone.
    gc.collect()
    gc.freeze()


def consume_renamed(queues: Any) -> None:
    """Both names of each queue of which the worker consumes one. `queues`: as Celery keeps them."""
    chosen = set(queues.consume_from)
    for old, new in RENAMED.items():
        if {old, new} & chosen:
            queues.select_add(old)
            queues.select_add(new)
        for name in NEW if old in chosen else ():
            queues.select_add(name)
