"""How a test with transactions of its own leaves the database: with nothing in it but what migrations have put there.

Django's `flush` truncates every table and then makes all permissions, content types and groups anew. Most tests write to a
few tables, so emptying those that hold something takes a fraction of that.
"""

from collections.abc import Iterable

from django.db import connections, transaction

KEPT = {"auth_group", "auth_permission", "django_content_type", "django_migrations"}


def empty_tables(databases: Iterable[str]) -> None:
    """Deletes all rows of these databases, except those that migrations have made."""
    for alias in databases:
        connection = connections[alias]
        quote = connection.ops.quote_name
        with transaction.atomic(using=alias), connection.cursor() as cursor:  # constraints wait for the end of a transaction
            for table in _filled(cursor, [*set(connection.introspection.django_table_names()) - KEPT], quote):
                cursor.execute(f"DELETE FROM {quote(table)}")


def _filled(cursor, tables: list[str], quote) -> list[str]:
    """Those of `tables` that hold rows."""
    looks = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quote(table)})" for table in tables)
    cursor.execute(" UNION ALL ".join(looks))
    return [table for (table,) in cursor.fetchall()]
