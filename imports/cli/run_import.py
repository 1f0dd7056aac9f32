"""An import at a terminal: the same workflow as in the browser, done here and now by this process.

Needs no broker and no worker; should some be running, leases keep everybody out of each other's way.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils.translation import gettext as _

from background import shutdown
from background.database_clock import now_ms
from campaigns import gateway
from campaigns.accounts import account_from_environment
from campaigns.gateway import RemoteProblem
from campaigns.models import Account, AccountBudget, Campaign
from campaigns.sync import sync_leads
from imports import counters
from imports.check.run import run_check
from imports.cli.columns_by_name import columns_by_name
from imports.errors import CannotBegin
from imports.intake import field_settings, questions
from imports.intake import steps as intake
from imports.intake.assistants import guess_assistant, is_assistant_known, set_assistant
from imports.models import ImportJob, JobState
from imports.pipeline.columns.source import Source, mapping_to_json
from imports.pipeline.evidence import Decision
from imports.pipeline.phones.normalise import INTERNATIONAL, PhoneFormat
from imports.pipeline.proposal import Given, Proposal
from imports.pipeline.readers.damaged_letters import repaired
from imports.pipeline.readers.table import Preview, ReadOptions
from imports.push import sender
from imports.workflow import steps as workflow

SYNC_SECONDS = 60.0  # for the numbers a campaign has already; what is not read in time, WhatTalk itself refuses
GIVE_UP_SECONDS = 15 * 60.0  # in which nothing moved, though WhatTalk did not ask us to wait
MOST_TRIES = 4
ILLEGIBLE = 0.2  # characters a row: not a slip in the file but the wrong encoding
LONGEST_WAIT = 60.0
# What keeps an import from being tried at all, and why it then waits; the sender deals with every other problem.
PAUSE_REASONS = {
    "no_key": "key",
    "key": "key",
    "balance": "balance",
    "nonsense": "misconfigured",
    "address": "misconfigured",
    "unreachable": "unreachable",
}

T = TypeVar("T")


@dataclass
class ImportOptions:
    """The options of the command line; None or empty: to be found out."""

    columns: Mapping[str, str] = field(default_factory=dict)  # field key → header
    reading: ReadOptions = ReadOptions()
    phone_kind: str | None = None
    region: str | None = None
    assistant: str | None = None
    allow_duplicates: bool = False


class MustAsk(CannotBegin):
    """Something that decides a number or a person is not proven and was not given. `proposal` is what would be chosen."""

    def __init__(self, job: ImportJob, proposal: Proposal):
        super().__init__(questions.all_questions(proposal.questions))
        self.job, self.proposal = job, proposal


@dataclass
class CampaignLookup:
    """A campaign, and why WhatTalk could not be asked about it just now (None: it was)."""

    campaign: Campaign
    problem: RemoteProblem | None = None


# -- database and account ------------------------------------------------------------------------------------------
def prepare_database() -> None:
    """Tables in a database that is brand new; any other database is left as it is."""
    if "imports_importjob" in connection.introspection.table_names():
        return
    if connection.vendor != "sqlite" or connection.introspection.table_names():
        raise CannotBegin(_("The database has no tables yet. Run ./run once, or python manage.py migrate."))
    call_command("migrate", interactive=False, verbosity=0)


def account_to_use() -> Account:
    """The account that the environment names, else the default one. Raises CannotBegin where there is none."""
    if bool(settings.WHATTALK_BASE_URL) != bool(settings.WHATTALK_API_KEY):
        raise CannotBegin(_("WHATTALK_BASE_URL and WHATTALK_API_KEY belong together; only one of them is set."))
    account = account_from_environment()
    if account is None:
        raise CannotBegin(
            _("No WhatTalk account is known: set WHATTALK_BASE_URL and WHATTALK_API_KEY, or add an account in the browser.")
        )
    return account


# -- the campaign --------------------------------------------------------------------------------------------------
def look_up_campaign(account: Account, remote_id: str) -> CampaignLookup:
    """The campaign with WhatTalk's id `remote_id`, as WhatTalk has it now; as it is stored, while WhatTalk cannot be asked.
    Raises CannotBegin for a campaign that the account does not have."""
    lookup = find_campaign(account, remote_id)
    return lookup if lookup.problem else CampaignLookup(lookup.campaign, _refresh(account, lookup.campaign))


def find_campaign(account: Account, remote_id: str) -> CampaignLookup:
    """The same, without asking for its leads and assistants."""
    try:
        listed = _retried(lambda: gateway.refresh_campaigns(account))
    except RemoteProblem as problem:
        return CampaignLookup(_known_or_new(account, remote_id), problem)
    campaign = next((campaign for campaign in listed if campaign.remote_id == remote_id), None)
    if campaign is None:
        raise CannotBegin(_no_such_campaign(remote_id, listed))
    return CampaignLookup(campaign)


def _known_or_new(account: Account, remote_id: str) -> Campaign:
    campaign, _made = Campaign.objects.get_or_create(
        account=account,
        remote_id=remote_id,
        defaults={"name": _("Campaign %(id)s") % {"id": remote_id}, "status": ""},
    )
    return campaign


def _no_such_campaign(remote_id: str, listed: list[Campaign]) -> str:
    known = ", ".join(f"{campaign.remote_id} ({campaign.name})" for campaign in listed[:10])
    return _("This WhatTalk account has no campaign %(id)s. It has: %(known)s.") % {"id": remote_id, "known": known or "—"}


def _refresh(account: Account, campaign: Campaign) -> RemoteProblem | None:
    """Assistants and known numbers. Both help, neither is needed: WhatTalk has the last word on duplicates."""
    problem = None
    for work in (lambda: gateway.refresh_assistants(account), lambda: sync_leads(campaign, SYNC_SECONDS)):
        try:
            _retried(work)
        except RemoteProblem as error:
            problem = error if error.code == "key" else problem
    return problem


def _retried(work: Callable[[], T]) -> T:
    """`work`, tried a few times while WhatTalk is unreachable or limits the rate. Raises the RemoteProblem of the last try."""
    for attempt in range(1, MOST_TRIES):
        try:
            return work()
        except RemoteProblem as problem:
            if problem.code not in ("rate_limited", "unreachable"):
                raise
            time.sleep(min(problem.retry_after or 0.5 * 2**attempt, LONGEST_WAIT))
    return work()


def choose_assistant(campaign: Campaign, options: ImportOptions, preview: Preview) -> None:
    if options.assistant is None:
        named = [key for key in options.columns if key not in ("phone_number", "country")]
        guess_assistant(campaign, preview, named)
        return
    assistant = campaign.account.assistants.filter(remote_id=options.assistant).first()
    if assistant is None:
        known = ", ".join(f"{one.remote_id} ({one.name})" for one in campaign.account.assistants.all()[:10])
        raise CannotBegin(
            _("There is no outbound assistant %(id)s. There are: %(known)s.") % {"id": options.assistant, "known": known or "—"}
        )
    set_assistant(campaign, assistant, guessed=False)


# -- the file --------------------------------------------------------------------------------------------------------
def receive(path: Path, campaign: Campaign, options: ImportOptions) -> ImportJob:
    """The file, received and read as far as its headers, its columns and phone format chosen. Raises MustAsk where a choice is not
    certain, CannotBegin for options that do not fit the file, WorkflowError for a file that cannot be read."""
    with open(path, "rb") as file:
        parts = iter(lambda: file.read(1 << 20), b"")
        job = intake.receive_upload(parts, path.name, campaign, None, in_background=False)
    job.read_options = options.reading.to_json()
    job.allow_duplicates = options.allow_duplicates
    job.save(update_fields=["read_options", "allow_duplicates"])
    preview = intake.preview_of(job)
    _require_legible(preview, options.reading.encoding)
    choose_assistant(campaign, options, preview)
    proposal = _proposal(job, preview, options)
    job.choices = [decision.to_json() for decision in proposal.decisions]
    job.save(update_fields=["choices"])
    if proposal.questions:
        raise MustAsk(job, proposal)
    intake.set_mapping(job, proposal.mapping, None, proposal.decisions)
    intake.set_phone_format(job, proposal.phone_format, None, _format_choice(proposal))
    return job


def _proposal(job: ImportJob, preview: Preview, options: ImportOptions) -> Proposal:
    """What was asked for on the command line, and for all else what is proposed."""
    named = columns_by_name(_repaired(options.columns, preview), preview.headers)
    _allow_variables(job, named)
    given = Given(options.reading, named, _given_format(options))
    proposal = field_settings.proposal_for(job, preview, given)
    if options.phone_kind == "national" and proposal.phone_format.kind != "national":
        at_home = PhoneFormat("national", settings.DEFAULT_REGION)
        return field_settings.proposal_for(job, preview, replace(given, phone_format=at_home))
    return proposal


def _format_choice(proposal: Proposal) -> Decision:
    return next(one for one in proposal.decisions if one.what == "phone_format")


def _given_format(options: ImportOptions) -> PhoneFormat | None:
    if options.phone_kind == "international":
        return INTERNATIONAL
    return PhoneFormat("national", options.region) if options.region else None


def _require_legible(preview: Preview, encoding: str | None) -> None:
    """In the browser a person sees that an encoding was the wrong choice; here nobody would."""
    illegible = sum(note.params["count"] for note in preview.notes if note.code == "characters_unreadable")
    if encoding and illegible > ILLEGIBLE * len(preview.sample):
        raise CannotBegin(
            _("Some letters cannot be read in the encoding %(encoding)s; try another, or leave --encoding out.")
            % {"encoding": encoding}
        )


def _repaired(columns: Mapping[str, str], preview: Preview) -> dict[str, str]:
    """A header may be named as it stands in the file, or with its letters repaired."""
    return {key: repaired(header, preview.letters) for key, header in columns.items()}


def _unknown_field(job: ImportJob, key: str) -> str:
    known = ["phone_number", *job.campaign.variables, "secondary_phone_1 …", "country"]
    sentence = _("The campaign's assistant has no variable “%(field)s”. A lead has: %(known)s.")
    return sentence % {"field": key, "known": ", ".join(known)}


def _allow_variables(job: ImportJob, named: Mapping[str, Source | None]) -> None:
    """While the assistant is not known for certain, the operator may name variables that are not stored."""
    known = {field.key for field in field_settings.fields_of(job)}
    unknown = [key for key in named if key not in known]
    if not unknown:
        return
    if unknown[0].startswith("secondary_") or is_assistant_known(job.campaign):
        raise CannotBegin(_unknown_field(job, unknown[0]))
    job.mapping = mapping_to_json({key: source for key in unknown if (source := named[key]) is not None})


def resumed(job_id: int) -> tuple[ImportJob, CampaignLookup]:
    """An import that stopped, with its campaign as WhatTalk has it now. Raises CannotBegin for one that cannot be resumed."""
    job = ImportJob.objects.select_related("campaign__account").filter(pk=job_id).first()
    if job is None:
        raise CannotBegin(_("There is no import %(id)s.") % {"id": job_id})
    if job.state in (JobState.UPLOADED, JobState.MAPPED):
        raise CannotBegin(_("Import %(id)s has not got as far as its check; import the file again.") % {"id": job_id})
    account_from_environment()  # the operator may have given a new key
    job.campaign.account.refresh_from_db()
    try:
        _retried(lambda: gateway.refresh_campaigns(job.campaign.account))
    except RemoteProblem as problem:
        return job, CampaignLookup(job.campaign, problem)
    return job, CampaignLookup(job.campaign)


# -- the work --------------------------------------------------------------------------------------------------------
def check(job: ImportJob, on_progress: Callable[[int], None]) -> ImportJob:
    """Check the whole file; another process may have begun it, then this waits for it or takes over from it."""
    if job.state == JobState.MAPPED:
        workflow.start_check(job, in_background=False)
    while True:
        if job.state != JobState.CHECKING or shutdown.is_asked():
            return job
        run_check(job.pk, on_progress)
        job.refresh_from_db()
        if job.state == JobState.CHECKING:
            time.sleep(0.3)


def send(job: ImportJob, problem: RemoteProblem | None, on_progress: Callable[[ImportJob], None]) -> ImportJob:
    """Send what can be sent, until it is done or must stop. With a `problem` of PAUSE_REASONS it stops at once."""
    if job.state == JobState.READY:
        workflow.confirm(job, None, allow_duplicates=job.allow_duplicates, in_background=False)
    elif job.state == JobState.PAUSED:
        workflow.send_rest(job, None, in_background=False)
    if problem is not None and problem.code in PAUSE_REASONS and job.state == JobState.PUSHING:
        sender.pause_with_reason(job.pk, PAUSE_REASONS[problem.code], {"message": problem.message})
    return sender.push_to_end(job.pk, StallDetector(on_progress))


class StallDetector:
    """Pauses an import for which nothing has moved for GIVE_UP_SECONDS: nobody watches a script, so it must end."""

    def __init__(self, on_progress: Callable[[ImportJob], None]):
        self._on_progress, self._since = on_progress, time.monotonic()
        self._states: dict[str, int] | None = None

    def __call__(self, job: ImportJob) -> None:
        self._on_progress(job)
        states = counters.states(job.pk)
        if states != self._states or _asked_to_wait(job):
            self._states, self._since = states, time.monotonic()
        elif job.state == JobState.PUSHING and time.monotonic() - self._since > GIVE_UP_SECONDS:
            sender.pause_with_reason(job.pk, "unreachable")


def _asked_to_wait(job: ImportJob) -> bool:
    return AccountBudget.objects.filter(account__campaigns=job.campaign_id, not_before_ms__gt=now_ms()).exists()
