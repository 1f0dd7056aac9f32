"""A WhatTalk whose answers have some values changed into hostile ones: it stands before the sandbox."""

import http.client
import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from campaigns.whattalk.sandbox.process import SandboxProcess
from tests.fuzz import values


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    sandbox: SandboxProcess
    chance: random.Random

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, answer = self._ask_the_sandbox(body)
        if self.chance.random() < 0.1:
            status = self.chance.choice([200, 204, 301, 302, 400, 401, 403, 404, 409, 418, 422, 429, 500, 503])
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if status == 429:
            self.send_header("Retry-After", self.chance.choice(["0", "NaN", "9" * 400, "yesterday"]))
        if status in (301, 302):
            self.send_header("Location", "http://169.254.169.254/")
        answer = b"" if status == 204 else answer
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_DELETE = handle_any

    def _ask_the_sandbox(self, body: bytes) -> tuple[int, bytes]:
        parts = urlsplit(self.sandbox.base_url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        headers = {"Authorization": f"Bearer {self.sandbox.api_key}", "Content-Type": "application/json", "Accept": "*/*"}
        connection.request(self.command, self.path, body, headers)
        response = connection.getresponse()
        data = response.read()
        connection.close()
        try:
            known: Any = json.loads(data)
        except ValueError:
            return response.status, data
        return response.status, values.as_json(values.mutated(known, self.chance), self.chance)

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def hostile(sandbox: SandboxProcess, chance: random.Random) -> Iterator[str]:
    """Its base URL. It knows the sandbox's key, and asks callers for none."""
    answers = type("Answers", (_Answers,), {"sandbox": sandbox, "chance": chance})
    server = ThreadingHTTPServer(("127.0.0.1", 0), answers)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{urlsplit(sandbox.base_url).path}"
    finally:
        server.shutdown()
        server.server_close()
