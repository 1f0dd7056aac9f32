"""OLE2 files: the containers of `.xls`, of old Word and PowerPoint documents, and of whatever is locked by a password.

Only what stands at the top of the container says what the file is: documents inside a workbook have streams of their own, and a
cell may hold any text.
"""

import io
import re
import struct
from pathlib import Path
from types import SimpleNamespace

import olefile

from imports.pipeline.readers.table import UnreadableFile

# What olefile lets through when a file is cut short or scrambled.
DAMAGE = (OSError, LookupError, ValueError, TypeError, AttributeError, struct.error, RecursionError, OverflowError)
# Excel locks a workbook that has protected windows or is "read-only recommended" with this password, and opens it without asking.
KNOWN_TO_ALL = "VelvetSweatshop"
MOST_ROUNDS = 1_000_000  # of the hash that makes a key of a password; Office takes 100,000
ROUNDS = re.compile(rb'spinCount="(\d{1,10})"')


def streams_of(path: Path) -> set[str]:
    """The names at the top of the container, in small letters. Raises UnreadableFile where its directory is damaged."""
    try:
        with olefile.OleFileIO(str(path)) as container:
            return {entry[0].lower() for entry in container.listdir()}
    except DAMAGE:
        raise UnreadableFile("file_damaged") from None


def unlocked(path: Path) -> io.BytesIO:
    """What a file holds that opens without asking for its password. Raises UnreadableFile for any other locked file."""
    import msoffcrypto  # noqa: PLC0415  it brings the ciphers, which few files need
    from msoffcrypto.format import xls97  # noqa: PLC0415

    # It puts old workbooks together in a temporary file, and the process that reads may write none.
    setattr(xls97, "tempfile", SimpleNamespace(TemporaryFile=io.BytesIO))
    try:
        with path.open("rb") as file:
            _check_rounds(path)
            locked = msoffcrypto.OfficeFile(file)
            # Keys of old workbooks are always verified, and the library has no such argument for them.
            locked.load_key(password=KNOWN_TO_ALL, **({"verify_password": True} if locked.format == "ooxml" else {}))
            content = io.BytesIO()
            locked.decrypt(content)
    except MemoryError:
        raise UnreadableFile("file_too_complex") from None
    except Exception:  # a wrong key and damage show themselves in many ways, all of which leave the file locked
        raise UnreadableFile("file_is_protected") from None
    content.seek(0)
    return content


def _check_rounds(path: Path) -> None:
    """Raises UnreadableFile where making the key would take minutes."""
    with olefile.OleFileIO(str(path)) as container:
        found = (
            ROUNDS.search(container.openstream("EncryptionInfo").read(1 << 16)) if container.exists("EncryptionInfo") else None
        )
    if found and int(found[1]) > MOST_ROUNDS:
        raise UnreadableFile("file_is_protected")
