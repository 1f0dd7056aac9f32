"""Answers of one bad kind in a row."""

from campaigns.whattalk.error_texts import text_key
from campaigns.whattalk.replies import Created, Duplicate, NotAccepted, Refused, RetryReason, Unknown, UnknownReason
from imports.push import consecutive_failures
from imports.push.conclusions import Circumstances, Meaning, Refusal, of_answer

NO = Refused("http_422", "Campaign is closed.")
LOGIN = Unknown(UnknownReason.REDIRECT)
NO_HOST = NotAccepted(RetryReason.NOT_SENT, "the host name cannot be found")
DOWN = NotAccepted(RetryReason.NOT_SENT, "no connection")


def counted(failures, outcomes, meaning=Meaning.NO_DUPLICATE):
    return consecutive_failures.counted(
        failures, [(one, of_answer(one, Circumstances(key=key_of(one), meaning=meaning))) for one in outcomes]
    )


def key_of(outcome) -> str:
    return text_key(outcome.message) if hasattr(outcome, "message") else ""


def test_fifty_identical_refusals_stop_the_import_and_say_which():
    failures, stop = counted({}, [NO] * 49)
    assert stop is None
    _failures, stop = counted(failures, [NO])
    assert stop == ("every_row_refused", {"count": 50, "message": "Campaign is closed."})


def test_refusals_are_identical_whatever_their_status_and_the_numbers_in_them():
    refusals = [
        Duplicate(f"Zaten durduruldu: kampanya {n}") if n % 2 else Refused(f"http_{n}", f"Zaten durduruldu: kampanya {n}")
        for n in range(400, 450)
    ]
    assert counted({}, refusals)[1].reason == "every_row_refused"
    assert counted({}, [Duplicate("It exists.")] * 99, Meaning.UNTOLD)[1].reason == "every_row_refused"


def test_duplicates_do_not_stop_it_nor_what_is_still_to_be_looked_up():
    for meaning in (Meaning.DUPLICATE, Meaning.NEW, Meaning.VARIES):
        assert counted({}, [Duplicate("It exists.")] * 99, meaning) == ({}, None)


def test_what_is_refused_after_a_look_up_counts_as_well():
    refused = of_answer(NO, Circumstances(meaning=Meaning.NO_DUPLICATE))
    assert consecutive_failures.counted({}, [(None, refused)] * 50)[1].reason == "every_row_refused"
    assert Refusal.of(NO, "closed").key == "closed"


def test_one_lead_taken_or_other_words_begin_anew():
    failures, _stop = counted({}, [NO] * 49)
    for between in (Created("1"), Refused("http_422", "Other.")):
        assert counted(failures, [between, NO])[1] is None


def test_being_asked_to_wait_or_an_error_between_them_changes_nothing():
    failures, _stop = counted({}, [NO] * 48)
    assert (
        counted(failures, [NotAccepted(RetryReason.RATE_LIMITED), NO, Unknown(UnknownReason.RESET), NO])[1].reason
        == "every_row_refused"
    )


def test_the_third_redirect_stops_it():
    assert counted({}, [LOGIN] * 2)[1] is None
    assert counted({}, [LOGIN] * 3)[1].reason == "misconfigured"


def test_f28_an_address_that_leads_nowhere_stops_it_but_a_service_that_is_down_does_not():
    assert counted({}, [NO_HOST] * 10)[1] == ("misconfigured", {"message": "the host name cannot be found"})
    assert counted({}, [DOWN] * 100)[1] is None
