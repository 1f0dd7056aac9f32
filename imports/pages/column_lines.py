"""The lines of the columns page: each field of a lead, the column for it, what that column holds, and what is asked about it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from imports.intake import questions
from imports.intake.column_labels import ColumnView, readable_label_of, source_view
from imports.intake.field_settings import suggest_phone_format
from imports.intake.open_questions import CHOSEN_BY_PERSON, column_in_words
from imports.messages.quotation import quoted
from imports.pages.column_form import MOST_JOINED, ColumnForm, confirmed_value
from imports.pages.field_help import explanation
from imports.pipeline.columns.fields import Field
from imports.pipeline.columns.source import Joined, Source, columns_of, default_separator
from imports.pipeline.evidence import Grade
from imports.pipeline.reasons import Reason

SURE, LIKELY = 0.9, 0.7
TINTS = 8
SHARES_OF_PHONE = ("column_phone_header", "column_phone_cells", "columns_joined_number", "phone_cells_not_valid")
JOINABLE = ("phone", "variable", "secondary_phone", "secondary_variable")
# In the order of the page: what decides who is called stands before what is said to them.
ORDER = {"phone": 0, "phone_label": 1, "consent": 2, "country": 3, "variable": 4}
RARE = ("phone_label", "consent", "country")  # shown where a file has them, else behind "More"
CERTAIN = {Grade.PROVEN: "sure", Grade.LIKELY: "likely", Grade.UNKNOWN: "unsure"}


@dataclass(frozen=True)
class Question:
    """Something that only a person can decide. `sentence` says what else it could be; `confirmation` stands beside the checkbox
    that is sent as `name` with `value`; '' where there is nothing to confirm yet."""

    what: str
    grade: str
    sentence: str
    why: Reason
    confirmation: str = ""
    value: str = ""
    is_confirmed: bool = False

    @property
    def name(self) -> str:
        return f"confirm-{self.what}"

    @property
    def is_open(self) -> bool:
        return not self.is_confirmed


@dataclass(frozen=True)
class Line:
    """One field, the columns chosen for it (`selects`: one for each select, None for none) and why they were suggested."""

    place: int
    field: Field
    label: str
    help: str
    selects: list[int | None]
    separator: str
    column: ColumnView | None
    reason: Reason | None
    certainty: str
    default: str  # what the assistant says where no column is chosen
    question: Question | None

    @property
    def name(self) -> str:
        return f"column-{self.field.key}"

    @property
    def tint(self) -> int:
        """Which of the TINTS colours marks the field, here and in the preview."""
        return self.place % TINTS + 1

    @property
    def is_joined(self) -> bool:
        return len(self.selects) > 1

    @property
    def may_join(self) -> bool:
        """Pages hide it by style while no column is chosen, which may change without the server."""
        return self.field.kind in JOINABLE and len(self.selects) < MOST_JOINED

    @property
    def is_unanswered(self) -> bool:
        """Nothing is preselected: the person must choose, be it that there is no column."""
        return bool(self.question and self.question.grade == "unknown" and not self.column and self.question.is_open)

    @property
    def is_rare(self) -> bool:
        return self.field.kind in RARE and not (self.column or self.question or self.is_joined)


def lines_of(form: ColumnForm) -> list[Line]:
    """A line for each field, in the order of the page."""
    lines = [_line(form, place, field) for place, field in enumerate(form.fields)]
    return sorted(lines, key=lambda line: ORDER.get(line.field.kind, len(ORDER)) if not line.field.position else len(ORDER))


def question_of(form: ColumnForm, what: str, value: str) -> Question | None:
    """What is, or was, asked about a choice; `value` stands in the form now."""
    decision = next((one for one in form.open_questions if one.what == what), None)
    if decision is None and what in form.answers.confirmed:
        confirmation = questions.confirmation(what, value)
        return Question(what, "proven", "", CHOSEN_BY_PERSON, confirmation, confirmed_value(value), is_confirmed=True)
    if decision is None:
        return None
    confirmation = questions.confirmation(what, value) if value or decision.grade == "likely" else ""
    sentence = questions.question(decision)
    return Question(what, decision.grade.value, sentence, decision.why, confirmation, confirmed_value(value))


def _line(form: ColumnForm, place: int, field: Field) -> Line:
    source = form.answers.chosen.get(field.key)
    reason, certainty = _why(form, field, source)
    return Line(
        place,
        field,
        readable_label_of(field),
        explanation(field, source, form.preview),
        _selects(form, field, source),
        source.separator if isinstance(source, Joined) else default_separator(field.kind),
        None if source is None else source_view(form.preview, source),
        reason,
        certainty,
        _default(form, field),
        question_of(form, field.key, column_in_words(source, form.preview)),
    )


def _selects(form: ColumnForm, field: Field, source: Source | None) -> list[int | None]:
    selects: list[int | None] = [None] if source is None else list(columns_of(source))
    return [*selects, None] if form.joining == field.key and source is not None else selects


def _default(form: ColumnForm, field: Field) -> str:
    assistant = form.job.campaign.assistant
    return str(assistant.variables.get(field.variable, "") or "") if assistant and field.kind == "variable" else ""


def _why(form: ColumnForm, field: Field, source: Source | None) -> tuple[Reason | None, str]:
    """Why the field has its column, and how certain that is: `sure`, `likely`, `unsure`, or '' for a person's own choice."""
    choice = form.resolution.reasons.get(field.key)
    if choice is None or source is None:
        return None, ""
    decision = next((one for one in form.resolution.decisions if one.what == field.key), None)
    reason = with_share(form, choice.reason) if field.kind == "phone" else choice.reason
    if decision is not None:
        return reason, "" if decision.why == CHOSEN_BY_PERSON else CERTAIN[decision.grade]
    return reason, "sure" if choice.confidence >= SURE else "likely" if choice.confidence >= LIKELY else "unsure"


def with_share(form: ColumnForm, reason: Reason) -> Reason:
    """The share of the numbers that can be called as the page of the phone format says it, of the same cells in the same format."""
    is_of_another = reason.code == "phone_cells_not_valid" and reason.params["header"] != _header_of_phone(form)
    if reason.code not in SHARES_OF_PHONE or is_of_another:
        return reason
    share = suggest_phone_format(form.job, form.preview, form.mapping).share
    return Reason(reason.code, {**reason.params, "percent": int(100 * share)})


def _header_of_phone(form: ColumnForm) -> str | None:
    """That of the phone column; None where it is joined from several, or there is none."""
    source = form.mapping.get("phone_number")
    return form.preview.headers[source] if isinstance(source, int) else None


def separators(current: str) -> list[tuple[str, str]]:
    """What may stand between joined columns, by name."""
    known = [(" ", _("a space")), ("", _("nothing")), (", ", _("a comma")), ("-", _("a hyphen")), ("/", _("a slash"))]
    return known if current in dict(known) else [*known, (current, quoted(current))]
