from django.db import migrations
from django.db.models import Count


def count_leads(apps, schema_editor):
    """Leads that were there before their sums were kept."""
    lead, lead_count = apps.get_model("campaigns", "Lead"), apps.get_model("campaigns", "LeadCount")
    counted = lead.objects.order_by().values_list("campaign_id", "status").annotate(n=Count("*"))
    lead_count.objects.bulk_create([lead_count(campaign_id=pk, status=status, n=n) for pk, status, n in counted])


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0006_lead_counts")]
    operations = [migrations.RunPython(count_leads, migrations.RunPython.noop)]
