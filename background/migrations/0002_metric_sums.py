from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("background", "0001_clock")]
    operations = [
        migrations.CreateModel(
            name="MetricSum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("label", models.CharField(max_length=80)),
                ("n", models.BigIntegerField(default=0)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("name", "label"), name="metric_once")]},
        ),
    ]
