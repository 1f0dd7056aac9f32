"""What the monitor, the first page and /metrics say is wrong, read over HTTP as an admin's browser and Prometheus do."""

import html
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from http.cookiejar import CookieJar

from imports.alerts.rules import CODES
from imports.messages.alerts import ALERT_MESSAGES

PAGES = {"monitor": "/monitor/", "home": "/", "metrics": "/metrics"}
BETWEEN = 1.0  # seconds
PATIENCE = 60.0  # for a response: longer than a page may take
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
_IN_METRICS = re.compile(r'^rowcall_alert\{code="(\w+)"\} ([\d.]+)$', re.MULTILINE)


def alerts_on(page: str) -> frozenset[str]:
    """Codes of the alerts whose sentence stands on an HTML page together with what to do about it."""
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())
    return frozenset(code for code in CODES if _pattern(code).search(text))


def alerts_in_metrics(text: str) -> frozenset[str]:
    return frozenset(code for code, n in _IN_METRICS.findall(text) if float(n))


def _pattern(code: str) -> re.Pattern[str]:
    message = ALERT_MESSAGES[f"alert_{code}"]
    return re.compile(f"{_of_template(str(message.sentence))} {_of_template(str(message.remedy))}")


def _of_template(text: str) -> str:
    return ".{1,200}?".join(map(re.escape, re.split(r"%\(\w+\)s", text)))


class Visitor:
    """A browser that has signed in by a one-time link. OSError when the server refuses something."""

    def __init__(self, address: str) -> None:
        self._address, cookies = address, CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(cookies))

    def sign_in(self, link: str) -> None:
        self._press(link, link, token=urllib.parse.parse_qs(urllib.parse.urlsplit(link).query)["token"][0])

    def press(self, path: str, on: str) -> None:
        """The button that posts to `path`, on the page `on`."""
        self._press(self._address + on, self._address + path)

    def get(self, path: str) -> str:
        return self._open(self._address + path)

    def _press(self, page: str, action: str, **data: str) -> None:
        token = _TOKEN.search(self._open(page))
        if token is None:
            raise OSError(f"no form on {page}")
        self._open(action, urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **data}).encode())

    def _open(self, address: str, data: bytes | None = None) -> str:
        with self._opener.open(urllib.request.Request(address, data), timeout=PATIENCE) as response:
            return str(response.read().decode())


@dataclass(frozen=True)
class Look:
    """`asked`, `answered`: on the monotonic clock. `codes`: of the alerts that were named; None where there was no page."""

    asked: float
    answered: float
    codes: frozenset[str] | None


@dataclass
class Looks:
    """All looks at one page, in their order."""

    all: list[Look] = field(default_factory=list)

    def first_with(self, code: str, since: float) -> float | None:
        """When `code` was first named by a look that was begun at `since` or later."""
        return next((look.answered for look in self.all if look.asked >= since and code in (look.codes or ())), None)

    def first_without(self, code: str, since: float, steady: float) -> float | None:
        """When `code` was last seen to be no longer named, once that has held for `steady` seconds. A page that cannot be shown is
        not free of it."""
        gone: Look | None = None
        latest = since
        for look in self.all:
            if look.asked < since:
                continue
            latest = look.answered
            if look.codes is None or code in look.codes:
                gone = None
            elif gone is None:
                gone = look
        return gone.answered if gone and latest - gone.answered >= steady else None


class Watch:
    """Looks at every page once a second, at each in a thread of its own, so that none waits for another."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor, self._is_over = visitor, threading.Event()
        self.pages = {name: Looks() for name in PAGES}
        self._threads = [threading.Thread(target=self._look_at, args=(name,), daemon=True) for name in PAGES]

    def __enter__(self) -> "Watch":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._is_over.set()

    @property
    def now(self) -> frozenset[str]:
        """Whatever any page named when it was last looked at."""
        latest = [looks.all[-1].codes or frozenset() for looks in self.pages.values() if looks.all]
        return frozenset().union(*latest)

    def is_calm(self, since: float) -> bool:
        """Whether every page has been seen since then, and names nothing."""
        latest = [looks.all[-1] if looks.all else None for looks in self.pages.values()]
        return all(look is not None and look.asked >= since and look.codes == frozenset() for look in latest)

    def _look_at(self, name: str) -> None:
        while not self._is_over.is_set():
            asked = time.monotonic()
            codes = self._codes(name)
            self.pages[name].all.append(Look(asked, time.monotonic(), codes))
            self._is_over.wait(BETWEEN)

    def _codes(self, name: str) -> frozenset[str] | None:
        try:
            text = self._visitor.get(PAGES[name])
        except OSError:
            return None
        return alerts_in_metrics(text) if name == "metrics" else alerts_on(text)
