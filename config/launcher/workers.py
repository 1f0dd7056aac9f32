"""The Celery workers of an instance: one program for each kind of work, so that none waits for another; how many processes each
has on a machine."""

import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

GIB = 1024**3
MOST_READING, MOST_SENDING = 8, 4
MEMORY_OF_A_READER = GIB  # what reading a large spreadsheet takes, with room to spare; its limit is twice that
LITTLE_MEMORY = 3 * GIB // 2  # bytes; below, mails and maintenance share a program, and one process sends
CONTAINER_MEMORY = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True)
class Machine:
    """Processors that may be used, and bytes of memory."""

    processors: int
    memory: int


@dataclass(frozen=True)
class Worker:
    """One Celery worker program: the queues it consumes, and how many processes it has."""

    name: str
    queues: str
    processes: int


MAINTENANCE = Worker("maintenance", "maintenance", 1)


def workers_for(machine: Machine) -> list[Worker]:
    """At least two processes read, so that a small file never waits for a large one.

    An idle process takes some 45 MB, a program some 50 MB more. READING_PROCESSES and SENDING_PROCESSES say otherwise.
    """
    is_small = machine.memory < LITTLE_MEMORY
    reading = max(2, min(machine.processors, machine.memory // MEMORY_OF_A_READER, MOST_READING))
    sending = 1 if is_small else max(2, min(machine.processors, MOST_SENDING))
    rest = [Worker("maintenance", "mail,maintenance", 2)] if is_small else [Worker("mailer", "mail", 1), MAINTENANCE]
    return [
        Worker("reader", "parse", settings.READING_PROCESSES or reading),
        Worker("sender", "send", settings.SENDING_PROCESSES or sending),
        Worker("asker", "ask", 1 if is_small else 2),
        *rest,
    ]


def this_machine() -> Machine:
    """What this process may use: of a container, what it is given."""
    affinity = getattr(os, "sched_getaffinity", None)
    processors = len(affinity(0)) if affinity else os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        return Machine(processors, min(memory, int(CONTAINER_MEMORY.read_text())))
    except (OSError, ValueError):  # no container, or one without a limit ("max")
        return Machine(processors, memory)
