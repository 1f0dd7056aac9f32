"""A search finds every lead that matches: however many there are, whatever the filter, in any case of the letters."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.urls import reverse

from campaigns.lead_export import as_csv
from campaigns.lead_search import matching
from campaigns.models import Assistant, Lead
from tests.builders import a_campaign

NAMES = {1: "Işıl Irmak", 2: "İSMAİL ÇELİK", 3: "Zoë Müller", 4: "ayşe yılmaz", 5: "Σωκράτης"}


@pytest.fixture
def campaign(db):
    campaign = a_campaign()
    Lead.objects.bulk_create(
        Lead(
            campaign=campaign,
            remote_id=str(n),
            phone_number=f"+90532111{n:04d}",
            status="completed" if n % 2 else "created",
            variables={"name": NAMES.get(n, "Can"), "order": f"{n}-77"},
            secondary_contacts=[{"phone_number": "0049 30 901820", "variables": {"name": "Oma"}}] if n == 6 else [],
        )
        for n in range(1, 1_501)
    )
    return campaign


def found(campaign, query: str, status: str = "") -> list[int]:
    return sorted(int(lead.remote_id) for lead in matching(campaign, query, status))


QUERIES = {
    "ışıl": [1],
    "IŞIL": [1],
    "işil": [1],
    "Isil IRMAK": [1],
    "irmak ısıl": [1],
    "ismail": [2],
    "İSMAİL": [2],
    "ısmaıl çelik": [2],
    "MÜLLER": [3],
    "zoe": [3],
    "AYŞE": [4],
    "yılmaz ayşe": [4],
    "σωκρατησ": [5],
    "oma": [6],
    "+90 532 111 00 07": [7],
    "0532 111 00 07": [7],
    "1110007": [7],
    "(0532) 111-0007": [7],
    "+49 30": [6],
    "30901820": [6],
    "7-77": sorted(n for n in range(1, 1_501) if n % 10 == 7),
    "nobody": [],
    "can müller": [],
    "'; --": [],
    "%": [],
    "_": [],
    "\x00": list(range(1, 1_501)),
    "+": list(range(1, 1_501)),
}


def test_in_numbers_and_in_every_value_whatever_the_letters(campaign):
    assert {query: found(campaign, query) for query in QUERIES} == QUERIES


def test_all_that_match_are_found_before_and_after_a_filter(campaign):
    assert len(found(campaign, "0532 111")) == len(found(campaign, "532111")) == 1_500
    assert len(found(campaign, "532111", "completed")) == len(found(campaign, "can", "completed")) + 3 == 750
    assert found(campaign, "21111111", "completed") == [1111]
    assert found(campaign, "532111", "other") == []


def test_a_status_that_nobody_knows_is_found_among_the_others(campaign):
    campaign.leads.filter(remote_id="8").update(status="=on-the-moon")
    assert found(campaign, "", "other") == found(campaign, "can", "other") == [8]
    assert b"'=on-the-moon" in b"".join(as_csv(campaign, matching(campaign, "", "other")))


def test_the_text_follows_the_lead(campaign):
    lead = campaign.leads.get(remote_id="9")
    lead.variables = {"name": "Deniz"}
    lead.save()
    assert found(campaign, "deniz") == [9]


def test_the_page_turns_through_all_and_the_export_has_all(campaign, bob, client):
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    url, query = reverse("campaigns:leads", args=[campaign.pk]), {"q": "can", "status": "completed"}
    seen: list[str] = []
    for _page in range(20):
        slice = client.get(url, query).context["slice"]
        seen += [lead.remote_id for lead in slice.rows]
        if slice.next is None:
            break
        query["below"] = slice.next
    assert len(seen) == len(set(seen)) == 747
    answer = client.get(reverse("campaigns:export_leads", args=[campaign.pk]), {"q": "can", "status": "completed"})
    assert answer.streaming and len(b"".join(answer.streaming_content).splitlines()) == 748


def test_a_query_too_long_to_be_one_does_not_show_everything(campaign, bob, client):
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("campaigns:leads", args=[campaign.pk]), {"q": "x" * 500}).context["slice"].rows == []


def test_leads_from_before_the_search_are_found_after_the_migration(db):
    """With the columns of that time."""
    Lead.objects.create(campaign=a_campaign(), remote_id="1", phone_number="+905321110001", variables={"name": "Işıl"})
    Lead.objects.update(search="")
    migration = ("campaigns", "0012_fill_lead_search")
    apps_then = MigrationLoader(connection).project_state(migration).apps
    import_module(".migrations.".join(migration)).fill(apps_then, None)
    assert matching(Lead.objects.get().campaign, "ışıl").exists()


def test_no_cell_of_the_export_is_a_formula(campaign):
    campaign.assistant = Assistant(variables={"name": "", "order": ""})
    campaign.leads.filter(remote_id="8").update(phone_number="=1+1", variables={"name": "a;=2", "order": "@x"})
    line = b"".join(as_csv(campaign, campaign.leads.filter(remote_id="8"))).decode().splitlines()[1]
    assert line.startswith('"\'=1+1"') and '"a;=2"' in line and '"\'@x"' in line
