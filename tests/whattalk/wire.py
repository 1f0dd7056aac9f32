"""A bare socket to the sandbox, to say things no client would."""

import json
import socket

from campaigns.whattalk.sandbox.process import SandboxProcess
from tests.processes import PATIENCE


class Wire:
    def __init__(self, sandbox: SandboxProcess):
        self.sandbox = sandbox
        self.socket = socket.create_connection(("127.0.0.1", sandbox.options["port"]), timeout=PATIENCE)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.file.close()
        self.socket.close()

    def request(self, method: str, path: str, body: dict | None = None, accept: str = "application/json", key: str = "") -> bytes:
        data = b"" if body is None else json.dumps(body).encode()
        head = (f"{method} {path} HTTP/1.1\r\nHost: sandbox\r\nAccept: {accept}\r\nContent-Length: {len(data)}\r\n"
                f"Authorization: Bearer {key or self.sandbox.api_key}\r\n\r\n")  # fmt: skip
        return head.encode() + data

    def send(self, *raw: bytes) -> None:
        self.socket.sendall(b"".join(raw))

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        status = int(self.file.readline().split()[1])
        headers = {}
        while line := self.file.readline().strip():
            name, _, value = line.decode().partition(": ")
            headers[name] = value
        return status, headers, self.file.read(int(headers.get("Content-Length", 0)))
