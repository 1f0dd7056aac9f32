"""Failures in a row and timers under standard names; what an old version has stored under the old ones is brought along."""

from django.db import migrations

GIVEN_UP = "operation_given_up"


def rename_reason(apps, schema_editor):
    """The page of an operation that was given up shows the sentence of this code."""
    apps.get_model("imports", "Operation").objects.filter(result={"reason": ["chore_given_up", {}]}).update(
        result={"reason": [GIVEN_UP, {}]}
    )


def forget_timer(apps, schema_editor):
    """The dispatcher's timer begins anew under its new name: the first dispatch is due at once."""
    apps.get_model("imports", "Heartbeat").objects.filter(name="tick", kind="timer").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0016_operations_and_mail_token"),
    ]

    operations = [
        migrations.RenameField("importjob", "streak", "consecutive_failures"),
        migrations.RenameField("heartbeat", "tick_ms", "last_run_ms"),
        migrations.RunPython(rename_reason, migrations.RunPython.noop),
        migrations.RunPython(forget_timer, migrations.RunPython.noop),
    ]
