"""What a person could undo or redo, in words."""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imports.check import edits
from imports.check.edits import Reverted
from imports.models import Edit, ImportJob
from imports.row_place_labels import shown_place
from people.models import User


class UndoBar(NamedTuple):
    """The labels of both buttons; '' where there is nothing to undo or redo."""

    undo: str
    redo: str


def undo_bar(job: ImportJob, user: User) -> UndoBar:
    done, undone = edits.last_done(job, user), edits.last_undone(job, user)
    return UndoBar(
        _("Undo: %(edit)s") % {"edit": words_of(job, done)} if done else "",
        _("Redo: %(edit)s") % {"edit": words_of(job, undone)} if undone else "",
    )


def words_of(job: ImportJob, edit: Edit) -> str:
    """`row 17 corrected`, `40 rows left out`."""
    if edit.rows == 1:
        number = edit.changes.order_by("pk").values_list("row_number", flat=True).first()
        return _one_row(edit) % {"row": shown_place(job, number or 0)}
    return _many_rows(edit) % {"n": edit.rows}


def _one_row(edit: Edit) -> str:
    if edit.kind == Edit.Kind.LEAVE_OUT:
        return _("row %(row)s left out")
    return _("row %(row)s taken back") if edit.kind == Edit.Kind.TAKE_BACK else _("row %(row)s corrected")


def _many_rows(edit: Edit) -> str:
    n = edit.rows
    if edit.kind == Edit.Kind.LEAVE_OUT:
        return ngettext("%(n)d row left out", "%(n)d rows left out", n)
    if edit.kind == Edit.Kind.TAKE_BACK:
        return ngettext("%(n)d row taken back", "%(n)d rows taken back", n)
    if edit.kind == Edit.Kind.PASTE:
        return ngettext("cells pasted into %(n)d row", "cells pasted into %(n)d rows", n)
    return ngettext("%(n)d row corrected", "%(n)d rows corrected", n)


def sentence_of_reverted(reverted: Reverted) -> str:
    """What came of an undo or a redo."""
    n, kept = reverted
    sentences = [ngettext("%(n)d row was changed back.", "%(n)d rows were changed back.", n) % {"n": n}]
    if kept:
        stays = ngettext(
            "%(n)d row stays as it is: it was sent or changed meanwhile.",
            "%(n)d rows stay as they are: they were sent or changed meanwhile.",
            kept,
        )
        sentences.append(stays % {"n": kept})
    return " ".join(sentences)


def sentence_of_fix(kind: str, n: int) -> str:
    """What came of a fix of many rows (`kind`: see `imports.check.bulk_fixes`)."""
    verb = kind.partition(":")[0]
    if verb == "leave_out":
        return ngettext("%(n)d row was left out.", "%(n)d rows were left out.", n) % {"n": n}
    if verb == "take_back":
        return ngettext("%(n)d row was taken back.", "%(n)d rows were taken back.", n) % {"n": n}
    if verb in ("undo", "redo"):
        return sentence_of_reverted(Reverted(n))
    return ngettext("%(n)d row was corrected.", "%(n)d rows were corrected.", n) % {"n": n}
