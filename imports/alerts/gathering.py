"""The facts of this moment, for a page: a few small reads, one look at the broker, and what heartbeats have brought.

No step waits for long, whatever is broken: the broker is given half a second, a locked database a third of one, and what
needs a connection to elsewhere is looked at by workers and kept with their heartbeats.
"""

from django.conf import settings

from background.database_clock import now_ms, statement_now_ms
from campaigns.models import Account, AccountBudget
from campaigns.pacing import service_record
from campaigns.pacing.adaptive_rate import Pace, rate_now, wait_now
from campaigns.pacing.budget import ceilings_of
from imports.alerts import broker, database
from imports.alerts.facts import Database, Facts, Machine, Mail, Service, Worker
from imports.alerts.machine import this_machine
from imports.alerts.rules import SILENT_MS, Alert, alerts_of, living, unread
from imports.alerts.still_imports import since_moved_ms, still_imports
from imports.models import Heartbeat, OutgoingMail
from people import mails

MAIL_SERVER = "mail server"  # the heartbeat that holds what came of the latest look at it
WRITES_ARE_FINE_MS = 10_000  # a heartbeat so young shows that the database takes what is written
FAILED_LATELY_MS = 20_000  # failures that no request has followed for so long tell nothing
LOOK_IS_OLD_MS = 60_000  # an older look at the mail server tells nothing
REFUSED_RECIPIENT = r"^[0-9]{3} |^SMTPRecipientsRefused|^Enter a valid"


def current_alerts(look: broker.BrokerLook | None = None) -> list[Alert]:
    """What is wrong now. `look`: what the broker has said a moment ago."""
    return alerts_of(gather(look))


def alerts_if_unreadable() -> list[Alert] | None:
    """What is wrong, where tables are held so that a page which reads anything else would wait without end; None where they can be read."""
    return alerts_of(_without_reading(None)) if database.is_unreadable() else None


def gather(look: broker.BrokerLook | None = None) -> Facts:
    return _without_reading(look) if database.is_unreadable() else _read(look)


def _without_reading(look: broker.BrokerLook | None) -> Facts:
    """What is known without the database."""
    return Facts(
        broker=(look or broker.look(settings.QUEUES)).facts,
        database=Database(is_locked=True),
        machines=(this_machine(),),
        disk_floor=settings.DISK_FLOOR_BYTES,
    )


def _read(look: broker.BrokerLook | None) -> Facts:
    now, here = now_ms(), this_machine()
    beats = list(Heartbeat.objects.all())
    workers = [beat for beat in beats if beat.kind == "worker"]
    fresh = [beat for beat in beats if beat.kind != "timer" and now - beat.beat_ms < SILENT_MS]
    dispatcher = next((beat.last_run_ms for beat in beats if beat.name == "dispatcher" and beat.last_run_ms), None)
    return Facts(
        workers=tuple(_worker(beat, now) for beat in workers),
        queues=settings.QUEUES,
        broker=(look or broker.look(settings.QUEUES)).facts,
        database=_database([*fresh], max((beat.beat_ms for beat in beats), default=0), now),
        services=tuple(_services(now)),
        mail=_mail(next((beat for beat in beats if beat.name == MAIL_SERVER), None), now),
        machines=(here, *_machines(fresh, here.name)),
        dispatcher_ms=None if dispatcher is None else max(0, now - dispatcher),
        imports=tuple(still_imports(now)),
        since_moved_ms=since_moved_ms(),
        disk_floor=settings.DISK_FLOOR_BYTES,
        dispatch_ms=1000 * settings.DISPATCH_SECONDS,
    )


def is_read(queue: str) -> bool:
    """Whether a worker of this queue is alive; without one its work waits."""
    now = statement_now_ms()  # workers are silent for far longer before they count as gone: no look at the clock of its own
    return not unread((queue,), living(_worker(beat, now) for beat in Heartbeat.objects.filter(kind="worker")))


def _worker(beat: Heartbeat, now: int) -> Worker:
    detail = beat.detail
    return Worker(
        beat.name,
        max(0, now - beat.beat_ms),
        now - detail["started_ms"] if "started_ms" in detail else None,
        tuple(detail.get("queues", ())),
        bool(detail.get("is_stopping")),
        detail.get("stopped", 0),
    )


def _database(fresh: list[Heartbeat], latest_ms: int, now: int) -> Database:
    if now - latest_ms >= WRITES_ARE_FINE_MS and database.is_locked():
        return Database(is_locked=True)
    write_ms = max((beat.detail.get("write_ms", 0) for beat in fresh), default=0)
    return Database(read_ms=database.read_ms(), write_ms=write_ms, lock_ms=database.longest_wait_ms())


def _machines(fresh: list[Heartbeat], here: str) -> list[Machine]:
    """The machines that workers run on, but for this one, which was looked at just now."""
    seen = {beat.detail["machine"]["name"]: beat.detail["machine"] for beat in fresh if beat.detail.get("machine")}
    return [Machine(**machine) for name, machine in sorted(seen.items()) if name != here]


def _services(now: int) -> list[Service]:
    learnt = dict(AccountBudget.objects.values_list("account", "learnt"))
    return [_service(account, learnt.get(account.pk) or {}, now) for account in Account.objects.order_by("pk")]


def _service(account: Account, learnt: dict[str, dict[str, object]], now: int) -> Service:
    pace, record = Pace.from_json(learnt.get("pace", {})), learnt.get("service", {})
    answers, mean_ms, limited = service_record.lately(record, now)
    answered, timed_out = _moment(record, "answered_ms"), _moment(record, "timed_out_ms")
    paused_ms = max(0, pace.not_before_ms - now)
    return Service(
        account=account.name,
        problem=account.problem,
        waiting_ms=service_record.waiting_ms(record, now),
        quiet_ms=now - answered if answered else None,
        answers=answers,
        mean_ms=mean_ms,
        usual_ms=pace.usual_ms,
        limited=limited,
        is_limiting=pace.closed.is_closed and now - pace.closed.refused_ms < service_record.KEPT_MS,
        paused_ms=paused_ms,
        rate=rate_now(pace, ceilings_of(account)),
        failures=_failures(pace.breaker.marks) if now - _moment(record, "failed_ms") < FAILED_LATELY_MS else 0,
        is_left_alone=not pace.breaker.is_closed,
        next_try_ms=wait_now(pace, now),
        timed_out_ms=now - timed_out if timed_out > answered and timed_out >= _moment(record, "failed_ms") else None,
    )


def _failures(marks: str) -> int:
    """How many of the latest answers in a row failed."""
    return len(marks) - len(marks.rstrip("x"))


def _moment(record: dict[str, object], name: str) -> int:
    moment = record.get(name, 0)
    return moment if isinstance(moment, int) else 0


def _mail(looked: Heartbeat | None, now: int) -> Mail:
    is_young = looked is not None and now - looked.last_run_ms < LOOK_IS_OLD_MS
    failing = (
        OutgoingMail.objects.filter(state__in=(OutgoingMail.State.WAITING, OutgoingMail.State.SENDING), attempts__gt=0)
        .exclude(error="")
        .exclude(error__regex=REFUSED_RECIPIENT)
        .order_by("-pk")
    )
    errors = [*failing.values_list("error", flat=True)[:1000], *mails.errors(but=REFUSED_RECIPIENT)]
    return Mail(looked.detail.get("error", "") if looked and is_young else "", len(errors), errors[0] if errors else "")
