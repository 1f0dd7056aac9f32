"""Searching a campaign's leads, however many."""

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import StrIndex

from campaigns.labels import LEAD_STATUSES, OTHER_STATUS
from campaigns.models import ENDING, Campaign, Lead
from campaigns.search_text import with_words, words_of

MANY = 1_000  # leads that are named one by one
DIGITS = "0123456789"
IN_NUMBERS = frozenset(DIGITS + "+-./() \u00a0")  # what people write in a phone number


def matching(campaign: Campaign, query: str = "", status: str = "") -> QuerySet[Lead]:
    """Every lead of the campaign that matches, newest first. A query with + is the beginning of a number; the words of any other
    are looked for in the number and in all values of the lead, whatever the case of their letters."""
    leads = campaign.leads.order_by("-id")
    if status == OTHER_STATUS:
        leads = leads.exclude(status__in=LEAD_STATUSES)
    elif status:
        leads = leads.filter(status=status)
    if digits := _digits(query):
        return _with_number(campaign, leads, query.strip().startswith("+"), digits, " ".join(words_of(query)))
    places, condition = with_words(query, "search")
    return leads.alias(**places).filter(condition)


def _with_number(campaign: Campaign, leads: QuerySet[Lead], is_beginning: bool, digits: str, text: str) -> QuerySet[Lead]:
    """Those of `leads` whose number begins with, ends with or holds `digits`, or whose other texts do (or hold `text`, the query
    as it is).

    Each is asked of its own index. Few leads are then named; where many match, the newest are soon met anyway.
    """
    by_number, by_values = _of_number(is_beginning, digits), _in_values(is_beginning, digits, text)
    found: list[int] = []
    for order, (places, condition) in (("phone_number" if by_number[0] else "pk", by_number), ("pk", by_values)):
        # A part of a number is looked for in the index of numbers alone, which is a tenth of the leads.
        matches = campaign.leads.alias(**places).filter(condition).order_by(order)
        some = list(matches.values_list("pk", flat=True)[: MANY + 1])
        if len(some) > MANY:
            return leads.alias(**by_number[0], **by_values[0]).filter(by_number[1] | by_values[1])
        found += some
    return leads.filter(pk__in=found)


def _of_number(is_beginning: bool, digits: str) -> tuple[dict[str, StrIndex], Q]:
    dialled = digits.lstrip("0")  # `0532 123 45 67` is how people dial +905321234567
    if is_beginning:
        # a range, not LIKE: both databases answer it from the index
        return {}, Q(phone_number__gte=f"+{digits}", phone_number__lt=f"+{digits}:")
    if len(dialled) >= ENDING:
        return {}, Q(ending=dialled[-ENDING:], phone_number__endswith=dialled)
    return {"number_place": StrIndex("phone_number", Value(digits))}, Q(number_place__gt=0)


def _in_values(is_beginning: bool, digits: str, text: str) -> tuple[dict[str, StrIndex], Q]:
    dialled = digits.lstrip("0")
    number = f"\n+{digits}" if is_beginning else dialled if len(dialled) >= ENDING else digits  # each text is a line
    places = {"place": StrIndex("search", Value(number)), "text_place": StrIndex("search", Value(text))}
    return places, Q(digits_in_values=True) & (Q(place__gt=0) | Q(text_place__gt=0))


def _digits(query: str) -> str:
    """The digits of a query that can be a number or a part of one; '' for any other."""
    return "".join(c for c in query if c in DIGITS) if IN_NUMBERS.issuperset(query) else ""
