"""What became of the leads that an import has sent: all together and, while they are few, one by one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone

from campaigns.call_facts import QUARTER
from campaigns.models import Lead
from campaigns.reading_schedule import statuses_known_of
from campaigns.results import Results, results_of
from campaigns.whattalk.resources import int_of, object_of
from imports.models import ImportJob, ImportRow, RowState

ONE_BY_ONE = 50  # leads at most


@dataclass(frozen=True)
class SentLead:
    """One lead, and the row that it came from. `seconds`: how long its last call was; None where nobody has told."""

    row: ImportRow
    lead: Lead
    called_at: datetime | None
    seconds: int | None


@dataclass(frozen=True)
class ImportResults:
    job: ImportJob

    @cached_property
    def results(self) -> Results:
        return results_of(self.job.campaign, self.job.pk)

    @property
    def known_at(self) -> datetime | None:
        return statuses_known_of(self.job.campaign, self.job.push_started_at)

    @cached_property
    def one_by_one(self) -> list[SentLead]:
        """By row; empty where they are too many to be read one by one."""
        if not 0 < self.results.total <= ONE_BY_ONE:
            return []
        leads = {lead.remote_id: lead for lead in Lead.objects.filter(campaign=self.job.campaign_id, origin=self.job.pk)}
        sent = ImportRow.objects.filter(job=self.job, state=RowState.CREATED, remote_id__in=list(leads)).order_by("row_number")
        return [self._sent(row, leads[row.remote_id or ""]) for row in sent]

    def _sent(self, row: ImportRow, lead: Lead) -> SentLead:
        call: dict[str, Any] = object_of(lead.call)
        ahead = timedelta(seconds=self.results.ahead * QUARTER)
        called_at = lead.updated_at - ahead if lead.last_call is not None and lead.updated_at else None
        return SentLead(row, lead, timezone.localtime(called_at) if called_at else None, int_of(call.get("duration")))
