"""Which alerts the facts amount to. Pure: the sentences stand in `imports.messages.alerts`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from imports.alerts.facts import Facts, Machine, Service, StillImport, Worker

SILENT_MS = 20_000  # a worker that has sent no heartbeat for so long does nothing: it sends one every five seconds
ASLEEP_MS, ASLEEP_INTERVALS = 24_000, 2.4  # since due work was looked for, the longer of both
GONE_MS = 24 * 3_600_000  # who has been silent for so long is remembered by nobody
SLOW_READ_MS, SLOW_WRITE_MS, SLOW_LOCK_MS = 500, 3_000, 10_000
TIMED_OUT_MS = 20_000  # for so long one request without an answer, and none with one after it, tells of the service
FROZEN_MS, FROZEN_TIMES = 10_000, 3.0  # without any answer, and times of what is usual
FAILURES = 5  # in a row: earlier than the breaker opens, which takes its time where few requests are made
SLOW_ANSWER_MS, SLOWER_MS, SLOWER_TIMES = 3_000, 1_000, 3.0
STILL_MS, STILL_WHILE_OTHERS_MOVE_MS = 24_000, 120_000
LEAST_MEMORY, LEAST_MEMORY_SHARE = 128 * 2**20, 0.04
LEAST_DISK = 100 * 2**20
MEGABYTE = 2**20

CODES = (
    "no_worker",
    "queue_unread",
    "worker_frozen",
    "broker_silent",
    "broker_full",
    "database_locked",
    "database_slow",
    "service_frozen",
    "service_failing",
    "service_slow",
    "service_limits",
    "key_refused",
    "balance_empty",
    "mail_down",
    "disk_short",
    "memory_short",
    "dispatcher_asleep",
    "import_still",
)


@dataclass(frozen=True)
class Alert:
    """`code`: one of CODES. `params`: what its sentence names. `is_grave`: work stands still, or is about to."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)
    is_grave: bool = True

    @property
    def message(self) -> str:
        """The code of its sentence in `imports.messages`."""
        return f"alert_{self.code}"


def alerts_of(facts: Facts) -> list[Alert]:
    """What is wrong now, the grave first."""
    found = [
        *_of_database(facts),
        *_of_workers(facts),
        *_of_broker(facts),
        *(alert for service in facts.services for alert in _of_service(service)),
        *_of_mail(facts),
        *(alert for machine in facts.machines for alert in _of_machine(machine, facts.disk_floor)),
        *_of_imports(facts),
    ]
    return sorted(found, key=lambda alert: not alert.is_grave)


def _of_database(facts: Facts) -> Iterator[Alert]:
    database = facts.database
    if database.is_locked:
        yield Alert("database_locked")
    elif database.read_ms >= SLOW_READ_MS or database.write_ms >= SLOW_WRITE_MS or database.lock_ms >= SLOW_LOCK_MS:
        ms = max(database.read_ms, database.write_ms, database.lock_ms)
        yield Alert("database_slow", {"seconds": f"{ms / 1000:.1f}"}, is_grave=False)


