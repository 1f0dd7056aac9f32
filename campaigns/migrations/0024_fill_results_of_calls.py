"""When the leads that are there were last called, and the folded names of the campaigns."""

from django.db import migrations

from campaigns.search_text import storable
from ui.folding import fold

SECONDS = {
    "postgresql": "CAST(FLOOR(EXTRACT(EPOCH FROM updated_at)) AS bigint)",
    "sqlite": "CAST(strftime('%%s', updated_at) AS integer)",
}


def fill(apps, schema_editor):
    schema_editor.execute(
        f"UPDATE campaigns_lead SET last_call = {SECONDS[schema_editor.connection.vendor]} / 900 WHERE updated_at IS NOT NULL "
        "AND status NOT IN ('created', 'scheduled', 'processing', 'blacklisted')",
        (),
    )
    for campaign in apps.get_model("campaigns", "Campaign").objects.only("name"):
        apps.get_model("campaigns", "Campaign").objects.filter(pk=campaign.pk).update(search=storable(fold(campaign.name)))


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0023_results_of_calls")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
