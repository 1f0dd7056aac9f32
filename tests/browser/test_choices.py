"""What is asked on the columns and phones pages, answered by mouse, by keyboard, without scripts and on a phone."""

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from campaigns.models import Assistant
from tests.browser.test_accessibility import CUT, THEMES
from tests.browser.test_turns import upload

pytestmark = pytest.mark.any_database

NAMES = ("Ayşe Yılmaz", "Ali Demir", "Elif Kaya")


@pytest.fixture
def two_phones(spreadsheets):
    lines = (f"{NAMES[n % 3]};0532 111 22 {10 + n};0533 444 55 {10 + n};Bahar" for n in range(12))
    return spreadsheets.csv("\n".join(["Ad Soyad;Cep Telefonu;Cep Telefonu 2;Not", *lines]) + "\n")


@pytest.fixture
def names_apart(spreadsheets):
    lines = (f"{NAMES[n % 3].replace(' ', ';')};0532 111 22 {10 + n};Bahar" for n in range(12))
    return spreadsheets.csv("\n".join(["Kod 1;Kod 2;Telefon;Not", *lines]) + "\n")


@pytest.fixture
def american(spreadsheets):
    lines = (f"{NAMES[n % 3]},{2125550110 + n}" for n in range(12))
    return spreadsheets.csv("\n".join(["Name,Phone", *lines]) + "\n")


@pytest.fixture
def months(spreadsheets):
    book = openpyxl.Workbook()
    for place, title in enumerate(("Ocak", "Şubat")):
        sheet = book.active if not place else book.create_sheet()
        sheet.title = title
        sheet.append(["Ad Soyad", "Telefon"])
        for n in range(5):
            sheet.append([f"{title} {NAMES[n % 3]}", f"0532 11{place} 22 {10 + n}"])
    path = spreadsheets.folder / "2026.xlsx"
    book.save(path)
    return path


def go_on(page: Page) -> None:
    page.get_by_role("button", name="The columns are right").click()


def test_choices_stay_when_the_assistant_is_chosen_after_them(watched, campaign, alice, two_phones):
    Assistant.objects.create(account=campaign.account, remote_id="77", name="Ayla", variables={"name": "", "offer": ""})
    page = watched().sign_in(alice)
    upload(page, campaign, two_phones)
    phone = page.get_by_label("Phone number", exact=True)
    phone.select_option(label="Cep Telefonu 2")
    page.locator("form[data-keeps] select").select_option(label="Ayla")
    page.get_by_role("button", name="Use this assistant").click()
    expect(page.get_by_label("Offer", exact=True)).to_be_visible()
    expect(phone).to_have_value("2")


def test_what_is_likely_is_confirmed_before_it_goes_on(watched, known_campaign, alice, two_phones):
    window = watched()
    page = window.sign_in(alice)
    upload(page, known_campaign, two_phones)
    go_on(page)
    expect(page.locator(".errors")).to_be_focused()
    page.get_by_role("link", name="Phone number: probably “Cep Telefonu”").click()
    box = page.get_by_label("Yes, “Cep Telefonu” holds the numbers to call")
    expect(box).to_be_focused()
    box.check()
    page.get_by_label("Yes, “Cep Telefonu 2” may be called too").check()
    go_on(page)
    expect(page.get_by_role("heading", name="How are the phone numbers written?")).to_be_visible()
    _forget_422(window)


def test_by_keyboard_alone(watched, known_campaign, alice, two_phones):
    """Space confirms; Enter in a checkbox sends the form as its main button would."""
    page = watched().sign_in(alice)
    upload(page, known_campaign, two_phones)
    for what in ("phone_number", "secondary_phone_1"):
        _tab_to(page, f"#confirm-{what}")
        page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="How are the phone numbers written?")).to_be_visible()


def test_hints_follow_the_choice_and_the_focus_stays(watched, known_campaign, alice, two_phones):
    page = watched().sign_in(alice)
    upload(page, known_campaign, two_phones)
    left = page.locator("#left-over")
    expect(left).to_contain_text("No column for: Offer")
    offer = page.get_by_label("Offer", exact=True)
    offer.focus()
    offer.select_option(label="Not")
    expect(left).not_to_contain_text("No column for")
    expect(left).not_to_contain_text("Not used")
    expect(offer).to_be_focused()
    page.get_by_label("Phone of contact 1", exact=True).select_option(value="")
    expect(page.locator("#confirm-secondary_phone_1")).to_have_count(0)
    expect(left).to_contain_text("Not used: Cep Telefonu 2")
    in_preview = page.get_by_label("Column Not is", exact=True)
    expect(in_preview).to_have_value("offer")
    page.locator("#preview").get_by_role("cell", name="Bahar").first.click()
    expect(in_preview).to_be_focused()
    page.keyboard.press("Escape")
    in_preview.select_option(label="not used")
    expect(left).to_contain_text("Not used: Cep Telefonu 2 Not")
    expect(in_preview).to_be_focused()
    page.get_by_label("Column Cep Telefonu 2 is", exact=True).select_option(label="Phone number")
    expect(page.get_by_label("Phone number", exact=True)).to_have_value("2")
    expect(page.get_by_label("Column Cep Telefonu is", exact=True)).to_have_value("")


