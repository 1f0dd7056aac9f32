"""Secondary contacts that may not be called."""

from imports.check.contacts_left_out import contacts_of, leave_out, numbers_of

LEAD = {"variables": {}, "secondary_contacts": [{"phone_number": "+1"}, {"phone_number": "+2"}, {"phone_number": "+3"}]}


def test_a_contact_that_may_not_be_called_is_left_out_and_the_row_says_so():
    remaining = leave_out(LEAD, {"warnings": [["secondary_forgotten", {}]]}, {"+2": "do_not_call", "+3": "forgotten"})
    assert remaining is not None and contacts_of(remaining.lead) == ["+1"]
    assert remaining.detail["warnings"][1:] == [
        ["secondary_do_not_call", {"position": 2, "phone": "+2"}],
        ["secondary_forgotten", {"position": 3}],  # whose number may not even be named
    ]
    assert remaining.codes == {"secondary_do_not_call"}


def test_a_lead_without_such_a_contact_stays_as_it_is():
    assert leave_out(LEAD, None, {"+9": "do_not_call"}) is None
    assert numbers_of(["+7"], [LEAD, None]) == {"+7", "+1", "+2", "+3"}
