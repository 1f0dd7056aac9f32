"""What the columns page shows: each field of a lead, the column for it, what that column holds, and what is asked about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from imports.intake import questions
from imports.intake.column_labels import ColumnView, label_of, source_view
from imports.intake.open_questions import PERSONS_WORD, Answers, Settled, column_in_words
from imports.models import ImportJob
from imports.pages.column_form import MOST_JOINED, confirmed_value
from imports.pages.field_help import explanation
from imports.pipeline.columns.fields import Field
from imports.pipeline.columns.source import Joined, Source, columns_of, default_separator
from imports.pipeline.evidence import Decision, Grade
from imports.pipeline.readers.table import Preview
from imports.pipeline.reasons import Reason

SURE, LIKELY = 0.9, 0.7
MOST_CONTACTS = 10
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


@dataclass(frozen=True)
class Mapping:
    """What the lines are made from. `joining`: the field that is to have one more select."""

    job: ImportJob
    preview: Preview
    answers: Answers
    settled: Settled
    joining: str = ""

    def lines(self, fields: Sequence[Field]) -> list[Line]:
        made = [self._line(place, field) for place, field in enumerate(fields)]
        return sorted(made, key=lambda line: ORDER.get(line.field.kind, len(ORDER)) if not line.field.position else len(ORDER))

    def _line(self, place: int, field: Field) -> Line:
        source, defaults = self.source(field), self.job.campaign.assistant.variables if self.job.campaign.assistant else {}
        reason, certainty = self._why(field, source)
        return Line(
            place,
            field,
            label_of(field),
            explanation(field, source, self.preview),
            self._selects(field, source),
            source.separator if isinstance(source, Joined) else default_separator(field.kind),
            None if source is None else source_view(self.preview, source),
            reason,
            certainty,
            str(defaults.get(field.variable, "") or "") if field.kind == "variable" else "",
            self._question(field, source),
        )

    def source(self, field: Field) -> Source | None:
        """The field's column; None too for one that the file no longer has."""
        source = self.answers.chosen.get(field.key)
        return source if source is not None and max(columns_of(source)) < len(self.preview.headers) else None

    def _selects(self, field: Field, source: Source | None) -> list[int | None]:
        selects: list[int | None] = [None] if source is None else list(columns_of(source))
        return [*selects, None] if self.joining == field.key and source is not None else selects

    def _why(self, field: Field, source: Source | None) -> tuple[Reason | None, str]:
        choice = self.settled.reasons.get(field.key)
        if choice is None or source is None:
            return None, ""
        decision = self._decision(field.key)
        if decision is not None:
            return choice.reason, "" if decision.why == PERSONS_WORD else CERTAIN[decision.grade]
        return choice.reason, "sure" if choice.confidence >= SURE else "likely" if choice.confidence >= LIKELY else "unsure"

    def _decision(self, what: str) -> Decision | None:
        return next((one for one in self.settled.decisions if one.what == what), None)

    def _question(self, field: Field, source: Source | None) -> Question | None:
        return self.question(field.key, column_in_words(source, self.preview))

    def question(self, what: str, value: str) -> Question | None:
        """What is, or was, asked about a choice; `value` stands in the form now."""
        decision = next((one for one in self.settled.open if one.what == what), None)
        if decision is None and what in self.answers.confirmed:
            return Question(what, "proven", "", PERSONS_WORD, questions.confirmation(what, value), confirmed_value(value), True)
        if decision is None:
            return None
        confirmation = questions.confirmation(what, value) if value or decision.grade == "likely" else ""
        return Question(
            what, decision.grade.value, questions.question(decision), decision.why, confirmation, confirmed_value(value)
        )


def contacts_shown(answers: Answers, fields: Sequence[Field], wanted: int = 0) -> int:
    """How many secondary contacts the page shows: those in use, and as many more as were asked for."""
    used = max((field.position for field in fields if answers.chosen.get(field.key) is not None), default=0)
    return min(max(used, wanted), MOST_CONTACTS)


def separators(current: str) -> list[tuple[str, str]]:
    """What may stand between joined columns, by name."""
    known = [(" ", _("a space")), ("", _("nothing")), (", ", _("a comma")), ("-", _("a hyphen")), ("/", _("a slash"))]
    return known if current in dict(known) else [*known, (current, f"“{current}”")]
