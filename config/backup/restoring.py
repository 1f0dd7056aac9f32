"""A restore: nothing is touched before the whole archive has been proven, and what was there is put back when a step fails."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from config.backup import archive, databases, keys, place
from config.backup.errors import BackupError
from config.backup.making import Done
from config.backup.manifest import Manifest, require_not_newer
from imports.intake import object_store
from imports.workflow.restored import pause_where_calls_could_double


def restore(path: Path, replace: bool, take_other_keys: bool, tell: Callable[[str], object]) -> Done:
    """Put what the archive holds into the place of this instance, which is stopped and, without `replace`, empty. `tell` is given
    sentences on the way. BackupError where that cannot be: nothing is changed, unless its text says that the database is restored."""
    if not path.is_file():
        raise BackupError(f"There is no file {path}.")
    with place.stopped(tell):
        if not replace:
            place.require_empty()
        with place.folder_beside(Path(settings.VAR_DIR)) as folder:
            manifest = archive.unpack(path, folder)
            _require_fit(manifest, take_other_keys)
            _replace(manifest, folder)
        call_command("migrate", interactive=False, verbosity=0)
        paused = pause_where_calls_could_double()
        _settle_files()  # last: whatever the bucket answers, the database that stands here now may call nobody twice
        return Done(path, manifest, paused, keys.other_keys(manifest))


def _require_fit(manifest: Manifest, take_other_keys: bool) -> None:
    require_not_newer(manifest)
    databases.require_engine(manifest.engine)
    _require_bucket()
    if not take_other_keys:
        keys.require_forgotten_key(manifest)


def _require_bucket() -> None:
    try:
        object_store.require_reachable()
    except object_store.ObjectStoreError as error:
        raise BackupError("The service of FILES_URL does not answer. Nothing was changed.") from error


def _replace(manifest: Manifest, folder: Path) -> None:
    """The database comes last: it is the step that is whole or not at all."""
    engine = databases.require_engine(manifest.engine)
    with place.files_replaced(folder, folder / "aside"):
        _prove_files(manifest)
        engine.load(folder / engine.member, manifest.tables)


def _prove_files(manifest: Manifest) -> None:
    """BackupError unless the folders of this instance hold the files of the manifest, byte for byte, and no others."""
    expected = {name: fact.sha256 for name, fact in manifest.files.items() if "/" in name}
    found = {}
    for path, name in place.kept_files():
        with open(path, "rb") as file:
            found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        wrong = min(name for name, _hash in {*found.items()} ^ {*expected.items()})
        raise BackupError(f"{wrong} could not be written as it is in the archive. Nothing was changed; look at the disk.")


def _settle_files() -> None:
    """Where files are kept in a bucket, those of the archive go there."""
    try:
        for path, _name in [*place.kept_files()] if object_store.is_remote() else ():
            object_store.settle(path)
    except object_store.ObjectStoreError as error:
        raise BackupError(
            "The database is restored, and imports that could call somebody twice are paused; files could not be taken to the "
            f"bucket of FILES_URL. Copy {settings.UPLOAD_DIR} and {settings.REPORT_DIR} there, or restore again with --replace."
        ) from error
