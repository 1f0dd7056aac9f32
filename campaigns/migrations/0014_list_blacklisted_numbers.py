from django.db import migrations

AT_ONCE = 1_000


def list_blacklisted(apps, schema_editor):
    """Numbers that WhatTalk had called blacklisted before that word was heeded."""
    lead, listed = apps.get_model("campaigns", "Lead"), apps.get_model("campaigns", "DoNotCall")
    blacklisted = lead.objects.filter(status="blacklisted").exclude(phone_number="").order_by("phone_number")
    numbers = list(blacklisted.values_list("phone_number", flat=True).distinct())
    for begin in range(0, len(numbers), AT_ONCE):
        listed.objects.bulk_create(
            [listed(phone_number=number, source="whattalk") for number in numbers[begin : begin + AT_ONCE]], ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0013_who_must_not_be_called")]
    operations = [migrations.RunPython(list_blacklisted, migrations.RunPython.noop)]
