"""A window of one person, and everything about it that must not be."""

from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.processes import PATIENCE

# Chromium tells of a violated policy in its console too, but in words that change; this says it for certain.
TELL_VIOLATIONS = """document.addEventListener("securitypolicyviolation",
    event => console.error(`policy violated: ${event.violatedDirective} by ${event.blockedURI}`))"""


class Watched:
    """`wrong` collects errors in the console, violations of the content security policy and requests to other hosts.

    `options` are those of a Playwright context.
    """

    def __init__(self, browser: Browser, address: str, **options):
        self.address, self.wrong = address, []
        self.context: BrowserContext = browser.new_context(base_url=address, reduced_motion="reduce", **options)
        self.context.add_init_script(TELL_VIOLATIONS)
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda error: self._note(f"script: {error.error}"))
        self.context.on("request", lambda request: self._is_elsewhere(request.url) and self._note(f"request to {request.url}"))
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE * 1000)

    def enter(self, link: str) -> Page:
        """By a one-time link, as a newcomer does."""
        self.page.goto(urlsplit(link)._replace(scheme="", netloc="").geturl())
        self.page.locator("form:has(input[name=token]) button").click()
        return self.page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 422" not in message.text:  # a form that came back is no error of ours
            self._note(f"console: {message.text}")

    def _is_elsewhere(self, url: str) -> bool:
        return not url.startswith((self.address + "/", "data:", "blob:"))

    def _note(self, text: str) -> None:
        self.wrong.append(f"{self.page.url}: {text}")
