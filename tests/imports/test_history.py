"""The list of imports is found through, whatever the letters; sorted; turned with its filters kept."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from campaigns.models import Campaign, Lead
from imports.forms.history import OUTCOMES, ImportFilterForm
from imports.models import Dismissal, ImportJob, JobState, RowState
from imports.pages.dashboard import Dashboard
from imports.pages.history import SORTED_BY, filter_form, headings, matching
from imports.workflow import dismissals
from people.models import AuditEntry
from tests.builders import a_campaign, a_job, add_rows, phone
from tests.people.test_roles import signed_in


@pytest.fixture
def jobs(alice, bob) -> dict[str, ImportJob]:
    spring, autumn = a_campaign(name="İLKBAHAR Işık"), None
    autumn = a_campaign(spring.account, remote_id="2000", name="Güz")
    made = {
        "june": a_job(spring, 0, owner=alice, file_name="Randevular HAZİRAN.csv", state=JobState.DONE, total_rows=3),
        "100%": a_job(autumn, 0, owner=bob, file_name="100%_özel.xlsx", state=JobState.FAILED, total_rows=None),
        "paused": a_job(autumn, 2, owner=alice, file_name="çağrı.csv", state=JobState.PAUSED, reason="key"),
    }
    add_rows(made["june"], [phone(1), phone(2)], RowState.CREATED, remote_id="1")
    add_rows(made["june"], [""], RowState.INVALID, first_row=8)
    ImportJob.objects.filter(pk=made["june"].pk).update(created_at=datetime(2026, 5, 4, 21, 30, tzinfo=UTC))
    return made


def found(who, state: str = "", sort: str = "", **asked) -> list[str]:
    return [job.file_name.split(".")[0] for job in matching(who, filter_form(who, asked), state, sort)]


JUNE, OWN, LATE = "Randevular HAZİRAN", "100%_özel", "çağrı"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        *(
            ({"q": text}, [JUNE])
            for text in ("HAZİRAN", "haziran", "Haziran", "hazıran", "isik randevular", "ilkbahar", "ILKBAHAR")
        ),
        *(({"q": text}, [OWN]) for text in ("100%", "%_", "ozel", "ÖZEL guz")),
        *(({"q": text}, []) for text in ("haziran guz", "';--", "_x")),
        ({"q": "CAGRI"}, [LATE]),
        ({"outcome": "invalid"}, [JUNE]),
        ({"outcome": "complete"}, []),
        ({"outcome": "nothing"}, [OWN]),
        ({"outcome": "failed"}, [OWN]),
        ({"since": "2026-05-05", "until": "2026-05-05"}, [JUNE]),  # 00:30 in the time zone of the instance
        ({"until": "2026-05-04"}, []),
        ({"since": "2026-05-06"}, [LATE, OWN]),
        ({"since": "nonsense"}, []),
        ({"since": "2026-05-06", "until": "2026-05-05"}, []),
        ({"campaign": "x"}, []),
    ],
)
def test_what_is_asked_for_is_found(jobs, bob, asked, expected):
    assert found(bob, **asked) == expected


def test_by_person_campaign_and_state_among_what_one_may_see(jobs, alice, bob):
    assert found(bob, person=str(alice.pk)) == [LATE, JUNE]
    assert found(bob, person=str(alice.pk), campaign=str(jobs["paused"].campaign_id)) == [LATE]
    assert found(bob, state="ended") == [OWN, JUNE] and found(alice) == [LATE, JUNE]
    assert "person" not in filter_form(alice, {}).fields and isinstance(filter_form(bob, {}), ImportFilterForm)
    assert found(alice, campaign=str(jobs["100%"].campaign_id), outcome="failed") == []
    assert all(isinstance(found(bob, outcome=outcome), list) for outcome, _label in OUTCOMES)


def test_every_column_sorts_both_ways(jobs, bob):
    assert found(bob, sort="file") == [OWN, LATE, JUNE] == found(bob, sort="-file")[::-1]
    assert found(bob, sort="when") == [JUNE, OWN, LATE] and found(bob, sort="-rows") == [JUNE, LATE, OWN]
    assert found(bob, sort="rows") == [LATE, JUNE, OWN]  # of what was never read the rows are not known: they stand last
    assert found(bob, sort="state") == [LATE, JUNE, OWN] and found(bob, sort="campaign") == [LATE, OWN, JUNE]
    assert found(bob, sort="pk; --") == found(bob)
    by_file = next(one for one in headings("file") if one.sorted)
    assert (by_file.sort, by_file.sorted) == ("-file", "ascending")
    assert [one.sort for one in headings("")] == ["file", "campaign", "state", "-rows", "when"] and len(SORTED_BY) == 5


def test_pages_and_sorting_keep_the_filters_and_say_exactly_when(jobs, bob, monkeypatch):
    monkeypatch.setattr("imports.views.history.PAGE", 1)
    page = signed_in(bob).get(reverse("imports:history"), {"q": "csv", "sort": "file"}).content.decode()
    assert "?q=csv&amp;sort=file&amp;page=2" in page and "?q=csv&amp;sort=-file" in page and 'aria-sort="ascending"' in page
    shown = signed_in(bob).get(reverse("imports:history"), {"q": "haziran"}).content.decode()
    assert "5 May 2026, 00:30" in shown
    assert "No import matches" in signed_in(bob).get(reverse("imports:history"), {"since": "x"}).content.decode()


# -- dismissed ---------------------------------------------------------------------------------------------------------
def test_what_is_dismissed_is_gone_for_this_person_until_shown_again(jobs, bob, adam):
    client, job = signed_in(bob), jobs["100%"]
    assert "Needs you" in client.get("/").content.decode() and Dashboard(bob).failed == [job]
    page = client.post(reverse("imports:dismiss", args=[job.pk]), follow=True).content.decode()
    client.post(reverse("imports:dismiss", args=[job.pk]))
    assert Dashboard(bob).failed == [] and Dashboard(bob).dismissed == [job] and "1 dismissed" in page
    dismissals.dismiss(jobs["paused"], bob)
    assert Dashboard(bob).paused == [] and not Dashboard(bob).needs_me and len(Dashboard(adam).paused) == 1
    assert "Show again" in client.get("/").content.decode()
    client.post(reverse("imports:show_again", args=[job.pk]))
    assert Dashboard(bob).failed == [job] and Dismissal.objects.get().job == jobs["paused"]
    assert list(AuditEntry.objects.filter(target=f"import {job.pk}").values_list("action", flat=True)) == [
        "show_again",
        "dismiss",
        "dismiss",
    ]


def test_what_changes_is_shown_again_by_itself(jobs, bob):
    job = jobs["paused"]
    dismissals.dismiss(job, bob)
    ImportJob.objects.filter(pk=job.pk).update(moved_at=datetime(2100, 1, 1, tzinfo=UTC))
    assert [one.job for one in Dashboard(bob).paused] == [job]
    ImportJob.objects.filter(pk=job.pk).update(moved_at=None, state=JobState.PUSHING)
    assert Dashboard(bob).dismissed == []


# -- what was there before ---------------------------------------------------------------------------------------------
class Editor:
    """As much of a schema editor as a migration of data uses."""

    connection = connection

    def execute(self, sql, params):
        with connection.cursor() as cursor:
            cursor.execute(sql, params)


def test_what_was_there_before_is_found_and_counted_after_the_migrations(jobs):
    job, at = jobs["june"], datetime(2026, 5, 4, 21, 30, tzinfo=UTC)
    for remote_id, status in (("1", "completed"), ("2", "completed"), ("3", "created")):
        Lead.objects.create(campaign=job.campaign, remote_id=remote_id, phone_number=phone(1), status=status, updated_at=at)
    kept = list(Lead.objects.order_by("pk").values_list("last_call", flat=True))
    Lead.objects.update(last_call=None)
    ImportJob.objects.update(search="")
    Campaign.objects.update(search="")
    for migration in ("campaigns.migrations.0024_fill_results_of_calls", "imports.migrations.0023_fill_search_and_origin"):
        import_module(migration).fill(apps, Editor())
    assert list(Lead.objects.order_by("pk").values_list("last_call", flat=True)) == kept == [kept[0], kept[0], None]
    assert list(Lead.objects.order_by("pk").values_list("origin", flat=True)) == [job.pk, None, None]
    assert ImportJob.objects.get(pk=job.pk).search == "randevular haziran.csv"
    assert Campaign.objects.get(pk=job.campaign_id).search == "ilkbahar isik"
