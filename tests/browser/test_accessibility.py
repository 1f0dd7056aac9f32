"""axe on every page, in light and dark: no violation of WCAG 2.2 AA."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from config.showcase import furnish
from people.models import User

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
