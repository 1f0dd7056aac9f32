"""Who and what an audit entry speaks of is kept folded, and searched so."""

from django.db import migrations, models

from ui.folding import fold

BATCH = 2_000


def fill(apps, schema_editor):
    entries = apps.get_model("people", "AuditEntry").objects
    latest = 0
    while batch := list(entries.filter(pk__gt=latest).order_by("pk").only("actor_name", "target")[:BATCH]):
        for entry in batch:
            entry.search = fold(f"{entry.actor_name}\n{entry.target}")
        entries.bulk_update(batch, ["search"], batch_size=400)
        latest = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("people", "0010_weekly_mails")]
    operations = [
        migrations.AddField("auditentry", "search", models.TextField(db_default="", default="", editable=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
