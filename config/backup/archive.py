"""The archive: one compressed tar file, written and read as a stream; its manifest is its last member.

Whoever made the file is not trusted: names are compared with the few that an archive may have, members are files and nothing else,
and nothing is used before the manifest has proven every byte.
"""

import gzip
import hashlib
import os
import re
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from django.conf import settings

from config.backup.errors import UNFIT, BackupError
from config.backup.manifest import DAMAGED, FileFact, Manifest
from imports.intake.storage import private_file, sync_folder

MANIFEST = "manifest.json"
LARGEST_MANIFEST = 256 * 1024 * 1024
NAME = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}"
MEMBER = re.compile(rf"database\.(sqlite3|dump)|uploads/{NAME}|reports/{NAME}/{NAME}")
CHUNK = 1024 * 1024
UNREADABLE = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, UnicodeDecodeError)


class Writer:
    """Adds files to an archive, and knows what it has added."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.files: dict[str, FileFact] = {}

    def add(self, path: Path, name: str) -> None:
        """FileNotFoundError for a file that has been removed meanwhile; then the archive is as before."""
        with open(path, "rb") as file:
            facts = os.fstat(file.fileno())
            reader = _Hashing(file)
            self._tar.addfile(_member(name, facts.st_size, facts.st_mtime), reader)
        self.files[name] = FileFact(facts.st_size, reader.sha256)

    def finish(self, manifest: Manifest, folder: Path) -> None:
        """Add the manifest, by way of a file in `folder`."""
        text = manifest.to_json()
        draft = folder / MANIFEST
        with private_file(draft) as file:
            file.write(text)
        with open(draft, "rb") as written:
            self._tar.addfile(_member(MANIFEST, len(text), 0), written)


class _Hashing:
    """A file that is read once, and hashed on the way."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._digest.update(data)
        return data

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def _member(name: str, size: int, mtime: float) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, int(mtime), 0o600
    return member


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """A new archive at `path` (mode 0600), there at once and durably when the block ends, or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with private_file(draft) as file:
            with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=1, mtime=0) as packed:
                with tarfile.open(fileobj=packed, mode="w|") as tar:
                    yield Writer(tar)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # unlike a rename, it never replaces a file that somebody else has written there
        sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def unpack(path: Path, folder: Path) -> Manifest:
    """Every file of the archive into `folder`, proven by its manifest. BackupError for an archive that is damaged or that no
    backup makes; what lies in `folder` then is of no use."""
    try:
        with gzip.open(path, "rb") as packed:
            text, found = _unpack_stream(packed, folder)
            while packed.read(CHUNK):  # to the end, where the checksum of the whole stands
                pass
    except UNREADABLE as error:
        raise BackupError(DAMAGED.format("it ends early or its bytes have changed"), UNFIT) from error
    manifest = Manifest.from_json(text)
    if manifest.files != found:
        wrong = min(name for name, _fact in {*manifest.files.items()} ^ {*found.items()})
        raise BackupError(DAMAGED.format(f"{wrong} is not what its manifest says"), UNFIT)
    return manifest


def _unpack_stream(packed: gzip.GzipFile, folder: Path) -> tuple[bytes, dict[str, FileFact]]:
    """The text of the manifest, and what the other members are."""
    found: dict[str, FileFact] = {}
    with tarfile.open(fileobj=packed, mode="r|") as tar:
        for member in tar:
            source = tar.extractfile(member) if member.isreg() else None
            if source is None or member.issparse():
                raise BackupError(DAMAGED.format("it holds something that is not a file"), UNFIT)
            if member.name == MANIFEST:
                return _text_of_manifest(member, source.read(LARGEST_MANIFEST)), found
            if member.name in found or not MEMBER.fullmatch(member.name):
                raise BackupError(DAMAGED.format("it holds a file that no backup makes"), UNFIT)
            found[member.name] = _unpack_file(source, member, folder)
    raise BackupError(DAMAGED.format("it has no manifest at its end"), UNFIT)


def _text_of_manifest(member: tarfile.TarInfo, text: bytes) -> bytes:
    if len(text) != member.size:
        raise BackupError(DAMAGED.format("its manifest is not whole"), UNFIT)
    return text


def _unpack_file(source: IO[bytes], member: tarfile.TarInfo, folder: Path) -> FileFact:
    require_room(folder, member.size)
    path = folder / member.name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with private_file(path) as file:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    os.utime(path, (member.mtime, member.mtime))  # by its age an upload that nobody owns is told from one under way
    return FileFact(size, digest.hexdigest())


def require_room(folder: Path, size: int) -> None:
    """BackupError where `size` bytes more in `folder` would leave less free than DISK_FLOOR_MB."""
    free = shutil.disk_usage(folder).free
    if free - size < settings.DISK_FLOOR_BYTES:
        raise BackupError(
            f"{size // CHUNK + 1} MB are needed in {folder}, where {free // CHUNK} MB are free; "
            "DISK_FLOOR_MB of them stay free. Nothing was changed."
        )
