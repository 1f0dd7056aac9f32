"""What becomes of our leads and rows when leads are taken out of WhatTalk."""

import pytest

from campaigns import erasure, lead_counters
from campaigns.models import CampaignNumber, Lead
from campaigns.sync import save_leads
from campaigns.whattalk import resources
from imports import counters
from imports.do_not_call import effects
from imports.do_not_call.removal_requests import STOPPING
from imports.models import ImportRow, RowState
from tests.builders import a_campaign, a_job, add_rows, phone

LISTED, PRIMARY = phone(1), phone(2)
CONTACTS = [{"phone_number": LISTED, "variables": {}}, {"phone_number": phone(3), "variables": {}}]


@pytest.fixture
def campaign(db):
    return a_campaign()


@pytest.fixture
def row(campaign):
    """The row that has created lead 7, which is known here."""
    return a_row(campaign, "7")


def a_row(campaign, remote_id: str, number: str = PRIMARY, row_number: int = 2, **fields) -> ImportRow:
    job = a_job(campaign, rows=0)
    add_rows(job, [number], RowState.CREATED, row_number, remote_id=remote_id, **fields)
    a_lead(campaign, remote_id, number)
    return job.rows.get()


def a_lead(campaign, remote_id: str, number: str = PRIMARY) -> None:
    save_leads(campaign, [resources.Lead.of({"id": remote_id, "phone_number": number, "status": "created"})])


def note(campaign, after: dict, before: dict | None = None) -> None:
    effects.note(campaign, before or {id: {} for id in after}, after, LISTED)


def leads(campaign) -> dict[str, str]:
    return dict(Lead.objects.filter(campaign=campaign).values_list("remote_id", "status"))


def assert_sums_are_right(campaign, row: ImportRow) -> None:
    assert lead_counters.recount(campaign.pk) and counters.recount(row.job_id)


@pytest.mark.parametrize(
    ("stands", "state", "reason"),
    [
        ({"at": "deleted"}, RowState.DO_NOT_CALL, "taken_out"),
        ({"at": "deleted_whole"}, RowState.DO_NOT_CALL, "taken_out_contact"),
        ({"at": "not_made", "said": "It is there."}, RowState.REFUSED, "refused"),
        ({"at": "gone"}, RowState.CREATED, ""),
    ],
)
def test_a_lead_that_is_gone_ends_its_row_and_frees_its_number(campaign, row, stands, state, reason):
    note(campaign, {"7": stands})
    row.refresh_from_db()
    assert (row.state, row.reason, (row.detail or {}).get("message", "")) == (state, reason, stands.get("said", ""))
    assert leads(campaign) == {} and not CampaignNumber.objects.exists()
    assert_sums_are_right(campaign, row)


def test_a_number_stays_the_campaigns_while_another_lead_has_it(campaign, row):
    a_lead(campaign, "8")
    note(campaign, {"7": {"at": "deleted"}})
    assert leads(campaign) == {"8": "created"} and CampaignNumber.objects.get().phone_number == PRIMARY


def test_a_lead_that_is_called_no_more_stays_and_says_so(campaign, row):
    note(campaign, {"7": {"at": "stopped"}})
    row.refresh_from_db()
    assert (row.state, leads(campaign)) == (RowState.DO_NOT_CALL, {"7": STOPPING}) and CampaignNumber.objects.exists()
    assert_sums_are_right(campaign, row)


@pytest.mark.parametrize("before", [{"at": "deleted"}, {"at": "making"}])
def test_what_is_on_its_way_or_was_noted_before_changes_nothing(campaign, row, before):
    note(campaign, {"7": {"at": before["at"], "begun": True}}, {"7": before})
    note(campaign, {"7": {"at": "ended", "status": "completed"}})
    row.refresh_from_db()
    assert (row.state, leads(campaign)) == (RowState.CREATED, {"7": "created"})


def test_rows_of_another_campaign_and_rows_that_ended_otherwise_are_left_alone(campaign, row):
    elsewhere = a_row(a_campaign(campaign.account, "2000"), "7")
    ImportRow.objects.filter(pk=row.pk).update(state=RowState.CANCELLED, reason="undone")
    note(campaign, {"7": {"at": "deleted"}})
    for one, expected in ((row, RowState.CANCELLED), (elsewhere, RowState.CREATED)):
        one.refresh_from_db()
        assert one.state == expected
    assert leads(elsewhere.job.campaign) == {"7": "created"}


def made(id: str, contacts: list[dict]) -> dict:
    lead = {"phone_number": PRIMARY, "campaign_id": 1050, "variables": {"name": "Ece"}, "secondary_contacts": contacts}
    return {"at": "made", "id": id, "lead": lead}


def test_a_lead_made_anew_belongs_to_the_row_of_the_old_one(campaign, row):
    ImportRow.objects.filter(pk=row.pk).update(
        detail={"repairs": ["spaces"]}, lead={"variables": {"name": "Ece"}, "secondary_contacts": CONTACTS}
    )
    note(campaign, {"7": made("8", CONTACTS[1:])})
    row.refresh_from_db()
    assert (row.state, row.remote_id, leads(campaign)) == (RowState.CREATED, "8", {"8": "created"})
    assert row.lead == {"variables": {"name": "Ece"}, "secondary_contacts": CONTACTS[1:]}
    assert row.detail == {"repairs": ["spaces"], "warnings": [["secondary_taken_out", {"phone": LISTED}]]}
    assert Lead.objects.get().secondary_contacts == CONTACTS[1:] and CampaignNumber.objects.get().phone_number == PRIMARY
    assert_sums_are_right(campaign, row)


def test_of_a_forgotten_number_nothing_is_named(campaign, row):
    erasure.record_forgotten(LISTED)
    note(campaign, {"7": made("8", [])})
    row.refresh_from_db()
    assert row.detail == {"warnings": [["secondary_taken_out", {}]]}


def test_a_row_that_loses_two_contacts_is_counted_once(campaign, row):
    note(campaign, {"7": made("8", CONTACTS[1:])})
    effects.note(campaign, {"8": {}}, {"8": made("9", [])}, phone(3))
    row.refresh_from_db()
    assert [params["phone"] for _code, params in row.detail["warnings"]] == [LISTED, phone(3)]
    assert counters.of(row.job_id)["warning"] == {"secondary_taken_out": 1}


def test_a_lead_that_no_row_has_made_is_followed_all_the_same(campaign):
    a_lead(campaign, "7")
    note(campaign, {"7": made("8", [])})
    assert leads(campaign) == {"8": "created"}
    note(campaign, {})
    note(campaign, {"8": {"at": "deleted"}, "9": {"at": "deleted"}})
    assert leads(campaign) == {} and lead_counters.recount(campaign.pk)
