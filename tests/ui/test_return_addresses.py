"""The page that an address belongs to."""

from django.test import RequestFactory

from ui.return_addresses import page_of, return_address, sent_to


def test_an_address_that_is_no_page_leads_to_its_page():
    assert page_of("/imports/7/send/") == page_of("/imports/7/progress/?x=1") == "/imports/7/"
    assert page_of("/imports/7/rows/9/") == "/imports/7/rows/?show=all&at=9#row-9"
    assert page_of("/imports/7/check/?show=all") == "/imports/7/check/?show=all" and page_of("/nowhere/") == "/nowhere/"


def test_a_part_of_a_page_leads_back_to_the_page_that_asked_for_it():
    asked = RequestFactory().get("/running/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/imports/?q=x"})
    assert return_address(asked) == "/imports/?q=x"
    assert sent_to(asked, "/sign-in/").headers["HX-Redirect"] == "/sign-in/"
    assert sent_to(RequestFactory().get("/"), "/sign-in/").url == "/sign-in/"
