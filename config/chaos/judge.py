"""The invariants, judged from what the service itself wrote down, against what the database says.

    I1  every row is in exactly one final state           I5  only the file's own valid numbers were posted
    I2  nothing was lost: what was accepted is `created`   I6  the sums were right at every moment
    I3  nothing was doubled                                I7  no two requests for one row were open at once
    I4  nothing is claimed that was never accepted         I8  nothing was posted 5 s after a stop
    I9  no row is misnamed: its state agrees with what the service wrote down
"""
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from campaigns.whattalk.sandbox.ledger import Ledger, Post
from imports.models import OPEN_STATES, ImportJob, ImportRow, RowState

STOPS_WITHIN = 5.0  # seconds
NOT_THERE = (RowState.REFUSED, RowState.FAILED, RowState.CANCELLED)
IN_DOUBT = (RowState.CREATED, RowState.UNCONFIRMED)


@dataclass(frozen=True)
class Stop:
    """On the monotonic clock of this machine: when an import was told to stop, and when it was allowed to go on."""

    campaign: str
    since: float
    until: float


@dataclass
class Verdict:
    """Violations by invariant, empty lists where all is well. Numbers are shown shortened."""

    violations: dict[str, list[str]] = field(default_factory=lambda: {f"I{n}": [] for n in range(1, 10)})

    @property
    def is_clean(self) -> bool:
        return not any(self.violations.values())

    def add(self, invariant: str, *found: str) -> None:
        self.violations[invariant] += found

    @property
    def lost(self) -> int:
        return len(self.violations["I2"])

    @property
    def doubled(self) -> int:
        return len(self.violations["I3"])

    @property
    def phantom(self) -> int:
        return len(self.violations["I4"])

    @property
    def misnamed(self) -> int:
        return len(self.violations["I9"])


def judge(
    ledger: Ledger, jobs: Iterable[ImportJob], *, stops: Sequence[Stop] = (), bad_samples: Sequence[str] = (),
    request_seconds: float = 45.0,
) -> Verdict:
    """`bad_samples`: moments at which the sums did not add up. `request_seconds`: after which a client has hung up."""
    verdict = Verdict()
    posts, leads = ledger.posts(), Leads.of(ledger)
    verdict.add("I6", *bad_samples)
    for job in jobs:
        _judge_rows(verdict, job, leads)
        _judge_words(verdict, job, leads)
        _judge_posts(verdict, job, posts, request_seconds)
        verdict.add("I6", *sums_that_differ(job.pk))
    _judge_stops(verdict, posts, stops)
    return verdict


@dataclass(frozen=True)
class Leads:
    """What the service wrote down. `added` by requests, `there` in all, `foreign` from elsewhere, `deleted` since (ids)."""

    added: Mapping[str, Sequence[Mapping]]  # by campaign
    there: Collection[tuple[str, str]]  # campaign, number
    foreign: Collection[str]
    deleted: Collection[str]

    @classmethod
    def of(cls, ledger: Ledger) -> "Leads":
        added, there, foreign = defaultdict(list), set(), set()
        for event in ledger.events("lead"):
            lead = event["lead"]
            there.add((str(lead["campaign_id"]), lead["phone_number"]))
            if event["n"]:
                added[str(lead["campaign_id"])].append(lead)
            else:
                foreign.add(str(lead["id"]))
        return cls(added, there, foreign, {str(event["id"]) for event in ledger.events("delete")})

    def alive(self, campaign: str) -> list[Mapping]:
        return [lead for lead in self.added.get(campaign, ()) if str(lead["id"]) not in self.deleted]


def _judge_rows(verdict: Verdict, job: ImportJob, leads: Leads) -> None:
    campaign = job.campaign.remote_id
    rows = list(ImportRow.objects.filter(job=job).values_list("row_number", "phone", "state", "remote_id"))
    verdict.add("I1", *(f"row {number} is {state}" for number, _phone, state, _id in rows if state in OPEN_STATES))
    added, alive = (Counter(lead["phone_number"] for lead in some)
                    for some in (leads.added.get(campaign, ()), leads.alive(campaign)))
    for phone, states in _states_of_numbers(rows).items():
        _judge_number(verdict, short(phone), states, added[phone], alive[phone])
        _judge_names(verdict, short(phone), states, (campaign, phone) in leads.there, alive[phone])
    ids = {str(lead["id"]) for lead in leads.alive(campaign)}
    claimed = [remote_id for _number, _phone, state, remote_id in rows if state == RowState.CREATED and remote_id]
    verdict.add("I4", *(f"lead {lead} is not there" for lead in set(claimed) - ids))
    verdict.add("I9", *(f"lead {lead} is somebody else's" for lead in set(claimed) & set(leads.foreign)))
    verdict.add("I4", *(f"lead {lead} belongs to {n} rows" for lead, n in Counter(claimed).items() if n > 1))


