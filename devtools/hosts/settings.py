"""The environment of a run on two hosts: everything that hosts have in common is reached over the network."""

import secrets
from pathlib import Path

from cryptography.fernet import Fernet

from config.launcher.ports import free_port
from devtools.chaos import settings as chaos
from devtools.hosts.network import GATEWAY

INSIDE = "ROWCALL_HOSTS"  # set in the process that runs inside that environment
PORTS = ("DATABASE", "BROKER", "FILES")


def environment(folder: Path) -> dict[str, str]:
    ports = {name: free_port() for name in PORTS}
    password = secrets.token_hex(16)
    return {
        **chaos.environment(folder, on_postgres=True),
        INSIDE: str(folder),
        "DATABASE_URL": f"postgresql://rowcall@{GATEWAY}:{ports['DATABASE']}/postgres",
        "BROKER_URL": f"redis://:{password}@{GATEWAY}:{ports['BROKER']}/0",
        "FILES_URL": f"s3://key:secret@{GATEWAY}:{ports['FILES']}/files?tls=no",
        "SECRET_KEY": secrets.token_hex(32),
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "FORGOTTEN_KEY": secrets.token_hex(32),
    }
