"""Files made from the rows in the database: reports for people, leads for machines. In the order of the spreadsheet.

A report is made when somebody asks for it and kept until its rows change; the same rows in the same language give the
same bytes, so one that was lost can be had again.
"""

import hashlib
import os
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import orjson
from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imports import counters
from imports.check import fix_workbook
from imports.check.correctable import FIXABLE
from imports.intake import object_store
from imports.intake.storage import clean_name, sync_folder
from imports.messages import lookup, service_words
from imports.models import OPEN_STATES, ImportJob, ImportRow, RowState
from imports.pipeline.reports.report import ERROR_REPORT, FULL_RESULT, SENT_LEADS, Report
from imports.pipeline.row_place import place_of
from imports.row_place_labels import has_lists, list_column, list_starts

READ_AT_ONCE = 2_000
TITLES = {
    "row": gettext_lazy("Row"),
    "column": gettext_lazy("Column"),
    "outcome": gettext_lazy("Outcome"),
    "reason": gettext_lazy("Reason"),
    "remedy": gettext_lazy("What to do"),
    "phone": gettext_lazy("Phone number"),
    "lead_id": gettext_lazy("WhatTalk lead"),
}
UNSENT = [state for state in RowState if state not in OPEN_STATES and state != RowState.CREATED]
# kind of report -> its own columns, the rows in it (None: all), its name. Errors are also told of rows that were sent without
# one of their contacts.
KINDS = {
    "errors": (ERROR_REPORT, UNSENT, gettext_lazy("not sent")),
    "all": (FULL_RESULT, None, gettext_lazy("result")),
    "sent": (SENT_LEADS, [RowState.CREATED], gettext_lazy("sent")),
}
LEFT_OUT = "secondary_"  # codes of warnings that begin so: a contact of the row is not called
FORMATS = ("csv", "xlsx")
WORKBOOK = "workbook"  # the "fix in Excel" workbook: kept like a report


