"""Secrets in the database are read with any of our keys, and written with the first."""

import pytest
from cryptography.fernet import Fernet

from background.encryption import Unreadable, decrypted, encrypted, encrypted_anew

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_the_first_key_encrypts_and_every_key_decrypts(settings):
    settings.ENCRYPTION_KEYS = [OLD]
    sealed = encrypted(b"secret")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert decrypted(sealed) == b"secret"
    anew = encrypted_anew(sealed)
    settings.ENCRYPTION_KEYS = [NEW]
    assert decrypted(anew) == b"secret"
    with pytest.raises(Unreadable):
        decrypted(sealed)
