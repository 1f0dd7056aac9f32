"""The columns page as a whole: how the file was read, each field with its column, what is asked, and what is left over."""

from collections.abc import Sequence
from typing import Any

from campaigns.forms import AssistantForm
from campaigns.models import Campaign
from imports.forms.reading import ReadingForm
from imports.intake import questions
from imports.intake import steps as intake
from imports.intake.column_conflicts import shared_columns
from imports.intake.column_labels import ColumnView, column_views, first_rows
from imports.intake.open_questions import Answers, Settled, reading_of, settle
from imports.models import ImportJob
from imports.pages.mapping import Line, Mapping, Question, contacts_shown, separators
from imports.pipeline.columns.source import columns_used
from imports.pipeline.columns.suggest import Field
from imports.pipeline.proposal import notes_on_columns
from imports.pipeline.readers.table import Preview, ReadOptions
from imports.pipeline.reasons import Reason

FIRST_ROWS = 4
# What a question beside a field says already, or the list of what was left over.
SAID_ELSEWHERE = {
    "phone_columns_alike",
    "phone_column_guessed",
    "phone_column_missing",
    "variable_unmapped",
    "required_unmapped",
    "column_country",
}
MOST_RIVALS = 2  # other encodings offered by a button; all others stand in the select


def columns_page(
    job: ImportJob,
    preview: Preview,
    fields: Sequence[Field],
    answers: Answers,
    *,
    contacts: int = 0,
    joining: str = "",
    problem: str = "",
    is_asking: bool = False,
) -> dict[str, Any]:
    """What the template needs. `contacts`: how many are shown at least; `joining`: the field that gets one more column;
    `is_asking`: what is open stands on top as something to be put right."""
    settled = settle(job, preview, answers)
    mapping = Mapping(job, preview, answers, settled, joining)
    lines = mapping.lines(fields)
    shown = contacts_shown(answers, fields, contacts)
    return {
        "job": job,
        "preview": preview,
        "columns": column_views(preview),
        "first_rows": first_rows(preview, FIRST_ROWS),
        "reading_form": ReadingForm(preview, before=ReadOptions.from_json(job.read_options or {})),
        "problem": problem,
        "is_asking": is_asking,
        "doubts": _doubts(settled, answers, fields, preview, problem),
        **_of_the_lead(lines),
        "contacts": [_contact(lines, position) for position in range(1, shown + 1)],
        "may_add_contact": shown < 10,
        "fields_shown": [line for line in lines if line.field.position <= shown],
        "separators": {line.field.key: separators(line.separator) for line in lines if line.is_joined},
        **_reading(mapping, preview),
        **_left_over(lines, settled, answers, preview),
        "open": _open(mapping, lines, preview),
        "assistant_form": AssistantForm(job.campaign) if _must_ask(job.campaign) else None,
        "earlier": intake.same_file_before(job)[:3],
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


def _doubts(settled: Settled, answers: Answers, fields: Sequence[Field], preview: Preview, problem: str) -> list[Reason]:
    chosen = {key: source for key, source in answers.chosen.items() if source is not None}
    shared = [] if problem else shared_columns(chosen, list(fields), preview)
    return [*(doubt for doubt in settled.suggestion.doubts if doubt.code not in SAID_ELSEWHERE), *shared]


# -- how the file was read ---------------------------------------------------------------------------------------------
def _reading(mapping: Mapping, preview: Preview) -> dict[str, Any]:
    """What is asked of the reading, and what was noticed; other sheets and encodings are one press away."""
    asked = [mapping.question(what, str(value)) for what, value in reading_of(preview).items() if what != "encoding"]
    encoding = next((one for one in mapping.settled.decisions if one.what == "encoding" and one.instead), None)
    notes = [note for note in preview.notes if not (encoding and note.code == "encoding_guessed")]
    return {
        "reading_questions": [one for one in asked if one],
        "encoding_doubt": questions.question(encoding) if encoding else "",
        "encoding_rivals": encoding.instead[:MOST_RIVALS] if encoding else (),
        "notes": list(dict.fromkeys(questions.notes_in_words(notes))),
        "other_sheets": [
            sheet.name for sheet in preview.sheets if sheet.has_numbers and sheet.visible and sheet.name != preview.sheet
        ],
    }


# -- what is left over -------------------------------------------------------------------------------------------------
def _left_over(lines: Sequence[Line], settled: Settled, answers: Answers, preview: Preview) -> dict[str, Any]:
    """Columns and variables that nothing was chosen for, each said once."""
    used = columns_used(source for source in answers.chosen.values() if source is not None)
    unused = [view for view in column_views(preview) if view.index not in used]
    asked = [line.question.why for line in lines if line.question]
    left = [
        note
        for note in notes_on_columns(settled.suggestion)
        if note.code not in SAID_ELSEWHERE and note not in asked and _is_of(note, unused)
    ]
    told = {note.params.get("header") for note in left}
    return {
        "left_out": questions.notes_in_words(left),
        "unused": [view for view in unused if view.header not in told],
        "empty": [line for line in lines if line.field.kind == "variable" and not line.column],
    }


def _is_of(note: Reason, views: Sequence[ColumnView]) -> bool:
    return note.params.get("header") in {view.header for view in views}


# -- what is open ------------------------------------------------------------------------------------------------------
def _open(mapping: Mapping, lines: Sequence[Line], preview: Preview) -> list[tuple[str, Question]]:
    """The id of the element that answers, and the question, in the order of the page."""
    reading = [mapping.question(what, str(value)) for what, value in reading_of(preview).items()]
    found = [(one.name, one) for one in reading if one and one.is_open]
    of_lines = [(line, line.question) for line in lines if line.question and line.question.is_open]
    return found + [(one.name if one.confirmation and not line.is_unanswered else line.name, one) for line, one in of_lines]


def _must_ask(campaign: Campaign) -> bool:
    return (not campaign.assistant_id or campaign.assistant_guessed) and campaign.account.assistants.exists()
