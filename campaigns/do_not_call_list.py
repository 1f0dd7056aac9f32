"""The do-not-call list itself: numbers put on it and taken off it, with who, when and why."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple, TypeVar

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from campaigns.do_not_call import among_values
from campaigns.models import Account, Campaign, DoNotCall
from people import audit
from people.models import User

AT_ONCE = 5_000  # rows of one statement
LISTED = DoNotCall._meta.db_table
VALUES = {
    "sqlite": "json_each(%s) AS one",
    "postgresql": "unnest(CAST(%s AS text[])) AS one(value)",
}  # many values as one parameter
TARGET = "do-not-call list"  # of audit entries


Item = TypeVar("Item")


class Added(NamedTuple):
    """How many numbers were new, and how many were on the list already."""

    new: int
    known: int


def add(
    numbers: Iterable[str],
    *,
    campaign: Campaign | None = None,
    note: str = "",
    user: User | None = None,
    source: str = DoNotCall.Source.PERSON,
) -> Added:
    """Put numbers (E.164) on the list of one campaign, or of all. The leads that have them are searched for afterwards."""
    wanted, new = list(dict.fromkeys(numbers)), 0
    campaign_id = campaign.pk if campaign else None
    about = [
        campaign_id,
        note[:200],
        str(source),
        user.pk if user else None,
        connection.ops.adapt_datetimefield_value(timezone.now()),
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        for some in _parts(wanted):
            among, value = among_values(some)
            cursor.execute(  # whoever lists a number again wants it gone from WhatTalk now
                f"UPDATE {LISTED} SET searched_at = NULL WHERE phone_number {among} AND COALESCE(campaign_id, 0) = %s",
                [value, campaign_id or 0],
            )
            cursor.execute(
                f"INSERT INTO {LISTED} (campaign_id, note, source, added_by_id, added_at, phone_number) "
                f"SELECT %s, %s, %s, %s, %s, one.value FROM {VALUES[connection.vendor]} WHERE TRUE ON CONFLICT DO NOTHING",
                [*about, value],
            )
            new += cursor.rowcount
        if new:
            audit.record(user, "add_do_not_call", target_of(campaign), after={"numbers": new, "source": str(source)})
    return Added(new, len(wanted) - new)


def remove(entries: QuerySet[DoNotCall], *, user: User | None = None, campaign: Campaign | None = None) -> int:
    """Take entries off the list; how many there were."""
    with transaction.atomic():
        removed, _by_model = entries.delete()
        if removed:
            audit.record(user, "remove_do_not_call", target_of(campaign), after={"numbers": -removed})
    return removed


def target_of(campaign: Campaign | None) -> str:
    return f"campaign {campaign.pk}" if campaign else TARGET


def matching(query: str, campaign: Campaign | None = None, among: QuerySet[DoNotCall] | None = None) -> QuerySet[DoNotCall]:
    """The list (or what of it is `among`), newest first, or those whose number holds the digits of `query`; of one campaign, or of all."""
    digits = "".join(c for c in query if c.isdecimal())
    listed = (DoNotCall.objects.all() if among is None else among).select_related("added_by", "campaign")
    if campaign:
        listed = listed.filter(campaign=campaign)
    return listed.filter(phone_number__contains=digits) if digits else listed


# -- what WhatTalk says ----------------------------------------------------------------------------------------------
def list_blacklisted(numbers: Iterable[str]) -> None:
    """List numbers that WhatTalk has newly blacklisted: no campaign calls them."""
    if wanted := sorted({number for number in numbers if number}):
        add(wanted, source=DoNotCall.Source.WHATTALK)


# -- leads of new entries ----------------------------------------------------------------------------------------------
class Entry(NamedTuple):
    """An entry of the list as far as a search needs it."""

    pk: int
    phone_number: str
    campaign_id: int | None


def unsearched(most: int) -> list[Entry]:
    entries = DoNotCall.objects.filter(searched_at=None).order_by("id").values_list("pk", "phone_number", "campaign_id")
    return [Entry(*entry) for entry in entries[:most]]


def mark_searched(entries: Iterable[Entry]) -> None:
    for some in _parts(entry.pk for entry in entries):
        DoNotCall.objects.filter(pk__in=some).update(searched_at=timezone.now())


def accounts_with_key() -> QuerySet[Account]:
    return Account.objects.exclude(encrypted_key=b"")


def readable_campaigns(entries: Iterable[Entry]) -> QuerySet[Campaign]:
    """Campaigns that WhatTalk still has and that these entries concern."""
    concerned = {entry.campaign_id for entry in entries}
    campaigns = Campaign.objects.filter(missing_since=None, account__in=accounts_with_key()).select_related("account")
    return campaigns if None in concerned else campaigns.filter(Q(pk__in=concerned - {None}))


def _parts(items: Iterable[Item]) -> Iterator[list[Item]]:
    """As many at a time as one statement takes."""
    rest = iter(items)
    while part := list(islice(rest, AT_ONCE)):
        yield part
