"""Leads of the demo: as WhatTalk would have them, some called and some waiting."""

import datetime as dt
import random
from collections.abc import Iterable, Iterator

from django.utils import timezone

from campaigns.models import Campaign, Lead
from devtools.demo_sheet import full_name
from imports.models import ImportJob, ImportRow


def leads_of_campaign(campaign: Campaign, n: int) -> Iterator[Lead]:
    dice = random.Random(campaign.pk)
    statuses = ["created"] * 6 + ["completed"] * 9 + ["reached-max-retries", "rescheduled", "scheduled", "processing"]
    for number in range(n):
        status = "created" if campaign.status == "draft" else dice.choice(statuses)
        is_called = status not in ("created", "scheduled")
        ended = timezone.now() - dt.timedelta(days=dice.randrange(12), hours=dice.choice((0, 1, 1, 2, 3, 4, 4, 5, 7)))
        yield Lead(
            campaign=campaign,
            remote_id=str(campaign.pk * 10_000 + number),
            phone_number=f"+90532{dice.randrange(10**6, 10**7)}",
            status=status,
            tries=dice.choice((1, 1, 1, 2, 3)) if is_called else 0,
            updated_at=ended if is_called else None,
            variables={"name": full_name(dice), "branch": "Kadıköy"},
            created_at=timezone.now() - dt.timedelta(hours=number),
        )


def leads_of_rows(job: ImportJob, rows: Iterable[ImportRow]) -> Iterator[Lead]:
    """What WhatTalk has of rows that were sent; of a campaign that calls, the first ones have been called."""
    fates = ("completed", "completed", "rescheduled", "completed", "processing", "reached-max-retries")
    for n, row in enumerate(rows):
        is_called = job.campaign.status == "in-progress" and n < 16
        yield Lead(
            campaign=job.campaign,
            remote_id=row.remote_id or "",
            origin=job.pk,
            phone_number=row.phone,
            status=fates[n % len(fates)] if is_called else "created",
            tries=1 + n % 3 if is_called else 0,
            updated_at=timezone.now() - dt.timedelta(minutes=16 - n) if is_called else None,
        )
