"""The turns of the processes that mail: one mail each, by the rule of `background.turns`; its person is who gets it."""

from background import log_context
from background.database_clock import now_ms
from background.served import choosing, note_turn, served
from background.turns import Work, next_turn
from imports.mail import outbox
from imports.models import OutgoingMail

QUEUE = "mail"


def send_next() -> bool:
    """Try the mail that has its turn; whether it went out."""
    if not outbox.due_ids(1):
        return False
    with choosing(QUEUE):
        work = next_turn(_due(), _under_way(), served(QUEUE), processes=1, now=now_ms() / 1000)
        mail = outbox.claim(work.pk) if work else None
        if work is None or mail is None:
            return False
        log_context.add(mail_id=mail.pk, import_id=mail.job_id)
        note_turn(QUEUE, work.person)
    return outbox.send_claimed(mail)


def _due() -> list[Work]:
    mails = outbox.claimable().values_list("pk", "recipient", "created_at")
    return [Work(QUEUE, pk, person, created.timestamp()) for pk, person, created in mails]


def _under_way() -> list[Work]:
    sending = OutgoingMail.objects.filter(state=OutgoingMail.State.SENDING, lease_ms__gte=now_ms())
    return [Work(QUEUE, pk, person, 0.0) for pk, person in sending.values_list("pk", "recipient")]
