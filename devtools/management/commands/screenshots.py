"""Pictures of every page, in both languages, light and dark, wide and narrow, into var/screenshots. Needs
requirements-dev.txt."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

CHROMIUM = "/usr/bin/chromium"
WIDTHS = {"wide": 1280, "narrow": 390}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", default="", help="only pages whose name contains this")
        parser.add_argument("--languages", default="en,tr")
        parser.add_argument("--themes", default="light,dark")
        parser.add_argument("--widths", default="wide,narrow")
        parser.add_argument("--into", default="", help="the folder (default: var/screenshots)")

    def handle(self, **options: Any) -> None:
        into = Path(options["into"] or settings.VAR_DIR / "screenshots").resolve()
        if "ROWCALL_DEMO" in os.environ:
            return self._take(into, options)
        with tempfile.TemporaryDirectory(prefix="rowcall-demo-") as var:
            # An instance of its own: nothing of this one is shown or touched.
            environment = {
                **os.environ,
                "ROWCALL_VAR": var,
                "ROWCALL_DEMO": "yes",
                "DJANGO_ALLOW_ASYNC_UNSAFE": "yes",
                "DATABASE_URL": "",
                "BROKER_URL": f"redis+socket://{var}/none.sock",
                "WHATTALK_BASE_URL": "",
                "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
            }
            words = [word for name in ("only", "languages", "themes", "widths") for word in (f"--{name}", options[name])]
            result = subprocess.run(
                [sys.executable, "manage.py", "screenshots", *words, "--into", str(into)],
                env=environment,
                cwd=settings.BASE_DIR,
            )
        sys.exit(result.returncode)

    def _take(self, into: Path, options: dict[str, Any]) -> None:
        from devtools.demo_data import NEWCOMERS_PAGES, keep_alive, seed

        call_command("migrate", verbosity=0)
        wanted = [seed(), NEWCOMERS_PAGES, {"sign-in": "/sign-in/"}]
        pages, first_pages, outside = (_only(options["only"], one) for one in wanted)
        choices = [options[name].split(",") for name in ("languages", "themes", "widths")]
        with _server() as address, _browser() as browser:
            for language, theme, width in product(*choices):
                keep_alive()
                folder = into / f"{language}-{theme}-{width}"
                folder.mkdir(parents=True, exist_ok=True)
                camera = _Camera(browser, address, folder, language, theme, WIDTHS[width], self.stderr.write)
                camera.take(outside, None)
                camera.take(first_pages, "deniz")
                camera.take(pages, "ada")
                self.stdout.write(str(folder))


def _only(part: str, pages: dict[str, str]) -> dict[str, str]:
    return {name: path for name, path in pages.items() if part in name}


class _Camera:
    """Takes pictures in one language, theme and width; what is wrong with a page goes to `complain`."""

    def __init__(
        self,
        browser: "Browser",
        address: str,
        folder: Path,
        language: str,
        theme: Any,
        width: int,
        complain: Callable[[str], object],
    ) -> None:
        self._address, self._folder, self._language, self._complain = address, folder, language, complain
        self._browser, self._theme, self._width = browser, theme, width

    def take(self, pages: dict[str, str], username: str | None) -> None:
        """Each page as this person sees it (None: before signing in)."""
        context = self._browser.new_context(
            viewport={"width": self._width, "height": 900},
            color_scheme=self._theme,
            locale=self._language,
            reduced_motion="reduce",
        )
        page = context.new_page()

        def report_error(message: "ConsoleMessage") -> None:
            if message.type == "error":
                self._complain(f"{page.url}: {message.text}")

        page.on("console", report_error)
        if username:
            self._sign_in(page, username)
        for name, path in pages.items():
            page.goto(self._address + path)
            page.screenshot(path=self._folder / f"{name}.png", full_page=True)
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if overflow > 0:
                self._complain(f"{self._folder.name}/{name}: {overflow} px wider than the window")
        context.close()

    def _sign_in(self, page: "Page", username: str) -> None:
        from people.models import User
        from people.sign_in import one_time_link

        User.objects.filter(username=username).update(language=self._language)
        page.goto(one_time_link(User.objects.get(username=username)).replace(settings.SITE_URL, self._address))
        page.screenshot(path=self._folder / "sign-in-link.png", full_page=True)
        page.click("main button.button-main")


class _server:  # noqa: N801 - reads like `open`
    """`with _server() as address`: this instance, served from this process."""

    def __enter__(self) -> str:
        from django.contrib.staticfiles.handlers import StaticFilesHandler
        from django.test.testcases import LiveServerThread

        settings.ALLOWED_HOSTS.append("127.0.0.1")
        self._thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
        self._thread.daemon = True
        self._thread.start()
        self._thread.is_ready.wait()
        return f"http://127.0.0.1:{self._thread.port}"

    def __exit__(self, *_: object) -> None:
        self._thread.terminate()


class _browser:  # noqa: N801 - reads like `open`
    """`with _browser() as browser`: Debian's Chromium."""

    def __enter__(self) -> "Browser":
        from playwright.sync_api import sync_playwright

        self._playwright = sync_playwright().start()
        self._chromium = self._playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        return self._chromium

    def __exit__(self, *_: object) -> None:
        self._chromium.close()
        self._playwright.stop()
