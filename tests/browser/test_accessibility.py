"""WCAG 2.2 AA: axe on every page in light and dark; enlarged, narrow and long; by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from campaigns.models import Campaign
from config.showcase import furnish
from imports import tallies
from imports.models import ImportJob
from imports.pages.short_reasons import SHORT
from people.models import User

pytestmark = pytest.mark.looks
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page(watched, transactional_db, theme):
    pages = furnish()
    window = watched(color_scheme=theme)
    found = _violations(window.page, {"sign-in": "/sign-in/"})
    window.sign_in(User.objects.get(username="ada"))
    found += _violations(window.page, pages)
    window.wrong = [trouble for trouble in window.wrong if "404" not in trouble]  # the page that says so
    assert not found, "\n".join(found)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_form_that_came_back(watched, transactional_db, theme):
    furnish()
    page = watched(color_scheme=theme).sign_in(User.objects.get(username="ada"))
    for path, button in (
        ("/imports/new/", "Upload and go on"),
        ("/campaigns/new/", "Create campaign"),
        ("/users/new/", "Add user"),
    ):
        page.goto(path)
        page.get_by_role("button", name=button).click()
        page.locator(".errors").wait_for()
        found = Axe().run(page, options=RULES).response["violations"]
        assert not found, _told(path, found)


def _violations(page, pages: dict[str, str]) -> list[str]:
    found = []
    for name, path in pages.items():
        page.goto(path)
        found += _told(name, Axe().run(page, options=RULES).response["violations"])
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


@pytest.mark.parametrize("width", [1280, 640, 390, 320], ids=lambda width: f"{width}px")
def test_nothing_is_cut_however_narrow_and_long(watched, transactional_db, width):
    """640 px is a window of 1280 at 200 %, 320 px at 400 %; names are long and have no spaces."""
    pages = furnish()
    ImportJob.objects.update(file_name=LONG + ".csv")
    Campaign.objects.update(name=LONG)
    window = watched(viewport={"width": width, "height": 800}, locale="tr")
    page = window.sign_in(_reader("tr"))
    found = []
    for name, path in pages.items():
        page.goto(path)
        found += [f"{name}: {trouble}" for trouble in page.evaluate(CUT)]
    window.wrong = [trouble for trouble in window.wrong if "404" not in trouble]
    assert not found, "\n".join(found)


FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  return [one.outerHTML.slice(0, 100), style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
          one === document.body];
}"""


@pytest.mark.parametrize("name", ["home", "columns", "phones", "import-ready-running", "import-done", "imports-new"])
def test_the_focus_is_seen_on_its_whole_way(watched, transactional_db, name):
    path = furnish()[name]
    page = watched().sign_in(_reader("en"))
    page.goto(path)
    way = []
    for _step in range(60):
        page.keyboard.press("Tab")
        element, is_seen, is_over = page.evaluate(FOCUSED)
        if is_over:
            break
        way.append((element, is_seen))
    assert len(way) > 10
    assert [element for element, is_seen in way if not is_seen] == []


@pytest.mark.parametrize(
    ("path", "button"), [("/imports/new/", "Upload and go on"), ("/campaigns/new/", "Create campaign")]
)
def test_the_focus_goes_to_what_must_be_put_right(watched, transactional_db, path, button):
    furnish()
    page = watched().sign_in(_reader("en"))
    page.goto(path)
    page.get_by_role("button", name=button).click()
    summary = page.locator(".errors")
    summary.wait_for()
    assert summary.evaluate("one => one === document.activeElement")
    summary.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.matches('input, select, textarea')")


def test_sixty_campaigns_and_fifteen_reasons_fit(watched, transactional_db):
    pages = furnish()
    first = Campaign.objects.earliest("pk")
    Campaign.objects.bulk_create(
        Campaign(account=first.account, remote_id=str(5000 + n), name=f"Kampanya {n}", status="draft") for n in range(60)
    )
    job = ImportJob.objects.get(state="ready", campaign=first)
    tallies.add(job.pk, {("reason", code): 1_234 for code in list(SHORT)[:15]})
    window = watched(viewport={"width": 390, "height": 800})
    page = window.sign_in(_reader("tr"))
    for name in ("home", "campaigns-campaigns", "imports-new", "import-ready"):
        page.goto(pages[name])
        assert page.evaluate(CUT) == [], name
        assert not (found := Axe().run(page, options=RULES).response["violations"]), _told(name, found)
    assert page.locator(".tabs li").count() > 15 and "1.234" in page.locator(".tabs").inner_text()


def _reader(language: str) -> User:
    User.objects.filter(username="ada").update(language=language)
    return User.objects.get(username="ada")
