"""Hostile requests, made from the URLconf, from the forms that pages show, and from every parameter that the code reads."""

import random
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.http import urlencode

from tests.fuzz import values
from tests.fuzz.instance import Instance

METHODS = ["GET"] * 8 + ["POST"] * 10 + ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]
HEADERS = (
    "X-Forwarded-For X-Forwarded-Proto X-Forwarded-Host Accept-Language Accept Accept-Encoding HX-Request HX-Target HX-Trigger "
    "HX-Current-URL HX-Boosted Referer Origin Cookie Authorization Range If-Modified-Since If-None-Match User-Agent X-Request-ID "
    "Content-Encoding Content-Language X-CSRFToken"
).split()
READS = re.compile(r"""\.get(?:list)?\(\s*"([\w-]+)"|"([\w-]+)" in """)
FIELDS = re.compile(r"^    (\w+) = forms\.\w+\(", re.MULTILINE)
THING_OF = {
    "imports:retry_mail": "mail",
    "imports:remove_do_not_call": "listed",
    "imports:sample": "campaign",
    "campaigns:waiting": "remote request",
    "campaigns:team": "team",
    "campaigns:delete_team": "team",
    "people:end_session": "session",
}
WORDS = {
    "kind": ["errors", "all", "problems", "outcome"],
    "file_format": ["csv", "xlsx", "pdf"],
}


@dataclass
class Hostile:
    """One request. `route`: the name of its address; `is_of_uploader`: whether it names an import of the uploader."""

    route: str
    method: str
    path: str
    body: bytes = b""
    content_type: str = "application/octet-stream"
    extra: dict[str, str] = field(default_factory=dict)
    is_of_uploader: bool = False


def addresses(resolver: Any = None, space: str = "") -> list[tuple[str, URLPattern, str]]:
    """(name, pattern, route) of every address; `route` still holds its converters."""
    return list(_below(resolver or get_resolver(), "", ""))


def _below(resolver: Any, space: str, before: str) -> Any:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _below(entry, f"{entry.namespace}:" if entry.namespace else space, route)
        else:
            yield space + (entry.name or ""), entry, route


def parameter_names() -> list[str]:
    """Every name that a view or a form reads from a request."""
    names: set[str] = set()
    for package in ("campaigns", "config", "imports", "people"):
        for path in Path(settings.BASE_DIR, package).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            names |= {one for pair in READS.findall(source) for one in pair if one} | set(FIELDS.findall(source))
    return sorted(names | {"cell-0", "cell-99999", "column-phone_number", "column-secondary_phone_1", "separator-name", "asked"})


