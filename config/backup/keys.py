"""The secrets that an archive does not hold: where they are kept here, and whether they are those of the backup."""

import hashlib
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings

from config.backup.errors import BackupError
from config.backup.manifest import Manifest
from config.env import env_secret

# name of the setting -> its file in var/secrets, and what is lost without it
SECRETS = {
    "ENCRYPTION_KEYS": ("encryption_key", "the WhatTalk keys of the accounts cannot be read and must be entered again"),
    "FORGOTTEN_KEY": ("forgotten_key", "people who asked to be forgotten are not recognised and could be called"),
    "SECRET_KEY": ("secret_key", "people must sign in again, and the webhook addresses entered at WhatTalk are others"),
}
FORGOTTEN_TABLE = "campaigns_forgottennumber"


def kept_elsewhere() -> dict[str, str]:
    """Name of each secret -> where this instance has it."""
    files = Path(settings.VAR_DIR) / "secrets"
    return {name: "the environment" if env_secret(name) else str(files / file) for name, (file, _loss) in SECRETS.items()}


def fingerprints() -> dict[str, Any]:
    """By which a restore tells whether it has the same secrets: slow salted hashes, from which no secret can be guessed."""
    salt = secrets.token_hex(16)
    return {"salt": salt, **{name: _fingerprint(_values(name)[0], salt) for name in SECRETS}}


def other_keys(manifest: Manifest) -> dict[str, str]:
    """The secrets that are not those of the backup -> what is lost by it."""
    salt = str(manifest.keys.get("salt", ""))
    return {
        name: loss
        for name, (_file, loss) in SECRETS.items()
        if name in manifest.keys and manifest.keys[name] not in [_fingerprint(value, salt) for value in _values(name)]
    }


def require_forgotten_key(manifest: Manifest) -> None:
    """BackupError where somebody asked to be forgotten and could not be recognised with the key of this instance."""
    if manifest.tables.get(FORGOTTEN_TABLE) and "FORGOTTEN_KEY" in other_keys(manifest):
        raise BackupError(
            f"FORGOTTEN_KEY is not the one of the backup, so {SECRETS['FORGOTTEN_KEY'][1]}. Nothing was changed: "
            f"put the key of the backup into {kept_elsewhere()['FORGOTTEN_KEY']}, or say --other-keys."
        )


def _values(name: str) -> list[str]:
    value = getattr(settings, name)
    return list(value) if isinstance(value, (list, tuple)) else [str(value)]


def _fingerprint(secret: str, salt: str) -> str:
    return hashlib.scrypt(secret.encode(), salt=salt.encode(), n=2**14, r=8, p=1, dklen=16).hex()
