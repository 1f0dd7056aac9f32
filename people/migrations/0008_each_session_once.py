"""Of the rows of one session the first stays: two of its first requests may each have written one."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef


def keep_the_first(apps, schema_editor):
    sign_ins = apps.get_model("people", "SignIn").objects
    earlier = sign_ins.filter(session_key=OuterRef("session_key"), pk__lt=OuterRef("pk"))
    further = sign_ins.exclude(session_key="").filter(Exists(earlier)).values_list("pk", flat=True)
    sign_ins.filter(pk__in=list(further)).update(session_key="")


class Migration(migrations.Migration):
    dependencies = [("people", "0007_sign_ins")]
    operations = [
        migrations.RunPython(keep_the_first, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="signin",
            constraint=models.UniqueConstraint(
                fields=["session_key"], name="sign_in_once", condition=models.Q(("session_key", ""), _negated=True)
            ),
        ),
    ]
