from django.db import migrations, models

BATCH = 50  # a preview holds hundreds of rows of its file


def move_out(apps, schema_editor):
    """Each import's preview into the table of previews; an import whose file was never read has none."""
    jobs, previews = _models(apps, schema_editor)
    for some in _batches(jobs.values_list("pk", "preview")):
        previews.bulk_create(previews.model(job_id=pk, data=preview) for pk, preview in some if preview)


def move_back(apps, schema_editor):
    jobs, previews = _models(apps, schema_editor)
    for some in _batches(previews.values_list("pk", "data")):
        jobs.bulk_update([jobs.model(pk=pk, preview=preview) for pk, preview in some], ["preview"])


def _models(apps, schema_editor):
    alias = schema_editor.connection.alias
    return (apps.get_model("imports", name).objects.using(alias) for name in ("ImportJob", "ImportPreview"))


def _batches(rows):
    last = 0
    while some := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield some
        last = some[-1][0]


class Migration(migrations.Migration):

    dependencies = [
        ('imports', '0012_probes'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportPreview',
            fields=[
                ('job', models.OneToOneField(on_delete=models.CASCADE, primary_key=True, related_name='stored_preview', serialize=False, to='imports.importjob')),
                ('data', models.JSONField()),
            ],
        ),
        migrations.RunPython(move_out, move_back),
    ]
