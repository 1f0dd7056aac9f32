"""What a person does not want to be reminded of any more."""

from django.conf import settings
from django.db import models

from imports.models.job import ImportJob


class Dismissal(models.Model):
    """An import that this person needs no more to be shown under *Needs you*, as it stood then: once its state is another one, or
    a row of it has moved, it is shown again (`imports.workflow.dismissals`)."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="dismissals", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=12)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "person"], name="dismissed_once")]
