"""The turns of the processes that send: a slice of one import each, by the rule of `background.turns`.

A message names a slot of an import. Where another import comes first, it has this slice, and the message is sent again: so each
import keeps as many messages as it has slots to send from. Of the imports of one person comes first the one that had a slice longest ago.
"""

from collections.abc import Iterator
from typing import NamedTuple

from background import log_context
from background.database_clock import now_ms
from background.models import Turn
from background.queue import enqueue
from background.served import note_turn, served
from background.turns import Work, next_turn
from imports.models import ImportJob, SendSlot
from imports.push import sender, slots
from imports.push.slots import Slot
from imports.scheduling.dispatcher import runnable

QUEUE = "send"
TASK = "imports.tasks.send_import"


class Following(NamedTuple):
    """The next message: ids of an import and of its slot, () when there is nothing more to send now; seconds until then."""

    ids: tuple[int, ...] = ()
    after: float = 0.0


def send_next(job_id: int, number: int | None = None, token: int | None = None) -> Following:
    """A slice of the import that has its turn. A message whose slot was taken since does nothing."""
    job = ImportJob.objects.select_related("campaign__account").get(pk=job_id)
    named = _free_slot(job, number, token)
    if named is None:
        return Following()
    turn = _turn_before(job)
    if turn is not None and (slot := _free_slot(turn)):
        enqueue(TASK, job_id, *named)
        return _send(turn, slot)
    return _send(job, named)


def _free_slot(job: ImportJob, number: int | None = None, token: int | None = None) -> Slot | None:
    """The slot that is named, if it is still free; any free one where none is named."""
    for slot in slots.free(job):
        if number is None or slot == Slot(number, token or 0):
            return slot
    return None


def _send(job: ImportJob, slot: Slot) -> Following:
    log_context.add(import_id=job.pk)
    note_turn(QUEUE, _person(job))
    more, after = sender.run_at(job.pk, *slot)
    next_ms = now_ms() + int(1000 * after)
    SendSlot.objects.filter(job=job, number=slot.number, token=slot.taken.token).update(next_ms=next_ms)
    return Following() if more is None else Following((job.pk, *more), after)


def _turn_before(named: ImportJob) -> ImportJob | None:
    """The import that comes before this one."""
    jobs = {named.pk: named} | {job.pk: job for job in runnable()}
    waiting = list(_waiting(jobs))
    busy = SendSlot.objects.filter(lease_ms__gte=now_ms()).values_list("job", "job__owner")
    running = [Work(QUEUE, pk, owner or Turn.NOBODY, 0.0) for pk, owner in busy]
    first = next_turn(waiting, running, served(QUEUE), processes=1, now=now_ms() / 1000)
    return None if first is None or first.pk == named.pk else jobs[first.pk]


def _waiting(jobs: dict[int, ImportJob]) -> Iterator[Work]:
    """Imports with a slot that is free and whose time has come. `since`: when their last slice ended."""
    known: dict[int, dict[int, SendSlot]] = {}
    for slot in SendSlot.objects.filter(job__in=jobs):
        known.setdefault(slot.job_id, {})[slot.number] = slot
    now = now_ms()
    for pk, job in jobs.items():
        mine = [known.get(pk, {}).get(number) for number in slots.numbers(job)]
        free = [slot.next_ms if slot else 0 for slot in mine if slot is None or max(slot.lease_ms + 1, slot.next_ms) <= now]
        if free:
            yield Work(QUEUE, pk, _person(job), min(free) / 1000)


def _person(job: ImportJob) -> int:
    return job.owner_id or Turn.NOBODY
