"""Personal data in leads, erased at a person's wish and when it has been kept long enough."""

import re
from datetime import timedelta

from django.utils import timezone

from campaigns import do_not_call, erasure
from campaigns.models import CampaignNumber, Lead, Settlement
from tests.builders import a_campaign

NUMBER, OTHER = "+905550000001", "+905550000002"
WRITTEN = re.compile(r"555 ?000 ?0001")


def a_lead(campaign, remote_id: str, **fields) -> Lead:
    return Lead.objects.create(campaign=campaign, remote_id=remote_id, **{"phone_number": NUMBER, "status": "created", **fields})


def test_a_number_is_erased_from_every_place_and_recognised_afterwards(db):
    campaign = a_campaign()
    theirs = a_lead(campaign, "1", variables={"name": "Ayşe"})
    contact = {"phone_number": NUMBER, "variables": {}}
    friend = a_lead(campaign, "2", phone_number=OTHER, variables={"note": "or 555 000 0001"}, secondary_contacts=[contact])
    ended = a_lead(campaign, "3", status="completed")
    CampaignNumber.objects.create(campaign=campaign, phone_number=NUMBER)
    erasure.record_forgotten(NUMBER)
    assert erasure.erase_number(NUMBER, WRITTEN) == [(campaign.remote_id, "3")]
    for lead in (theirs, friend, ended):
        lead.refresh_from_db()
    assert (theirs.phone_number, theirs.variables, ended.phone_number) == ("", {}, "")
    assert (friend.phone_number, friend.variables, friend.secondary_contacts) == (OTHER, {"note": ""}, [])
    assert not CampaignNumber.objects.exists()
    assert do_not_call.forbidden([NUMBER], campaign.pk) == {NUMBER: "forgotten"}
    waiting = {(one.phone_number, one.campaign_id): one.detail.get("leads") for one in Settlement.objects.filter(state="waiting")}
    known = {"1": {"holds": True}, "2": {"holds": True}}
    assert waiting == {(NUMBER, campaign.pk): known, (NUMBER, None): {}, ("", campaign.pk): {}}


def test_leads_that_ended_long_ago_lose_the_person_and_free_the_number(db, settings):
    settings.KEEP_ROWS_DAYS = 90
    campaign = a_campaign()
    old = timezone.now() - timedelta(days=91)
    a_lead(campaign, "1", status="completed", updated_at=old, variables={"name": "Ayşe"})
    recent = a_lead(campaign, "2", status="completed", phone_number=OTHER, updated_at=timezone.now())
    for number in (NUMBER, OTHER):
        CampaignNumber.objects.create(campaign=campaign, phone_number=number)
    erasure.apply_retention()
    assert Lead.objects.get(remote_id="1").variables == {} and Lead.objects.get(pk=recent.pk).phone_number == OTHER
    assert list(CampaignNumber.objects.values_list("phone_number", flat=True)) == [OTHER]
    assert erasure.is_long_over("completed", old) and not erasure.is_long_over("created", old)


def test_without_a_limit_nothing_is_erased(db, settings):
    settings.KEEP_ROWS_DAYS = 0
    a_lead(a_campaign(), "1", status="completed", updated_at=timezone.now() - timedelta(days=1000))
    erasure.apply_retention()
    assert Lead.objects.get().phone_number == NUMBER
