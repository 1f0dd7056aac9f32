"""Where files lie once they are whole: in folders of this machine, or, with FILES_URL, in a bucket that every host reaches.

A file is named by the path that it has, or would have, on this machine; in the bucket it is `uploads/…` or `reports/…`. What is in
the bucket is on this machine only while it is read or written. Errors of the service are ObjectStoreError: never a missing file.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.storage import storages

from imports.errors import WorkflowError


class ObjectStoreError(WorkflowError):
    """The service that keeps files does not answer, or refuses."""

    def __init__(self) -> None:
        super().__init__("files_away")


def is_remote() -> bool:
    return "files" in settings.STORAGES


def settle(path: Path) -> None:
    """A file that is whole goes where files are kept, durably. The local one stays behind after an error, for the caller to remove."""
    if is_remote():
        with _errors():
            _bucket().upload_file(str(path), _name(path))
        path.unlink()


def exists(path: Path) -> bool:
    if not is_remote():
        return path.exists()
    with _errors():
        return bool(storages["files"].exists(_name(path)))


@contextmanager
def readable(path: Path) -> Iterator[Path]:
    """The file on this machine while the block runs. Where there is none, the path names nothing."""
    if not is_remote():
        yield path
        return
    copy = Path(settings.FILE_UPLOAD_TEMP_DIR) / f"{path.name}.{secrets.token_hex(4)}"
    try:
        if exists(path):
            with open(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                _download(path, file)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def opened(path: Path) -> BinaryIO:
    """The file, open for reading; FileNotFoundError where there is none."""
    if not is_remote():
        return open(path, "rb")
    if not exists(path):
        raise FileNotFoundError(path.name)
    file = cast(BinaryIO, tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR))
    try:
        _download(path, file)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def require_reachable() -> None:
    """ObjectStoreError where files could be neither read nor removed now."""
    exists(Path(settings.UPLOAD_DIR) / "reachable")


def remove(path: Path) -> None:
    """Also where there is none."""
    path.unlink(missing_ok=True)
    if is_remote():
        with _errors():
            _bucket().Object(_name(path)).delete()


def remove_folder(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    if is_remote():
        _delete(_name(path) + "/")


def remove_others(path: Path, pattern: str) -> None:
    """What lies beside `path` under a name like `pattern`, but for itself."""
    folder = path.parent
    listed = [one for one, _written in _in_bucket(folder)] if is_remote() else list(folder.iterdir())
    for other in listed:
        if other.match(pattern) and other != path:
            remove(other)


def written_before(folder: Path, moment: datetime) -> list[Path]:
    """What was last written before `moment`, of the files right in `folder`."""
    listed = _in_bucket(folder) if is_remote() else with_times(folder.iterdir())
    return [path for path, written in listed if written < moment.timestamp()]


def sweep_leftovers(moment: datetime) -> None:
    """Remove what a crash has left on this machine before `moment`, where files are kept elsewhere."""
    if is_remote():
        folders = (settings.UPLOAD_DIR, settings.REPORT_DIR, settings.FILE_UPLOAD_TEMP_DIR)
        left = [path for folder in folders for path in Path(folder).rglob("*") if path.is_file()]
        for path, written in with_times(left):
            if written < moment.timestamp():
                path.unlink(missing_ok=True)


def with_times(paths: Iterable[Path]) -> Iterator[tuple[Path, float]]:
    """With the moment at which each was last written; without those that their own process has removed since they were listed."""
    for path in paths:
        with suppress(FileNotFoundError):
            yield path, path.stat().st_mtime


def _in_bucket(folder: Path) -> Iterator[tuple[Path, float]]:
    with _errors():
        for one in _bucket().objects.filter(Prefix=_name(folder) + "/"):
            yield folder / one.key.rpartition("/")[2], one.last_modified.timestamp()


def _delete(prefix: str) -> None:
    with _errors():
        _bucket().objects.filter(Prefix=prefix).delete()


def _download(path: Path, file: BinaryIO) -> None:
    with _errors():
        _bucket().Object(_name(path)).download_fileobj(file)


def _bucket() -> Any:
    return getattr(storages["files"], "bucket")  # noqa: B009  a name of django-storages, which has no types


def _name(path: Path) -> str:
    for prefix, folder in (("uploads", Path(settings.UPLOAD_DIR)), ("reports", Path(settings.REPORT_DIR))):
        if path == folder or path.is_relative_to(folder):
            return f"{prefix}/{path.relative_to(folder).as_posix()}".removesuffix("/.")
    raise ValueError(path)


@contextmanager
def _errors() -> Iterator[None]:
    from boto3.exceptions import Boto3Error  # noqa: PLC0415  half a second, and only where files are kept so
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise ObjectStoreError from error
