"""What the texts of an error reply are about."""

import pytest

from campaigns.whattalk.error_texts import MESSAGE_LENGTH, ErrorTexts, duplicate_matcher, one_line, says_duplicate, text_key
from ui.folding import fold


def test_letters_are_compared_without_case_accents_and_dots():
    assert fold("MÜKERRER YİNELENEN ILIK") == "mukerrer yinelenen ilik"


@pytest.mark.parametrize(
    ("text", "is_duplicate"),
    [("Lead already exists.", True), ("Bu numara zaten mevcut", True), ("mevcut değil", False), ("invalid", False)],
)
def test_a_duplicate_is_recognised_by_its_phrases(text, is_duplicate):
    assert says_duplicate(text) is is_duplicate


def test_phrases_of_an_account_replace_the_usual_ones():
    matches = duplicate_matcher(["var olan ", ""])
    assert matches("VAR OLAN kayıt") and not matches("already exists") and not duplicate_matcher([" "])("anything")


def test_texts_about_something_else_are_no_duplicate():
    assert not ErrorTexts.of({"message": "Mevcut bakiyeniz yetersiz"}).says_duplicate(says_duplicate)
    assert not ErrorTexts.of({"errors": {"secondary_contacts.0": ["already exists"]}}).says_duplicate(says_duplicate)


@pytest.mark.parametrize(
    ("payload", "named"),
    [
        ({"message": "Insufficient balance"}, "says_balance"),
        ({"errors": {"campaign_id": ["x"]}}, "says_campaign_gone"),
        ({"message": "Number is on the do-not-call list"}, "says_do_not_call"),
        ({"errors": {"phone_number": ["x"]}}, "says_invalid_phone"),
    ],
)
def test_what_a_text_is_about(payload, named):
    words = ErrorTexts.of(payload)
    subjects = ("says_balance", "says_campaign_gone", "says_do_not_call", "says_invalid_phone")
    assert [name for name in subjects if getattr(words, name)] == [named]


def test_two_refusals_of_one_kind_have_one_key():
    one, other = (text_key(f'Lead {n} of "{name}" ({name}) exists', [name]) for n, name in ((7, "Ayşe"), (8, "Mehmet")))
    assert one == other and text_key("HTTP 409") == "HTTP 409"


def test_a_message_is_one_line_of_limited_length():
    assert one_line("a\n\tb\x00c") == "a b c" and len(one_line("x" * 9999)) == MESSAGE_LENGTH
    assert ErrorTexts.of_body(b"<p>Bad\ngateway").sentence == "<p>Bad gateway"