def _of_workers(facts: Facts) -> Iterator[Alert]:
    if facts.database.is_locked:
        return  # heartbeats cannot be written, whoever is alive
    alive = living(facts.workers)
    if not alive:
        yield Alert("no_worker")
    elif without := unread(facts.queues, alive):
        yield Alert("queue_unread", {"queues": ", ".join(without)})
    for worker in _frozen(facts.workers, alive):
        yield Alert("worker_frozen", {"name": worker.name, "seconds": worker.silent_ms // 1000})
    for worker in alive:
        if worker.stopped:
            yield Alert("worker_frozen", {"name": worker.name, "seconds": worker.silent_ms // 1000})
    if _is_asleep(facts, alive):
        yield Alert("dispatcher_asleep", {"seconds": (facts.dispatcher_ms or 0) // 1000})


def living(workers: Iterable[Worker]) -> list[Worker]:
    """Workers that take up new work: heard of lately, and not asked to end."""
    return [worker for worker in workers if worker.silent_ms < SILENT_MS and not worker.is_stopping]


def unread(queues: tuple[str, ...], alive: list[Worker]) -> list[str]:
    """Queues that no worker reads; none where a worker does not say which it reads (an earlier version)."""
    if any(not worker.queues for worker in alive):
        return []
    return [queue for queue in queues if not any(queue in worker.queues for worker in alive)]


def _frozen(workers: tuple[Worker, ...], alive: list[Worker]) -> list[Worker]:
    """Workers that fell silent without having been asked to end, and that no newer one has replaced, the latest silence first."""
    silent = sorted(
        (one for one in workers if SILENT_MS <= one.silent_ms < GONE_MS and not one.is_stopping), key=lambda one: one.silent_ms
    )
    newer = sorted((one for one in alive if one.age_ms is not None), key=lambda one: one.age_ms or 0)
    frozen = []
    for worker in silent:
        replacement = next((one for one in newer if _replaces(one, worker)), None)
        if replacement is None:
            frozen.append(worker)
        else:
            newer.remove(replacement)
    return frozen


def _replaces(newer: Worker, silent: Worker) -> bool:
    """Whether it reads the same queues and began when the other was silent already. Workers of all queues are started at the same time:
    one that falls silent right after that has been replaced by none of the others. An earlier version does not name its queues."""
    reads_the_same = not newer.queues or set(silent.queues) <= set(newer.queues)
    return reads_the_same and newer.age_ms is not None and newer.age_ms < silent.silent_ms


def _is_asleep(facts: Facts, alive: list[Worker]) -> bool:
    limit_ms = max(ASLEEP_MS, int(ASLEEP_INTERVALS * facts.dispatch_ms))
    if facts.dispatcher_ms is not None:
        return facts.dispatcher_ms >= limit_ms
    return any((worker.age_ms or 0) >= limit_ms for worker in alive)


def _of_broker(facts: Facts) -> Iterator[Alert]:
    if not facts.broker.answers:
        yield Alert("broker_silent")
    elif facts.broker.is_full:
        yield Alert("broker_full")


def _of_service(service: Service) -> Iterator[Alert]:
    account = {"account": service.account}
    if service.problem == "key":
        yield Alert("key_refused", account)
    elif service.problem == "balance":
        yield Alert("balance_empty", account)
    if _is_frozen(service):
        yield Alert("service_frozen", {**account, "seconds": _silent_ms(service) // 1000})
    elif service.is_left_alone or service.failures >= FAILURES:
        yield Alert("service_failing", {**account, "seconds": service.next_try_ms // 1000})
    elif _is_slow(service):
        ms = max(service.waiting_ms, service.mean_ms)
        yield Alert("service_slow", {**account, "seconds": f"{ms / 1000:.1f}"}, is_grave=False)
    if service.limited or service.is_limiting or service.paused_ms:
        params = {**account, "seconds": service.paused_ms // 1000, "rate": round(service.rate)}
        yield Alert("service_limits", params, is_grave=False)


def _is_frozen(service: Service) -> bool:
    if service.is_left_alone:
        return service.timed_out_ms is not None
    if service.timed_out_ms is not None and service.timed_out_ms < TIMED_OUT_MS:
        return True
    limit_ms = max(FROZEN_MS, FROZEN_TIMES * service.usual_ms)
    return service.waiting_ms >= limit_ms and (service.quiet_ms is None or service.quiet_ms >= limit_ms)


def _silent_ms(service: Service) -> int:
    return max(service.waiting_ms, service.timed_out_ms or 0, service.quiet_ms or 0)


def _is_slow(service: Service) -> bool:
    limit_ms = min(SLOW_ANSWER_MS, max(SLOWER_MS, SLOWER_TIMES * service.usual_ms) if service.usual_ms else SLOW_ANSWER_MS)
    return service.waiting_ms >= max(limit_ms, SLOW_ANSWER_MS) or bool(service.answers) and service.mean_ms >= limit_ms


def _of_mail(facts: Facts) -> Iterator[Alert]:
    if error := facts.mail.server_error or (facts.mail.error if facts.mail.failing else ""):
        yield Alert("mail_down", {"error": error, "count": facts.mail.failing})


def _of_machine(machine: Machine, disk_floor: int) -> Iterator[Alert]:
    if machine.disk_free is not None and machine.disk_free < max(LEAST_DISK, disk_floor):
        yield Alert("disk_short", {"name": machine.name, "mb": machine.disk_free // MEGABYTE})
    elif machine.disk_free is not None and machine.disk_free < 2 * disk_floor:
        yield Alert("disk_short", {"name": machine.name, "mb": machine.disk_free // MEGABYTE}, is_grave=False)
    if machine.memory_free is not None and machine.memory_total:
        if machine.memory_free < max(LEAST_MEMORY, LEAST_MEMORY_SHARE * machine.memory_total):
            yield Alert("memory_short", {"name": machine.name, "mb": machine.memory_free // MEGABYTE})


def _of_imports(facts: Facts) -> Iterator[Alert]:
    """An import waits for others now and then; that nothing moves at all, or not for minutes, is no waiting."""
    others_move = facts.since_moved_ms is not None and facts.since_moved_ms < STILL_MS
    for one in facts.imports:
        limit_ms = STILL_WHILE_OTHERS_MOVE_MS if others_move else STILL_MS
        if one.still_ms >= limit_ms and not _is_explained(one, facts.services):
            yield Alert("import_still", {"file": one.file_name, "id": str(one.pk), "seconds": one.still_ms // 1000})


def _is_explained(one: StillImport, services: tuple[Service, ...]) -> bool:
    """Whether its service asked to wait, or does not answer: then nothing is wrong with the import."""
    mine = [service for service in services if service.account == one.account]
    return one.is_sending and any(service.paused_ms or service.is_left_alone or _is_frozen(service) for service in mine)
