"""Numbers that nobody may call: taken in as people write them, kept as the service knows them."""

from typing import NamedTuple

from django.conf import settings

from campaigns.models import DoNotCall
from imports.pipeline.phones import PhoneFormat, normalise_column
from people import audit


class Taken(NamedTuple):
    """How many numbers were new, how many were on the list already, and the texts that are no numbers."""

    added: int
    known: int
    wrong: list[str]


def add(text: str, note: str, user) -> Taken:
    """Put every number of `text` (one a line) on the list."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    results = normalise_column(lines, PhoneFormat("national", settings.DEFAULT_REGION))
    numbers = list(dict.fromkeys(result.e164 for result in results if result.e164))
    known = set(DoNotCall.objects.filter(phone_number__in=numbers).values_list("phone_number", flat=True))
    new = [DoNotCall(phone_number=number, note=note, added_by=user) for number in numbers if number not in known]
    DoNotCall.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        audit.record(user, "add_do_not_call", "do-not-call list", after={"numbers": len(new)})
    return Taken(len(new), len(known), [line for line, result in zip(lines, results, strict=True) if not result.e164])


def matching(query: str):
    """The list, newest first, or those whose number holds the digits of `query`."""
    digits = "".join(c for c in query if c.isdecimal())
    listed = DoNotCall.objects.select_related("added_by")
    return listed.filter(phone_number__contains=digits) if digits else listed
