"""A sandbox in a process of its own, for tests and benchmarks.

with SandboxProcess(latency=100) as sandbox:
    call(sandbox.base_url, sandbox.api_key, …, allow_local=True)
    sandbox.control.fault("500_after", rate=0.1)
    sandbox.ledger.accepted()
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from select import select
from typing import Any

from .ledger import Ledger

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 120.0  # seconds until something is wrong, and not only slow: the machine may be busy with much else


class SandboxProcess:
    """Keyword options are those of the command line (`options.py`), `_` for `-`; a list repeats one.

    `data`: keep the state there (a temporary directory otherwise, gone at the end). `stop` and `start`
    may be called in between; the port and, with its data, the state stay the same.
    """

    def __init__(self, data: Path | str | None = None, *, ready_within: float = PATIENCE, **options: Any) -> None:
        self._own_data = None if data else tempfile.TemporaryDirectory(prefix="sandbox-")
        self.data = Path(self._own_data.name if self._own_data else data or "")
        self.options = {"port": 0, "lead_pace": 0, **options}
        self.ready_within = ready_within
        self.process: subprocess.Popen[bytes] | None = None
        self.base_url = self.api_key = ""
        self.ledger = Ledger(self.data / "ledger.jsonl")

    def __enter__(self) -> SandboxProcess:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()
        if self._own_data:
            self._own_data.cleanup()

    def start(self) -> SandboxProcess:
        """Returns when it answers; RuntimeError when it does not start."""
        command = [sys.executable, "-m", "campaigns.whattalk.sandbox", "--until-stdin-closes", "--data", str(self.data)]
        self.process = subprocess.Popen(
            command + _arguments(self.options), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        started = self._ready(self.process)
        self.base_url, self.api_key = started["base_url"], started["api_key"]
        self.options["port"] = started["port"]
        self.control = SandboxControl(self.base_url)
        return self

    def stop(self) -> None:
        """Waits until it is gone. Does nothing when it is gone already."""
        self._end(lambda process: process.terminate())

    def kill(self) -> None:
        """With SIGKILL."""
        self._end(lambda process: process.kill())

    def _end(self, stop: Callable[[subprocess.Popen[bytes]], None]) -> None:
        if self.process is None:
            return
        process, self.process = self.process, None
        stop(process)
        process.wait(timeout=PATIENCE)
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()

    def _ready(self, process: subprocess.Popen[bytes]) -> dict[str, Any]:
        assert process.stdout is not None
        readable, _, _ = select([process.stdout], [], [], self.ready_within)
        line = process.stdout.readline() if readable else b""
        if not line:
            self.kill()
            raise RuntimeError("the sandbox did not start")
        started: dict[str, Any] = json.loads(line)
        return started


class SandboxControl:
    """/_sandbox/… of a running sandbox (control.py). RuntimeError when it refuses."""

    def __init__(self, base_url: str) -> None:
        self.address = base_url.removesuffix("/api") + "/_sandbox"

    def state(self) -> dict[str, Any]:
        return self._ask("GET", "/state")

    def settings(self, **changes: Any) -> None:
        self._ask("POST", "/settings", changes)

    def fault(self, fault: str, **rule: Any) -> None:
        self._ask("POST", "/faults", {"fault": fault, **rule})

    def faults(self, *rules: dict[str, Any], seed: int | None = None) -> None:
        self._ask("POST", "/faults", {"rules": list(rules), "seed": seed})

    def clear_faults(self) -> None:
        self._ask("DELETE", "/faults")

    def add_campaign(self, name: str = "Test", **fields: Any) -> int:
        return int(self._ask("POST", "/campaigns", {"name": name, **fields})["id"])

    def delete_campaign(self, campaign_id: int) -> None:
        self._ask("DELETE", f"/campaigns/{campaign_id}")

    def add_leads(self, campaign_id: int, phones: list[str], **fields: Any) -> list[int]:
        """Leads that were there before, or that somebody else adds; the ledger does not count them as accepted from a request.

        `fields`: `variables`, `secondary_contacts`, `status`, `call_tries` of each.
        """
        parts = (phones[start : start + 20_000] for start in range(0, len(phones), 20_000))
        asked = (self._ask("POST", "/leads", {"campaign_id": campaign_id, "phones": part, **fields}) for part in parts)
        return [id for answer in asked for id in answer["ids"]]

    def step(self, steps: int = 1) -> None:
        self._ask("POST", "/step", {"steps": steps})

    def reset(self) -> None:
        self._ask("POST", "/reset")

    def wait_for(self, holds: Callable[[dict[str, Any]], bool], within: float = PATIENCE) -> dict[str, Any]:
        """The first state for which `holds(state)`; TimeoutError when it never comes."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            state = self.state()
            if holds(state):
                return state
            time.sleep(0.02)
        raise TimeoutError(f"the sandbox never got there: {self.state()}")

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, method=method)
        try:
            with _direct.open(request, timeout=30) as answer:
                state: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as refusal:
            raise RuntimeError(refusal.read().decode()) from None
        return state


# The sandbox is on this machine: no proxy is asked.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _arguments(options: dict[str, Any]) -> list[str]:
    """`{"lead_pace": 0, "fault": ["hang", {…}]}` → `--lead-pace 0 --fault hang --fault '{…}'`."""
    arguments: list[str] = []
    for name, value in options.items():
        for one in value if isinstance(value, (list, tuple)) else [value]:
            arguments += [f"--{name.replace('_', '-')}", json.dumps(one) if isinstance(one, dict) else str(one)]
    return arguments
