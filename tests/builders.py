"""Things that tests begin with, made in one line each."""

from collections.abc import Iterable

from campaigns import accounts
from campaigns.models import Account, AccountBudget, Campaign
from imports import counters
from imports.models import ImportJob, ImportPreview, ImportRow, JobState, RowState
from imports.pipeline.readers.table import Preview


def phone(n: int) -> str:
    """The n-th valid Turkish mobile number."""
    return f"+90555{n:07d}"


def an_account(base_url: str = "http://127.0.0.1:9/api", key: str = "key|of-a-test-account", **fields) -> Account:
    """An account whose address is the operator's own word, so it may be local; what its service takes is known: everything."""
    defaults = {"name": "Test", "is_default": not Account.objects.filter(is_default=True).exists(), "from_environment": True}
    account = Account(base_url=base_url, **{**defaults, **fields})
    accounts.set_key(account, key)
    account.save()
    AccountBudget.objects.create(account=account, learnt={"pace": {"in_flight": 32}})
    return account


def a_campaign(account: Account | None = None, remote_id: str = "1050", **fields) -> Campaign:
    return Campaign.objects.create(
        account=account or an_account(), remote_id=str(remote_id), **{"name": "Spring", "status": "draft", **fields}
    )


def a_job(campaign: Campaign | None = None, rows: int | Iterable[str] = 3, preview: Preview | None = None, **fields) -> ImportJob:
    """An import that is being sent, with so many waiting rows (or these phone numbers), from row 2 on."""
    phones = [phone(n) for n in range(rows)] if isinstance(rows, int) else list(rows)
    job = ImportJob.objects.create(
        campaign=campaign or a_campaign(),
        **{"state": JobState.PUSHING, "file_name": "leads.csv", "total_rows": len(phones), **fields},
    )
    if preview is not None:
        ImportPreview.objects.create(job=job, data=preview.to_json())
    add_rows(job, phones)
    return job


def add_rows(job: ImportJob, phones: Iterable[str], state: str = RowState.PENDING, first_row: int = 2, **fields) -> None:
    """Rows of one state, with their sums."""
    rows = [
        ImportRow(
            job=job,
            row_number=number,
            state=state,
            phone=one,
            **{"cells": [one, "Ayşe"], "lead": {"variables": {"name": "Ayşe"}, "secondary_contacts": []}, **fields},
        )
        for number, one in enumerate(phones, start=first_row)
    ]
    ImportRow.objects.bulk_create(rows)
    counters.add(job.pk, {("state", state): len(rows)})
