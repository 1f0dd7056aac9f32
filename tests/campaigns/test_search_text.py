"""The text by which a lead is found."""

from campaigns.search_text import has_digits, search_text, storable


def test_every_text_of_a_lead_is_a_line_folded():
    contacts = [{"phone_number": "0090 532 000 00 02", "variables": {"name": "IŞIK"}}]
    text = search_text("+905320000001", {"name": "İrem Öz", "size": 42, "vip": True, "none": None}, contacts)
    assert text.split("\n") == ["+905320000001", "+905320000002", "irem oz", "42", "0090 532 000 00 02", "isik"]


def test_digits_are_looked_for_in_values_and_contacts_alone():
    assert has_digits({"name": "Ayşe"}, []) is None
    assert has_digits({"note": "room 7"}, []) is True and has_digits({}, [{"phone_number": "+90"}]) is True


def test_what_no_database_stores_is_left_out():
    assert storable("a\x00b\ud800c") == "abc"
