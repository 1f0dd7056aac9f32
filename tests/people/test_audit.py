"""The audit log keeps who did what, even when the user is gone."""

from people import audit
from people.models import AuditEntry


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
