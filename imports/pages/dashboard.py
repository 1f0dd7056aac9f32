"""What the first page shows a person: imports that run, imports that wait for them, campaigns that could call."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.utils import timezone

from campaigns.access import visible_campaigns
from campaigns.labels import WAITING
from campaigns.lead_counters import lead_counts
from campaigns.models import Campaign
from imports.access import visible_imports
from imports.models import ImportJob, ImportTally, JobState, OutgoingMail, RowState
from imports.pages.progress import Progress
from imports.workflow.dismissals import is_dismissed_by
from people.models import User
from people.roles import Role, role_of

LONG_AGO = dt.timedelta(days=14)  # what nobody touched for so long no longer needs anybody
SHOWN = 6
DISMISSED_SHOWN = 50


@dataclass(frozen=True)
class Dashboard:
    user: User

    @cached_property
    def running(self) -> list[Progress]:
        jobs = self._jobs.filter(state__in=(JobState.CHECKING, JobState.PUSHING)).order_by("-id")[:SHOWN]
        return Progress.of_all(jobs)

    @cached_property
    def paused(self) -> list[Progress]:
        return Progress.of_all(self._not_dismissed(self._jobs.filter(state=JobState.PAUSED)).order_by("-id")[:SHOWN])

    @cached_property
    def unfinished(self) -> list[ImportJob]:
        """Uploaded or checked, but not sent."""
        waiting = (JobState.UPLOADED, JobState.MAPPED, JobState.READY)
        return list(self._lately.filter(state__in=waiting, owner=self.user).order_by("-id")[:SHOWN])

    @cached_property
    def failed(self) -> list[ImportJob]:
        return list(self._lately.filter(state=JobState.FAILED, owner=self.user).order_by("-id")[:SHOWN])

    @cached_property
    def retryable(self) -> list[Progress]:
        """Ended, with rows that could be tried again."""
        again = ImportTally.objects.filter(kind="state", key__in=(RowState.FAILED, RowState.UNCONFIRMED), n__gt=0)
        jobs = self._lately.filter(state=JobState.DONE, pk__in=again.values("job")).order_by("-id")[:SHOWN]
        return Progress.of_all(jobs)

    @cached_property
    def corrected(self) -> list[Progress]:
        """Ended, with rows that were put right since and that nobody has sent."""
        unsent = ImportTally.objects.filter(kind="state", key=RowState.CORRECTED, n__gt=0)
        jobs = self._lately.filter(state=JobState.DONE, pk__in=unsent.values("job")).order_by("-id")[:SHOWN]
        return Progress.of_all(jobs)

    @cached_property
    def dismissed(self) -> list[ImportJob]:
        """What would stand above, had this person not dismissed it; the newest."""
        return list(self._jobs.filter(is_dismissed_by(self.user)).order_by("-id")[:DISMISSED_SHOWN])

    @cached_property
    def unsent_mails(self) -> int:
        mails = OutgoingMail.objects.filter(state="failed", created_at__gt=timezone.now() - LONG_AGO)
        return (mails if role_of(self.user) >= Role.ADMIN else mails.filter(recipient=self.user)).count()

    @cached_property
    def campaigns(self) -> list[tuple[Campaign, dict[str, int], int]]:
        """The newest campaigns, their leads by status, and how many of these wait to be called."""
        campaigns = list(visible_campaigns(self.user).filter(missing_since=None).exclude(status="completed")[:SHOWN])
        counts = lead_counts(campaigns)
        return [(one, counts[one.pk], sum(counts[one.pk].get(status, 0) for status in WAITING)) for one in campaigns]

    @cached_property
    def recent(self) -> list[tuple[ImportJob, Progress]]:
        ended = (JobState.DONE, JobState.CANCELLED)
        return [(one.job, one) for one in Progress.of_all(self._jobs.filter(state__in=ended).order_by("-id")[:SHOWN])]

    @property
    def needs_me(self) -> bool:
        return bool(self.paused or self.unfinished or self.failed or self.retryable or self.corrected or self.unsent_mails)

    @property
    def is_empty(self) -> bool:
        return not (self.running or self.needs_me or self.recent)

    @property
    def _jobs(self) -> QuerySet[ImportJob]:
        return visible_imports(self.user)

    @property
    def _lately(self) -> QuerySet[ImportJob]:
        return self._not_dismissed(self._jobs.filter(created_at__gt=timezone.now() - LONG_AGO))

    def _not_dismissed(self, jobs: QuerySet[ImportJob]) -> QuerySet[ImportJob]:
        return jobs.filter(~is_dismissed_by(self.user))
