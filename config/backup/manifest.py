"""What an archive says of itself: the version that made it, the rows of every table, and size and SHA-256 of every file."""

import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from config.backup.errors import UNFIT, BackupError

FORMAT = 1
DAMAGED = "The archive is damaged: {}. Nothing was changed; take another one."


@dataclass(frozen=True)
class FileFact:
    """Size in bytes and SHA-256 of one file."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`files` has the members of the archive by name, the database among them; `tables` the rows of each table."""

    version: str
    made_at: str
    engine: str  # sqlite or postgresql
    migrations: list[str]  # applied, as app.name
    tables: dict[str, int]
    files: dict[str, FileFact]
    keys: dict[str, Any] = field(default_factory=dict)  # fingerprints: config.backup.keys
    format: int = FORMAT

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """BackupError where `text` is no manifest, or one of a newer version."""
        try:
            data = json.loads(text)
            if int(data["format"]) > FORMAT:
                raise newer(str(data.get("version", "?")))
            files = {name: FileFact(int(fact["size"]), str(fact["sha256"])) for name, fact in data["files"].items()}
            return cls(**{**data, "files": files, "tables": {name: int(rows) for name, rows in data["tables"].items()}})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupError(DAMAGED.format("its manifest cannot be read"), UNFIT) from error


def product_version() -> str:
    """The version of this code, as `pyproject.toml` has it."""
    with open(settings.BASE_DIR / "pyproject.toml", "rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def known_migrations() -> set[str]:
    """Every migration that this code has, or has squashed, as app.name."""
    loader = MigrationLoader(None)
    replaced = {name for migration in loader.disk_migrations.values() for name in migration.replaces}
    return {f"{app}.{name}" for app, name in {*loader.disk_migrations, *replaced}}


def require_not_newer(manifest: Manifest) -> None:
    """BackupError where a newer version made the archive; an older one is migrated."""
    ours, theirs = _numbers(product_version()), _numbers(manifest.version)
    if theirs > ours or theirs == ours and _unknown(manifest.migrations):
        raise newer(manifest.version)


def newer(version: str) -> BackupError:
    return BackupError(
        f"A newer version of Rowcall ({version}) made this archive; this one is {product_version()}. "
        "Nothing was changed; restore with that version.",
        UNFIT,
    )


def _unknown(migrations: Iterable[str]) -> set[str]:
    return {*migrations} - known_migrations()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version.partition("+")[0])[:3])
