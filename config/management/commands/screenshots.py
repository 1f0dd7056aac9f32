"""Pictures of every page, in both languages, light and dark, wide and narrow, into var/screenshots. Needs requirements-dev.txt."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

CHROMIUM = "/usr/bin/chromium"
WIDTHS = {"wide": 1280, "narrow": 390}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--only", default="", help="only pages whose name contains this")
        parser.add_argument("--languages", default="en,tr")
        parser.add_argument("--themes", default="light,dark")
        parser.add_argument("--widths", default="wide,narrow")
        parser.add_argument("--into", default="", help="the folder (default: var/screenshots)")

    def handle(self, **options):
        into = Path(options["into"] or settings.VAR_DIR / "screenshots").resolve()
        if "ROWCALL_SHOWCASE" in os.environ:
            return self._take(into, options)
        with tempfile.TemporaryDirectory(prefix="rowcall-showcase-") as var:
            # A house of its own: nothing of this one is shown or touched.
            environment = {
                **os.environ,
                "ROWCALL_VAR": var,
                "ROWCALL_SHOWCASE": "yes",
                "DJANGO_ALLOW_ASYNC_UNSAFE": "yes",
                "DATABASE_URL": "",
                "BROKER_URL": f"redis+socket://{var}/none.sock",
                "WHATTALK_BASE_URL": "",
                "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
            }
            words = [
                word for name in ("only", "languages", "themes", "widths") for word in (f"--{name}", options[name])
            ]
            result = subprocess.run(
                [sys.executable, "manage.py", "screenshots", *words, "--into", str(into)],
                env=environment,
                cwd=settings.BASE_DIR,
            )
        sys.exit(result.returncode)

    def _take(self, into: Path, options) -> None:
        from config.showcase import furnish

        call_command("migrate", verbosity=0)
        pages = {name: path for name, path in furnish().items() if options["only"] in name}
        with _server() as address, _browser() as browser:
            for language in options["languages"].split(","):
                for theme in options["themes"].split(","):
                    for width in options["widths"].split(","):
                        folder = into / f"{language}-{theme}-{width}"
                        folder.mkdir(parents=True, exist_ok=True)
                        self._series(browser, address, pages, folder, language, theme, WIDTHS[width])

    def _series(
        self, browser, address: str, pages: dict[str, str], folder: Path, language: str, theme: str, width: int
    ) -> None:
        from people.models import User
        from people.sign_in import one_time_link

        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, locale=language, reduced_motion="reduce"
        )
        page = context.new_page()
        page.on("console", lambda message: message.type == "error" and self.stderr.write(f"{page.url}: {message.text}"))
        User.objects.filter(username="ada").update(language=language)
        link = one_time_link(User.objects.get(username="ada")).replace(settings.SITE_URL, address)
        for name, path in {"sign-in": "/sign-in/", "sign-in-link": link.removeprefix(address)}.items():
            page.goto(address + path)
            page.screenshot(path=folder / f"{name}.png", full_page=True)
        page.goto(link)
        page.click("main button.button-main")
        for name, path in pages.items():
            page.goto(address + path)
            page.screenshot(path=folder / f"{name}.png", full_page=True)
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if overflow > 0:
                self.stderr.write(f"{folder.name}/{name}: {overflow} px wider than the window")
        self.stdout.write(f"{folder}: {len(pages) + 2} pictures")
        context.close()


class _server:  # noqa: N801 - reads like `open`
    """`with _server() as address`: this house, served from this process."""

    def __enter__(self) -> str:
        from django.contrib.staticfiles.handlers import StaticFilesHandler
        from django.test.testcases import LiveServerThread

        settings.ALLOWED_HOSTS.append("127.0.0.1")
        self._thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
        self._thread.daemon = True
        self._thread.start()
        self._thread.is_ready.wait()
        return f"http://127.0.0.1:{self._thread.port}"

    def __exit__(self, *_) -> None:
        self._thread.terminate()


class _browser:  # noqa: N801 - reads like `open`
    """`with _browser() as browser`: Debian's Chromium."""

    def __enter__(self):
        from playwright.sync_api import sync_playwright

        self._playwright = sync_playwright().start()
        self._chromium = self._playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        return self._chromium

    def __exit__(self, *_) -> None:
        self._chromium.close()
        self._playwright.stop()
