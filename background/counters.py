"""Sums that are kept in the transaction that changes what they count, so that no page ever counts."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models


def add_to_sums(sums: type[models.Model], key: tuple[str, ...], deltas: Iterable[tuple[Any, ...]]) -> None:
    """Add to the sums of a table, inside the caller's transaction. A delta: the values of the columns `key`, then how many.

    Always in the same order: two transactions that wait for each other's sums would be a deadlock.
    """
    wanted = sorted(delta for delta in deltas if delta[-1])
    if not wanted:
        return
    table, columns = sums._meta.db_table, ", ".join(key)
    rows = ", ".join([f"({', '.join(['%s'] * (len(key) + 1))})"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}, n) VALUES {rows} ON CONFLICT ({columns}) DO UPDATE SET n = {table}.n + excluded.n",
            [value for delta in wanted for value in delta],
        )
