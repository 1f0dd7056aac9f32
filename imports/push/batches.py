"""What a sender's ledger plans for its next batch: the requests that leave once it is committed."""

from typing import Any, NamedTuple

from imports.models import JobState
from imports.push import probes
from imports.push.row_claims import Claimed
from imports.push.row_evidence import Dating

SETTLING = (JobState.PUSHING, JobState.PAUSED, JobState.CANCELLED)
UNUSABLE = ("key", "misconfigured")  # nothing can be asked while the import is paused for this


class Sending(NamedTuple):
    """A row on its way; `lead` is what goes out."""

    row: Claimed
    lead: dict[str, Any]
    is_probe: bool = False


class LookingUp(NamedTuple):
    row: Claimed
    is_probe: bool = False


class Control(NamedTuple):
    """What the import's own row says at the beginning of a batch. `now_ms`: steady time; `read`: when it was asked for, on this
    process's clock; `took`: seconds until it was there."""

    state: str
    reason: str
    send_limit: int | None
    failures: dict[str, Any]
    now_ms: int
    read: float
    took: float = 0.0
    probe_ms: int = 0

    @property
    def is_probe_due(self) -> bool:
        return self.state == JobState.PAUSED and self.reason in probes.PROBED and self.probe_ms <= self.now_ms

    @property
    def may_look_up(self) -> bool:
        return self.state in SETTLING and not (self.state == JobState.PAUSED and self.reason in UNUSABLE)


class Checking(NamedTuple):
    """A look-up of a number that was taken: it shows whether only this row is refused."""

    row_id: int
    phone: str


class Next(NamedTuple):
    """What may leave, now that the batch is committed."""

    control: Control
    send: list[Sending]
    look_up: list[LookingUp]
    date: list[Dating]
    check: list[Checking]
