"""The list of imports: those that a person asks for among the ones they may see, in the order they want."""

from typing import Any, NamedTuple

from django.db.models import Case, Exists, F, IntegerField, OrderBy, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from campaigns.access import visible_campaigns
from campaigns.search_text import with_words
from imports.access import visible_imports
from imports.forms.history import ImportFilterForm
from imports.models import ImportJob, ImportTally, JobState, RowState
from people.models import User
from ui.days import within

STATES = {
    "running": (JobState.CHECKING, JobState.PUSHING),
    "waiting": (JobState.UPLOADED, JobState.MAPPED, JobState.READY, JobState.PAUSED),
    "ended": (JobState.DONE, JobState.CANCELLED, JobState.FAILED),
}
UNSENT = (RowState.REFUSED, RowState.FAILED, RowState.UNCONFIRMED)
# outcome → states of rows of which an import has at least one
ROWS_OF = {
    "invalid": (RowState.INVALID,),
    "unsent": UNSENT,
    "double": (RowState.DUPLICATE_IN_FILE, RowState.DUPLICATE_IN_CAMPAIGN),
    "silent": (RowState.DO_NOT_CALL, RowState.NO_CONSENT),
    "corrected": (RowState.CORRECTED,),
}
STEP = Case(*(When(state=state, then=Value(n)) for n, state in enumerate(JobState.values)), output_field=IntegerField())
# column of the table → what it is sorted by
SORTED_BY: dict[str, F | Case] = {
    "file": F("search"),
    "campaign": F("campaign__search"),
    "state": STEP,
    "rows": F("total_rows"),
    "when": F("pk"),
}
NEWEST_FIRST = "-when"


class Heading(NamedTuple):
    """A column's heading: the `sort` its link asks for, and how the column is sorted now (a value of aria-sort, '': not by it)."""

    label: str
    sort: str
    sorted: str


def filter_form(user: User, data: Any) -> ImportFilterForm:
    seen = visible_imports(user).order_by()
    people = User.objects.filter(pk__in=seen.values("owner")).order_by("first_name", "last_name", "username")
    campaigns = visible_campaigns(user).filter(pk__in=seen.values("campaign")).order_by("search", "pk")
    return ImportFilterForm(data, people, campaigns)


def matching(user: User, form: ImportFilterForm, state: str = "", sort: str = "") -> QuerySet[ImportJob]:
    """The imports that a form asks for; none where it cannot be understood. `state`: a key of STATES; `sort`: a key of SORTED_BY,
    with - before it in descending order."""
    jobs = visible_imports(user)
    if not form.is_valid():
        return jobs.none()
    asked = form.cleaned_data
    places, with_text = with_words(asked["q"], "search", "campaign__search")
    jobs = jobs.alias(**places).filter(with_text, within("created_at", asked["since"], asked["until"]), _by(asked["outcome"]))
    if asked.get("person"):
        jobs = jobs.filter(owner=asked["person"])
    if asked["campaign"]:
        jobs = jobs.filter(campaign=asked["campaign"])
    if state in STATES:
        jobs = jobs.filter(state__in=STATES[state])
    return jobs.order_by(_order(sort), "-pk")


def headings(sort: str) -> list[Heading]:
    labels = {"file": _("File"), "campaign": _("Campaign"), "state": _("State"), "rows": _("Rows"), "when": _("When")}
    key, is_descending = _parts(sort)
    now = "descending" if is_descending else "ascending"
    return [
        Heading(label, _next(one, is_descending) if one == key else _first(one), now if one == key else "")
        for one, label in labels.items()
    ]


def _first(key: str) -> str:
    """Names and states from the beginning, the largest and the newest first."""
    return f"-{key}" if key in ("rows", "when") else key


def _next(key: str, is_descending: bool) -> str:
    return key if is_descending else f"-{key}"


def _parts(sort: str) -> tuple[str, bool]:
    known = sort if sort.removeprefix("-") in SORTED_BY else NEWEST_FIRST
    return known.removeprefix("-"), known.startswith("-")


def _order(sort: str) -> OrderBy:
    key, is_descending = _parts(sort)
    column: F | Case = SORTED_BY[key]
    return column.desc(nulls_last=True) if is_descending else column.asc(nulls_last=True)


def _by(outcome: str) -> Q:
    if outcome in ROWS_OF:
        return _has_rows(*ROWS_OF[outcome])
    if outcome == "complete":
        others = [state for state in RowState.values if state != RowState.CREATED]
        return Q(state=JobState.DONE) & _has_rows(RowState.CREATED) & ~_has_rows(*others)
    if outcome == "nothing":
        return Q(state__in=STATES["ended"]) & ~_has_rows(RowState.CREATED)
    if outcome == "undone":
        return Q(undone_at__isnull=False)
    return Q(state=outcome) if outcome else Q()


def _has_rows(*states: str) -> Q:
    return Q(Exists(ImportTally.objects.filter(job=OuterRef("pk"), kind="state", key__in=states, n__gt=0)))
