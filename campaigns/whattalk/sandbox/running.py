"""Start a sandbox in this process and keep it until it is asked to stop."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .options import settings_of
from .server import PREFIX, Sandbox

try:
    import uvloop
except ImportError:  # where uvloop has no wheel: slower, the same otherwise
    new_event_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
else:
    new_event_loop = uvloop.new_event_loop

Announce = Callable[[dict[str, Any]], None]


def run(options: dict[str, Any], announce: Announce, *, until_stdin_closes: bool = False) -> None:
    """`announce` gets {base_url, port, api_key, ledger} once the sandbox listens. OSError: the port is taken."""
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        if options["data"]:
            runner.run(_serve(Path(options["data"]), options, announce, until_stdin_closes))
            return
        with tempfile.TemporaryDirectory(prefix="sandbox-") as data:
            runner.run(_serve(Path(data), options, announce, until_stdin_closes))


async def _serve(data: Path, options: dict[str, Any], announce: Announce, until_stdin_closes: bool) -> None:
    sandbox = Sandbox(data, settings_of(options))
    sandbox.faults.add(options["fault"], options["seed"])
    server = await sandbox.listen(options["host"], options["port"])
    port = server.sockets[0].getsockname()[1]
    announce(
        {
            "base_url": f"http://{options['host']}:{port}{PREFIX}",
            "port": port,
            "api_key": sandbox.settings.api_key,
            "ledger": str(sandbox.ledger_path),
        }
    )
    task = asyncio.ensure_future(sandbox.run())
    try:
        await _stop_requested(until_stdin_closes)
    finally:
        task.cancel()
        server.close()
        sandbox.close()


async def _stop_requested(until_stdin_closes: bool) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if until_stdin_closes:
        # A starter that is killed closes the pipe, and no sandbox is left behind.
        loop.add_reader(sys.stdin.fileno(), stop.set)
    await stop.wait()
