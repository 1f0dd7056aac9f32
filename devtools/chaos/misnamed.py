"""I9: the state of a row is true. Its final state is compared with what the sandbox's ledger knows of its number.

created                 one of our requests added the lead with this id, for this number, in these words
duplicate_in_campaign   a lead with this number was there at some moment between the row's first request (where none was
                        sent: its import's beginning) and its end
refused                 a request for this number was answered, and added nothing
every state but `created` and `unconfirmed`
                        no lead of ours in the row's words is left
a lead of somebody else is never deleted, unless its number must not be called
"""

import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from campaigns.models import DoNotCall
from campaigns.whattalk.sandbox.ledger import Post
from devtools.chaos.leads import LedgerLeads, NumberKey, short, words_of
from imports.models import OPEN_STATES, ImportJob, ImportRow, RowState

MAY_BE_THERE = (RowState.CREATED, RowState.UNCONFIRMED, *OPEN_STATES)
SAYS_NOTHING_OF_THE_LEAD = (401, 402, 408, 425, 429)


class Row(NamedTuple):
    """A row at the end of a run. `campaign`: the remote id; `begun`: when its import was made, on the monotonic clock."""

    id: int
    job: int
    number: int
    campaign: str
    phone: str
    state: str
    remote_id: str | None
    lead: dict[str, Any] | None
    begun: float

    @property
    def key(self) -> NumberKey:
        return self.campaign, self.phone

    def __str__(self) -> str:
        return f"import {self.job}, row {self.number} ({short(self.phone)})"


def rows_of(jobs: Collection[ImportJob]) -> list[Row]:
    rows = ImportRow.objects.filter(job__in=[job.pk for job in jobs]).order_by("job", "row_number")
    ahead = time.time() - time.monotonic()
    return [
        Row(pk, job, number, campaign, phone, state, remote_id, lead, begun.timestamp() - ahead)
        for pk, job, number, campaign, phone, state, remote_id, lead, begun in rows.values_list(
            "pk", "job", "row_number", "job__campaign__remote_id", "phone", "state", "remote_id", "lead", "job__created_at"
        )
    ]


def misnamed(rows: Sequence[Row], leads: LedgerLeads, posts: Sequence[Post], ended: Mapping[int, float]) -> Iterator[str]:
    """The states that are not true. `ended`: row id → the moment at which the row was first seen in its final state."""
    posts_of: dict[NumberKey, list[Post]] = defaultdict(list)
    for post in posts:
        posts_of[post.campaign, post.phone].append(post)
    for row in rows:
        if wrong := _wrong(row, leads, posts_of[row.key], ended.get(row.id, float("inf"))):
            yield f"{row} is {row.state}: {wrong}"
    yield from _denied_leads(rows, leads)
    yield from _deleted_leads_of_others(leads)


def _wrong(row: Row, leads: LedgerLeads, posts: Sequence[Post], ended: float) -> str:
    match row.state:
        case RowState.CREATED:
            return _wrongly_created(row, leads)
        case RowState.DUPLICATE_IN_CAMPAIGN:
            since = min((post.started for post in posts if post.started >= row.begun), default=row.begun)
            was_there = any(lead.was_there(since, ended) for lead in leads.by_number.get(row.key, ()))
            return "" if was_there else "no lead was there"
        case RowState.REFUSED:
            return "" if any(_is_refusal(post) for post in posts) else "no request was refused"
    return ""


def _wrongly_created(row: Row, leads: LedgerLeads) -> str:
    lead = leads.by_id.get((row.remote_id or "").removeprefix("ld_"))
    if lead is None:
        return f"there never was a lead {row.remote_id}"
    if not lead.is_ours:
        return f"lead {lead.id} is somebody else's"
    same = (lead.campaign, lead.phone, lead.words) == (*row.key, words_of(row.lead))
    return "" if same else f"lead {lead.id} is of another row"


def _is_refusal(post: Post) -> bool:
    return post.status is not None and post.lead is None and post.status < 500 and post.status not in SAYS_NOTHING_OF_THE_LEAD


def _denied_leads(rows: Sequence[Row], leads: LedgerLeads) -> Iterator[str]:
    """Leads of ours that are there, while the rows with their number and words say that they are not."""
    alive = Counter((lead.campaign, lead.phone, lead.words) for lead in leads.by_id.values() if lead.is_ours and lead.is_alive)
    states: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        states[*row.key, words_of(row.lead)][row.state] += 1
    for key, of_rows in states.items():
        claimed = sum(of_rows[state] for state in MAY_BE_THERE)
        if alive[key] > claimed:
            others = ", ".join(state for state in sorted(of_rows) if state not in MAY_BE_THERE) or "nothing else"
            yield f"{short(key[1])}: {alive[key]} leads of ours are there, {claimed} rows say so, others {others}"


def _deleted_leads_of_others(leads: LedgerLeads) -> Iterator[str]:
    listed = set(DoNotCall.objects.values_list("phone_number", flat=True))
    for lead in leads.by_id.values():
        if not lead.is_ours and not lead.is_alive and lead.phone not in listed:
            yield f"lead {lead.id} ({short(lead.phone)}) of somebody else was deleted"
