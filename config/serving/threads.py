"""Where Django's synchronous code runs. Each kind of work has threads of its own, so that one kind keeps no other waiting."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import close_old_connections

P = ParamSpec("P")
T = TypeVar("T")


class Threads:
    """`pages`: requests. `probes`: health checks, which must be answered while pages wait. `large`: requests with large bodies.
    `overdue`: the page that says that they do.
    `streams`: responses that are made while they are sent. `disk`: reads and writes of a block."""

    def __init__(self) -> None:
        self.pages = ThreadPoolExecutor(settings.WEB_THREADS, "page")
        self.probes = ThreadPoolExecutor(3, "probe")  # /readyz may wait for a database that hangs, /livez not for it
        self.overdue = ThreadPoolExecutor(1, "overdue")
        self.large = ThreadPoolExecutor(2, "large")
        self.streams = ThreadPoolExecutor(2, "stream")
        self.disk = ThreadPoolExecutor(2, "disk")


async def run(
    pool: ThreadPoolExecutor, context: contextvars.Context, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """The result of `work`, done by a thread of `pool` in `context`, which holds the language of the request."""
    return await asyncio.get_running_loop().run_in_executor(pool, lambda: context.run(work, *args, **kwargs))


def with_connections_closed(work: Callable[P, T]) -> Callable[P, T]:
    """`work` outside of a request: its database connections are looked after as those of a request are."""

    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        close_old_connections()
        try:
            return work(*args, **kwargs)
        finally:
            close_old_connections()

    return wrapped
