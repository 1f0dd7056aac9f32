"""Where to go, by the keyboard: the palette, and the page that has the same without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from imports.models import JobState
from tests.browser.test_accessibility import CUT, THEMES
from tests.builders import a_campaign, a_job

pytestmark = pytest.mark.any_database


@pytest.fixture
def job(transactional_db, alice):
    return a_job(a_campaign(name="Yaz İndirimi"), 0, owner=alice, file_name="Randevular HAZİRAN.csv", state=JobState.FAILED)


def test_by_keyboard_to_an_import_and_back(watched, job, alice):
    page = watched().sign_in(alice)
    expect(page.get_by_role("heading", name="Hello, Alice")).to_be_visible()
    page.keyboard.press("Control+k")
    field, dialog = page.get_by_role("combobox", name="Page, campaign or import"), page.get_by_role("dialog", name="Search")
    expect(field).to_be_focused()
    expect(page.get_by_role("option", name="Home Page")).to_have_attribute("aria-selected", "true")
    assert page.locator("[role=option]", has_text="Monitor").count() == 0  # not a page of hers
    for theme, rules in THEMES.items():
        page.emulate_media(color_scheme=theme)
        assert Axe().run(page, options=rules).response["violations"] == [], theme
    field.fill("haziran")
    option = page.get_by_role("option", name="Randevular HAZİRAN.csv")
    expect(option).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    expect(page.locator("#palette-status")).to_have_text("1 result")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("link", name="Search").click()
    expect(field).to_have_value("")
    page.keyboard.type("indirimi")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option", name="Randevular")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/imports/{job.pk}/")


def test_what_is_not_found_leads_nowhere_and_a_click_closes(watched, job, alice):
    page = watched(viewport={"width": 390, "height": 800}).sign_in(alice)
    expect(page.get_by_role("heading", name="Hello, Alice")).to_be_visible()
    page.get_by_role("link", name="Search").click()
    page.get_by_role("combobox").fill("zzz")
    expect(page.locator("#palette-status")).to_have_text("Nothing found")
    expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")
    assert page.evaluate(CUT) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=zzz")
    page.keyboard.press("Meta+k")
    page.mouse.click(5, 790)
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_without_scripts_the_button_leads_to_a_page_with_the_same(watched, job, alice):
    page = watched(java_script_enabled=False).sign_in(alice)
    page.get_by_role("link", name="Search").click()
    page.get_by_role("searchbox").fill("HAZIRAN")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="Randevular HAZİRAN.csv").click()
    page.wait_for_url(f"**/imports/{job.pk}/")
