"""Random interleavings of senders, lost answers, crashes, frozen processes, clocks and people: the promises hold in each.

The senders are the real `Ledger` on the real database; the service and the clock are a few lines each, so that a step
takes milliseconds. `MACHINE_RUNS` and `MACHINE_STEPS` make it as long as one likes (2,000 × 60 takes some minutes).
"""

import itertools
import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from background import database_clock
from campaigns.whattalk.errors import NotFound, Unreachable
from campaigns.whattalk.replies import Created, Duplicate, NotAccepted, Refused, RetryReason, Unknown, UnknownReason
from campaigns.whattalk.resources import Lead
from imports import counters
from imports.models import OPEN_STATES, ImportJob, ImportRow, JobState, RowState
from imports.push import completion as push_ending
from imports.push import ledger as push_ledger
from imports.push import row_claims
from imports.push.batches import LookingUp, Sending
from imports.push.ledger import Ledger
from imports.push.request_pool import Answer
from tests.builders import a_campaign, a_job, an_account, phone

RUNS, STEPS = int(os.environ.get("MACHINE_RUNS", 25)), int(os.environ.get("MACHINE_STEPS", 30))
SENDERS = 3
START_MS = 1_800_000_000_000
FATES = ["answered"] * 6 + [
    "lost before",
    "lost after",
    "lost after",
    "500 before",
    "429",
    "refused",
    "not sent",
    "breaks after",
    "refused in other words",
    "called a duplicate",
    "refused after",
]


class Room:
    """A share of the budget that allows so many at once and learns nothing."""

    is_open = False

    def __init__(self, most: int = 4):
        self.most = most

    def room(self, in_flight: int) -> int:
        return self.most - in_flight

    def note(self, *_args, **_more) -> None: ...
    def note_ended(self, _rows: int) -> None: ...
    def renew(self, _in_flight: int) -> None: ...
    def count_requests(self) -> None: ...
    def spend(self, _requests: int, of: int) -> None: ...


@dataclass
class Service:
    """Takes leads, with a duplicate block that is on unless asked otherwise."""

    leads: list[Lead] = field(default_factory=list)
    ids: itertools.count = field(default_factory=lambda: itertools.count(1))

    def add(self, sent: dict, now_ms: int):
        number = sent["phone_number"]
        if not sent.get("allow_dupplicate") and any(lead.phone_number == number for lead in self.leads):
            return Duplicate("already there")
        moment = datetime.fromtimestamp(now_ms / 1000, UTC)
        self.leads.append(Lead(str(next(self.ids)), number, "1050", "created", moment, sent["variables"], sent))
        return Created(self.leads[-1].id)

    def add_from_elsewhere(self, like: Lead | None, number: str, now_ms: int):
        """Somebody else adds the number: in words of their own, or in ours and some seconds ago."""
        moment = datetime.fromtimestamp(now_ms / 1000 - 5 * (like is not None), UTC)
        told = like.raw if like else {"variables": {"row": "elsewhere"}, "secondary_contacts": []}
        self.leads.append(Lead(f"foreign {next(self.ids)}", number, "1050", "created", moment, told["variables"], told))

    @property
    def ours(self) -> list[Lead]:
        return [lead for lead in self.leads if not lead.id.startswith("foreign")]

    def find(self, number: str) -> list[Lead]:
        return [lead for lead in self.leads if lead.phone_number == number]


@dataclass
class Request:
    """On its way, or, when its sender is dead, still to be carried out by the service or not."""

    key: Sending | LookingUp
    begun_ms: int


class Sender:
    def __init__(self, job: ImportJob):
        self.ledger = Ledger(job, Room())
        self.flying: list[Request] = []
        self.back: list[Answer] = []


