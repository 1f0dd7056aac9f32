from django.db import migrations, models


class Migration(migrations.Migration):
    """The table was made by `config`, and is kept."""

    initial = True
    dependencies = [("config", "0002_clock_moves_to_background")]
    operations = [migrations.SeparateDatabaseAndState(state_operations=[
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("offset_ms", models.BigIntegerField(default=0)),
                ("seen_ms", models.BigIntegerField(default=0)),
            ],
            options={"db_table": "config_clock"},
        ),
    ])]
