"""The crowd of the benchmark meets pages that are there, and learns what each has cost. Its figures are not judged here."""

import asyncio

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from devtools.benchmarks.crowd import write_transactions
from devtools.benchmarks.crowd.layout import lay_out
from devtools.benchmarks.crowd.people import ACTS, Crowd
from devtools.benchmarks.crowd.run import summary
from devtools.benchmarks.crowd.statements import HEADER, read_header
from imports.models import RowState
from tests.builders import a_job, add_rows, phone

POLL_STATEMENTS = (
    10  # of a manager without a second factor; two are for rows that were refused. Who looks asks every two seconds.
)


def test_every_page_and_action_of_the_crowd_is_answered_as_it_expects(sandbox, live_server):
    sent, people = lay_out(sandbox, people=3, rows=30)
    crowd = Crowd(live_server.url, people)
    asyncio.run(crowd.once())
    assert {name: dict(page.errors) for name, page in crowd.pages.items() if page.errors} == {}
    assert crowd.pages.keys() >= {
        *ACTS,
        "progress poll",
        "check: one reason",
        "leads by part",
        "monitor poll",
        "columns of the upload",
    }
    figures = {name: page.summary() | {"p95": 300.0, "max": 400.0} for name, page in crowd.pages.items()}
    figures["home"]["p95"] = 300.1
    told = summary(
        {"pages": figures, "errors": {}, "alone": 1.0, "beside": 1.0, "processes": {}, "write_transactions": {}}, "sqlite"
    )
    assert [line.split()[0] for line in told if line.endswith("TOO SLOW")] == ["home"]


def test_a_response_says_what_it_cost(settings, bob, monkeypatch):
    wrapper = type(connection._connections[connection._alias])
    monkeypatch.setattr(wrapper, "_commit", wrapper._commit)  # the middleware puts its own there
    settings.MIDDLEWARE = ["devtools.benchmarks.crowd.statements.StatementTimes", *settings.MIDDLEWARE]
    client = Client()
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    job = a_job()
    add_rows(job, [phone(9)], RowState.REFUSED, first_row=9)
    poll = reverse("imports:poll", args=[job.pk])
    client.get(poll)  # the first one notes that the session is seen, and writes
    with CaptureQueriesContext(connection) as captured:
        cost = read_header(client.get(poll).headers[HEADER])
    assert cost["queries"] == len(captured)
    assert len(captured) <= POLL_STATEMENTS, [one["sql"] for one in captured]
    assert cost["app"] >= cost["db"] > 0 and cost["cpu"] > 0 and cost["locks"] == cost["commit"] == 0
    assert read_header("") == {}


def test_long_transactions_are_told_with_the_place_that_made_them(tmp_path):
    (tmp_path / write_transactions.FILE).write_text("20.5\tsync.save\n90.0\tledger.commit\n30.0\tsync.save\n")
    assert write_transactions.told(tmp_path) == {"ledger.commit": [90.0], "sync.save": [20.5, 30.0]}
    assert write_transactions.told(tmp_path / "nowhere") == {}
