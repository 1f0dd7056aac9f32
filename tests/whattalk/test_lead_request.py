"""What a request for a new lead says."""

import pytest

from campaigns.whattalk.lead_request import lead_request, number_if_one
from campaigns.whattalk.sandbox import checks

PHONE = "+905551234567"


@pytest.mark.parametrize("may_double", [False, True])
def test_the_service_finds_nothing_wrong_with_it(may_double):
    lead = lead_request("1050", PHONE, {"name": "Ayşe"}, [{"phone_number": PHONE, "variables": {}}], may_double=may_double)
    assert checks.new_lead(lead) == {}
    assert lead.get("allow_dupplicate") is (True if may_double else None)


@pytest.mark.parametrize(("kept", "sent"), [("1050", 1050), (1050, 1050), ("c_17", "c_17"), ("", "")])
def test_an_id_is_sent_as_a_number_where_it_is_one(kept, sent):
    assert number_if_one(kept) == sent
