"""Who and what an audit entry speaks of is kept folded, and searched so."""

from django.db import migrations, models

from ui.folding import fold

BATCH = 2_000


def trigger(editor, word):
    """PostgreSQL refuses to change an entry, but for as long as this migration writes what nobody has written yet."""
    if editor.connection.vendor == "postgresql":
        with editor.connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table whose checks are still to come cannot be altered
            cursor.execute(f"ALTER TABLE people_auditentry {word} TRIGGER people_auditentry_is_append_only")


def fill(apps, editor):
    trigger(editor, "DISABLE")
    entries = apps.get_model("people", "AuditEntry").objects
    latest = 0
    while batch := list(entries.filter(pk__gt=latest).order_by("pk").only("actor_name", "target")[:BATCH]):
        for entry in batch:
            entry.search = fold(f"{entry.actor_name}\n{entry.target}")
        entries.bulk_update(batch, ["search"], batch_size=400)
        latest = batch[-1].pk
    trigger(editor, "ENABLE")


class Migration(migrations.Migration):
    dependencies = [("people", "0010_weekly_mails")]
    operations = [
        migrations.AddField("auditentry", "search", models.TextField(db_default="", default="", editable=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
