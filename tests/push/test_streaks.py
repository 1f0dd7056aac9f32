"""Answers of one bad kind in a row."""

from campaigns.whattalk.answers import Created, Doubt, NotAccepted, Refused, Unknown, Why
from imports.push.streaks import follow

NO = Refused("validation", "Campaign is closed.")
LOGIN = Unknown(Doubt.REDIRECT)
NO_HOST = NotAccepted(Why.NOT_SENT, "the host name cannot be found")
DOWN = NotAccepted(Why.NOT_SENT, "no connection")


def test_fifty_identical_refusals_stop_the_import_and_say_which():
    streak, stop = follow({}, [NO] * 49)
    assert stop is None
    _streak, stop = follow(streak, [NO])
    assert stop == ("every_row_refused", {"count": 50, "message": "Campaign is closed."})


def test_one_lead_taken_or_other_words_begin_anew():
    streak, _stop = follow({}, [NO] * 49)
    for between in (Created("1"), Refused("validation", "Other.")):
        assert follow(streak, [between, NO])[1] is None


def test_the_third_redirect_stops_it():
    assert follow({}, [LOGIN] * 2)[1] is None
    assert follow({}, [LOGIN] * 3)[1].reason == "misconfigured"


def test_f28_an_address_that_leads_nowhere_stops_it_but_a_service_that_is_down_does_not():
    assert follow({}, [NO_HOST] * 10)[1] == ("misconfigured", {"message": "the host name cannot be found"})
    assert follow({}, [DOWN] * 100)[1] is None
