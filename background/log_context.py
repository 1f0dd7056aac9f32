"""What a log line is about: the request, the import and the rows, known to everything that is done for them.

with about(import_id=7):
    log.info("…")          # the line has import_id 7
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_about: ContextVar[Mapping[str, object]] = ContextVar("about", default={})


@contextmanager
def about(**ids: object) -> Iterator[None]:
    """Everything that is logged inside carries these too: `request_id`, `import_id`, `row_ids`, `task_id`, …"""
    token = _about.set({**_about.get(), **ids})
    try:
        yield
    finally:
        _about.reset(token)


def add(**ids: object) -> None:
    """As `about`, until the block ends that this is called in."""
    _about.set({**_about.get(), **ids})


def begin(**ids: object) -> None:
    """As `about`, until the next `begin` of this thread or task: for what has no block of its own."""
    _about.set(ids)


def current() -> Mapping[str, object]:
    return _about.get()
