"""The folded names of the files, and which import has sent the leads that are there."""

from django.db import migrations
from django.db.models import OuterRef, Subquery

from campaigns.search_text import storable
from ui.folding import fold


def fill(apps, schema_editor):
    job, row = apps.get_model("imports", "ImportJob"), apps.get_model("imports", "ImportRow")
    lead = apps.get_model("campaigns", "Lead")
    for one in job.objects.only("file_name").iterator(chunk_size=2_000):
        job.objects.filter(pk=one.pk).update(search=storable(fold(one.file_name)))
    sent = row.objects.filter(remote_id=OuterRef("remote_id"), state="created", job__campaign=OuterRef("campaign"))
    lead.objects.update(origin=Subquery(sent.order_by("pk").values("job")[:1]))


class Migration(migrations.Migration):
    dependencies = [("imports", "0022_search_and_origin"), ("campaigns", "0024_fill_results_of_calls")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
