"""The audit log keeps who did what, even when the user is gone."""

import re
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from people import audit
from people.append_only import FUNCTION
from people.models import AuditEntry

ROOT = Path(__file__).resolve().parents[2]


def test_an_entry_outlives_its_user(alice):
    audit.record(alice, "change_user", "user bob", before={"role": "uploader"}, after={"role": "manager"}, ip="192.0.2.1")
    alice.delete()
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.actor_name, entry.ip) == (None, "alice", "192.0.2.1")
    assert (entry.before, entry.after, str(entry)) == ({"role": "uploader"}, {"role": "manager"}, "alice change_user user bob")


def test_the_system_has_no_name_and_long_targets_are_cut(db):
    audit.record(None, "upload", "x" * 300)
    entry = AuditEntry.objects.get()
    assert (entry.actor_name, len(entry.target)) == ("", 200) and str(entry).startswith("system upload")


def test_no_code_changes_or_deletes_an_entry():
    for package in ("background", "campaigns", "config", "imports", "people"):
        for path in (ROOT / package).rglob("*.py"):
            if "migrations" not in path.parts:
                assert not re.search(r"AuditEntry[^\n]*\.(update|delete|bulk_update|save)\(", path.read_text(encoding="utf-8")), (
                    path
                )


def test_the_database_refuses_to_change_what_was_recorded(alice):
    audit.record(alice, "upload", "import 1")
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(FUNCTION)  # as a restore does, whether it is there or not
    for change in (lambda: AuditEntry.objects.update(target="import 2"), lambda: AuditEntry.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    alice.delete()
    assert AuditEntry.objects.get().actor is None
