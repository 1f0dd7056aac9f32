"""Numbers of people who must not be called, read from texts and from spreadsheets by the code that reads imports.

What is doubtful is named, never guessed: such a line has no number here, and somebody must look at it.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from django.conf import settings

from imports.check.contacts_left_out import contacts_of
from imports.errors import WorkflowError
from imports.intake import questions
from imports.messages import lookup
from imports.pipeline.columns.fields import lead_fields
from imports.pipeline.columns.source import Source, columns_of
from imports.pipeline.evidence import Decision
from imports.pipeline.phones.normalise import INTERNATIONAL, PhoneFormat, normalise_column
from imports.pipeline.process import parent
from imports.pipeline.process.protocol import Chunk
from imports.pipeline.proposal import Proposal, propose
from imports.pipeline.readers.table import Preview, ReadOptions
from imports.pipeline.rows import CheckSettings

LINES_AT_ONCE = 5_000
FIELDS = [field for field in lead_fields([]) if field.kind in ("phone", "secondary_phone", "country")]
LONGEST_TEXT = 60


class Doubtful(NamedTuple):
    """A line, or a spreadsheet's row, that is no number for certain: what stands there, and why it was not taken."""

    place: int
    text: str
    reason: str
    params: dict[str, Any]

    @property
    def sentence(self) -> str:
        return lookup.sentence(self.reason, self.params)


class Part(NamedTuple):
    """Some of a list. `number`: which part it is, from 0; a list that is read again gives the same parts."""

    number: int
    numbers: list[str]
    doubtful: list[Doubtful]


def home_format() -> PhoneFormat:
    """How numbers without a country are read: as they are dialled where this instance is at home."""
    return PhoneFormat("national", settings.DEFAULT_REGION)


def of_texts(texts: Sequence[str], first_place: int = 1, index: int = 0) -> Part:
    """The numbers of lines; empty ones are passed over."""
    lines = [(place, text.strip()) for place, text in enumerate(texts, first_place) if text.strip()]
    results = normalise_column([text for _place, text in lines], home_format())
    doubtful = [
        Doubtful(place, text[:LONGEST_TEXT], *result.reason)
        for (place, text), result in zip(lines, results, strict=True)
        if result.reason is not None
    ]
    return Part(index, [result.e164 for result in results if result.e164], doubtful)


def of_text_file(path: Path, skip: int = 0) -> Iterator[Part]:
    """The parts of a text with one number a line, from the part `skip` on."""
    with open(path, encoding="utf-8", errors="replace") as lines:
        index = 0
        while some := list(islice(lines, LINES_AT_ONCE)):
            if index >= skip:
                yield of_texts(some, 1 + index * LINES_AT_ONCE, index)
            index += 1


# -- spreadsheets ------------------------------------------------------------------------------------------------------
def of_spreadsheet(path: Path, skip: int = 0) -> Iterator[Part]:
    """Every number of every row, of further phone columns too, from the part `skip` on.

    UnreadableFile when the file cannot be read, WorkflowError when it is not certain which column holds the numbers.
    """
    preview = parent.preview_file(path)
    proposal = _proposal(preview)
    check = _check_settings(preview, proposal)
    for message in parent.check_file(path, _as_previewed(preview), check, skip):
        if isinstance(message, Chunk):
            yield _of_chunk(message, check)


def _proposal(preview: Preview) -> Proposal:
    proposal = propose(preview, FIELDS, settings.DEFAULT_REGION)
    if "phone_number" not in proposal.mapping:
        raise WorkflowError("phone_not_mapped")
    listed = {preview.headers[column] for source in proposal.mapping.values() for column in columns_of(source)}
    left = [decision for decision in proposal.questions if _is_open(decision, listed)]
    if left:
        raise WorkflowError("choices_open", questions=" ".join(map(questions.question, left)))
    return proposal


def _is_open(decision: Decision, listed: Collection[str]) -> bool:
    """Which of several columns is called first makes no difference here: the numbers of all of them are listed."""
    if decision.what == "phone_format":
        return False  # doubtful numbers are named one by one
    is_phone = decision.what == "phone_number" or decision.what.startswith("secondary_phone")
    return not (is_phone and {decision.chosen, *decision.instead} - {""} <= {*listed})


def _check_settings(preview: Preview, proposal: Proposal) -> CheckSettings:
    fields = [field for field in FIELDS if field.key in proposal.mapping]
    return CheckSettings(
        proposal.mapping, fields, _format(proposal), letters=preview.letters, home_region=settings.DEFAULT_REGION
    )


def _format(proposal: Proposal) -> PhoneFormat:
    """As the file proves it, or as numbers are dialled at home; else numbers without a country stay doubtful."""
    if proposal.format.sure or proposal.phone_format == home_format():
        return proposal.phone_format
    return INTERNATIONAL


def _as_previewed(preview: Preview) -> ReadOptions:
    return ReadOptions.from_json(
        {key: preview.to_json().get(key) for key in ("encoding", "delimiter", "escape", "sheet", "header_row")}
    )


def _of_chunk(chunk: Chunk, check: CheckSettings) -> Part:
    """Of a row whose first phone is no number or missing, the further phones count all the same."""
    numbers: list[str] = []
    doubtful = []
    for row, _state, reason, phone, cells, lead, detail in chunk.rows:
        numbers += [phone] if phone else []
        if lead:
            numbers += contacts_of(orjson.loads(lead))
        elif reason:
            table = orjson.loads(cells)
            texts = {key: _text_of(table, source) for key, source in check.mapping.items() if key != "country"}
            others = _others([text for key, text in texts.items() if key != "phone_number" and text], check)
            numbers += others
            if texts["phone_number"] or not others:
                params = orjson.loads(detail).get("params", {}) if detail else {}
                doubtful.append(Doubtful(row, " ".join(filter(None, texts.values()))[:LONGEST_TEXT], reason, params))
    return Part(chunk.index, numbers, doubtful)


def _others(texts: Sequence[str], check: CheckSettings) -> list[str]:
    return [result.e164 for result in normalise_column(texts, check.phone_format) if result.e164] if texts else []


def _text_of(cells: Sequence[str], source: Source) -> str:
    return " ".join(cells[column] for column in columns_of(source) if column < len(cells)).strip()
