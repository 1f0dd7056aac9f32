"""What the first bytes of a file tell of it before the rest has come: only that it certainly cannot be read.

What they leave open is None. The whole file is judged by `file_kind` and its reader all the same.
"""

import io
import re

import olefile

from imports.pipeline.reasons import Reason

from .file_kind import OLE2, OLE2_STREAMS, ZIP, kind_of_bytes, kind_of_zip
from .ole2 import DAMAGE, KNOWN_TO_ALL, ROUNDS
from .table import UnreadableFile

MOST_BYTES = 48 * 1024  # of the beginning that are looked at; with its headers a request of them is a small one
MOST_ROUNDS = 100_000  # of the hash that makes a key of a password: what Office writes; more would hold up a page
# The name of an entry in its local header: signature, 22 bytes, two lengths, name.
ENTRY = re.compile(rb"PK\x03\x04.{22}(..)..", re.DOTALL)
NOT_BY_BEGINNING = {"file_damaged", "file_is_xml"}  # may be cut off only here


def refusal_of(head: bytes, is_whole: bool) -> Reason | None:
    """Why a file that begins with `head` cannot be read; None where it may be."""
    try:
        if head.startswith(ZIP):
            return _of_zip(head, is_whole)
        if head.startswith(OLE2):
            return _of_ole2(head)
        kind_of_bytes(head)
    except UnreadableFile as error:
        return error.reason if is_whole or error.reason.code not in NOT_BY_BEGINNING else None
    return None


def _of_zip(head: bytes, is_whole: bool) -> Reason | None:
    if is_whole:
        kind_of_zip(io.BytesIO(head))
        return None
    names = [head[one.end() : one.end() + int.from_bytes(one[1], "little")].lower() for one in ENTRY.finditer(head)]
    if any(name.startswith(b"xl/") for name in names):
        return None
    for folder, program in ((b"word/", "Word"), (b"ppt/", "PowerPoint")):
        if any(name.startswith(folder) for name in names):
            return Reason("file_is_document", {"found": program})
    return Reason("file_is_numbers", {}) if any(name.endswith(b".iwa") for name in names) else None


def _of_ole2(head: bytes) -> Reason | None:
    """A document, or a workbook that does not open without its password. Its directory may stand behind these bytes."""
    try:
        with olefile.OleFileIO(io.BytesIO(head)) as container:
            streams = {entry[0].lower() for entry in container.listdir()}
    except DAMAGE:
        return None
    if streams & {"workbook", "book", "encryptedpackage"}:
        return Reason("file_is_protected", {}) if _is_locked(head) else None
    found = (name for start, name in OLE2_STREAMS.items() if any(stream.startswith(start) for stream in streams))
    document = next(found, None)
    return Reason("file_is_document", {"found": document}) if document else None


def _is_locked(head: bytes) -> bool:
    """Whether the key that opens a file without asking is certainly not its key."""
    import msoffcrypto  # noqa: PLC0415  it brings the ciphers, which few files need
    from msoffcrypto.exceptions import InvalidKeyError  # noqa: PLC0415

    rounds = ROUNDS.search(head)
    if rounds and int(rounds[1]) > MOST_ROUNDS:
        return False
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(head))
        if office.is_encrypted():
            office.load_key(password=KNOWN_TO_ALL, **({"verify_password": True} if office.format == "ooxml" else {}))
    except InvalidKeyError:
        return True
    except Exception:  # what is cut off shows itself in many ways, none of which says that the file is locked
        return False
    return False
