"""WCAG 2.2 AA: axe on every page in light and dark; enlarged, narrow and long; by keyboard."""

import os
from collections.abc import Iterator
from itertools import cycle

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from campaigns.models import Campaign
from devtools.demo_data import seed
from imports import counters
from imports.messages.headings import HEADINGS
from imports.models import ImportJob
from people.models import User

pytestmark = pytest.mark.any_database
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Themes differ in their colours alone: the second is asked about those.
THEMES = {
    "light": {"runOnly": {"type": "tag", "values": TAGS}},
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}},
}
FORMS = {"/imports/new/": "Upload and go on", "/campaigns/new/": "Create campaign", "/users/new/": "Add user"}


# Each page in one of these by turns; all pages in all of them: ALL_LANGUAGES=yes ./test tests/browser/test_accessibility.py
LANGUAGES = ("en", "ar", "tr", "de")
IN_ALL = bool(os.environ.get("ALL_LANGUAGES"))


def test_every_page_in_light_and_dark(watched, transactional_db):
    pages = seed()
    window = watched()
    page, found = window.page, []
    page.goto("/sign-in/")
    found += _violations(page, "sign-in")
    window.sign_in(_reader("en"))
    for name, path, language in _by_turns(pages, LANGUAGES):
        _reader(language)
        page.goto(path)
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        found += _violations(page, f"{name}, {language}")
    window.wrong = [problem for problem in window.wrong if "404" not in problem]  # the page that says so
    assert not found, "\n".join(found)


def _by_turns(pages: dict[str, str], languages: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """(name, path, language) of each page."""
    for (name, path), language in zip(pages.items(), cycle(languages)):
        yield from ((name, path, one) for one in (languages if IN_ALL else (language,)))


def test_a_form_that_came_back_leads_to_what_must_be_put_right(watched, transactional_db):
    seed()
    page = watched().sign_in(_reader("en"))
    for path, button in FORMS.items():
        page.goto(path)
        page.get_by_role("button", name=button).click()
        summary = page.locator(".errors")
        expect(summary).to_be_focused()
        assert not (found := _violations(page, path)), "\n".join(found)
        summary.get_by_role("link").first.click()
        assert page.evaluate("document.activeElement.matches('input, select, textarea')"), path


def _violations(page: Page, name: str) -> list[str]:
    found = []
    for theme, rules in THEMES.items():
        page.emulate_media(color_scheme=theme)
        found += _lasting_violations(page, f"{name}, {theme}", rules)
    return found


def _lasting_violations(page: Page, name: str, rules: dict) -> list[str]:
    """Colours on their way from one theme to the other are neither: what is found is looked for again, for up to two seconds."""
    for _look in range(5):
        found = _told(name, Axe().run(page, options=rules).response["violations"])
        if not found:
            break
        page.wait_for_timeout(400)
    return found


def _told(name: str, violations: list[dict]) -> list[str]:
    return [
        f"{name}: {one['id']}: {node['html'][:140]} {node.get('any', [{}])[0].get('message', '') if node.get('any') else ''}"
        for one in violations
        for node in one["nodes"][:3]
    ]


# What sticks out of the window, and boxes that hide a part of their words (those that may are named).
CUT = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const hidden = [...document.querySelectorAll("main *")].filter(one => {
    const style = getComputedStyle(one);
    return one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1 && style.overflowX === "hidden"
      && !one.closest(".cut, .value, .unseen, .steps, svg");
  });
  return [wide > 0 ? `${wide} px wider than the window` : "",
          ...hidden.map(one => `cut: ${one.outerHTML.slice(0, 120)}`)].filter(Boolean);
}"""
LONG = "Kadıköy_şubesi_randevu_hatırlatma_listesi_haziran_2026_son_hâli_düzeltilmiş_(3)_" * 2


WIDTHS = (1280, 640, 390, 320)  # 640 px is a window of 1280 at 200 %, 320 px at 400 %


def test_nothing_is_cut_however_narrow_and_long(watched, transactional_db):
    """Names are long and have no spaces."""
    pages = seed()
    ImportJob.objects.update(file_name=LONG + ".csv")
    Campaign.objects.update(name=LONG)
    window = watched(locale="tr")
    page = window.sign_in(_reader("tr"))
    found = []
    for name, path, language in _by_turns(pages, ("tr", "de", "ar")):
        _reader(language)
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            found += [f"{name}, {language}, {width} px: {problem}" for problem in page.evaluate(CUT)]
    window.wrong = [problem for problem in window.wrong if "404" not in problem]
    assert not found, "\n".join(found)


FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  return [one.outerHTML.slice(0, 100), style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
          one === document.body];
}"""


def test_the_focus_is_seen_on_its_whole_way(watched, transactional_db):
    pages = seed()
    page = watched().sign_in(_reader("en"))
    for name in ("home", "columns", "phones", "import-ready-running", "import-done", "imports-new"):
        page.goto(pages[name])
        way = list(_way(page))
        assert len(way) > 10, name
        assert [element for element, is_seen in way if not is_seen] == [], name


def _way(page: Page) -> Iterator[tuple[str, bool]]:
    """Each element that Tab comes to, and whether it shows that it has the focus."""
    for _step in range(60):
        page.keyboard.press("Tab")
        element, is_seen, is_over = page.evaluate(FOCUSED)
        if is_over:
            return
        yield element, is_seen


def test_sixty_campaigns_and_fifteen_reasons_fit(watched, transactional_db):
    pages = seed()
    first = Campaign.objects.earliest("pk")
    Campaign.objects.bulk_create(
        Campaign(account=first.account, remote_id=str(5000 + n), name=f"Kampanya {n}", status="draft") for n in range(60)
    )
    job = ImportJob.objects.get(state="ready", campaign=first)
    counters.add(job.pk, {("reason", code): 1_234 for code in list(HEADINGS)[:15]})
    window = watched(viewport={"width": 390, "height": 800})
    page = window.sign_in(_reader("tr"))
    for name in ("home", "campaigns-campaigns", "imports-new", "import-ready"):
        page.goto(pages[name])
        assert page.evaluate(CUT) == [], name
        assert not (found := _violations(page, name)), "\n".join(found)
    assert page.locator(".tabs li").count() > 15 and "1.234" in page.locator(".tabs").inner_text()


def _reader(language: str) -> User:
    User.objects.filter(username="ada").update(language=language)
    return User.objects.get(username="ada")
