"""What the check page shows of a whole file: counts that add up, reasons, warnings, and how long sending will take."""

from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from imports.check.corrections import Fix, possible_fixes
from imports.messages.headings import heading_of
from imports.messages.phone_reasons import REPAIRS
from imports.models import ImportJob, ImportRow, RowState
from imports.pipeline.phones.normalise import region_of_country
from imports.pipeline.reasons import Reason
from imports.workflow import steps as workflow

LOOKED_AT = 300  # numbers, to see which countries a list is about


class Count(NamedTuple):
    """A number on the page: `kind` (of `rows.KINDS`) opens its rows."""

    kind: str
    label: str
    n: int
    style: str


class ReasonCount(NamedTuple):
    code: str
    words: str
    n: int


class Summary(NamedTuple):
    """`counts` add up to `total`; `repaired` rows are among those that will be called."""

    counts: list[Count]
    reasons: list[ReasonCount]
    repairs: list[ReasonCount]
    warnings: list[ReasonCount]
    total: int
    ready: int

    @property
    def duplicates(self) -> int:
        held = (RowState.DUPLICATE_IN_FILE, RowState.DUPLICATE_IN_CAMPAIGN)
        return sum(count.n for count in self.counts if count.kind in held)

    @property
    def invalid(self) -> int:
        return sum(count.n for count in self.counts if count.kind == RowState.INVALID)


def summary_of(job: ImportJob) -> Summary:
    sums = workflow.check_summary(job)
    states = sums["state"]
    counts = [
        Count("ready", _("will be sent"), states[RowState.PENDING], "sent"),
        Count(RowState.INVALID, _("cannot be called"), states[RowState.INVALID], "invalid"),
        Count(RowState.DUPLICATE_IN_FILE, _("duplicate in this file"), states[RowState.DUPLICATE_IN_FILE], "double"),
        Count(
            RowState.DUPLICATE_IN_CAMPAIGN,
            _("already in the campaign"),
            states[RowState.DUPLICATE_IN_CAMPAIGN],
            "double",
        ),
        Count(RowState.DO_NOT_CALL, _("on the do-not-call list"), states[RowState.DO_NOT_CALL], "silent"),
        Count(RowState.NO_CONSENT, _("said no to calls"), states[RowState.NO_CONSENT], "silent"),
    ]
    if states[RowState.LEFT_OUT]:
        counts.append(Count(RowState.LEFT_OUT, _("left out"), states[RowState.LEFT_OUT], "silent"))
    return Summary(
        counts,
        _named(sums["reason"], heading_of),
        _named(sums["repair"], lambda code: str(REPAIRS.get(code, code))),
        _named(sums["warning"], heading_of),
        sum(states.values()),
        states[RowState.PENDING],
    )


def fixes_of(job: ImportJob) -> list[Fix]:
    """What could be put right in many rows at once: numbers that would be right in one of the likely countries."""
    sent_to = ImportRow.objects.filter(job=job, state=RowState.PENDING).order_by("row_number").values_list("phone", flat=True)
    common = [region for region, _n in Counter(map(_region_of, sent_to[:LOOKED_AT])).most_common(2) if region]
    regions = dict.fromkeys([settings.DEFAULT_REGION, *common])
    return possible_fixes(job, [region for region in regions if region != job.phone_format.get("region")])


def _region_of(phone: str) -> str | None:
    """The country of a number in E.164, by its dialing code of one to three digits."""
    return next(filter(None, (region_of_country(phone[:length]) for length in (4, 3, 2))), None)


def _named(sums: dict[str, int], words: Callable[[str], str]) -> list[ReasonCount]:
    """Codes with their words, the most frequent first."""
    return [ReasonCount(code, words(code), n) for code, n in sorted(sums.items(), key=lambda item: -item[1])]


def reasons_of(stored: list[list[Any]]) -> list[Reason]:
    """Reasons as the database keeps them (`[code, params]`)."""
    return [Reason(*pair) for pair in stored]
