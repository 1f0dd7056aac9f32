from django.db import migrations, models

STATES = [
    ("pending", "waiting to be sent"), ("corrected", "corrected, not sent"), ("sending", "being sent"),
    ("unknown", "answer lost, being looked up"), ("created", "sent"), ("invalid", "cannot be called"),
    ("duplicate_in_file", "duplicate in this file"), ("duplicate_in_campaign", "already in the campaign"),
    ("do_not_call", "on the do-not-call list"), ("no_consent", "said no to calls"), ("refused", "refused by WhatTalk"),
    ("failed", "could not be sent"), ("unconfirmed", "not confirmed by WhatTalk"), ("cancelled", "cancelled"),
]


class Migration(migrations.Migration):
    dependencies = [("imports", "0008_no_consent")]
    operations = [
        migrations.RemoveConstraint(model_name="importrow", name="row_state_known"),
        migrations.AlterField(model_name="importrow", name="state", field=models.CharField(choices=STATES, max_length=21)),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.CheckConstraint(
                condition=models.Q(state__in=[state for state, _label in STATES]), name="row_state_known"
            ),
        ),
    ]