def report_file(job: ImportJob, kind: str, file_format: str, language: str) -> Path:
    """Where the report is kept, made if need be: `kind` of KINDS or WORKBOOK, `file_format` of FORMATS, words in `language`."""
    path = report_path(job, kind, file_format, language)
    if not object_store.exists(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with translation.override(language):
            write_workbook(job, path) if kind == WORKBOOK else write_report(job, path, kind, language)
        object_store.settle(path)
        object_store.remove_others(path, f"{kind}-{language}-*.{file_format}")
    return path


def report_path(job: ImportJob, kind: str, file_format: str, language: str) -> Path:
    """Where the report of the rows as they are now lies, or would lie."""
    return folder_of(job) / f"{kind}-{language}-{_stamp(job)}.{file_format}"


def folder_of(job: ImportJob) -> Path:
    return settings.REPORT_DIR / str(job.file_key)


def rows_in(job: ImportJob, kind: str) -> int:
    """How many rows a report has to tell of, at most."""
    sums = counters.states(job.pk)
    states = FIXABLE if kind == WORKBOOK else KINDS[kind][1]
    rows = sum(sums.values() if states is None else (sums[state] for state in states))
    if kind != "errors":
        return rows
    warnings = counters.of(job.pk).get("warning", {})
    return rows + min(sums[RowState.CREATED], sum(n for code, n in warnings.items() if code.startswith(LEFT_OUT)))


def download_name(job: ImportJob, kind: str, file_format: str) -> str:
    """What the file is called on the reader's own machine, in the active language."""
    stem = job.file_name.rpartition(".")[0] or job.file_name
    ending = gettext_lazy("to correct") if kind == WORKBOOK else KINDS[kind][2]
    return clean_name(f"{stem} - {ending}.{file_format}")


def _stamp(job: ImportJob) -> str:
    """Changes whenever a row of the import may have."""
    facts = [str(job.moved_at), job.state, job.phone_format, job.mapping, sorted(counters.states(job.pk).items())]
    return hashlib.sha256(orjson.dumps(facts)).hexdigest()[:16]


def write_report(job: ImportJob, path: Path, kind: str = "errors", language: str | None = None) -> None:
    """Write one report to `path` (.csv or .xlsx), whole or not at all."""
    columns = KINDS[kind][0]
    columns = (columns[0], "column", *columns[1:]) if has_lists(job) else columns
    report = Report(columns, [str(TITLES[key]) for key in columns], job.headers, sheet_name=str(_("Report")))
    with whole_file(path) as draft, open(draft, "wb") as file:
        file_format: Literal["csv", "xlsx"] = "csv" if path.suffix.lower() == ".csv" else "xlsx"
        report.write(file, file_format, _lines(job, columns, _rows(job, kind)), language or translation.get_language() or "en")


def write_workbook(job: ImportJob, path: Path) -> None:
    with whole_file(path) as draft, open(draft, "wb") as file:
        fix_workbook.write_workbook(job, file)


class _ReportRow(NamedTuple):
    """What a report tells of: fields of ImportRow."""

    row_number: int
    state: str
    reason: str
    phone: str
    remote_id: str | None
    detail: dict[str, Any] | None
    cells: list[str]
    corrected: list[str] | None


def _rows(job: ImportJob, kind: str) -> Iterator[_ReportRow]:
    rows, states = ImportRow.objects.filter(job=job).order_by("row_number"), KINDS[kind][1]
    if kind == "errors":
        rows = rows.filter(Q(state__in=states) | Q(state=RowState.CREATED, warned=True))
    elif states is not None:
        rows = rows.filter(state__in=states)
    for row in map(_ReportRow._make, rows.values_list(*_ReportRow._fields).iterator(chunk_size=READ_AT_ONCE)):
        if kind != "errors" or row.state != RowState.CREATED or _left_out(row.detail or {}):
            yield row


def _left_out(detail: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The warnings of contacts that are not called: (code, params)."""
    return [(code, params) for code, params in detail.get("warnings", ()) if code.startswith(LEFT_OUT)]


def _lines(job: ImportJob, columns: Collection[str], rows: Iterable[_ReportRow]) -> Iterator[tuple[list[Any], list[str]]]:
    """(values of `columns`, cells) of each row. The cells are those that the reason speaks of: as a person has corrected them."""
    words, starts = lru_cache(maxsize=10_000)(_words), list_starts(job)
    for number, state, reason, phone, remote_id, detail, cells, corrected in rows:
        outcome, why, remedy = words(state, reason, orjson.dumps(detail) if detail else b"")
        row, list_index = place_of(number)
        values = {
            "row": row,
            "column": list_column(list_index, starts),
            "outcome": outcome,
            "reason": why,
            "remedy": remedy,
            "phone": phone,
            "lead_id": remote_id or "",
        }
        yield [values[key] for key in columns], cells if corrected is None else corrected


def _words(state: str, reason: str, detail_json: bytes) -> tuple[str, str, str]:
    """Outcome, reason and remedy of a row in the active language."""
    detail = orjson.loads(detail_json) if detail_json else {}
    code = reason if reason in lookup.MESSAGES else state
    params = {**detail.get("params", {}), "message": detail.get("message", "")}
    warnings = [lookup.sentence(code, params) for code, params in detail.get("warnings", ())]
    if state != RowState.CREATED:
        return (
            str(RowState(state).label),
            " ".join([_named(code, lookup.sentence(code, params)), *warnings]),
            lookup.remedy(code, params),
        )
    remedy = next((lookup.remedy(code, params) for code, params in _left_out(detail)), "")
    return str(RowState(state).label), " ".join(warnings), remedy


def _named(code: str, sentence: str) -> str:
    """The sentence of a reason behind WhatTalk's own name for it."""
    name = service_words.service_word(code)
    return sentence if sentence.startswith(name) else _("%(name)s: %(sentence)s") % {"name": name, "sentence": sentence}


def write_ready(job: ImportJob, path: Path) -> None:
    """The leads that would be sent now, one JSON object a line: `row, phone_number, variables, secondary_contacts`. Of several lists
    side by side, `column` is where the row's list begins."""
    starts = list_starts(job)
    rows = ImportRow.objects.filter(job=job, state=RowState.PENDING).order_by("row_number")
    leads = rows.values_list("row_number", "phone", "lead").iterator(chunk_size=READ_AT_ONCE)
    with whole_file(path) as draft, open(draft, "wb") as file:
        for number, phone, lead in leads:
            row, list_index = place_of(number)
            position = {"row": row, "column": list_column(list_index, starts)} if len(starts) > 1 else {"row": row}
            file.write(orjson.dumps({**position, "phone_number": phone, **(lead or {})}) + b"\n")


class whole_file:  # noqa: N801 - reads like `open`
    """`with whole_file(path) as draft`: what is written to `draft` becomes `path` at once and durably, or not at all."""

    def __init__(self, path: Path) -> None:
        self._path, self._draft = path, path.with_name(f".{secrets.token_hex(4)}.part")

    def __enter__(self) -> Path:
        return self._draft

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error:
            self._draft.unlink(missing_ok=True)
            return
        with open(self._draft, "rb+") as file:
            os.fsync(file.fileno())
        self._draft.replace(self._path)
        sync_folder(self._path.parent)