def _judge_names(verdict: Verdict, phone: str, states: Counter, was_there: bool, alive: int) -> None:
    """`was_there`: a lead with this number was, from whomever; `alive`: of the leads added for it by requests, those left."""
    if states[RowState.DUPLICATE_IN_CAMPAIGN] and not was_there:
        verdict.add("I2", f"{phone}: held back as a duplicate, and was never there")
        verdict.add("I9", f"{phone}: called a duplicate, and was never there")
    said_not_there = sum(states[state] for state in NOT_THERE)
    if said_not_there and alive > sum(states.values()) - said_not_there:
        verdict.add("I9", f"{phone}: a row says that it is not there, and its lead is")


def _states_of_numbers(rows: Iterable[tuple]) -> dict[str, Counter]:
    states: dict[str, Counter] = defaultdict(Counter)
    for _number, phone, state, _id in rows:
        states[phone][state] += 1
    return states


def _judge_number(verdict: Verdict, phone: str, states: Counter, added: int, alive: int) -> None:
    """`states`: of the rows with this number; `alive`: of the leads `added` for it, those that were not deleted since."""
    created = states[RowState.CREATED]
    if alive > sum(states[state] for state in IN_DOUBT):
        verdict.add("I2", f"{phone}: {alive} leads are there, {created} rows say so")
    if created > alive:
        verdict.add("I4", f"{phone}: {created} rows say created, {alive} leads are there")
    if added > sum(states.values()) - states[RowState.DUPLICATE_IN_CAMPAIGN] - states[RowState.DUPLICATE_IN_FILE]:
        verdict.add("I3", f"{phone}: accepted {added} times for {sum(states.values())} rows")


def _judge_words(verdict: Verdict, job: ImportJob, leads: Leads) -> None:
    """A lead says what its row says: no row's words may have been accepted more often than rows say them."""
    rows = Counter((phone, _words(lead)) for phone, lead in ImportRow.objects.filter(job__campaign=job.campaign_id)
                   .exclude(lead=None).values_list("phone", "lead"))
    added = Counter((lead["phone_number"], _words(lead)) for lead in leads.added.get(job.campaign.remote_id, ()))
    verdict.add("I3", *(f"{short(phone)}: one row's words were accepted {n} times"
                        for (phone, words), n in added.items() if n > rows[phone, words] > 0))


def _words(lead: Mapping) -> str:
    return json.dumps(lead.get("variables") or {}, sort_keys=True)


def _judge_posts(verdict: Verdict, job: ImportJob, posts: Sequence[Post], request_seconds: float) -> None:
    campaign = job.campaign.remote_id
    mine = [post for post in posts if post.campaign == campaign]
    sendable = set(ImportRow.objects.filter(job__campaign=job.campaign_id).exclude(state__in=(RowState.INVALID, RowState.NO_CONSENT))
                   .values_list("phone", flat=True))
    verdict.add("I5", *(f"{short(post.phone)} was posted" for post in mine if post.phone not in sendable))
    verdict.add("I7", *_overlaps(mine, _rows_of(job), request_seconds))


def _rows_of(job: ImportJob) -> Counter:
    return Counter(ImportRow.objects.filter(job__campaign=job.campaign_id).values_list("phone", flat=True))


def _overlaps(posts: Iterable[Post], rows: Counter, request_seconds: float) -> Iterable[str]:
    """More requests open at once for a number than it has rows. A request that its client gave up on is not open."""
    latest: dict[str, list[float]] = {}
    for post in sorted(posts, key=lambda post: post.started):
        ends = [end for end in latest.get(post.phone, []) if end > post.started]
        given_up = post.started + request_seconds
        ends.append(min(post.ended if post.ended is not None else given_up, given_up))
        latest[post.phone] = ends
        if len(ends) > max(1, rows[post.phone]):
            yield f"{short(post.phone)}: {len(ends)} requests at once"


def _judge_stops(verdict: Verdict, posts: Sequence[Post], stops: Collection[Stop]) -> None:
    for stop in stops:
        late = [post for post in posts
                if post.campaign == stop.campaign and stop.since + STOPS_WITHIN < post.started < stop.until]
        verdict.add("I8", *(f"{short(post.phone)} was posted {post.started - stop.since:.1f} s after a stop" for post in late))


def sums_that_differ(job_id: int) -> list[str]:
    """What the kept sums, the rows themselves and their number say differently at this moment, in one look."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'rows', state, COUNT(*) FROM imports_importrow WHERE job_id = %s GROUP BY state UNION ALL "
            "SELECT 'sums', key, n FROM imports_importtally WHERE job_id = %s AND kind = 'state' AND n <> 0 UNION ALL "
            "SELECT 'rows', 'all', COUNT(*) FROM imports_importrow WHERE job_id = %s UNION ALL "
            "SELECT 'sums', 'all', total_rows FROM imports_importjob WHERE id = %s",
            [job_id] * 4,
        )
        found = cursor.fetchall()
    rows, sums = ({state: n for whose, state, n in found if whose == side} for side in ("rows", "sums"))
    differing = sorted(state for state in rows.keys() | sums.keys() if rows.get(state) != sums.get(state))
    return [f"import {job_id}: {state}: {rows.get(state, 0)} rows, sum {sums.get(state, 0)}" for state in differing]


def short(phone: str) -> str:
    """A number as it may stand in logs."""
    return f"{phone[:6]}***{phone[-2:]}"
