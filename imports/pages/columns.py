"""The columns page as a whole: how the file was read, each field with its column, what is asked, and what is left over."""

from collections.abc import Sequence
from typing import Any

from campaigns.forms import AssistantForm
from campaigns.models import Campaign
from imports.forms.reading import reading_form
from imports.intake import questions
from imports.intake import steps as intake
from imports.intake.assistants import is_assistant_known
from imports.intake.column_conflicts import shared_columns
from imports.intake.column_labels import ColumnView, column_views, first_rows
from imports.intake.field_settings import memory_of
from imports.intake.open_questions import reading_of
from imports.pages.column_form import MOST_CONTACTS, ColumnForm
from imports.pages.column_lines import Line, Question, lines_of, question_of, separators, with_share
from imports.pages.column_preview import assignable, preview_columns
from imports.pipeline.columns.source import columns_used
from imports.pipeline.proposal import notes_on_columns
from imports.pipeline.readers.table import Preview
from imports.pipeline.reasons import Reason

FIRST_ROWS = 4
# Shown as a question beside a field already, or in the list of what was left over.
SHOWN_ELSEWHERE = {
    "phone_columns_alike",
    "phone_column_guessed",
    "phone_column_missing",
    "variable_unmapped",
    "required_unmapped",
    "column_country",
}
MOST_RIVALS = 2  # other encodings offered by a button; all others stand in the select


def columns_page(form: ColumnForm, problem: str = "", is_asking: bool = False) -> dict[str, Any]:
    """What the template shows of `form`. `problem`: why it could not be saved; `is_asking`: what is open stands on top as something to
    be put right."""
    lines = lines_of(form)
    views = column_views(form.preview)
    shown = form.contacts_shown
    return {
        "job": form.job,
        "preview": form.preview,
        "columns": views,
        "preview_columns": preview_columns(form, views, lines),
        "assignable": assignable(form, lines),
        "first_rows": first_rows(form.preview, FIRST_ROWS),
        "reading_form": reading_form(form.job),
        "problem": problem,
        "is_asking": is_asking,
        "doubts": _doubts(form, problem),
        **_of_the_lead(lines),
        "contacts": [_contact(lines, position) for position in range(1, shown + 1)],
        "may_add_contact": shown < MOST_CONTACTS,
        "fields_shown": [line for line in lines if line.field.position <= shown],
        "separators": {line.field.key: separators(line.separator) for line in lines if line.is_joined},
        **_reading(form),
        **_left_over(form, lines, views),
        "open": _open(form, lines),
        "assistant_form": AssistantForm(form.job.campaign) if _asks_for_assistant(form.job.campaign) else None,
        "memory": memory_of(form.job, form.preview.headers),
        "earlier": intake.same_file_before(form.job)[:3],
    }


def _of_the_lead(lines: Sequence[Line]) -> dict[str, Any]:
    """The lead's own fields, the rarer ones apart. Where it is asked what a column of consent means, both answers are in sight."""
    own = [line for line in lines if not line.field.position]
    asked = {line.field.kind for line in own if line.is_unanswered and line.field.kind == "consent"}
    rare = [line for line in own if line.is_rare and line.field.kind not in asked]
    return {"main": [line for line in own if line not in rare], "rare": rare}


def _contact(lines: Sequence[Line], position: int) -> dict[str, Any]:
    own = [line for line in lines if line.field.position == position]
    return {
        "position": position,
        "lines": [line for line in own if not line.is_rare],
        "rare": [line for line in own if line.is_rare],
    }


def _doubts(form: ColumnForm, problem: str) -> list[Reason]:
    shared = [] if problem else shared_columns(form.mapping, form.fields, form.preview)
    own = [with_share(form, doubt) for doubt in form.resolution.suggestion.doubts if doubt.code not in SHOWN_ELSEWHERE]
    return [*own, *shared]


# -- how the file was read ---------------------------------------------------------------------------------------------
def _reading(form: ColumnForm) -> dict[str, Any]:
    """What is asked of the reading, and what was noticed; other sheets and encodings are one press away."""
    encoding = next((one for one in form.resolution.decisions if one.what == "encoding" and one.instead), None)
    notes = [note for note in form.preview.notes if not (encoding and note.code == "encoding_guessed")]
    return {
        "reading_questions": [question for question in _reading_questions(form) if question.what != "encoding"],
        "encoding_doubt": questions.question(encoding) if encoding else "",
        "encoding_rivals": encoding.instead[:MOST_RIVALS] if encoding else (),
        "notes": questions.notes_in_words(notes),
        "other_sheets": _other_sheets(form.preview),
    }


def _reading_questions(form: ColumnForm) -> list[Question]:
    asked = (question_of(form, what, str(value)) for what, value in reading_of(form.preview).items())
    return [question for question in asked if question]


def _other_sheets(preview: Preview) -> list[str]:
    return [sheet.name for sheet in preview.sheets if sheet.has_numbers and sheet.visible and sheet.name != preview.sheet]


# -- what is left over -------------------------------------------------------------------------------------------------
def _left_over(form: ColumnForm, lines: Sequence[Line], views: Sequence[ColumnView]) -> dict[str, Any]:
    """Columns and variables that nothing was chosen for, each named once."""
    used = columns_used(form.mapping.values())
    unused = [view for view in views if view.index not in used]
    notes = _notes_on(unused, form, lines)
    noted = {note.params.get("header") for note in notes}
    return {
        "left_out": questions.notes_in_words(notes),
        "unused": [view for view in unused if view.header not in noted],
        "empty": [line for line in lines if line.field.kind == "variable" and not line.column],
    }


def _notes_on(unused: Sequence[ColumnView], form: ColumnForm, lines: Sequence[Line]) -> list[Reason]:
    """Why columns are not used, but for what a question asks already."""
    headers = {view.header for view in unused}
    asked = [line.question.why for line in lines if line.question]
    notes = [note for note in notes_on_columns(form.resolution.suggestion) if note.code not in SHOWN_ELSEWHERE]
    return [note for note in notes if note not in asked and note.params.get("header") in headers]


# -- what is open ------------------------------------------------------------------------------------------------------
def _open(form: ColumnForm, lines: Sequence[Line]) -> list[tuple[str, Question]]:
    """The id of the element that answers, and the question, in the order of the page."""
    of_reading = [(question.name, question) for question in _reading_questions(form)]
    of_lines = [(_answering_element(line, line.question), line.question) for line in lines if line.question]
    return [(element, question) for element, question in (*of_reading, *of_lines) if question.is_open]


def _answering_element(line: Line, question: Question) -> str:
    return question.name if question.confirmation and not line.is_unanswered else line.name


def _asks_for_assistant(campaign: Campaign) -> bool:
    return not is_assistant_known(campaign) and campaign.account.assistants.exists()
