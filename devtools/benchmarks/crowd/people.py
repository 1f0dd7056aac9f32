"""People who click, as a browser does: connections that are kept, a cookie, a moment of thought between two pages."""

import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

import aiohttp

from devtools.benchmarks.crowd.layout import Person, sheet_of
from devtools.benchmarks.crowd.statements import HEADER, read_header
from people.roles import Role

THOUGHT = (0.5, 1.5)  # seconds, evenly spread
POLLS = 4  # what asks again by itself is asked so much more often than a page is opened
PATIENCE = 60.0  # seconds
ALIVE, WAKE = "(/livez)", "(a wake-up of the measuring process)"
BETWEEN_PROBES = 0.1
LONGEST_READING = 20.0  # seconds in which a small file must have been read
ROW_CORRECTED = 6  # of the demo sheet: one whose number is none


@dataclass
class PageFigures:
    """Milliseconds of every request of one page: as the person sees it (`took`), and what the response says of itself."""

    took: list[float] = field(default_factory=list)
    told: list[dict[str, float]] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    def part(self, name: str) -> list[float]:
        return [one[name] for one in self.told if name in one]

    def summary(self) -> dict[str, float]:
        """`wait`: for a thread, and on the way; `locks`: at most so much waiting for the database's locks, all requests together
        over their number, and the longest; `cpu`: of the thread that made the response."""
        took, app = sorted(self.took), self.part("app")
        told = {name: _mean(self.part(name)) for name in ("app", "cpu", "db", "locks", "commit", "queries")}
        return {
            "n": len(took),
            "p50": quantile(took, 0.5),
            "p95": quantile(took, 0.95),
            "max": took[-1] if took else 0.0,
            **told,
            "cpu_p95": quantile(sorted(self.part("cpu")), 0.95),
            "locks_max": max(self.part("locks"), default=0.0),
            "wait": _mean(self.took) - told["app"] if app else 0.0,
            "errors": self.errors.total(),
        }


def _mean(values: Iterable[float]) -> float:
    values = list(values)
    return statistics.fmean(values) if values else 0.0


