"""`python -m campaigns.whattalk.sandbox.throughput`: lead POSTs a second on this machine.

Two figures: the sandbox alone (bare sockets, requests written in advance) and the client with the sandbox.
CPU per POST is that of the process named.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from campaigns.whattalk.client import WhatTalkClient
from campaigns.whattalk.replies import Created

from .process import SandboxProcess
from .running import new_event_loop


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=20_000)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--latency", type=float, default=0, help="milliseconds")
    options = parser.parse_args()
    with SandboxProcess(latency=options.latency) as sandbox, asyncio.Runner(loop_factory=new_event_loop) as runner:
        for name, measured in (("sandbox alone", _bare), ("client + sandbox", _with_client)):
            sandbox.control.reset()
            print(_line(name, options, *_measure(runner, measured(sandbox, options.leads, options.in_flight), sandbox)))


def _measure(runner: asyncio.Runner, work: Coroutine[Any, Any, None], sandbox: SandboxProcess) -> tuple[float, float, float]:
    """Seconds, and CPU seconds of this process and of the sandbox's."""
    assert sandbox.process is not None
    pid = sandbox.process.pid
    ours, theirs, began = _own_cpu(), _cpu_of(pid), time.perf_counter()
    runner.run(work)
    seconds = time.perf_counter() - began
    return seconds, _own_cpu() - ours, _cpu_of(pid) - theirs


def _line(name: str, options: argparse.Namespace, seconds: float, ours: float, theirs: float) -> str:
    rate = options.leads / seconds
    ideal = f", {rate / (options.in_flight / options.latency * 1000):.2f} of the ideal" if options.latency else ""
    each = 1000 / options.leads
    return f"{name:17} {rate:8,.0f} POSTs/s{ideal}; CPU a POST: here {ours * each:.3f} ms, sandbox {theirs * each:.3f} ms"


def _lead(number: int) -> dict[str, Any]:
    variables = {"name": "Ayşe", "company": "Deneme A.Ş."}
    return {"phone_number": f"+90555{number:07}", "campaign_id": 1050, "variables": variables, "secondary_contacts": []}


async def _with_client(sandbox: SandboxProcess, leads: int, in_flight: int) -> None:
    numbers = iter(range(leads))

    async def send() -> None:
        for number in numbers:
            outcome = await client.create_lead(_lead(number))
            assert isinstance(outcome, Created), outcome

    async with WhatTalkClient(sandbox.base_url, sandbox.api_key, allow_local=True) as client:
        await asyncio.gather(*(send() for _ in range(in_flight)))


async def _bare(sandbox: SandboxProcess, leads: int, in_flight: int) -> None:
    address = urlsplit(sandbox.base_url)
    head = (
        f"POST /api/user/lead HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {sandbox.api_key}\r\n"
        "Accept: application/json\r\nContent-Length: "
    )
    numbers = iter(range(leads))

    async def send() -> None:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        for number in numbers:
            body = json.dumps(_lead(number))
            writer.write(f"{head}{len(body)}\r\n\r\n{body}".encode())
            answer = await reader.readuntil(b"\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 200 "), answer
            await reader.readexactly(int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
        writer.close()

    await asyncio.gather(*(send() for _ in range(in_flight)))


def _own_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _cpu_of(pid: int) -> float:
    """User and system seconds of another process (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


if __name__ == "__main__":
    main()
