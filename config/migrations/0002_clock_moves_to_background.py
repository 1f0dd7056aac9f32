from django.db import migrations


class Migration(migrations.Migration):
    """The table stays as it is; the model that describes it belongs to another app from now on."""

    dependencies = [("config", "0001_steady_clock")]
    operations = [migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Clock")])]
