"""The audit log is searched by person, action, object and date, and taken along as csv."""

import csv
import importlib
import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import timezone

from people import audit
from people.audit_search import AuditFilterForm, matching
from people.models import AuditEntry


@pytest.fixture
def admin(alice, bob, adam) -> Client:
    """A browser of Adam's, and five entries of today."""
    audit.record(alice, "upload", "import 7", ip="192.0.2.1")
    audit.record(alice, "upload", "import 70")
    audit.record(bob, "change_user", "user alice", before={"role": "uploader"}, after={"role": "manager"})
    audit.record(bob, "start_campaign", "campaign 7")
    audit.record(None, "wrong_password", "user =cmd|' /C calc'!A0")
    client = Client()
    client.force_login(adam, backend="django.contrib.auth.backends.ModelBackend")
    return client


def found(**asked: str) -> list[str]:
    return [f"{entry.action} {entry.target}" for entry in matching(AuditFilterForm(asked))]


def test_filters_narrow_the_log_down_and_go_together(admin):
    assert found(person="ALICE") == ["upload import 70", "upload import 7"]
    assert found(action="upload", kind="import", object="7") == ["upload import 7"]
    assert found(kind="campaign") == ["start_campaign campaign 7"]
    assert found(object="7") == ["start_campaign campaign 7", "upload import 7"]
    assert found(q="change user") == ["change_user user alice"] and len(found()) == 5
    today = timezone.localdate()
    assert len(found(since=str(today), until=str(today))) == 5 and found(until=str(today - timedelta(days=1))) == []
    assert found(until="9999-12-31", since="0001-01-01") and found(person="nobody") == found(until="0001-01-01") == []


def test_what_cannot_be_understood_is_said_and_shows_nothing(admin):
    for asked in ("since=yesterday", "action=nonsense", "kind=x", "since=2026-02-02&until=2026-02-01", "person=" + "x" * 200):
        page = admin.get(f"/audit/?{asked}")
        assert (
            page.status_code == 200
            and "needs your attention" in page.content.decode()
            and "import 70" not in page.content.decode()
        )
        assert admin.get(f"/audit.csv?{asked}").url.startswith("/audit/?")
    assert "import 70" in admin.get("/audit/").content.decode()


def test_the_csv_holds_what_the_page_shows_and_no_formula_and_is_recorded(admin, client, alice):
    answer = admin.get("/audit.csv?kind=user")
    assert answer.headers["Cache-Control"] == "no-store" and "attachment" in answer.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [line[0] for line in lines[:1]] == ["When"] and len(lines) == 3
    assert lines[2][1:7] == ["bob", "changed user", "user alice", '{"role": "uploader"}', '{"role": "manager"}', ""]
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line)
    assert AuditEntry.objects.get(action="export_audit").after == {"kind": "user"}
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/audit.csv").status_code == 403


@pytest.mark.parametrize("letters", ["HAZİRAN", "haziran", "Hazıran"])
def test_letters_count_as_one_also_in_entries_that_are_older_than_their_folded_text(alice, letters):
    audit.record(alice, "create_team", "team Haziran Şubesi")
    assert found(q=letters) == found(q="subesi") == ["create_team team Haziran Şubesi"]
    migration, editor = (
        importlib.import_module("people.migrations.0011_audit_entries_folded"),
        SimpleNamespace(connection=connection),
    )
    migration.trigger(editor, "DISABLE")
    AuditEntry.objects.update(search="")
    migration.trigger(editor, "ENABLE")
    migration.fill(apps, editor)
    assert found(q=letters) == ["create_team team Haziran Şubesi"]
