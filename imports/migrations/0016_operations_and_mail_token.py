"""Operations under their new name, in the table that they have; mails are fenced as everything else that is leased."""

from django.db import migrations, models
import django.db.models.deletion


def _state(*values: str) -> models.CharField:
    return models.CharField(choices=[(value, value.title()) for value in values], default="waiting", max_length=10)


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0015_no_preview_column"),
    ]

    operations = [
        migrations.AlterModelTable(name="chore", table="imports_chore"),
        migrations.RenameModel(old_name="Chore", new_name="Operation"),
        migrations.AddField("outgoingmail", "token", models.BigIntegerField(db_default=0, default=0)),
        migrations.AlterField(
            "operation",
            "job",
            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="operations", to="imports.importjob"),
        ),
        migrations.AlterField(
            "operation",
            "kind",
            models.CharField(
                choices=[
                    ("report", "Report"),
                    ("fix_all", "Fix All"),
                    ("take_workbook", "Take Workbook"),
                    ("release", "Release"),
                ],
                max_length=20,
            ),
        ),
        *(migrations.AlterField(model, "state", _state("waiting", "done", "failed")) for model in ("operation", "numberlist")),
        migrations.AlterField(
            "outgoingmail",
            "kind",
            models.CharField(choices=[("done", "Done"), ("paused", "Paused"), ("failed", "Failed")], max_length=20),
        ),
        migrations.AlterField("outgoingmail", "state", _state("waiting", "sending", "sent", "failed")),
    ]
