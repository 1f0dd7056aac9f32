"""What the service does wrong while imports run, and what other people do to the same campaigns and numbers.

Faults of single requests are rules of the sandbox. Everything else is an event: one at a time, each kind once before any again.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from campaigns.models import DoNotCall
from campaigns.whattalk.sandbox.process import SandboxControl
from campaigns.whattalk.sandbox.settings import DUPLICATE_STYLES
from devtools.chaos.workload import Imports
from imports.models import ImportJob, ImportRow, RowState

STRANGER = {"variables": {"name": "Somebody else"}}
# A foreign lead in the words of the request differs from its own only in its time: it is made long before.
ALIKE = {"alike": True, "seconds_ago": 600}
PAUSING = ((402, "Insufficient balance."), (403, "Forbidden."), (404, "Campaign not found"))
LOOSE_WORDS = (  # refusals that mean no lead that is there, in words that never mean one: what a text means is learnt once
    (0.004, 409, {"message": "Conflict"}),
    (0.003, 422, {"message": "Kampanya zaten bitti."}),
    (0.003, 422, {"errors": {"phone_number": ["has been used"]}}),
    (0.003, 403, {"message": "Already in your do not call list."}),
    (0.002, 422, {"message": "Lead 4711 already in review."}),
    (0.002, 200, {"message": "Already exists elsewhere", "success": False}),
    (0.002, 200, {"message": "Already exists for us.", "data": {"id": 4_711}}),
)
FAULTS: tuple[tuple[float, str, dict[str, Any]], ...] = (
    # rate, fault, what it takes
    (0.01, "500_before", {"foreign": STRANGER}),
    (0.01, "reset_before", {"foreign": {**STRANGER, "after": True}}),
    (0.005, "500_before", {"foreign": {**STRANGER, "seconds_ago": 2}}),
    (0.005, "500_before", {"foreign": ALIKE}),
    (0.005, "500_after", {"foreign": {**STRANGER, "after": True}}),
    (0.005, "slow", {"foreign": STRANGER, "seconds": 1}),
    *((rate, "answer", {"status": status, "body": body}) for rate, status, body in LOOSE_WORDS),
    (0.03, "500_before", {}),
    (0.03, "500_after", {}),
    (0.02, "reset_before", {}),
    (0.02, "reset_after", {}),
    (0.01, "close_after", {}),
    (0.01, "hang", {}),
    (0.01, "hang_after", {}),
    (0.01, "half", {}),
    (0.005, "drip", {}),
    (0.01, "late_accept", {"seconds": 1}),
    (0.01, "slow", {"seconds": 1}),
    (0.002, "429", {"retry_after": 1}),
    (0.01, "garbage", {"accepted": True}),
    (0.01, "garbage", {"accepted": False}),
    (0.003, "redirect", {}),
    (0.01, "close_before", {}),
    (0.002, "429", {"retry_after": "date", "seconds": 1}),
    (0.002, "429", {"retry_after": "soon"}),
    (0.001, "answer", {"status": 408}),
    (0.001, "answer", {"status": 425}),
    (0.005, "slow", {"on": "find_leads", "seconds": 1}),
    *((0.01, "answer", {"status": status, "body": {"message": words}, "times": 1}) for status, words in PAUSING),
    (0.02, "500", {"on": "find_leads"}),
    (0.01, "reset_before", {"on": "find_leads"}),
)
LOOKUP_LAG = 1.0  # seconds until a new lead is listed
LONG_LAG_FOR = 6.0  # now and then they lag for as long as can be borne: until right before the second look-up
POSTS_REFUSED_FOR = 3.0
AT_ONCE = 4  # leads or numbers that one event concerns


def set_clocks(control: SandboxControl, chance: random.Random) -> None:
    """The service's clock is minutes off, and that of its leads may be another one. Before its first lead."""
    minutes = 60 * chance.choice([-10, -3, 2, 7])
    control.settings(clock_offset=minutes, lead_clock_offset=chance.choice([0, 0, -240, 100, 3 * 3600]))


