"""Imports that a person has dismissed from *Needs you*, and shows again. Nothing else follows from it, for nobody else."""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from imports.models import Dismissal, ImportJob
from people import audit
from people.models import User


def dismiss(job: ImportJob, user: User) -> None:
    """Until the import changes."""
    now = {"state": job.state, "at": timezone.now()}
    with transaction.atomic():
        Dismissal.objects.update_or_create(job=job, person=user, defaults=now)
        audit.record(user, "dismiss", f"import {job.pk}")


def show_again(job: ImportJob, user: User) -> None:
    with transaction.atomic():
        removed, _by_model = Dismissal.objects.filter(job=job, person=user).delete()
        if removed:
            audit.record(user, "show_again", f"import {job.pk}")


def is_dismissed_by(user: User) -> Exists:
    """The condition that an import is dismissed as it stands."""
    as_it_stands = Q(job__moved_at=None) | Q(job__moved_at__lte=F("at"))
    return Exists(Dismissal.objects.filter(as_it_stands, job=OuterRef("pk"), person=user, state=OuterRef("state")))
