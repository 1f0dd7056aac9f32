"""`python manage.py import_leads FILE --campaign ID`: a spreadsheet into a campaign, without a browser."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from imports import counters
from imports.cli import run_import
from imports.cli.command import WRONG, TerminalCommand, stoppable
from imports.cli.progress_bar import ProgressBar
from imports.cli.run_import import CampaignLookup, ImportOptions, MustAsk
from imports.errors import CannotBegin, WorkflowError
from imports.intake import field_settings, questions
from imports.intake import steps as intake
from imports.messages.lookup import remedy, sentence
from imports.models import ImportJob, JobState, RowState
from imports.pipeline.columns.source import Source, in_words
from imports.pipeline.evidence import Decision
from imports.pipeline.phones.normalise import PhoneFormat, region_of_country, regions
from imports.pipeline.readers.csv.dialect import known_delimiter, known_escape
from imports.pipeline.readers.csv.encoding import known_encoding
from imports.pipeline.readers.table import ReadOptions, UnreadableFile
from imports.reports import files
from imports.row_place_labels import list_starts

OK, STOPPED = 0, 3
REPORT_KINDS = (".csv", ".xlsx")


class Command(TerminalCommand):
    help = (
        "Import a spreadsheet (csv, xlsx, xls, xlsb, ods, a web page or XML saved as Excel) into a WhatTalk campaign and wait for the end. What is not given is found out. "
        "Exit code 0: the file was processed, whatever became of its rows; 2: it cannot be read or an option is wrong; "
        "3: stopped for a reason that a person must mend. WHATTALK_BASE_URL and WHATTALK_API_KEY name the account."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="the spreadsheet")
        parser.add_argument("--campaign", metavar="ID", help="WhatTalk's id of the campaign")
        parser.add_argument("--resume", type=int, metavar="IMPORT", help="go on with an import that stopped, instead of a file")
        parser.add_argument("--phone-format", choices=("international", "national"))
        parser.add_argument("--country", metavar="TR", help="of numbers without a country: ISO code, name or dialing code")
        parser.add_argument("--sheet", metavar="NAME")
        parser.add_argument("--header-row", type=int, metavar="N", help="number of the row with the headers; 0: there is none")
        parser.add_argument(
            "--lists", type=int, metavar="N", help="how many lists stand side by side on the sheet; 1: it is one table"
        )
        parser.add_argument("--encoding", metavar="E", help="of a csv file, such as cp1254")
        parser.add_argument(
            "--delimiter", metavar="D", help="of a csv file: a character, or comma, semicolon, tab, pipe, space, spaces"
        )
        parser.add_argument(
            "--escape",
            metavar="C",
            help="of a csv file: the character before a quotation mark that is text, such as \\; none: there is no such one",
        )
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=HEADER",
            help="which column is which field; HEADER+HEADER joins columns; FIELD= leaves the field out",
        )
        parser.add_argument("--assistant", metavar="ID", help="WhatTalk's id of the campaign's assistant, if we cannot know")
        parser.add_argument("--allow-duplicates", action="store_true", help="send numbers again that the file or campaign has")
        parser.add_argument("--dry-run", action="store_true", help="check everything, send nothing")
        parser.add_argument("--ready", type=Path, metavar="PATH", help="write the leads that can be sent, as JSON lines")
        parser.add_argument("--report", type=Path, metavar="PATH", help="write the error report, .csv or .xlsx")
        parser.add_argument("--json", action="store_true", help="print one JSON object and no progress bar")

    def handle(self, **options: Any) -> None:
        if options["verbosity"] < 2:
            logging.disable(logging.CRITICAL)  # what went wrong is one sentence on stderr
        try:
            self._check_options(options)
            with stoppable():
                run_import.prepare_database()
                job, lookup = self._begin(options)
                self._run(job, lookup, options)
        except MustAsk as must_ask:
            if options["json"]:
                self.stdout.write(json.dumps(asked_of(must_ask)))
            self._stop(WRONG, str(must_ask))
        except (CannotBegin, WorkflowError) as error:
            self._stop(WRONG, _in_one_line(error))
        except DatabaseError as error:
            self._stop(WRONG, _("The database cannot be used: %(why)s") % {"why": error})
        finally:
            logging.disable(logging.NOTSET)

    # -- options -------------------------------------------------------------------------------------------------
    def _check_options(self, options: dict[str, Any]) -> None:
        if options["resume"] is None and not (options["file"] and options["campaign"]):
            raise CannotBegin(_("Say which FILE to import and into which --campaign, or which import to --resume."))
        if options["resume"] is not None and options["file"]:
            raise CannotBegin(_("--resume goes on with an import and takes no file."))
        if options["file"] and not options["file"].is_file():
            raise CannotBegin(_("There is no file %(path)s.") % {"path": options["file"]})
        for name in ("report", "ready"):
            path = options[name]
            if path and not path.absolute().parent.is_dir():
                raise CannotBegin(_("There is no folder %(folder)s for --%(name)s.") % {"folder": path.parent, "name": name})
        if options["report"] and options["report"].suffix.lower() not in REPORT_KINDS:
            raise CannotBegin(_("--report writes .csv or .xlsx; %(path)s is neither.") % {"path": options["report"]})

    def _import_options(self, options: dict[str, Any]) -> ImportOptions:
        return ImportOptions(
            columns=dict(_mapped(text) for text in options["map"]),
            reading=_read_options(options),
            phone_kind=options["phone_format"],
            region=_region(options["country"]),
            assistant=options["assistant"],
            allow_duplicates=options["allow_duplicates"],
        )

    # -- the import ------------------------------------------------------------------------------------------------
    def _begin(self, options: dict[str, Any]) -> tuple[ImportJob, CampaignLookup]:
        if options["resume"] is not None:
            return run_import.resumed(options["resume"])
        wanted = self._import_options(options)
        if wanted.phone_kind == "international" and wanted.region:
            self.stderr.write(
                _("--country is for numbers without a dialing code; with --phone-format international it is not used.")
            )
        lookup = run_import.look_up_campaign(run_import.account_to_use(), options["campaign"])
        return run_import.receive(options["file"], lookup.campaign, wanted), lookup

    def _run(self, job: ImportJob, lookup: CampaignLookup, options: dict[str, Any]) -> None:
        bar = ProgressBar(self.stderr, shown=not options["json"])
        job = run_import.check(job, bar.checked)
        if job.state == JobState.FAILED:
            raise CannotBegin(_reason_of(job))
        if job.state == JobState.CHECKING:
            self._stop(STOPPED, _interrupted(job))
        if options["ready"]:
            files.write_ready(job, options["ready"])
        if not options["dry_run"]:
            job = run_import.send(job, lookup.problem, bar.sent)
        bar.end()
        if options["report"]:
            files.write_report(job, options["report"])
        self._print_outcome(job, options)
        self._end(job, lookup, options)

    # -- the output --------------------------------------------------------------------------------------------
    def _print_counts(self, counts: Mapping[str, int], rows: int) -> None:
        for state, n in counts.items():
            if n:
                label = RowState(state).label if state in RowState.values else _("can be sent")
                self.stdout.write(f"{n:>10,}  {label}")
        self.stdout.write(f"{rows:>10,}  " + _("rows in the file"))

    def _print_outcome(self, job: ImportJob, options: dict[str, Any]) -> None:
        outcome = outcome_of(job, options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps(outcome))
            return
        self.stdout.write(
            _("Import %(id)s of %(file)s: %(state)s") % {"id": job.pk, "file": job.file_name, "state": job.get_state_display()}
        )
        self._print_counts(outcome["counts"], outcome["rows"])
        for note in outcome["notes"]:
            self.stderr.write(note)

    def _end(self, job: ImportJob, lookup: CampaignLookup, options: dict[str, Any]) -> None:
        if options["dry_run"]:
            if lookup.problem is not None:
                self.stderr.write(_("Numbers that the campaign has already were not compared: %(why)s") % {"why": lookup.problem})
            return
        if job.state in (JobState.PAUSED, JobState.CANCELLED):
            self._stop(STOPPED, f"{_reason_of(job)} {_how_to_go_on(job)}".strip())
        if job.state == JobState.PUSHING:
            self._stop(STOPPED, _interrupted(job))


def _read_options(options: dict[str, Any]) -> ReadOptions:
    return ReadOptions(
        encoding=_encoding(options["encoding"]),
        delimiter=_delimiter(options["delimiter"]),
        sheet=options["sheet"],
        header_row=_header_row(options["header_row"]),
        escape=_escape(options["escape"]),
        lists=_lists(options["lists"]),
    )


def outcome_of(job: ImportJob, is_dry_run: bool) -> dict[str, Any]:
    """The one object of `--json`."""
    counts = counters.states(job.pk)
    if not counts[RowState.LEFT_OUT]:
        del counts[RowState.LEFT_OUT]  # only a person at the page of an import leaves rows out
    if is_dry_run and job.state == JobState.READY:
        counts = {"ready": counts.pop("pending"), **counts}
    return {
        "import": job.pk,
        "status": job.state,
        "reason": job.reason or None,
        "rows": job.total_rows or 0,
        "counts": counts,
        **_chosen(job, field_settings.mapping_of(job), PhoneFormat(**job.phone_format)),
        "choices": questions.choices_to_json(map(Decision.from_json, job.choices)),
        "notes": questions.notes_in_words(field_settings.notes_of(job)),
    }


def asked_of(must_ask: MustAsk) -> dict[str, Any]:
    """The one object of `--json` where a choice was not certain enough to go on: what would be chosen, and nothing done."""
    job, proposal = must_ask.job, must_ask.proposal
    return {
        "import": job.pk,
        "status": job.state,
        "reason": "must_ask",
        "rows": 0,
        "counts": {},
        **_chosen(job, proposal.mapping, proposal.phone_format),
        "choices": questions.choices_to_json(proposal.decisions),
        "notes": questions.notes_in_words(proposal.notes),
    }


def _chosen(job: ImportJob, mapping: Mapping[str, Source], phone_format: PhoneFormat) -> dict[str, Any]:
    preview = intake.preview_of(job)
    return {
        "mapping": {key: in_words(source, preview.headers) for key, source in mapping.items()},
        "phone_format": phone_format.kind,
        "country": phone_format.region,
        "encoding": preview.encoding,
        "delimiter": preview.delimiter,
        "sheet": preview.sheet or None,
        "header_row": preview.header_row,
        "lists": len(list_starts(job)),
        "escape": preview.escape,
        "encoding_rivals": preview.encoding_rivals,
    }


def _interrupted(job: ImportJob) -> str:
    return " ".join([_("Interrupted."), _how_to_go_on(job)])


def _how_to_go_on(job: ImportJob) -> str:
    if job.state == JobState.CANCELLED:
        return ""
    return _("Here: import_leads --resume %(id)s") % {"id": job.pk}


def _reason_of(job: ImportJob) -> str:
    parts = sentence(job.reason, job.reason_detail), remedy(job.reason, job.reason_detail)
    return " ".join(part for part in parts if part)


def _in_one_line(error: Exception) -> str:
    return " ".join(f"{error} {getattr(error, 'remedy', '')}".split())


def _mapped(text: str) -> tuple[str, str]:
    key, sign, header = text.partition("=")
    if not sign or not key.strip():
        raise CannotBegin(_("--map takes FIELD=HEADER, such as phone_number=Mobile; “%(text)s” is not that.") % {"text": text})
    return key.strip(), header


def _encoding(name: str | None) -> str | None:
    try:
        return known_encoding(name) if name else None
    except UnreadableFile:
        raise CannotBegin(_("No encoding is called %(name)s; try utf-8, cp1254 or utf-16.") % {"name": name}) from None


def _delimiter(text: str | None) -> str | None:
    try:
        return known_delimiter(text) if text else None
    except UnreadableFile:
        raise CannotBegin(
            _("A delimiter is one character, or comma, semicolon, tab, pipe, space, spaces; “%(text)s” is not.") % {"text": text}
        ) from None


def _escape(text: str | None) -> str | None:
    try:
        return None if text is None else known_escape(text)
    except UnreadableFile:
        raise CannotBegin(
            _("An escape character is one character such as a backslash, or none; “%(text)s” is not.") % {"text": text}
        ) from None


def _header_row(number: int | None) -> int | None:
    if number is not None and number < 0:
        raise CannotBegin(_("--header-row is the number of a row: 1, 2, 3 …, or 0 when there is no header row."))
    return number


def _lists(number: int | None) -> int | None:
    if number is not None and number < 1:
        raise CannotBegin(_("--lists is how many lists stand side by side: 1 for one table, 2, 3 …"))
    return number


def _region(text: str | None) -> str | None:
    if not text:
        return None
    region = region_of_country(text)
    if region is None or region not in dict(regions()):
        raise CannotBegin(_("No country is called %(text)s; write its ISO code, such as TR, DE or US.") % {"text": text})
    return region
