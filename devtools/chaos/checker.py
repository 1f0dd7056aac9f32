"""The invariants, judged from what the service itself wrote down, against what the database says.

I1  every row is in exactly one final state           I6  the sums were right at every moment
I2  nothing was lost: what was accepted is `created`   I7  no two requests for one row were open at once
I3  nothing was duplicated                             I8  nothing was posted 5 s after a stop, or after its number was listed
I4  nothing is claimed that was never accepted         I9  nothing is misnamed (devtools.chaos.misnamed)
I5  only the file's own valid numbers were posted
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from campaigns.whattalk.sandbox.ledger import Ledger, Post
from devtools.chaos.leads import LedgerLeads, short, words_of
from devtools.chaos.misnamed import Row, misnamed, rows_of
from imports.models import OPEN_STATES, ImportJob, RowState

STOPS_WITHIN = 5.0  # seconds
IN_DOUBT = (RowState.CREATED, RowState.UNCONFIRMED)
NEVER_SENT = (RowState.INVALID, RowState.NO_CONSENT, RowState.LEFT_OUT)


@dataclass(frozen=True)
class Stop:
    """On the monotonic clock of this machine: when an import (its id) was asked to stop, and when it was allowed to go on."""

    job: int
    since: float
    until: float


@dataclass(frozen=True)
class Observations:
    """What was seen during a run, on the monotonic clock of this machine.

    `bad_samples`: moments at which the sums did not add up. `listed`: numbers that must not be called from some moment on.
    `ended`: row id → when the row was first seen in its final state.
    """

    stops: Sequence[Stop] = ()
    bad_samples: Sequence[str] = ()
    listed: Mapping[str, float] = field(default_factory=dict)
    ended: Mapping[int, float] = field(default_factory=dict)


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


def judge(ledger: Ledger, jobs: Iterable[ImportJob], seen: Observations | None = None, request_seconds: float = 45.0) -> Verdict:
    """`jobs`: all imports of their campaigns. `request_seconds`: after which a client has hung up."""
    verdict, seen, jobs = Verdict(), seen or Observations(), list(jobs)
    posts, leads, rows = ledger.posts(), LedgerLeads.of(ledger), rows_of(jobs)
    for campaign in {job.campaign.remote_id for job in jobs}:
        of_campaign = [row for row in rows if row.campaign == campaign]
        _judge_rows(verdict, campaign, of_campaign, leads)
        _judge_words(verdict, campaign, of_campaign, leads)
        _judge_posts(verdict, [post for post in posts if post.campaign == campaign], of_campaign, request_seconds)
    verdict.add("I6", *seen.bad_samples, *(wrong for job in jobs for wrong in sums_that_differ(job.pk)))
    _judge_stops(verdict, posts, rows, seen)
    verdict.add("I9", *misnamed(rows, leads, posts, seen.ended))
    return verdict


def _judge_rows(verdict: Verdict, campaign: str, rows: Sequence[Row], leads: LedgerLeads) -> None:
    verdict.add("I1", *(f"{row} is {row.state}" for row in rows if row.state in OPEN_STATES))
    ours = leads.ours(campaign)
    added = Counter(lead.phone for lead in ours)
    alive = Counter(lead.phone for lead in ours if lead.is_alive)
    states: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        states[row.phone][row.state] += 1
    for phone, of_number in states.items():
        _judge_number(verdict, short(phone), of_number, added[phone], alive[phone])
        if of_number[RowState.DUPLICATE_IN_CAMPAIGN] and (campaign, phone) not in leads.by_number:
            verdict.add("I2", f"{short(phone)}: held back as a duplicate, and was never there")
    ids = {lead.id for lead in ours if lead.is_alive}
    claimed = [row.remote_id for row in rows if row.state == RowState.CREATED and row.remote_id]
    verdict.add("I4", *(f"lead {lead} is not there" for lead in set(claimed) - ids))
    verdict.add("I4", *(f"lead {lead} belongs to {n} rows" for lead, n in Counter(claimed).items() if n > 1))


def _judge_number(verdict: Verdict, phone: str, states: Counter[str], added: int, alive: int) -> None:
    """`states`: of the rows with this number; `alive`: of the leads `added` for it, those that were not deleted since."""
    created = states[RowState.CREATED]
    if alive > sum(states[state] for state in IN_DOUBT):
        verdict.add("I2", f"{phone}: {alive} leads are there, {created} rows say so")
    if created > alive:
        verdict.add("I4", f"{phone}: {created} rows say created, {alive} leads are there")
    if added > sum(states.values()) - states[RowState.DUPLICATE_IN_CAMPAIGN] - states[RowState.DUPLICATE_IN_FILE]:
        verdict.add("I3", f"{phone}: accepted {added} times for {sum(states.values())} rows")


def _judge_words(verdict: Verdict, campaign: str, rows: Sequence[Row], leads: LedgerLeads) -> None:
    """A lead says what its row says: no row's words may have been accepted more often than rows say them."""
    claimed = Counter((row.phone, words_of(row.lead)) for row in rows if row.lead is not None)
    added = Counter((lead.phone, lead.words) for lead in leads.ours(campaign))
    verdict.add(
        "I3",
        *(
            f"{short(phone)}: one row's words were accepted {n} times"
            for (phone, words), n in added.items()
            if n > claimed[phone, words] > 0
        ),
    )


def _judge_posts(verdict: Verdict, posts: Sequence[Post], rows: Sequence[Row], request_seconds: float) -> None:
    sendable = {row.phone for row in rows if row.state not in NEVER_SENT}
    verdict.add("I5", *(f"{short(post.phone)} was posted" for post in posts if post.phone not in sendable))
    verdict.add("I7", *_overlaps(posts, Counter(row.phone for row in rows), request_seconds))


def _overlaps(posts: Iterable[Post], rows: Counter[str], request_seconds: float) -> Iterable[str]:
    """More requests open at once for a number than it has rows. A request that its client gave up on is not open."""
    latest: dict[str, list[float]] = {}
    for post in sorted(posts, key=lambda post: post.started):
        ends = [end for end in latest.get(post.phone, []) if end > post.started]
        given_up = post.started + request_seconds
        ends.append(min(post.ended if post.ended is not None else given_up, given_up))
        latest[post.phone] = ends
        if len(ends) > max(1, rows[post.phone]):
            yield f"{short(post.phone)}: {len(ends)} requests at once"


def _judge_stops(verdict: Verdict, posts: Sequence[Post], rows: Sequence[Row], seen: Observations) -> None:
    jobs_of: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in rows:
        jobs_of[row.key].add(row.job)
    since_of: dict[int, list[Stop]] = defaultdict(list)
    for stop in seen.stops:
        since_of[stop.job].append(stop)
    for post in posts:
        jobs = jobs_of[post.campaign, post.phone]
        # A number of two imports does not tell which of them sent it.
        for stop in since_of[next(iter(jobs))] if len(jobs) == 1 else ():
            if stop.since + STOPS_WITHIN < post.started < stop.until:
                verdict.add("I8", f"{short(post.phone)} was posted {post.started - stop.since:.1f} s after a stop")
        listed = seen.listed.get(post.phone, float("inf"))
        if post.started > listed + STOPS_WITHIN:
            verdict.add("I8", f"{short(post.phone)} was posted {post.started - listed:.1f} s after it was listed")


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
