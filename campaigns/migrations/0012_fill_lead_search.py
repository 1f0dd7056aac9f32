from django.db import migrations

from campaigns.search_text import has_digits, search_text

AT_ONCE = 2_000


def fill(apps, schema_editor):
    """Leads that were there before they could be searched by their values."""
    lead = apps.get_model("campaigns", "Lead")
    after = 0
    while some := list(lead.objects.filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        for one in some:
            one.search = search_text(one.phone_number, one.variables, one.secondary_contacts)
            one.digits_in_values = has_digits(one.variables, one.secondary_contacts)
        lead.objects.bulk_update(some, ["search", "digits_in_values"])
        after = some[-1].pk


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0011_lead_search")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