class Machine(RuleBasedStateMachine):
    doubling = False

    @initialize(rows=st.integers(1, 6), twice=st.booleans(), alike=st.booleans(), finds=st.sampled_from([True, True, False]))
    def begin(self, rows, twice, alike, finds):
        """`twice`: each number stands in two rows; `alike`: they are the same in everything else too. `finds`: leads can be looked
        up; else nobody can find out that a lead was added which the service refused."""
        self.finds = finds
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.now = START_MS
        database_clock._last = None
        self._set_clock()
        phones = [phone(n) for n in range(rows)] * (2 if twice and self.doubling else 1)
        account = an_account(service_clock={"leads": [0, 0], "at": START_MS})
        self.job = a_job(a_campaign(account), phones, allow_duplicates=self.doubling)
        for row in ImportRow.objects.all():
            told = row.phone if alike else str(row.row_number)
            ImportRow.objects.filter(pk=row.pk).update(lead={"variables": {"row": told}})
        self.service = Service()
        self.senders = [Sender(self.job) for _ in range(SENDERS)]
        self.orphans: list[Request] = []

    def teardown(self):
        if hasattr(self, "rollback"):
            transaction.set_rollback(True)
            self.rollback.__exit__(None, None, None)

    def _set_clock(self):
        """Of the database, and of the machine, by which statements count since the last look."""
        database_clock.NOW_MS[connection.vendor] = str(self.now)
        database_clock._since_boot_ms = lambda: self.now

    # -- what senders do -------------------------------------------------------------------------------------------
    @rule(which=st.integers(0, SENDERS - 1))
    def turn(self, which):
        sender = self.senders[which]
        answers, sender.back = sender.back, []
        planned = sender.ledger.commit_batch(answers, len(sender.flying), may_begin=True)
        sender.flying += [Request(key, self.now) for key in [*planned.send, *planned.look_up]]

    @rule(fates=st.lists(st.sampled_from(FATES), min_size=1, max_size=4))
    def work(self, fates):
        """All senders take a turn, and some of what is on its way is carried out."""
        for which in range(SENDERS):
            self.turn(which)
        for fate in fates:
            self._carry_out(self._busy()[:1], fate)

    @rule(seconds=st.sampled_from([1, 70]), fates=st.lists(st.sampled_from(FATES), min_size=2, max_size=6))
    def work_later(self, seconds, fates):
        self.wait(seconds)
        self.work(fates)

    @precondition(lambda self: self._busy())
    @rule(which=st.integers(0, SENDERS - 1), fate=st.sampled_from(FATES))
    def carry_out(self, which, fate):
        self._carry_out([self._busy()[which % len(self._busy())]], fate)

    @precondition(lambda self: self._busy())
    @rule(which=st.integers(0, SENDERS - 1))
    def crash(self, which):
        sender = self._busy()[which % len(self._busy())]
        self.orphans += [request for request in sender.flying if isinstance(request.key, Sending)]
        self.senders[self.senders.index(sender)] = Sender(self.job)

    def _busy(self) -> list[Sender]:
        return [sender for sender in getattr(self, "senders", ()) if sender.flying]

    # -- what the service and the network do -------------------------------------------------------------------------
    def _carry_out(self, senders: list[Sender], fate: str):
        for sender in senders:
            request = sender.flying.pop(0)
            sender.back.append(Answer(request.key, *self._result(request, fate), 0.1))

    def _result(self, request: Request, fate: str):
        if isinstance(request.key, LookingUp):
            if fate == "answered" and self.finds:
                return self.service.find(request.key.row.phone), None
            return None, Unreachable(fate, sent=True) if self.finds else NotFound(fate)
        fate = "answered" if fate == "refused after" and not self.finds else fate
        if fate in ("answered", "lost after", "breaks after", "refused after"):
            reply = self.service.add(request.key.lead, self.now)
            return {
                "answered": (reply, None),
                "lost after": (Unknown(UnknownReason.RESET), None),
                "breaks after": (None, ValueError(fate)),
                "refused after": (Refused("http_422", "It could not be announced."), None),
            }[fate]
        return {
            "lost before": Unknown(UnknownReason.TIMEOUT),
            "500 before": Unknown(UnknownReason.SERVER_ERROR),
            "refused": Refused("validation", "no"),
            "refused in other words": Refused("http_409", "No."),
            "called a duplicate": Duplicate("It has been stopped already."),
            "429": NotAccepted(RetryReason.RATE_LIMITED),
            "not sent": NotAccepted(RetryReason.NOT_SENT),
        }[fate], None

    @precondition(lambda self: self.orphans)
    @rule()
    def carry_out_late(self):
        """A request of a dead sender arrives all the same, as long as a server may take over it."""
        request = self.orphans.pop(0)
        if self.now - request.begun_ms < 45_000:
            self.service.add(request.key.lead, self.now)

    @rule(which=st.integers(0, 5), alike=st.booleans())
    def somebody_else_adds(self, which, alike):
        number = phone(which)
        row = ImportRow.objects.filter(phone=number).first() if alike else None
        if alike and (row is None or row.state != RowState.PENDING or row.attempts):
            return  # in our own words only before we have sent them: afterwards nobody could tell
        told = {"variables": row.lead["variables"], "secondary_contacts": []} if row else None
        self.service.add_from_elsewhere(told and Lead("", number, "", "", None, told["variables"], told), number, self.now)

    # -- time and people ---------------------------------------------------------------------------------------------
    @rule(seconds=st.sampled_from([1, 30, 70, 200]))
    def wait(self, seconds):
        self.now += seconds * 1000
        self._set_clock()
        self.orphans = [one for one in self.orphans if self.now - one.begun_ms < 45_000]

    @rule()
    def reap(self):
        row_claims.reap(self.job.pk)

    @rule(button=st.sampled_from(["pause", "resume", "resume", "try again"]))
    def press(self, button):
        if button == "pause":
            push_ending.pause_with_reason(self.job.pk, "paused_by_person")
        elif button == "resume":
            ImportJob.objects.filter(pk=self.job.pk, state=JobState.PAUSED).update(state=JobState.PUSHING, reason="")
        else:
            row_claims.revive(self.job.pk)

    @rule(really=st.sampled_from([False] * 9 + [True]))
    def cancel(self, really):
        if really:
            ImportJob.objects.filter(pk=self.job.pk).update(state=JobState.CANCELLED)
        push_ending.cancel_rest(self.job.pk)

    # -- what must hold at every moment --------------------------------------------------------------------------------
    @invariant()
    def sums_are_right(self):
        if not hasattr(self, "job"):
            return
        counted = Counter(ImportRow.objects.values_list("state", flat=True))
        assert counted == Counter({state: n for state, n in counters.states(self.job.pk).items() if n})

    @invariant()
    def nothing_is_doubled_and_nothing_made_up(self):
        if not hasattr(self, "job"):
            return
        there = Counter(lead.phone_number for lead in self.service.ours)
        rows = Counter(ImportRow.objects.values_list("phone", flat=True))
        created = Counter(ImportRow.objects.filter(state=RowState.CREATED).values_list("phone", flat=True))
        assert not there - rows, "doubled"
        assert not created - there, "phantom"
        ids = list(ImportRow.objects.filter(state=RowState.CREATED).exclude(remote_id="").values_list("remote_id", flat=True))
        assert len(ids) == len(set(ids)), "one lead for two rows"
        assert not [id for id in ids if id.startswith("foreign")], "somebody else's lead"
        held_back = set(ImportRow.objects.filter(state=RowState.DUPLICATE_IN_CAMPAIGN).values_list("phone", flat=True))
        assert held_back <= {lead.phone_number for lead in self.service.leads}, "already there, and is not"
        in_doubt = Counter(
            ImportRow.objects.filter(state__in=(RowState.CREATED, RowState.UNCONFIRMED, *OPEN_STATES)).values_list(
                "phone", flat=True
            )
        )
        assert not there - in_doubt, "lost"

    @invariant()
    def one_request_a_row(self):
        if not hasattr(self, "job"):
            return
        live = [
            request.key.row.id
            for sender in self.senders
            for request in sender.flying
            if isinstance(request.key, Sending) and self.now - request.begun_ms < 60_000
        ]
        assert len(live) == len(set(live))


class DoublingMachine(Machine):
    doubling = True


@pytest.fixture
def real_clock_afterwards(monkeypatch, settings):
    monkeypatch.setitem(database_clock.NOW_MS, connection.vendor, database_clock.NOW_MS[connection.vendor])
    for name in ("_since_boot_ms", "_last"):
        monkeypatch.setattr(database_clock, name, getattr(database_clock, name))
    monkeypatch.setattr(push_ledger, "LOOK_FOR_LOST_EVERY", 0)
    settings.SEND_LEASE_SECONDS, settings.SETTLE_SECONDS, settings.LOOKUP_GAP_SECONDS = 120, 60, 60
    settings.SETTLE_SECONDS_WITH_DUPLICATES = 60


@pytest.mark.parametrize("machine", [Machine, DoublingMachine])
def test_random_interleavings(machine, db, real_clock_afterwards):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize="MACHINE_RUNS" not in os.environ,
            suppress_health_check=list(HealthCheck),
        ),
    )
