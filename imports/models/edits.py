"""What people have changed in the rows of an import, so that it can be undone and redone, also by whoever comes back tomorrow."""

from django.conf import settings
from django.db import models

from imports.models.job import ImportJob


class Edit(models.Model):
    """One step of one person: a row corrected, cells pasted, rows left out or taken back, one fix for many rows.

    `what` is the code of a fix (`region:TR`), the reason whose rows were left out, or ''; `params` what else it needs.
    """

    class Kind(models.TextChoices):
        CORRECT = "correct"
        PASTE = "paste"
        FIX = "fix"
        WORKBOOK = "workbook"
        LEAVE_OUT = "leave_out"
        TAKE_BACK = "take_back"

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="edits", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    what = models.CharField(max_length=80, blank=True, default="")
    params = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(default=0)  # changed by the person; not those that were judged again along with them
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["job", "person", "id"], name="edit_of_person")]


class RowEdit(models.Model):
    """What an edit changed in one row.

    `cells`: column → [text before, text after]. `left_out`: whether it was left out by the edit (true), taken back (false), or neither.
    One that changed nothing in its row names a row that was judged again because of the others.
    """

    edit = models.ForeignKey(Edit, on_delete=models.CASCADE, related_name="changes", db_index=False)
    row_number = models.PositiveIntegerField()
    cells = models.JSONField(default=dict)
    left_out = models.BooleanField(null=True)

    class Meta:
        indexes = [models.Index(fields=["edit", "id"], name="edit_changes")]
