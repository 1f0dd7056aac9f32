from django.db import migrations
from django.db.models import Count


def recount_leads(apps, schema_editor):
    """Leads that senders had noted were left out of the sums: count all of them anew."""
    lead, lead_count = apps.get_model("campaigns", "Lead"), apps.get_model("campaigns", "LeadCount")
    lead_count.objects.all().delete()
    counted = lead.objects.order_by().values_list("campaign_id", "status").annotate(n=Count("*"))
    lead_count.objects.bulk_create([lead_count(campaign_id=pk, status=status, n=n) for pk, status, n in counted])


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0014_list_blacklisted_numbers")]
    operations = [migrations.RunPython(recount_leads, migrations.RunPython.noop)]