def quantile(ordered: list[float], share: float) -> float:
    """The smallest that so large a share of all does not exceed; 0 of none."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class Crowd:
    """All of them, at the web server of `address`."""

    def __init__(self, address: str, people: Iterable[Person], seed: int = 1) -> None:
        self._address, self._people = address, list(people)
        self._dice = random.Random(seed)
        self.pages: dict[str, PageFigures] = {}

    async def click(self, seconds: float) -> None:
        """Everybody for so long; beside them the requests that do nothing, by which the machine's own noise is told."""
        await self.once()
        self.pages = {}
        end = time.monotonic() + seconds
        async with asyncio.TaskGroup() as tasks:
            for person in self._people:
                tasks.create_task(self._visit(person, end))
            tasks.create_task(self._probe(end))
            tasks.create_task(self._wake(end))

    async def once(self) -> None:
        """Every page and everything that people do besides, once, by the first who may. The server reads a template when it is
        first shown: once in its life, and not what is measured."""
        shown: dict[str, Person] = {}
        for person in self._people:
            for name in [*person.pages, *self._acts_of(person)]:
                shown.setdefault(name, person)
        for name, person in shown.items():
            async with self._session(person) as session:
                await self._do(session, person, name)

    def _acts_of(self, person: Person) -> list[str]:
        return [name for name, (role, _act) in ACTS.items() if person.role >= role]

    async def _do(self, session: aiohttp.ClientSession, person: Person, name: str) -> None:
        if name in person.pages:
            await self._get(session, name, person.pages[name])
        else:
            await ACTS[name][1](self, session, person)

    async def _visit(self, person: Person, end: float) -> None:
        names = [name for name in person.pages for _ in range(POLLS if name.endswith("poll") else 1)] + self._acts_of(person)
        async with self._session(person) as session:
            await asyncio.sleep(self._dice.uniform(0, THOUGHT[1]))
            while time.monotonic() < end:
                await self._do(session, person, self._dice.choice(names))
                await asyncio.sleep(self._dice.uniform(*THOUGHT))

    def _session(self, person: Person | None) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            self._address,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Cookie": person.cookie} if person else {},
            timeout=aiohttp.ClientTimeout(total=PATIENCE),
        )

    async def _get(self, session: aiohttp.ClientSession, name: str, path: str) -> str:
        return await self._ask(session, name, "GET", path, HTTPStatus.OK)

    async def _post(
        self, session: aiohttp.ClientSession, name: str, person: Person, path: str, data: Mapping[str, object]
    ) -> str:
        """The path that the response leads to."""
        form = aiohttp.FormData({"csrfmiddlewaretoken": person.token})
        for field_name, value in data.items():
            is_file = isinstance(value, bytes)
            form.add_field(field_name, value, filename="small.csv" if is_file else None)
        return await self._ask(session, name, "POST", path, HTTPStatus.FOUND, form)

    async def _ask(
        self,
        session: aiohttp.ClientSession,
        name: str,
        method: str,
        path: str,
        expected: HTTPStatus,
        data: aiohttp.FormData | None = None,
    ) -> str:
        figures, began = self.pages.setdefault(name, PageFigures()), time.perf_counter()
        try:
            async with session.request(method, path, data=data, allow_redirects=False) as response:
                await response.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            figures.errors[type(error).__name__] += 1
            return ""
        figures.took.append(1000 * (time.perf_counter() - began))
        if response.status != expected:
            figures.errors[str(response.status)] += 1
        if told := read_header(response.headers.get(HEADER, "")):
            figures.told.append(told)
        return urlsplit(response.headers.get("Location", "")).path

    # -- what people do besides looking --------------------------------------------------------------------------------
    async def upload(self, session: aiohttp.ClientSession, person: Person) -> None:
        """A small file, its columns once they are read, and the end of it: the next one has another's place."""
        number = self._dice.randrange(10**7)
        data = {"campaign": str(person.campaign), "file": sheet_of(number), "form_token": f"{number:x}-{time.monotonic_ns():x}"}
        to = await self._post(session, "upload", person, "/imports/new/", data)
        if to:
            await self._get(session, "columns of the upload", to)

    async def correct(self, session: aiohttp.ClientSession, person: Person) -> None:
        cells = {"cell-1": f"0532 {self._dice.randrange(10**7):07d}"}
        await self._post(session, "correct a row", person, f"/imports/{person.own}/rows/{ROW_CORRECTED}/", cells)

    async def list_number(self, session: aiohttp.ClientSession, person: Person) -> None:
        data = {"numbers": f"0543 {self._dice.randrange(10**7):07d}", "note": "asked for it"}
        await self._post(session, "list a number", person, "/do-not-call/", data)

    async def save_settings(self, session: aiohttp.ClientSession, person: Person) -> None:
        data = {"first_name": "Deniz", "last_name": f"Ak {self._dice.randrange(100)}", "language": "en"}
        await self._post(session, "save settings", person, "/settings/", data)

    # -- the machine's own noise -----------------------------------------------------------------------------------------
    async def _probe(self, end: float) -> None:
        """A request that touches neither database nor session."""
        async with self._session(None) as session:
            while time.monotonic() < end:
                await self._get(session, ALIVE, "/livez")
                await asyncio.sleep(BETWEEN_PROBES)

    async def _wake(self, end: float) -> None:
        """By how much the process that measures is woken too late, which stands in every figure."""
        figures = self.pages.setdefault(WAKE, PageFigures())
        while time.monotonic() < end:
            began = time.perf_counter()
            await asyncio.sleep(BETWEEN_PROBES)
            figures.took.append(1000 * (time.perf_counter() - began - BETWEEN_PROBES))


ACTS = {
    "upload": (Role.UPLOADER, Crowd.upload),
    "correct a row": (Role.UPLOADER, Crowd.correct),
    "list a number": (Role.MANAGER, Crowd.list_number),
    "save settings": (Role.UPLOADER, Crowd.save_settings),
}
