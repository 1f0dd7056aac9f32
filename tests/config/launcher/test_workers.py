"""How many processes each kind of work has on a machine, and which queues a worker consumes under old and new names."""

import pytest
from celery import Celery

from config.launcher.workers import GIB, Machine, this_machine, workers_for
from config.worker import consume_renamed


def sizes(processors: int, gib: float) -> dict[str, int]:
    return {worker.name: worker.processes for worker in workers_for(Machine(processors, int(gib * GIB)))}


@pytest.mark.parametrize(
    ("processors", "gib", "expected"),
    [
        (
            1,
            1,
            {"reader": 2, "sender": 1, "asker": 1, "maintenance": 2},
        ),  # as little memory as there is: mails go with maintenance
        (2, 8, {"reader": 2, "sender": 2, "asker": 2, "mailer": 1, "maintenance": 1}),
        (8, 4, {"reader": 4, "sender": 4, "asker": 2, "mailer": 1, "maintenance": 1}),  # memory decides
        (32, 128, {"reader": 8, "sender": 4, "asker": 2, "mailer": 1, "maintenance": 1}),
    ],
)
def test_processes_fit_the_machine(processors, gib, expected):
    assert sizes(processors, gib) == expected


def test_a_person_decides_otherwise(settings):
    settings.READING_PROCESSES, settings.SENDING_PROCESSES = 5, 3
    assert (sizes(2, 8)["reader"], sizes(2, 8)["sender"]) == (5, 3)


@pytest.mark.parametrize("gib", [1, 8])
def test_every_queue_is_consumed_once(gib, settings):
    queues = [queue for worker in workers_for(Machine(2, gib * GIB)) for queue in worker.queues.split(",")]
    assert sorted(queues) == sorted(settings.QUEUES)


def test_this_machine_has_a_processor_and_memory():
    machine = this_machine()
    assert machine.processors >= 1 and machine.memory > 2**28


@pytest.mark.parametrize(
    ("chosen", "consumed"),
    [
        ("parse,send,mail,tick", {"parse", "send", "mail", "tick", "maintenance", "ask"}),  # a command of the release before
        ("maintenance", {"tick", "maintenance"}),  # messages of the release before
        ("parse", {"parse"}),
    ],
)
def test_old_names_of_queues_go_on_working(chosen, consumed):
    queues = Celery("any").amqp.queues
    queues.select(chosen.split(","))
    consume_renamed(queues)
    assert set(queues.consume_from) == consumed