@dataclass
class ServiceNemesis:
    """`undo_later(seconds, what)` has something set right again. `listed`: numbers that must not be called, and since when on
    the monotonic clock."""

    control: SandboxControl
    imports: Imports
    chance: random.Random
    undo_later: Callable[[float, Callable[[], None]], None]
    done: Counter[str] = field(default_factory=Counter)
    listed: dict[str, float] = field(default_factory=dict)
    _next: list[Callable[[], None]] = field(default_factory=list)

    def begin(self) -> None:
        rules = [{"fault": fault, "rate": rate, **more} for rate, fault, more in FAULTS]
        self.control.faults(*rules, seed=self.chance.randrange(10**9))
        self.control.settings(lookup_lag=LOOKUP_LAG)
        self.change_words()

    def end(self) -> None:
        """No more faults from now on; what there was is counted."""
        state = self.control.state()
        for rule in state["rules"]:
            self.done[_named(rule)] += rule["fired"]
        for clock in ("clock_offset", "lead_clock_offset"):
            self.done[f"seconds of {clock}"] = int(state["settings"][clock])
        self.control.clear_faults()

    def one_event(self) -> None:
        if not self._next:
            self._next = [
                self.add_leads,
                self.add_leads_alike,
                self.list_numbers,
                self.let_lists_lag,
                self.change_words,
                self.refuse_posts,
            ]
            self.chance.shuffle(self._next)
        event = self._next.pop()
        event()
        self.done[event.__name__.replace("_", " ")] += 1

    # -- other people ----------------------------------------------------------------------------------------------
    def add_leads(self) -> None:
        """Somebody else adds numbers that we have sent, are sending or will send, in words of their own."""
        job = self._any_import()
        phones = self._phones(job, RowState.PENDING, RowState.SENDING, RowState.UNKNOWN)
        self.control.add_leads(int(job.campaign.remote_id), phones, **STRANGER)

    def add_leads_alike(self) -> None:
        """Somebody else adds leads that say what rows say which will be sent much later. Not where another row that says the same
        may be on its way: nobody could tell them apart."""
        job = self.chance.choice([job for job in self.imports.all if not job.allow_duplicates])
        waiting = job.rows.filter(state=RowState.PENDING, attempts=0).order_by("-row_number")
        if waiting.count() > 30 * AT_ONCE:
            for row in waiting[:AT_ONCE]:
                self.control.add_leads(int(job.campaign.remote_id), [row.phone], variables=(row.lead or {}).get("variables", {}))

    def list_numbers(self) -> None:
        """Numbers are put on the do-not-call list: of rows that are still to be sent, or of any."""
        states = self.chance.choice([(RowState.PENDING, RowState.UNKNOWN), RowState.values])
        phones = self._phones(self._any_import(), *states)
        DoNotCall.objects.bulk_create([DoNotCall(phone_number=phone, note="chaos") for phone in phones], ignore_conflicts=True)
        self.listed.update(dict.fromkeys(phones, time.monotonic()))

    def _any_import(self) -> ImportJob:
        return self.chance.choice(self.imports.all)

    def _phones(self, job: ImportJob, *states: str) -> list[str]:
        rows = ImportRow.objects.filter(job=job, state__in=states).exclude(phone="").order_by("row_number")
        phones = sorted(set(rows.values_list("phone", flat=True)))
        return self.chance.sample(phones, min(AT_ONCE, len(phones)))

    # -- the service -----------------------------------------------------------------------------------------------
    def let_lists_lag(self) -> None:
        self.control.settings(lookup_lag=settings.SETTLE_SECONDS + settings.LOOKUP_GAP_SECONDS - 0.5)
        self.undo_later(LONG_LAG_FOR, lambda: self.control.settings(lookup_lag=LOOKUP_LAG))

    def change_words(self) -> None:
        """From now on a duplicate is answered in another way."""
        style = self.chance.choice(DUPLICATE_STYLES)
        self.control.settings(duplicate_style=style)
        self.done[f"duplicates answered as {style}"] += 1

    def refuse_posts(self) -> None:
        """The key may only read for a while."""
        self.control.settings(key_refused="posts")
        self.undo_later(POSTS_REFUSED_FOR, lambda: self.control.settings(key_refused=""))


def _named(rule: dict[str, Any]) -> str:
    more = [str(rule[what]) for what in ("status", "on") if what in rule]
    accepted = ("accepted" if rule["accepted"] else "not accepted") if "accepted" in rule else None
    foreign = rule.get("foreign")
    whose = ["beside a lead alike" if foreign.get("alike") else "beside a foreign lead"] if foreign else []
    return " ".join([rule["fault"], *more, *([accepted] if accepted else []), *whose])
