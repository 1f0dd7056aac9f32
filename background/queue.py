"""Have a worker do something: one message to the broker, once the caller's transaction is committed.

The database already says what is to be done, and the dispatcher asks again for what nobody has taken. So a message that is
lost, or a broker that is away, costs seconds and never work: enqueueing raises nothing.
"""

import logging
import time

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)
QUIET_SECONDS = 10.0  # a broker that did not answer is not asked again so soon
_quiet_until = 0.0


def enqueue(task: str, *ids: int, after: float = 0) -> None:
    """Have a worker run `task` (its whole name) with `ids` after the commit, `after` seconds later."""
    transaction.on_commit(lambda: _send(task, ids, **({"countdown": after} if after else {})))


def _send(task: str, ids: tuple[int, ...], **options: float) -> None:
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        current_app.send_task(task, args=ids, **options)
    except Exception as error:  # whatever the broker's client raises: nobody's work may fail for a message
        _quiet_until = time.monotonic() + QUIET_SECONDS
        log.warning("the broker cannot be reached (%s); work begins when the dispatcher looks next", type(error).__name__)
