"""Background work. Each task loads, calls and is done; its message carries ids only and may come twice, late or never."""

from celery import Task, shared_task
from django.conf import settings

from background.queue import enqueue
from campaigns import remote_requests, sync
from imports.do_not_call import settling
from imports.push import undo as undoing
from imports.scheduling import dispatcher, mail_turns, reading_turns, sending_turns
from people import mails

CHECK_LIMITS = {"soft_time_limit": settings.LONGEST_CHECK_SECONDS, "time_limit": settings.LONGEST_CHECK_SECONDS + 30}


def _enqueue_again(is_unfinished: bool, task: Task, *ids: int, after: float = 0) -> None:
    if is_unfinished:
        enqueue(task.name, *ids, after=after)


@shared_task(**CHECK_LIMITS)
def read_next() -> None:
    """The reading that has its turn, whatever the message was about; then the next one, by a message of its own."""
    _enqueue_again(reading_turns.read_next(), read_next)


@shared_task(**CHECK_LIMITS)
def check(job_id: int) -> None:
    read_next()


@shared_task(**CHECK_LIMITS)
def run_operation(operation_id: int) -> None:
    read_next()


@shared_task(**CHECK_LIMITS)
def read_number_list(list_id: int) -> None:
    read_next()


@shared_task
def send_import(job_id: int, number: int | None = None, token: int | None = None) -> None:
    following, after = sending_turns.send_next(job_id, number, token)
    _enqueue_again(bool(following), send_import, *following, after=after)


@shared_task
def undo(job_id: int, token: int | None = None) -> None:
    more = undoing.run_at(job_id, token)
    _enqueue_again(bool(more), undo, job_id, *more)


@shared_task
def send_mail(mail_id: int) -> None:
    """The mail that has its turn: as many messages as mails, in whatever order."""
    mail_turns.send_next()


@shared_task
def send_person_mail(mail_id: int) -> None:
    """A mail about signing in: somebody waits for it, so it takes no turn."""
    mails.send(mail_id)


@shared_task
def ask_whattalk(request_id: int) -> None:
    remote_requests.run(request_id)


@shared_task
def sync_campaigns(account_id: int) -> None:
    sync.sync_account_in_background(account_id)


@shared_task
def sync_leads(campaign_id: int) -> None:
    _enqueue_again(sync.sync_leads_in_background(campaign_id), sync_leads, campaign_id)


@shared_task
def search_do_not_call() -> None:
    settling.search_and_enqueue(lambda account_id: enqueue(settle_do_not_call.name, account_id))


@shared_task
def settle_do_not_call(account_id: int) -> None:
    _enqueue_again(settling.settle_due(account_id), settle_do_not_call, account_id)


@shared_task
def dispatch_due_work() -> None:
    """From the scheduler and from every worker; the database lets one in ten seconds through."""
    dispatcher.dispatch_due_work()


# -- the names by which the release before enqueued these: messages that are under way during an upgrade are done ---------
@shared_task(name="imports.tasks.pump")
def send_import_as_before(job_id: int, number: int | None = None, token: int | None = None) -> None:
    send_import(job_id, number, token)


@shared_task(name="imports.tasks.chore", **CHECK_LIMITS)
def run_operation_as_before(operation_id: int) -> None:
    run_operation(operation_id)


@shared_task(name="imports.tasks.tick")
def dispatch_due_work_as_before() -> None:
    dispatch_due_work()
