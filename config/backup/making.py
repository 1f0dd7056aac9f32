"""A backup: the database at one moment, and every file that its rows can name, in one archive. The instance goes on meanwhile.

The database is copied first. A file is on the disk before its row is committed, so each row of the copy has its file. One that
retention removes before it is read is left out, and its import says that it is gone; one that comes meanwhile is swept by the
instance that is restored.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from config.backup import archive, keys
from config.backup.databases import engine_here
from config.backup.errors import BackupError
from config.backup.manifest import Manifest, known_migrations, product_version
from config.backup.place import folder_beside, kept_files


@dataclass(frozen=True)
class Done:
    """What was kept or put back. `pausing`: imports that wait for a person because the backup does not know what was sent since."""

    archive: Path
    manifest: Manifest
    pausing: list[int] = field(default_factory=list)
    other_keys: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(self.manifest.tables.values())

    @property
    def bytes(self) -> int:
        return sum(fact.size for fact in self.manifest.files.values())


def make(path: Path) -> Done:
    """Keep this instance in a new file `path`, or in one named by the time where `path` is a folder. BackupError where that cannot be."""
    target = _target(path)
    engine, now = engine_here(), datetime.now(UTC)
    with folder_beside(target.parent) as folder:
        copy = folder / engine.member
        archive.require_room(folder, engine.size())
        tables, applied = engine.copy(copy)
        archive.require_room(folder, copy.stat().st_size + sum(_size(file) for file, _name in kept_files()))
        try:
            with archive.written(target) as writer:
                writer.add(copy, engine.member)
                for file, name in kept_files():
                    with suppress(FileNotFoundError):
                        writer.add(file, name)
                manifest = Manifest(
                    version=product_version(),
                    made_at=now.isoformat(timespec="seconds"),
                    engine=engine.name,
                    migrations=sorted(applied & known_migrations()),
                    tables=tables,
                    files=writer.files,
                    keys=keys.fingerprints(),
                )
                writer.finish(manifest, folder)
        except FileExistsError as error:
            raise _exists(target) from error
    return Done(target, manifest)


def _target(path: Path) -> Path:
    target = path.absolute()
    if target.is_dir():
        target /= f"rowcall-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar.gz"
    if target.exists():
        raise _exists(target)
    if not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent}. Make it first.")
    return target


def _exists(target: Path) -> BackupError:
    return BackupError(f"{target} exists already, and a backup replaces no file. Choose another name, or name a folder.")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