class _Forms(HTMLParser):
    """The forms of a page: (address, method, name → values)."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, dict[str, list[str]]]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append((found.get("action", ""), found.get("method", "get").upper(), {}))
        elif tag == "select":
            self._select = found.get("name", "")
        name = found.get("name", self._select if tag == "option" else "")
        if self.forms and name and tag in ("input", "textarea", "button", "option") and found.get("type") != "file":
            self.forms[-1][2].setdefault(name, []).append(found.get("value", ""))


def forms_of(html: str) -> list[tuple[str, str, dict[str, list[str]]]]:
    parser = _Forms()
    parser.feed(html)
    return parser.forms


class Maker:
    """Makes requests; the same `chance` makes the same ones."""

    def __init__(self, instance: Instance, chance: random.Random) -> None:
        self.instance, self.chance = instance, chance
        self.names = parameter_names()
        self.routes = addresses()
        self.forms: dict[str, list[dict[str, list[str]]]] = {}  # method and path → fields
        self.pages = [(name, self._usual_path(name, pattern, route)) for name, pattern, route in self.routes]

    def learn(self, html: str, path: str) -> None:
        """Keep the forms of a page, to send them with something changed."""
        for action, method, fields in forms_of(html):
            where = urlsplit(action).path or path
            known = self.forms.setdefault(f"{method} {where}", [])
            if len(known) < 3:
                known.append(fields)

    def make(self) -> Hostile:
        chance = self.chance
        if self.forms and chance.random() < 0.4:
            method, _space, path = chance.choice(sorted(self.forms)).partition(" ")
            fields = self._changed(chance.choice(self.forms[f"{method} {path}"]))
            request = self._with(Hostile("form", method, path, is_of_uploader=self._names_an_import(path)), fields)
        else:
            name, pattern, route = chance.choice(self.routes)
            path = self._path(name, pattern, route)
            request = Hostile(name, chance.choice(METHODS), path, is_of_uploader=self._names_an_import(path))
            names = chance.sample(self.names, chance.randrange(6))
            request = self._with(request, {one: [values.text(chance) for _ in range(chance.choice([1, 1, 2]))] for one in names})
        if name_is_webhook := "/hooks/" in request.path:
            request = self._call(request)
        if not name_is_webhook and chance.random() < 0.05:
            request.content_type = chance.choice(
                ["text/plain; charset=rot13", "multipart/form-data", "multipart/form-data; boundary=", "ü"]
            )
        for header in chance.sample(HEADERS, chance.choice([0, 0, 1, 2])):
            request.extra["HTTP_" + header.upper().replace("-", "_")] = values.in_header(values.text(chance))
        if chance.random() < 0.3:
            request.extra["HTTP_HX_REQUEST"] = "true"
        if chance.random() < 0.02:
            request.extra["HTTP_HOST"] = values.in_header(values.text(chance))
        if chance.random() < 0.05:
            request.extra["REMOTE_ADDR"] = chance.choice(["", "unix:", "::1", "fe80::1%eth0", "10.0.0.1"])
        return request

    def _names_an_import(self, path: str) -> bool:
        found = re.match(r"/imports/(\d{1,9})/", path)
        return bool(found) and int(found[1]) in self.instance.things["job"]

    def _usual_path(self, name: str, pattern: URLPattern, route: str) -> str:
        return self._path(name, pattern, route, odd=0.0)

    def _path(self, name: str, pattern: URLPattern, route: str, odd: float = 0.3) -> str:
        if name == "campaigns:webhook" and self.chance.random() > odd:
            return self.instance.webhook

        def filled(found: re.Match[str]) -> str:
            kind, _colon, key = found[1].rpartition(":")
            if self.chance.random() < odd:
                return values.in_address(values.text(self.chance) or "0", self.chance)
            if kind == "int":
                return str(self.chance.choice(self._keys(name, key)))
            return self.chance.choice(WORDS.get(key, ["x" * 40]))

        return "/" + re.sub(r"<([^>]+)>", filled, route)

    def _keys(self, name: str, key: str) -> list[int]:
        things = self.instance.things
        own = THING_OF.get(name)
        if key == "number" and own is None:
            return things["operation"] if "operation" in name else [2, 3, 10, 11, 12]
        by_space = {"imports": "job", "campaigns": "account" if "account" in name or "webhook" in name else "campaign"}
        return things[own or by_space.get(name.split(":")[0], "user")]

    def _changed(self, fields: dict[str, list[str]]) -> dict[str, list[str]]:
        """A form with up to three of its fields changed, now and then with another's `form_token`."""
        chosen = {name: [self.chance.choice(one)] for name, one in fields.items() if self.chance.random() > 0.1}
        for name in self.chance.sample(sorted(fields), min(len(fields), self.chance.randrange(4))):
            chosen[name] = [values.text(self.chance) for _ in range(self.chance.choice([1, 1, 3]))]
        if "form_token" in fields and self.chance.random() < 0.5:
            chosen["form_token"] = [self.chance.choice(self.instance.tokens)]
        return chosen

    def _with(self, request: Hostile, fields: dict[str, list[str]]) -> Hostile:
        pairs = [
            (name.encode("utf-8", "surrogatepass"), one.encode("utf-8", "surrogatepass"))
            for name in fields
            for one in fields[name]
        ]
        if request.method in ("GET", "HEAD", "OPTIONS", "TRACE") or self.chance.random() < 0.1:
            request.path += "?" + urlencode(pairs)
            return request
        if self.chance.random() < 0.3:
            files = [self._file(name) for name in (b"file", b"workbook") if self.chance.random() < 0.7]
            parts = [b'form-data; name="%s"\r\n\r\n%s' % pair for pair in pairs] + files
            body = b"".join(b"--BoUnDaRy\r\nContent-Disposition: " + part + b"\r\n" for part in parts) + b"--BoUnDaRy--\r\n"
            request.body, request.content_type = body, "multipart/form-data; boundary=BoUnDaRy"
        else:
            request.body, request.content_type = urlencode(pairs).encode(), "application/x-www-form-urlencoded"
        return request

    def _file(self, name: bytes) -> bytes:
        content = self.chance.choice([b"", b"\x00", b"phone\n+905550000009\n", b"PK\x03\x04", b"\xff\xfe\x00", b"=1;2\n" * 50])
        file_name = (values.text(self.chance)[:300] + self.chance.choice(["", ".csv", ".xlsx", ".xls"])).encode(
            "utf-8", "surrogatepass"
        )
        return b'form-data; name="%s"; filename="%s"\r\nContent-Type: text/csv\r\n\r\n%s' % (name, file_name, content)

    def _call(self, request: Hostile) -> Hostile:
        known = {
            "id": 9,
            "status": "completed",
            "duration": 31,
            "extracted_variables": {"interested": True},
            "campaign": {"id": 1050},
            "customer_phone": "+905550000001",
            "finished_at": "2026-05-02T10:00:00Z",
            "lead": {"id": "1\n", "phone_number": "+905550000001", "status": "completed", "call_tries": 2},
        }
        request.body = values.as_json(values.mutated(known, self.chance), self.chance)
        request.content_type = "application/json"
        return request
