"""What the check page says of a whole file: counts that add up, reasons, warnings, and how long sending will take."""
from typing import NamedTuple

from django.utils.translation import gettext as _

from imports import workflow
from imports.messages import REPAIRS
from imports.models import ImportJob, RowState
from imports.pipeline.reasons import Reason
from imports.short_reasons import short_reason


class Count(NamedTuple):
    """A number on the page: `kind` (of row_list.KINDS) opens its rows."""

    kind: str
    words: str
    n: int
    look: str


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
        Count(RowState.DUPLICATE_IN_CAMPAIGN, _("already in the campaign"), states[RowState.DUPLICATE_IN_CAMPAIGN], "double"),
        Count(RowState.DO_NOT_CALL, _("on the do-not-call list"), states[RowState.DO_NOT_CALL], "silent"),
    ]
    return Summary(
        counts, _named(sums["reason"], short_reason), _named(sums["repair"], lambda code: str(REPAIRS.get(code, code))),
        _named(sums["warning"], short_reason), sum(states.values()), states[RowState.PENDING],
    )


def _named(sums: dict[str, int], words) -> list[ReasonCount]:
    """Codes with their words, the most frequent first."""
    return [ReasonCount(code, words(code), n) for code, n in sorted(sums.items(), key=lambda item: -item[1])]


def reasons_of(stored: list) -> list[Reason]:
    """Reasons as the database keeps them (`[code, params]`)."""
    return [Reason(*pair) for pair in stored]
