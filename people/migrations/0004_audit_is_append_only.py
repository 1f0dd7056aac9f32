"""PostgreSQL itself refuses to change or delete an entry of the audit log; only its actor may be forgotten with the user."""

from django.db import migrations

from people.append_only import FUNCTION

MAKE = FUNCTION + """
CREATE TRIGGER people_auditentry_is_append_only BEFORE UPDATE OR DELETE ON people_auditentry
    FOR EACH ROW EXECUTE FUNCTION people_auditentry_is_append_only();
"""
DROP = """
DROP TRIGGER people_auditentry_is_append_only ON people_auditentry;
DROP FUNCTION people_auditentry_is_append_only();
"""


def on_postgresql(sql):
    def run(apps, editor):
        if editor.connection.vendor == "postgresql":
            with editor.connection.cursor() as cursor:
                cursor.execute(sql)

    return run


class Migration(migrations.Migration):

    dependencies = [("people", "0003_sessions_ended")]

    operations = [migrations.RunPython(on_postgresql(MAKE), on_postgresql(DROP))]