def test_columns_are_joined_on_the_spot(watched, known_campaign, alice, names_apart):
    page = watched().sign_in(alice)
    upload(page, known_campaign, names_apart)
    page.get_by_label("Name", exact=True).select_option(label="Kod 1")
    expect(page.locator(".value", has_text="Ayşe").first).to_be_visible()
    page.get_by_role("button", name="Join another column Name").click()
    second = page.get_by_label("Name, column 2")
    expect(second).to_be_focused()
    second.select_option(label="Kod 2")
    expect(page.get_by_text("Ayşe Yılmaz", exact=True)).to_be_visible()
    page.get_by_label("joined with").select_option(label="a comma")
    expect(page.get_by_text("Ayşe, Yılmaz", exact=True)).to_be_visible()


CHOOSES_AS_SOON_AS_IT_ARRIVES = """() => new MutationObserver((changes, observer) => {
  const second = document.querySelector("[aria-label='Name, column 2']");
  if (!second) return;
  observer.disconnect();
  second.value = "1";
  second.dispatchEvent(new Event("change", {bubbles: true}));
}).observe(document, {childList: true, subtree: true})"""


def test_a_choice_that_has_just_arrived_is_heard_at_once(watched, known_campaign, alice, names_apart):
    page = watched().sign_in(alice)
    upload(page, known_campaign, names_apart)
    page.get_by_label("Name", exact=True).select_option(label="Kod 1")
    expect(page.locator(".value", has_text="Ayşe").first).to_be_visible()
    page.evaluate(CHOOSES_AS_SOON_AS_IT_ARRIVES)
    page.get_by_role("button", name="Join another column Name").click()
    expect(page.get_by_text("Ayşe Yılmaz", exact=True)).to_be_visible()


def test_without_scripts(watched, known_campaign, alice, names_apart):
    page = watched(java_script_enabled=False).sign_in(alice)
    upload(page, known_campaign, names_apart)
    page.get_by_label("Name", exact=True).select_option(label="Kod 1")
    page.get_by_role("button", name="Join another column Name").click()
    page.get_by_label("Name, column 2").select_option(label="Kod 2")
    page.get_by_label("Column Not is").select_option(label="Offer")
    page.get_by_role("button", name="Set Not").click()
    expect(page.locator("select[name=column-offer]")).to_have_value("3")
    go_on(page)
    page.get_by_role("link", name="Columns").click()
    expect(page.get_by_text("Ayşe Yılmaz", exact=True)).to_be_visible()
    expect(page.get_by_label("Name, column 2")).to_have_value("1")


def test_another_sheet_is_read_by_a_button(watched, known_campaign, alice, months):
    page = watched().sign_in(alice)
    upload(page, known_campaign, months)
    expect(page.get_by_label("Yes, “Ocak” is the sheet to import")).to_be_visible()
    page.get_by_role("button", name="Read sheet “Şubat” instead").click()
    expect(page.get_by_role("cell", name="Şubat Ayşe Yılmaz").first).to_be_visible()
    go_on(page)
    expect(page.get_by_role("heading", name="How are the phone numbers written?")).to_be_visible()


def test_the_country_of_the_numbers_is_asked(watched, known_campaign, alice, american):
    window = watched()
    page = window.sign_in(alice)
    upload(page, known_campaign, american)
    _confirm_all(page)
    go_on(page)
    page.get_by_role("button", name="Check all rows").click()
    expect(page.locator(".errors")).to_be_focused()
    expect(page.get_by_label("Yes, these are numbers from Türkiye")).to_be_visible()
    page.get_by_label("Country of national numbers").select_option("US")
    expect(page.get_by_label("Yes, these are numbers from Türkiye")).to_have_count(0)
    expect(page.locator("#phone-table")).to_contain_text("+1212")
    page.get_by_role("button", name="Check all rows").click()
    page.wait_for_url("**/check/")
    _forget_422(window)


def test_questions_are_accessible_in_every_width_and_theme(watched, known_campaign, alice, two_phones, american):
    window = watched()
    page = window.sign_in(alice)
    found = []
    for path, button in ((two_phones, "The columns are right"), (american, "Check all rows")):
        upload(page, known_campaign, path)
        if button == "Check all rows":
            _confirm_all(page)
            go_on(page)
        expect(page.get_by_role("button", name=button)).to_be_visible()
        found += _problems(page, button)
        page.get_by_role("button", name=button).click()
        expect(page.locator(".errors")).to_be_focused()
        found += _problems(page, f"{button}, asked")
    assert not found, "\n".join(found)
    _forget_422(window)


def _problems(page: Page, name: str) -> list[str]:
    found = []
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{name}, {width} px: {problem}" for problem in page.evaluate(CUT)]
    for theme, rules in THEMES.items():
        page.emulate_media(color_scheme=theme)
        page.wait_for_timeout(400)
        violations = Axe().run(page, options=rules).response["violations"]
        found += [f"{name}, {theme}: {one['id']}: {node['html'][:160]}" for one in violations for node in one["nodes"][:3]]
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


def _confirm_all(page: Page) -> None:
    expect(page.get_by_role("button", name="The columns are right")).to_be_visible()  # `all` waits for nothing
    for box in page.locator("input[type=checkbox][name^=confirm-]").all():
        box.check()


def _forget_422(window) -> None:
    """A form that comes back is told to the console too."""
    window.wrong = [problem for problem in window.wrong if "422" not in problem]


def _tab_to(page: Page, selector: str) -> None:
    expect(page.locator(selector)).to_be_visible()  # before that another page may still be on its way
    for _step in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} cannot be reached by Tab")
