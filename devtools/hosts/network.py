"""Hosts of a network on this machine: namespaces behind a bridge. Needs root."""

import subprocess
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType

GATEWAY = "10.203.0.1"  # where the servers are, as hosts see them
BRIDGE = "rowcall0"


class Network:
    """`with Network(["a", "b"]) as network:` hosts of these names, which reach GATEWAY and each other and nothing else."""

    def __init__(self, hosts: Sequence[str]) -> None:
        self.hosts = hosts

    def __enter__(self) -> "Network":
        self._remove()
        _ip("link", "add", BRIDGE, "type", "bridge")
        _ip("address", "add", f"{GATEWAY}/24", "dev", BRIDGE)
        _ip("link", "set", BRIDGE, "up")
        for number, host in enumerate(self.hosts, start=2):
            self._add(host, f"10.203.0.{number}/24")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._remove()

    def on(self, host: str, command: Sequence[str]) -> list[str]:
        """The command line that runs `command` on that host."""
        return ["ip", "netns", "exec", _namespace(host), *command]

    def cut(self, host: str) -> None:
        """Nothing passes any more, and nobody is told: as when a cable is pulled."""
        _ip("link", "set", _port(host), "down")

    def join(self, host: str) -> None:
        _ip("link", "set", _port(host), "up")

    def _add(self, host: str, address: str) -> None:
        inside = ("-n", _namespace(host))
        _ip("netns", "add", _namespace(host))
        _ip("link", "add", _port(host), "type", "veth", "peer", "name", "eth0", "netns", _namespace(host))
        _ip("link", "set", _port(host), "master", BRIDGE)
        _ip("link", "set", _port(host), "up")
        _ip(*inside, "address", "add", address, "dev", "eth0")
        _ip(*inside, "link", "set", "eth0", "up")
        _ip(*inside, "link", "set", "lo", "up")

    def _remove(self) -> None:
        for words in (*(("netns", "delete", _namespace(host)) for host in self.hosts), ("link", "delete", BRIDGE)):
            with suppress(subprocess.CalledProcessError):
                _ip(*words)


def _ip(*words: str) -> None:
    """subprocess.CalledProcessError with what `ip` said."""
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


def _namespace(host: str) -> str:
    return f"rowcall-{host}"


def _port(host: str) -> str:
    """The bridge's end of the cable."""
    return f"rowcall-{host}-0"
