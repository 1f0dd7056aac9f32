"""What the page of an operation says: that it is under way, how far it is, what came of it."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imports.alerts.gathering import is_read
from imports.check.fix_workbook import Taken
from imports.messages import lookup
from imports.models import Operation
from imports.pages.edits import sentence_of_fix
from imports.reports import files


@dataclass(frozen=True)
class OperationView:
    """An operation as its page shows it."""

    operation: Operation

    @property
    def is_waiting(self) -> bool:
        return self.operation.state == Operation.State.WAITING

    @property
    def is_failed(self) -> bool:
        return self.operation.state == Operation.State.FAILED

    @property
    def is_file(self) -> bool:
        return self.operation.kind == Operation.Kind.REPORT

    @property
    def is_preview(self) -> bool:
        return self.operation.kind == Operation.Kind.PREVIEW

    @property
    def title(self) -> str:
        if self.is_preview:
            return _("Your file is being read")
        if self.is_failed:
            return _("This could not be done")
        if self.is_file:
            return _("Your file is being made") if self.is_waiting else _("Your file is ready")
        if self.operation.kind == Operation.Kind.RELEASE:
            return _("Rows are being queued for sending") if self.is_waiting else _("Rows wait to be sent")
        return _("Rows are being corrected") if self.is_waiting else _("Your corrections were applied")

    @property
    def rows_so_far(self) -> int:
        rows: int = self.operation.progress.get("n") or sum(self.operation.progress.get("taken", ()))
        return rows

    @property
    def nobody_works(self) -> bool:
        return self.is_waiting and not is_read("parse")

    @property
    def sentence(self) -> str:
        return lookup.sentence(*self.operation.result["reason"])

    @property
    def remedy(self) -> str:
        return lookup.remedy(*self.operation.result["reason"])

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        """(look, sentence) of what became of the rows."""
        result = self.operation.result
        if self.operation.kind == Operation.Kind.RELEASE:
            n = result["n"]
            return [("good", ngettext("%(n)d row was queued.", "%(n)d rows were queued.", n) % {"n": n})]
        if self.operation.kind == Operation.Kind.FIX_ALL and result.get("n"):
            return [("good", sentence_of_fix(self.operation.what, result["n"]))]
        taken = Taken(*result["taken"]) if "taken" in result else Taken(right=result.get("n", 0))
        return sentences_of(taken) or [("warn", _("No row could be corrected."))]

    @cached_property
    def is_stale(self) -> bool:
        """Whether rows have changed since the file was made."""
        path = files.report_path(self.operation.job, *self.operation.what.split("."))
        return bool(path.name != self.operation.result.get("file"))

    @property
    def name(self) -> str:
        kind, file_format, _language = self.operation.what.split(".")
        return files.download_name(self.operation.job, kind, file_format)

    @property
    def again(self) -> str:
        """Where the same file can be asked for anew."""
        kind, file_format, _language = self.operation.what.split(".")
        if kind == files.WORKBOOK:
            return reverse("imports:workbook", args=[self.operation.job_id])
        return reverse("imports:download", args=[self.operation.job_id, kind, file_format])


def sentences_of(taken: Taken) -> list[tuple[str, str]]:
    """(look, sentence) for each kind of end that corrected rows came to."""
    kinds = [
        ("good", taken.right, ngettext("%(n)d row was corrected.", "%(n)d rows were corrected.", taken.right)),
        (
            "warn",
            taken.wrong,
            ngettext("%(n)d row still has a problem.", "%(n)d rows still have a problem.", taken.wrong),
        ),
        (
            "warn",
            taken.held_back,
            ngettext(
                "%(n)d corrected row is held back: its number is a duplicate, or must not be called.",
                "%(n)d corrected rows are held back: their numbers are duplicates, or must not be called.",
                taken.held_back,
            ),
        ),
        (
            "warn",
            taken.late,
            ngettext(
                "%(n)d row was sent meanwhile and stays as it is.",
                "%(n)d rows were sent meanwhile and stay as they are.",
                taken.late,
            ),
        ),
    ]
    return [(look, sentence % {"n": n}) for look, n, sentence in kinds if n]
