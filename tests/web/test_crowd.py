"""What a page costs that many people look at, however large the import or the campaign: queries and plans, not time."""

import os
import subprocess
import sys

from django.db import connection
from django.forms import Select
from django.test.html import parse_html
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns import lead_counters
from campaigns.models import Lead
from imports.forms.fields import LongSelect
from imports.models import ImportRow, RowState
from tests.builders import a_campaign, a_job, add_rows, phone
from tests.instances import NOT_OURS, ROOT

ROWS, LEADS = ImportRow._meta.db_table, Lead._meta.db_table


def queries_of(table: str, captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in captured if query["sql"].startswith("SELECT") and f'FROM "{table}"' in query["sql"]]


def plan_of(sql: str) -> str:
    """SQLite's, which chooses by the query alone. PostgreSQL chooses by what is in the tables: of so few rows it says nothing."""
    if connection.vendor != "sqlite":
        return "row_by_state"
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return str(cursor.fetchall())


def test_a_progress_poll_asks_for_no_rows_while_all_went_through(as_, bob):
    job, browser = a_job(rows=3), as_(bob)
    browser.get(reverse("imports:poll", args=[job.pk]))  # the first one notes that the session is seen
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(reverse("imports:poll", args=[job.pk])).status_code == 200
    assert not queries_of(ROWS, captured)
    assert len(captured) <= 11


def test_rows_that_did_not_go_through_come_from_the_index_of_their_state_the_last_first(as_, bob):
    job = a_job(rows=3)
    for state, first in ((RowState.REFUSED, 100), (RowState.FAILED, 104)):
        add_rows(job, [phone(first + n) for n in range(4)], state, first_row=first)
    with CaptureQueriesContext(connection) as captured:
        shown = as_(bob).get(reverse("imports:poll", args=[job.pk])).context["refused"]
    assert [one.row.row_number for one in shown] == [107, 106, 105, 104, 103]
    asked = queries_of(ROWS, captured)
    assert len(asked) == 2 and all("row_by_state" in plan_of(sql) for sql in asked)


def test_leads_told_anew_are_looked_up_by_their_ids(db):
    campaign = a_campaign()
    told = {str(n): Lead(campaign=campaign, remote_id=str(n), phone_number=phone(n)) for n in range(3)}
    lead_counters.upsert(campaign.pk, told)
    with CaptureQueriesContext(connection) as captured:
        lead_counters.upsert(campaign.pk, told | {"1": Lead(campaign=campaign, remote_id="1", status="completed")})
    looked_up = [sql for sql in queries_of(LEADS, captured) if '"remote_id" IN' in sql]
    assert looked_up and not any(name in plan_of(sql) for sql in looked_up for name in ("lead_newest", "lead_status"))
    [changed] = [query["sql"] for query in captured if query["sql"].startswith(f'INSERT INTO "{LEADS}" ')]
    assert changed.count("completed") == 1 and changed.count(phone(2)) == 0, "what is as it was is not written"
    assert lead_counters.lead_counts([campaign])[campaign.pk] == {"created": 2, "completed": 1}


def test_a_thread_of_the_web_server_keeps_its_connection(tmp_path):
    """SQLite's, too: opening one and reading the schema takes a fifth of a small page."""
    requests = """if True:
        import config.asgi
        from django.db import close_old_connections, connection
        connection.ensure_connection()
        opened = connection.connection
        close_old_connections()
        print(connection.connection is opened)"""
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    environment = inherited | {"ROWCALL_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-W", "ignore", "-c", requests]
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "True"


def test_a_long_select_is_what_django_makes_of_it():
    options = [("", "Choose"), ("TR", "Türkiye <+90>"), ("DE", "Germany")]
    for value in ("TR", "", None):
        ours, theirs = (
            kind(attrs={"class": "x"}, choices=options).render("region", value, {"id": "r"}) for kind in (LongSelect, Select)
        )
        assert parse_html(ours) == parse_html(theirs)
