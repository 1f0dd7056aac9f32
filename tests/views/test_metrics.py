"""/metrics: what it counts, in Prometheus' own format; the dashboard and the alert rules name nothing else."""

import json
import re
from pathlib import Path

import pytest
import yaml
from django.db import transaction
from prometheus_client.parser import text_string_to_metric_families

from background import metric_sums
from background.database_clock import now_ms
from imports.alerts.rules import CODES
from imports.models import Heartbeat
from imports.push.account_share import Share
from imports.push.service_signals import ServiceState
from tests.builders import a_job

MONITORING = Path(__file__).resolve().parents[2] / "deploy" / "monitoring"


@pytest.fixture
def families(client, db):
    """Every metric of an instance that has done something, by name."""
    job = a_job(rows=2)
    share = Share(0, 0, job.pk, job.campaign.account)
    for outcome, seconds in ((ServiceState.OK, 0.3), (ServiceState.ERROR, 40), (ServiceState.OK, 0.02)):
        share.note(outcome, seconds)
    share.count_requests()  # not without the lock of the account's row
    with transaction.atomic():
        share.renew(0)
        share.count_requests()
        share.count_requests()
    metric_sums.add("check", metric_sums.observed(7.0, metric_sums.MINUTES))
    Heartbeat.objects.create(name="celery@one", kind="worker", beat_ms=now_ms())
    text = client.get("/metrics").content.decode()
    return {family.name: family for family in text_string_to_metric_families(text)}


def test_requests_are_counted_by_outcome_with_their_duration(families):
    samples = {
        (one.name, one.labels.get("outcome"), one.labels.get("le")): one.value
        for one in families["rowcall_request_seconds"].samples
    }
    assert samples["rowcall_request_seconds_bucket", "ok", "0.05"] == 1
    assert samples["rowcall_request_seconds_bucket", "ok", "0.5"] == 2
    assert samples["rowcall_request_seconds_count", "ok", None] == 2
    assert samples["rowcall_request_seconds_sum", "ok", None] == pytest.approx(0.32)
    assert samples["rowcall_request_seconds_bucket", "error", "+Inf"] == 1


def test_everything_else_is_there(families):
    values = {name: {tuple(one.labels.values()): one.value for one in family.samples} for name, family in families.items()}
    assert values["rowcall_rows"]["pending",] == 2 and values["rowcall_imports"]["pushing",] == 1
    assert values["rowcall_alive"]["worker",] == 1 and values["rowcall_heartbeat_age_seconds"]["worker", "celery@one"] < 60
    assert values["rowcall_alert"]["no_worker",] == 0 and "rowcall_disk_free_bytes" in values


def named_metrics() -> set[str]:
    dashboard = json.loads((MONITORING / "grafana-dashboard.json").read_text(encoding="utf-8"))
    rules = yaml.safe_load((MONITORING / "alerts.yml").read_text(encoding="utf-8"))
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())]
    expressions += [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    assert len(expressions) > 15
    return {name for text in expressions for name in re.findall(r"rowcall_\w+", text)}


def test_who_has_no_address_is_not_from_here(client, db, settings):
    settings.TRUSTED_PROXIES = 1
    for address in ("nonsense", "127.0.0.1", ""):
        assert client.get("/metrics", HTTP_X_FORWARDED_FOR=address).status_code == 403


def test_dashboard_and_alert_rules_name_metrics_that_exist(families):
    there = {sample.name for family in families.values() for sample in family.samples} | set(families)
    assert named_metrics() - there == set()


def test_every_metric_is_documented(families):
    page = Path("docs/operations.md").read_text(encoding="utf-8")
    assert [name for name in (*families, *CODES) if f"`{name}`" not in page] == []
