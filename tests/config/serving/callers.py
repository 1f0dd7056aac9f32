"""Callers that a browser would never be: over sockets, a byte or a connection at a time."""

import http.client
import re
import socket
from collections.abc import Iterable
from urllib.parse import urlencode

PASSWORD = "a long enough password"


class Caller:
    """Somebody with cookies. Every request has a connection of its own."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, {}

    def signed_in(self, username: str) -> "Caller":
        form = {"csrfmiddlewaretoken": self.token("/sign-in/"), "username": username, "password": PASSWORD}
        status, _body = self.ask(
            "POST", "/sign-in/", urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert status == 302
        return self

    def token(self, path: str) -> str:
        _status, body = self.ask("GET", path)
        return re.search(r'csrfmiddlewaretoken" value="(\w+)"', body)[1]

    def ask(
        self, method: str, path: str, body: bytes | Iterable[bytes] | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """Status and text of the answer. An iterable body goes out in chunks, its length not declared."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {"Cookie": self._cookie_header, **(headers or {})})
            response = connection.getresponse()
            for line in response.headers.get_all("Set-Cookie") or []:
                name, _sign, value = line.split(";")[0].partition("=")
                self.cookies[name] = value
            return response.status, response.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def begin(self, method: str, path: str, headers: str = "", body: bytes = b"") -> socket.socket:
        """A connection on which a request has begun and nothing more is sent or read; `headers` are whole lines."""
        line = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        line.sendall(
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {self._cookie_header}\r\n{headers}\r\n".encode() + body
        )
        return line

    @property
    def _cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


def multipart(fields: dict[str, str], files: Iterable[tuple[str, str, bytes]]) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a form; a file is (field, name, content)."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts += [f'name="{field}"; filename="{name}"\r\n\r\n'.encode() + content for field, name, content in files]
    body = b"".join(b"--part\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--part--\r\n"
    return body, {"Content-Type": "multipart/form-data; boundary=part"}
