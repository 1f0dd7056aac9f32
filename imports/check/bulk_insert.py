"""Checked rows into the database, in bulk: what Django's `bulk_create` does, several times as fast.

A chunk arrives with its JSON already written (by the process that read the file), so that here nothing is
turned into objects and back. Every function runs inside the caller's transaction.
"""

from collections.abc import Sequence

from django.db import connection

from campaigns.do_not_call import among_values
from campaigns.models import CampaignNumber, Lead
from imports.models import ImportRow
from imports.pipeline.process.protocol import PackedRow

COLUMNS = (
    "job_id",
    "row_number",
    "state",
    "reason",
    "phone",
    "cells",
    "lead",
    "detail",
    "lease_ms",
    "next_ms",
    "attempts",
    "unknowns",
)


def store_rows(job_id: int, rows: Sequence[PackedRow]) -> None:
    """Insert new rows of one import."""
    if connection.vendor == "postgresql":
        _copy(job_id, rows)
    else:
        _insert(job_id, rows)


def _insert(job_id: int, rows: Sequence[PackedRow]) -> None:
    sql = (
        f"INSERT INTO {ImportRow._meta.db_table} ({', '.join(COLUMNS)}) "
        f"VALUES ({int(job_id)}, %s, %s, %s, %s, %s, %s, %s, 0, 0, 0, 0)"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def _copy(job_id: int, rows: Sequence[PackedRow]) -> None:
    # COPY is psycopg's own, not Django's: its errors become those of django.db here, like any statement's.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        with cursor.copy(f"COPY {ImportRow._meta.db_table} ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((job_id, *row, 0, 0, 0, 0))


NUMBERS, ROWS, LEADS = (model._meta.db_table for model in (CampaignNumber, ImportRow, Lead))
# A number is there when the service named it, or its holder's lead was created. Of a holder that has been removed since,
# nothing is left but the lead. A row that waits, or whose answer was lost, has brought nothing there yet.
IS_THERE = (
    f"({NUMBERS}.holder IS NULL OR EXISTS (SELECT 1 FROM {ROWS} AS r WHERE r.id = {NUMBERS}.holder AND r.state = 'created') "
    f"OR NOT EXISTS (SELECT 1 FROM {ROWS} AS r WHERE r.id = {NUMBERS}.holder) AND EXISTS (SELECT 1 FROM {LEADS} AS l "
    f"WHERE l.campaign_id = {NUMBERS}.campaign_id AND l.phone_number = {NUMBERS}.phone_number))"
)


def numbers_in_campaign(campaign_id: int, phones: Sequence[str]) -> set[str]:
    """Those of `phones` that the campaign has: a number that a row only holds is not there."""
    if not phones:
        return set()
    among, wanted = among_values(phones)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT phone_number FROM {NUMBERS} WHERE campaign_id = %s AND {IS_THERE} AND phone_number {among}",
            [campaign_id, wanted],
        )
        return {phone for (phone,) in cursor.fetchall()}
