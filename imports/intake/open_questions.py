"""Which choices a person has still to make before a file may be checked, and which ones the person has made.

The columns page asks for all that is likely or unknown but the phone format, which has a page of its own. An answer is either
another value than the one proposed, or the confirmation of the value that stands in the form.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from imports.intake import field_settings
from imports.intake.field_settings import FormatProposal
from imports.models import ImportJob
from imports.pipeline.columns.choices import Choice, MappingSuggestion
from imports.pipeline.columns.fields import Field
from imports.pipeline.columns.source import Source, columns_of, in_words
from imports.pipeline.evidence import Decision, Support, decide
from imports.pipeline.phones.normalise import PhoneFormat
from imports.pipeline.proposal import Given, format_name, reading_decisions
from imports.pipeline.readers.table import Preview, ReadOptions
from imports.pipeline.reasons import Reason

FORMAT = "phone_format"
CHOSEN_BY_PERSON = Reason("choice_given", {})
# A further phone, or its label, that stays without a column calls nobody: nothing is asked about it.
HARMLESS_WITHOUT = ("secondary_phone", "phone_label")


class Answers(NamedTuple):
    """What a person chose on the columns page. `chosen`: field key → column (None: no column) of every field that was shown;
    `confirmed`: what was confirmed as it stands (`Decision.what`)."""

    chosen: Mapping[str, Source | None] = {}
    confirmed: Collection[str] = frozenset()


# -- columns and reading -----------------------------------------------------------------------------------------------
class Resolution(NamedTuple):
    """The choices once a person has answered: what the person chose, the proposal for the rest, why each field has its column,
    every choice with its grade, and what must still be asked."""

    given: Given
    suggestion: MappingSuggestion
    reasons: dict[str, Choice]
    decisions: list[Decision]
    open: list[Decision]


def resolve(job: ImportJob, preview: Preview, answers: Answers) -> Resolution:
    """The proposal anew, for what the person left open. What differs from the first proposal was chosen, what was confirmed too."""
    known = {field.key: field for field in field_settings.fields_of(job)}
    first = field_settings.suggestion_for(job, preview)
    given = _given_by(job, preview, answers, first, known)
    now = field_settings.suggestion_for(job, preview, given) if given.columns else first
    decisions = [*reading_decisions(preview, given.reading), *_of_columns(first, now, given, answers, preview, known)]
    left = [one for one in decisions if one.must_be_asked and not _is_left_out(known.get(one.what), answers.chosen)]
    reasons = {
        key: choice for one in (first, now) for key, choice in one.choices.items() if choice.column == answers.chosen.get(key)
    }
    return Resolution(given, now, reasons, decisions, left)


def _of_columns(
    first: MappingSuggestion,
    now: MappingSuggestion,
    given: Given,
    answers: Answers,
    preview: Preview,
    known: Mapping[str, Field],
) -> list[Decision]:
    """The choices as they stand in the form. Where the choice for other fields makes another column likelier than the one that
    still stands there, that one keeps the grade it was shown with."""
    graded = {one.what: one for one in now.decisions}
    for one in first.decisions:
        field = known.get(one.what)
        if field is None or field.key in given.columns or one.chosen != column_in_words(answers.chosen.get(field.key), preview):
            continue
        if one.chosen if one.what not in graded else graded[one.what].chosen != one.chosen:
            graded[one.what] = one
    return list(graded.values())


def column_in_words(source: Source | None, preview: Preview) -> str:
    """In the form of `Decision.chosen`."""
    return "" if source is None else in_words(source, preview.headers)


def open_questions(
    job: ImportJob,
    preview: Preview,
    chosen: Mapping[str, Source | None],
    confirmed: Collection[str],
) -> list[Decision]:
    """What must still be asked, given what was chosen and confirmed on the columns page."""
    return resolve(job, preview, Answers(chosen, confirmed)).open


def _is_left_out(field: Field | None, chosen: Mapping[str, Source | None]) -> bool:
    return field is not None and field.kind in HARMLESS_WITHOUT and chosen.get(field.key) is None


def _given_by(
    job: ImportJob,
    preview: Preview,
    answers: Answers,
    first: MappingSuggestion,
    known: Mapping[str, Field],
) -> Given:
    proposed = first.mapping
    chosen, confirmed = answers
    changed = {key for key in {*proposed, *chosen} if chosen.get(key) != proposed.get(key)}
    given = changed | (set(confirmed) & set(known))
    return Given(_reading_given(job, preview, confirmed), {key: chosen.get(key) for key in sorted(given)})


def _reading_given(job: ImportJob, preview: Preview, confirmed: Collection[str]) -> ReadOptions:
    """How the file is to be read, as the person chose it or confirmed what was found."""
    chosen = ReadOptions.from_json(job.read_options or {})
    confirmed_values: dict[str, Any] = {
        what: value for what, value in reading_of(preview).items() if what in confirmed and getattr(chosen, what) is None
    }
    return replace(chosen, **confirmed_values)


def reading_of(preview: Preview) -> dict[str, str | int | None]:
    """`what` → how the file is read."""
    return {
        "sheet": preview.sheet,
        "header_row": preview.header_row,
        "lists": len(preview.list_starts),
        "encoding": preview.encoding,
    }


def decisions_of_named_columns(job: ImportJob, preview: Preview, mapping: Mapping[str, Source]) -> list[Decision]:
    """The choices of a caller who names all columns, and so has seen how the file is read."""
    known = field_settings.fields_of(job)
    whats = {field.key for field in known} | set(reading_of(preview))
    return resolve(job, preview, Answers({field.key: mapping.get(field.key) for field in known}, whats)).decisions


def answers_before(job: ImportJob, preview: Preview) -> Answers:
    """What is stored of a person's answers; before there is any, the columns are those proposed and nothing is confirmed.

    A column that the file does not have is none: it may be read anew, with fewer of them, at this moment.
    """
    if not job.mapping:
        return Answers(field_settings.suggestion_for(job, preview).mapping)
    stored = field_settings.mapping_of(job)
    chosen = {key: source for key, source in stored.items() if max(columns_of(source)) < len(preview.headers)}
    current = _values_in_words(job, preview, chosen)
    by_person = {one.what: one.chosen for one in map(Decision.from_json, job.choices) if one.why == CHOSEN_BY_PERSON}
    return Answers(chosen, frozenset(what for what, value in by_person.items() if current.get(what) == value))


def choices_to_store(job: ImportJob, mapping: Mapping[str, Source], made: Iterable[Decision]) -> list[dict[str, Any]]:
    """`ImportJob.choices` for a new mapping. The choice of the phone format holds as long as the numbers stand where they stood."""
    before, known = field_settings.mapping_of(job), field_settings.fields_of(job)
    same_numbers = all(before.get(field.key) == mapping.get(field.key) for field in known if field.kind in ("phone", "country"))
    kept = [one for one in job.choices if one["what"] == FORMAT and same_numbers]
    return [*(one.to_json() for one in made if one.what != FORMAT), *kept]


def _values_in_words(job: ImportJob, preview: Preview, chosen: Mapping[str, Source | None]) -> dict[str, str]:
    """`what` → what is chosen now, in the form of `Decision.chosen`."""
    columns = {field.key: chosen.get(field.key) for field in field_settings.fields_of(job)}
    reading = {what: str(value) for what, value in reading_of(preview).items()}
    return reading | {what: column_in_words(source, preview) for what, source in columns.items()}


# -- phone format ------------------------------------------------------------------------------------------------------
def format_question(proposed: FormatProposal, chosen: PhoneFormat | None, is_confirmed: bool = False) -> Decision | None:
    """The phone format, if it must still be asked given what the form holds (None: nothing)."""
    decision = proposed.decision
    is_answered = chosen is not None and (is_confirmed or not decision.chosen or chosen != proposed.phone_format)
    return None if is_answered or not decision.must_be_asked else decision


def format_decision(phone_format: PhoneFormat) -> Decision:
    """The phone format as a person chose or confirmed it."""
    return decide(FORMAT, format_name(phone_format), CHOSEN_BY_PERSON, {Support.PERSON})


def choices_with_format(job: ImportJob, phone_format: PhoneFormat, choice: Decision | None) -> list[dict[str, Any]]:
    """`ImportJob.choices` for a new phone format; without a graded `choice` it is a person's own."""
    return [*(one for one in job.choices if one["what"] != FORMAT), (choice or format_decision(phone_format)).to_json()]


def is_format_chosen(job: ImportJob) -> bool:
    """Whether the phone format that is stored is a person's own choice."""
    return bool(job.phone_format) and format_decision(field_settings.phone_format(job)).to_json() in job.choices


def questions_left(job: ImportJob, preview: Preview) -> list[Decision]:
    """What keeps an import from being checked, judged by what is stored of it."""
    before = answers_before(job, preview)
    left = open_questions(job, preview, before.chosen, before.confirmed)
    if is_format_chosen(job):
        return left
    asked = format_question(
        field_settings.format_proposal(job, preview), field_settings.phone_format(job) if job.phone_format else None
    )
    return [*left, asked] if asked else left
