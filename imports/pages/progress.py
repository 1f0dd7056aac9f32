"""How an import stands, in the numbers a person wants: how many, how fast, how long yet, and whether anything moves."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from imports import counters
from imports.models import OPEN_STATES, ImportJob, ImportTally, JobState, RowState
from imports.pages.estimates import Movement, movements
from ui.outcome_bar import Segment

STALLED_AFTER = dt.timedelta(minutes=2)

# row state -> part of the outcome bar, in the order they stand in it
LOOKS = {
    RowState.CREATED: "sent",
    RowState.SENDING: "moving",
    RowState.UNKNOWN: "moving",
    RowState.DUPLICATE_IN_FILE: "double",
    RowState.DUPLICATE_IN_CAMPAIGN: "double",
    RowState.DO_NOT_CALL: "silent",
    RowState.NO_CONSENT: "silent",
    RowState.LEFT_OUT: "silent",
    RowState.INVALID: "invalid",
    RowState.REFUSED: "refused",
    RowState.FAILED: "refused",
    RowState.UNCONFIRMED: "refused",
    RowState.CORRECTED: "waiting",
    RowState.CANCELLED: "silent",
    RowState.PENDING: "waiting",
}
SENDABLE = (*OPEN_STATES, RowState.CREATED, RowState.REFUSED, RowState.FAILED, RowState.UNCONFIRMED, RowState.CANCELLED)


@dataclass(frozen=True)
class Progress:
    """`states`: row state -> how many. `movement`: how fast they change just now."""

    job: ImportJob
    states: dict[str, int]
    movement: Movement

    @classmethod
    def of(cls, job: ImportJob) -> "Progress":
        return cls(job, counters.states(job.pk), _movements([job]).get(job.pk, Movement()))

    @classmethod
    def of_all(cls, jobs: Iterable[ImportJob]) -> list["Progress"]:
        """The same for many imports, their sums read together."""
        jobs = list(jobs)
        states = {job.pk: dict.fromkeys(RowState.values, 0) for job in jobs}
        for pk, state, n in ImportTally.objects.filter(job__in=states, kind="state").values_list("job", "key", "n"):
            states[pk][state] = n
        moving = _movements(jobs)
        return [cls(job, states[job.pk], moving.get(job.pk, Movement())) for job in jobs]

    @property
    def waiting(self) -> int:
        return sum(self.states[state] for state in OPEN_STATES)

    @property
    def sendable(self) -> int:
        """Rows that were to be sent."""
        return sum(self.states[state] for state in SENDABLE)

    @property
    def settled(self) -> int:
        return self.sendable - self.waiting

    @property
    def percent(self) -> int:
        """Of the rows to be sent; 100 only when the last one is settled."""
        return int(100 * self.settled / self.sendable) if self.sendable else 100

    @property
    def created(self) -> int:
        return self.states[RowState.CREATED]

    @property
    def problems(self) -> int:
        return sum(self.states[state] for state in (RowState.INVALID, RowState.REFUSED, RowState.FAILED, RowState.UNCONFIRMED))

    @property
    def again(self) -> int:
        """Rows that "try again" would send once more."""
        return self.states[RowState.FAILED] + self.states[RowState.UNCONFIRMED]

    @property
    def corrected(self) -> int:
        """Rows put right since the import was sent, which nobody has sent yet."""
        return self.states[RowState.CORRECTED]

    @property
    def left_out(self) -> int:
        """Rows that a person has left out."""
        return self.states[RowState.LEFT_OUT]

    @property
    def correctable(self) -> int:
        """Rows of an ended import that could be sent if a person corrected them."""
        return self.states[RowState.INVALID] + self.states[RowState.REFUSED] if self.job.state == JobState.DONE else 0

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def rate(self) -> float:
        """Leads a minute, 0 when that is not known."""
        return self.movement.rate

    @property
    def seconds_left(self) -> float | None:
        """None: not known yet."""
        return self.movement.seconds_for(self.waiting)

    @property
    def is_stalled(self) -> bool:
        moved = self.job.moved_at or self.job.push_started_at
        return self.job.state == JobState.PUSHING and moved is not None and timezone.now() - moved > STALLED_AFTER

    @property
    def parts(self) -> list[Segment]:
        return [
            Segment(LOOKS[state], str(RowState(state).label), self.states[state], state) for state in LOOKS if self.states[state]
        ]


def _movements(jobs: Iterable[ImportJob]) -> dict[int, Movement]:
    return movements(job for job in jobs if job.state == JobState.PUSHING)
