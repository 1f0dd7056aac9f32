"""How many requests one sender may have in flight, and when it must wait: its share of `campaigns.pacing.budget`.

Each sender holds a slot (`SendSlot`) with its part of the requests in flight. The parts never add up to more than the
whole: a newcomer gets what is free, and the others give up what is above their fair part at their next report. Of a
limited rate, each import in turn. Both are divided among people first, then among the imports of each.

Every function runs in the caller's transaction and locks the account's row first of all.
"""

import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from background import metric_sums
from campaigns.models import Account
from campaigns.pacing.adaptive_rate import LONG_WAIT, adapt, limit_now, wait_now
from campaigns.pacing.budget import Budget, note_limits
from campaigns.pacing.refusals import Closed
from campaigns.pacing.seen import Seen
from campaigns.whattalk.resources import RateLimit
from imports.models import ImportJob, SendSlot
from imports.push import slots
from imports.push.service_signals import ServiceState
from imports.push.slots import Slot

REPORT_EVERY = 1.0  # seconds
SHORTEST_PAUSE = 0.02


class Accepted(NamedTuple):
    """A request that the service took: when it began and when its answer came, in seconds of `time.monotonic`."""

    begun: float
    ended: float


@dataclass
class Share:
    """One process's right to send rows of one import, and its part of what the account may send."""

    slot_id: int
    token: int
    job_id: int
    account: Account
    owner: int = 0  # whose import it is; 0: nobody's
    weight: float = 1.0  # imports of its owner that are sent now, over those of whoever has the fewest
    part: int = 0
    wait_ms: int = 0  # nothing may be sent for so long
    rate: float = 0  # requests a minute that all senders share; 0: not limited, so that no tokens are taken
    is_steady: bool = False  # that rate is known to be the limit
    usual_ms: float = 0  # how long an answer takes
    is_lost: bool = False  # somebody else has the slot now
    is_open: bool = False  # the breaker: the service is left alone
    is_tried: bool = False  # only a single request may begin, to see whether the service takes requests again
    _seen: Seen = field(default_factory=Seen)
    _accepted: list[Accepted] = field(default_factory=list)  # those counted in `_seen.fine`
    _requests: Counter[str] = field(default_factory=Counter)  # for the histograms of /metrics, not yet written
    _reported: float = 0.0
    _budget: Budget | None = None

    @property
    def is_limited(self) -> bool:
        return self.rate > 0 or self.is_tried

    @property
    def pause(self) -> float:
        """Seconds in which about one more request becomes possible."""
        return max(SHORTEST_PAUSE, 60 / self.rate) if self.rate else float("inf")

    def note(self, service: ServiceState, seconds: float, asked_ms: int | None = None, ended: float = 0.0) -> None:
        """What one answer says of the service. `ended`: when it came, in seconds of `time.monotonic`; 0: just now."""
        seen = self._seen
        is_fine = service in (ServiceState.OK, ServiceState.BLOCKED)
        seen.fine += is_fine
        if is_fine:
            ended = ended or time.monotonic()
            self._accepted.append(Accepted(ended - seconds, ended))
        seen.fine_after += is_fine and seen.limited > 0
        seen.limited += service is ServiceState.THROTTLED
        seen.marks += {ServiceState.ERROR: "x", ServiceState.OK: "."}.get(service, "")
        seen.asked_ms = max(seen.asked_ms, asked_ms or 0)
        if service is ServiceState.OK:
            seen.seconds += seconds
            seen.timed += 1
        seen.failed += service is ServiceState.ERROR
        seen.timed_out += service is ServiceState.ERROR and seconds >= min(LONG_WAIT, settings.SEND_LEASE_SECONDS / 5)
        if service is not ServiceState.NOT_SENT:
            self._requests += metric_sums.observed(seconds, metric_sums.SECONDS, f"{service}|")

    def note_ended(self, rows: int) -> None:
        """So many rows have their outcome."""
        self._seen.ended += rows

    def note_waiting(self, seconds: float) -> None:
        """For how long the oldest unanswered request is under way; 0: none is."""
        self._seen.oldest_ms = int(1000 * seconds)

    def note_limits(self, told: RateLimit | None) -> None:
        """What the service's own headers say."""
        note_limits(self._seen, told)

    def renew(self, in_flight: int) -> None:
        """Report what was seen and learn what may be sent; at most once a second unless something is wrong."""
        self._budget = None
        is_early = time.monotonic() - self._reported < REPORT_EVERY
        if is_early and not self._seen.is_urgent and not self.is_tried:
            return
        self._budget = budget = self._locked()
        self._seen.ago_ms = self._accepted_ago()
        self._seen.fine_before = self._ended_before(budget.pace.closed, budget.now_ms)
        budget.pace = adapt(budget.pace, self._seen, budget.ceilings, budget.now_ms)
        budget.note(self._seen, sender=str(self.slot_id))
        budget.refund(self.job_id, self._seen.limited)
        budget.moved(self.job_id, self._seen.ended, self._seen.wanted_more)
        self._take_part(budget, in_flight)
        budget.save()
        self._seen, self._accepted, self._reported = Seen(), [], time.monotonic()

    def count_requests(self) -> None:
        """Write how long requests took for /metrics, where `renew` has just locked the account's row: the order of locks is always that
        row, then these sums. So two senders never wait for each other."""
        if self._requests and self._budget is not None:
            metric_sums.add("requests", {f"{self.account.pk}|{label}": n for label, n in self._requests.items()})
            self._requests = Counter()

    def _locked(self) -> Budget:
        budget = Budget.locked(self.account)
        budget.weight = self.weight
        return budget

    def _accepted_ago(self) -> list[int]:
        """How many milliseconds ago requests that were accepted had begun: a service counts them before it answers."""
        moment = time.monotonic()
        return [max(0, int(1000 * (moment - accepted.begun))) for accepted in self._accepted]

    def _ended_before(self, closed: Closed, now_ms: int) -> int:
        """Accepted requests whose answers came before another sender reported the refusal that closed the account."""
        if not closed.is_closed:
            return 0
        closed_at = time.monotonic() - (now_ms - closed.since_ms) / 1000
        return sum(accepted.ended < closed_at for accepted in self._accepted)

    def _take_part(self, budget: Budget, in_flight: int) -> None:
        pace = budget.pace
        part = _part(self, budget.room, in_flight, budget.now_ms)
        self.part, self.is_lost = part or 0, part is None
        self.wait_ms = wait_now(pace, budget.now_ms)
        self.rate, self.is_steady = budget.rate, limit_now(pace, budget.ceilings) > 0
        self.usual_ms = pace.usual_ms
        self.is_open, self.is_tried = not pace.breaker.is_closed, pace.is_tried

    def room(self, in_flight: int, requests_each: int = 1) -> int:
        """How many more may begin now, each of so many requests. Tokens are only looked at: `spend` takes them."""
        free = self.part - in_flight
        if free <= 0 or not self.is_limited:
            return max(0, free)
        self._budget = self._budget or self._locked()
        tokens = int(self._budget.tokens_for(self.job_id))
        return min(free, max(1, tokens // requests_each) if tokens > 0 else 0)

    def spend(self, requests: int, of: int) -> None:
        """So many requests begin, `of` those that might have: fewer means that there are no rows for more."""
        self._seen.wanted_more = self._seen.wanted_more or 0 < of == requests
        if self.is_limited and self._budget:
            self._budget.take(self.job_id, requests, is_satisfied=requests < of)
            self._budget.save()

    def release(self) -> None:
        """Give the slot and its part back, and report the last of what was seen."""
        with transaction.atomic():
            self._reported = 0.0
            self.note_waiting(0)
            self.renew(0)
            self.count_requests()
            if self._budget is not None:
                self._budget.leave(self.job_id)
                self._budget.save()
            SendSlot.objects.filter(pk=self.slot_id, token=self.token).update(holder="", lease_ms=0, in_flight=0)


def take_share(job: ImportJob, slot: Slot | None = None) -> Share | None:
    """This slot among the senders of an import, or any that is free; None when it is, or all are, taken."""
    for wanted in [slot] if slot else slots.free(job):
        slot_id = slots.take(job.pk, wanted)
        if slot_id is not None:
            return Share(slot_id, wanted.token + 1, job.pk, job.campaign.account, job.owner_id or 0)
    return None


def _part(share: Share, whole: int, in_flight: int, now: int) -> int | None:
    """This sender's part of the requests in flight, noted in its slot. It shrinks only as its requests come back.

    None when the slot has been taken over: this process was away for too long.
    """
    live = list(
        SendSlot.objects.filter(job__campaign__account_id=share.account.pk, lease_ms__gte=now)
        .order_by("pk")
        .values_list("pk", "job_id", "job__owner", "in_flight")
    )
    others = sum(held for pk, _job, _owner, held in live if pk != share.slot_id)
    senders = {_Sender(owner or 0, job, pk) for pk, job, owner, _held in live} | {
        _Sender(share.owner, share.job_id, share.slot_id)
    }
    share.weight = _weight(share, senders)
    fair = min(_fair(share, whole, senders), settings.MOST_IN_FLIGHT)
    part = max(min(fair, whole - others), 0)
    is_ours = SendSlot.objects.filter(pk=share.slot_id, token=share.token).update(
        in_flight=max(part, in_flight),
        lease_ms=now + slots.lease_ms(),
    )
    return part if is_ours else None


class _Sender(NamedTuple):
    """Who sends with an account at present: ids."""

    owner: int
    job: int
    slot: int


def _weight(share: Share, senders: Collection[_Sender]) -> float:
    imports = Counter(owner for owner, _job in {(sender.owner, sender.job) for sender in senders})
    return imports[share.owner] / min(imports.values())


def _fair(share: Share, whole: int, senders: Collection[_Sender]) -> int:
    """Each person the same, of that each of their imports, of that each sender of the import."""
    of_person = _portion(whole, {sender.owner for sender in senders}, share.owner)
    mine = [sender for sender in senders if sender.owner == share.owner]
    of_job = _portion(of_person, {sender.job for sender in mine}, share.job_id)
    return _portion(of_job, {sender.slot for sender in mine if sender.job == share.job_id}, share.slot_id)


def _portion(whole: int, among: Collection[int], mine: int) -> int:
    """What does not divide goes round with time."""
    n, turn = len(among), int(time.time()) // 2
    return whole // n + (1 if (sorted(among).index(mine) + turn) % n < whole % n else 0)
