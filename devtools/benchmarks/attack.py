"""Many slow and large requests against a running instance, and how long its health check takes meanwhile."""

import http.client
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

PATIENCE = 120.0  # seconds
UNENDING = b"Content-Length: 60000\r\n\r\nabc"


@dataclass(frozen=True)
class Found:
    """`seconds`: what each health check took, sorted."""

    name: str
    seconds: list[float]


class UnexpectedAnswer(Exception):
    """The instance refused what it was to bear: then nothing has been measured."""


class Attack:
    """`cookie`: of somebody who may upload and export; `token`: the CSRF token that it holds; `megabytes`: of each upload.

    What it yields may raise UnexpectedAnswer, or OSError where no answer comes.
    """

    def __init__(self, address: str, cookie: str, token: str, megabytes: int) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "localhost", parts.port or 80
        self._cookie, self._token, self._megabytes = cookie, token, megabytes

    def run(self, bodies: int, readers: int, uploads: int, seconds: float, export: str) -> Iterator[Found]:
        """Nothing, bodies that never end, slow readers of `export`, and uploads at once."""
        yield Found("nothing", self._checks(seconds))
        yield Found(f"{bodies} endless bodies", self._held(bodies, b"POST /sign-in/", UNENDING, seconds))
        self._ask(HTTPStatus.OK, "GET", export)  # those who read nothing of it would not learn of a refusal
        yield Found(f"{readers} slow readers", self._held(readers, f"GET {export}".encode(), b"\r\n", seconds))
        with ThreadPoolExecutor(uploads) as pool:
            coming = [pool.submit(self._upload) for _ in range(uploads)]
            yield Found(f"{uploads} uploads", self._checks(seconds, lambda: all(one.done() for one in coming)))
            for one in coming:
                one.result()

    def _held(self, n: int, line: bytes, rest: bytes, seconds: float) -> list[float]:
        with ExitStack() as lines:
            for _ in range(n):
                held = lines.enter_context(socket.create_connection((self._host, self._port), PATIENCE))
                held.sendall(line + f" HTTP/1.1\r\nHost: localhost\r\nCookie: {self._cookie}\r\n".encode() + rest)
            return self._checks(seconds)

    def _checks(self, seconds: float, is_over: Callable[[], bool] = lambda: True) -> list[float]:
        """The health check again and again, for so long and until `is_over`."""
        taken, end = [], time.monotonic() + seconds
        while time.monotonic() < end or not is_over():
            began = time.monotonic()
            self._ask(HTTPStatus.OK, "GET", "/healthz")
            taken.append(time.monotonic() - began)
            time.sleep(0.05)
        return sorted(taken)

    def _upload(self) -> None:
        """A file that is received and taken apart; no campaign is named, so nothing is kept."""
        fields = f'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{self._token}\r\n'
        file = '--x\r\nContent-Disposition: form-data; name="file"; filename="leads.csv"\r\n\r\n'
        body = (fields + file).encode() + b"05551234567\n" * (self._megabytes * 1_000_000 // 12) + b"\r\n--x--\r\n"
        self._ask(
            HTTPStatus.UNPROCESSABLE_ENTITY, "POST", "/imports/new/", body, {"Content-Type": "multipart/form-data; boundary=x"}
        )

    def _ask(
        self, expected: HTTPStatus, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> None:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, {"Cookie": self._cookie, **(headers or {})})
            answer = connection.getresponse()
            answer.read()
        finally:
            connection.close()
        if answer.status != expected:
            raise UnexpectedAnswer(f"{method} {path} was answered with {answer.status} instead of {expected}.")
