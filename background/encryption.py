"""Secrets in the database: encrypted with the first of ENCRYPTION_KEYS, decrypted with any of them."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """Encrypted with a key that is none of ours."""


def encrypted(secret: bytes) -> bytes:
    return _cipher().encrypt(secret)


def decrypted(data: bytes) -> bytes:
    """Raises Unreadable."""
    try:
        return _cipher().decrypt(data)
    except InvalidToken:
        raise Unreadable from None


def encrypted_anew(data: bytes) -> bytes:
    """The same secret under the first of ENCRYPTION_KEYS. Raises Unreadable."""
    return encrypted(decrypted(data))


def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])
