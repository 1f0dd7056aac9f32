"""The metric families of /metrics. Counters and histograms that must outlive a process are those of `background.metric_sums`."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import Count, Min, Sum
from django.utils import timezone
from prometheus_client.metrics_core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from background import metric_sums
from background.database_clock import now_ms
from campaigns.models import Account, AccountBudget
from campaigns.pacing.adaptive_rate import Pace, rate_now
from campaigns.pacing.budget import ceilings_of
from imports.alerts import broker, database
from imports.alerts.gathering import gather
from imports.alerts.rules import CODES, alerts_of
from imports.models import Heartbeat, ImportJob, ImportTally, JobState, Operation, OutgoingMail

ALIVE_MS = 60_000


class Metrics(Collector):
    def collect(self) -> Iterator[Metric]:
        look = broker.look(settings.QUEUES)
        if not database.is_unreadable():
            yield from self._counted()
        yield _gauge("rowcall_queue_messages", "messages that wait for a worker", "queue", (look.depths or {}).items())
        yield from _alerts(look)

    def _counted(self) -> Iterator[Metric]:
        """What is read from tables, which may be held by somebody."""
        yield _gauge("rowcall_imports", "imports by state", "state", _by_state(ImportJob))
        rows = ImportTally.objects.filter(kind="state").order_by().values_list("key").annotate(n=Sum("n"))
        yield _gauge("rowcall_rows", "spreadsheet rows by state", "state", rows)
        yield _gauge("rowcall_mails", "mails by state", "state", _by_state(OutgoingMail))
        yield from _processes()
        yield _requests()
        yield _checks()
        yield _rates()
        yield _gauge("rowcall_oldest_due_seconds", "how long the oldest work that is due has waited", "work", _oldest_due())


def _by_state(model: type[ImportJob | OutgoingMail]) -> Iterable[tuple[str, int]]:
    return model._default_manager.order_by().values_list("state").annotate(n=Count("pk"))


def _gauge(name: str, meaning: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for key, n in values:
        family.add_metric([str(key)], n)
    return family


def _processes() -> Iterator[Metric]:
    now = now_ms()
    beats = list(Heartbeat.objects.exclude(kind="timer").values_list("name", "kind", "beat_ms"))
    alive: dict[str, int] = {}
    ages = GaugeMetricFamily("rowcall_heartbeat_age_seconds", "since the latest heartbeat of a process", labels=["kind", "name"])
    for name, kind, beat_ms in beats:
        ages.add_metric([kind, name], max(0, now - beat_ms) / 1000)
        alive[kind] = alive.get(kind, 0) + (now - beat_ms < ALIVE_MS)
    yield _gauge("rowcall_alive", "processes that beat within the last minute", "kind", alive.items())
    yield ages


def _requests() -> Metric:
    family = HistogramMetricFamily("rowcall_request_seconds", "requests to WhatTalk by outcome", labels=["account", "outcome"])
    for prefix, (buckets, total) in metric_sums.histograms("requests").items():
        family.add_metric(prefix.split("|", 1), buckets, total)
    return family


def _checks() -> Metric:
    family = HistogramMetricFamily("rowcall_check_seconds", "reading and checking a whole file")
    for buckets, total in metric_sums.histograms("check").values():
        family.add_metric([], buckets, total)
    return family


def _rates() -> Metric:
    learnt = dict(AccountBudget.objects.values_list("account", "learnt"))
    accounts = Account.objects.order_by("pk")
    rates = [(str(one.pk), _rate(one, learnt.get(one.pk) or {})) for one in accounts]
    return _gauge(
        "rowcall_rate_per_minute", "requests a minute that an account keeps to; 0: nothing limits them", "account", rates
    )


def _rate(account: Account, learnt: dict[str, dict[str, object]]) -> float:
    return rate_now(Pace.from_json(learnt.get("pace", {})), ceilings_of(account))


def _oldest_due() -> Iterator[tuple[str, float]]:
    """By kind of work; 0 where none is due."""
    now = timezone.now()
    checking = ImportJob.objects.filter(state=JobState.CHECKING).aggregate(at=Min("moved_at"))["at"]
    sending = ImportJob.objects.filter(state=JobState.PUSHING).aggregate(at=Min("moved_at"))["at"]
    operation = Operation.objects.filter(state=Operation.State.WAITING).aggregate(at=Min("created_at"))["at"]
    mail = OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING).aggregate(at=Min("created_at"))["at"]
    for work, at in (("check", checking), ("send", sending), ("operation", operation), ("mail", mail)):
        yield work, _age(at, now)


def _age(at: dt.datetime | None, now: dt.datetime) -> float:
    return max(0.0, (now - at).total_seconds()) if at else 0.0


def _alerts(look: broker.BrokerLook) -> Iterator[Metric]:
    facts = gather(look)
    codes = [alert.code for alert in alerts_of(facts)]
    yield _gauge(
        "rowcall_alert", "what the monitor names as wrong, by code", "code", ((code, codes.count(code)) for code in CODES)
    )
    took = (("read", facts.database.read_ms / 1000), ("write", facts.database.write_ms / 1000))
    yield _gauge("rowcall_database_seconds", "how long a small read and the slowest heartbeat took", "what", took)
    free = [(machine.name, machine.disk_free) for machine in facts.machines if machine.disk_free is not None]
    yield _gauge("rowcall_disk_free_bytes", "free beside the uploads", "machine", free)
    memory = [(machine.name, machine.memory_free) for machine in facts.machines if machine.memory_free is not None]
    yield _gauge("rowcall_memory_free_bytes", "memory that programs may still take", "machine", memory)
