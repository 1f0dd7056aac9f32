from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('imports', '0014_import_preview'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='importjob',
            name='preview',
        ),
    ]
