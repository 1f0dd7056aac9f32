"""The imports that run while everything is being broken: checked already, so that sending is all there is to them."""

from dataclasses import dataclass
from typing import Any

from campaigns import accounts
from campaigns.models import Account, Campaign
from campaigns.whattalk.sandbox.process import SandboxProcess
from imports import counters
from imports.models import ImportJob, ImportRow, JobState, RowState
from people.models import User


@dataclass
class Imports:
    """`ordinary` has most of the rows; `doubling` may send numbers that are there, and has rows that are alike; `doomed` is
    cancelled, and `regretted` undone, on the way. `holding` and `sharing` have numbers of one campaign in common; the first is
    paused and then cancelled while the second goes on."""

    account: Account
    owner: User
    ordinary: ImportJob
    doubling: ImportJob
    doomed: ImportJob
    regretted: ImportJob
    holding: ImportJob
    sharing: ImportJob

    @property
    def all(self) -> list[ImportJob]:
        return [self.ordinary, self.doubling, self.doomed, self.regretted, self.holding, self.sharing]


def lay_out(sandbox: SandboxProcess, rows: int) -> Imports:
    account = Account(name="Chaos", base_url=sandbox.base_url, is_default=True, from_environment=True, max_in_flight=24)
    accounts.set_key(account, sandbox.api_key)
    account.save()
    owner = User.objects.create(username="chaos", email="chaos@example.com")
    doubling = _job(account, sandbox, owner, rows // 4, first=500_000, allow_duplicates=True, twice=rows // 20)
    known = [_phone(500_000 + n) for n in range(0, rows // 4, 5)]
    sandbox.control.add_leads(int(doubling.campaign.remote_id), known)
    holding = _job(account, sandbox, owner, rows // 8, first=900_000)
    return Imports(
        account,
        owner,
        _job(account, sandbox, owner, rows),
        doubling,
        _job(account, sandbox, owner, rows // 4, first=700_000),
        _job(account, sandbox, owner, rows // 8, first=800_000),
        holding,
        _job(account, sandbox, owner, rows // 8, first=900_000 + rows // 32, called="Shared", campaign=holding.campaign),
    )


def _job(
    account: Account,
    sandbox: SandboxProcess,
    owner: User,
    rows: int,
    first: int = 0,
    twice: int = 0,
    called: str = "Row",
    campaign: Campaign | None = None,
    **fields: Any,
) -> ImportJob:
    """`twice`: so many numbers stand in two rows, every other of them the same in all they say; one row in fifty is invalid.

    `called`: what the leads' names begin with. `campaign`: one of its own where there is none.
    """
    if campaign is None:
        remote_id = str(sandbox.control.add_campaign("Chaos"))
        campaign = Campaign.objects.create(account=account, remote_id=remote_id, name="Chaos")
    phones = [_phone(first + n) for n in range(rows)]
    phones += phones[:twice]
    job = ImportJob.objects.create(
        campaign=campaign,
        owner=owner,
        state=JobState.PUSHING,
        file_name="chaos.csv",
        total_rows=len(phones),
        **fields,
    )
    names = [f"{called} {n}" for n in range(rows)] + [f"{called} {n if n % 2 else rows + n}" for n in range(twice)]
    made = [_row(job, number, *texts) for number, texts in enumerate(zip(phones, names, strict=True), start=2)]
    ImportRow.objects.bulk_create(made, batch_size=500)
    invalid = sum(row.state == RowState.INVALID for row in made)
    counters.add(
        job.pk, {("state", "pending"): len(made) - invalid, ("state", "invalid"): invalid, ("reason", "phone_too_short"): invalid}
    )
    return job


def _row(job: ImportJob, number: int, phone: str, name: str) -> ImportRow:
    if number % 50 == 0:
        return ImportRow(job=job, row_number=number, state=RowState.INVALID, reason="phone_too_short", cells=[phone[:8]])
    return ImportRow(
        job=job,
        row_number=number,
        state=RowState.PENDING,
        phone=phone,
        cells=[phone],
        lead={"variables": {"name": name}, "secondary_contacts": []},
    )


def _phone(n: int) -> str:
    return f"+90555{n:07d}"
