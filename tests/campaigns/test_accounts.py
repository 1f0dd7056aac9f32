"""WhatTalk keys in the database: opened by any of our secrets, sealed by the first."""

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from campaigns.accounts import key_of
from campaigns.models import Account
from tests.builders import an_account

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
KEY = "12|a-key-of-whattalk"


@pytest.fixture
def sealed_with_the_old_one(db, settings) -> Account:
    settings.ENCRYPTION_KEYS = [OLD]
    return an_account(key=KEY)


def test_a_new_secret_takes_over_and_the_old_one_can_go(sealed_with_the_old_one, settings):
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    call_command("reencrypt_keys")
    settings.ENCRYPTION_KEYS = [NEW]
    assert key_of(Account.objects.get()) == KEY


def test_a_key_that_no_secret_opens_is_named_and_nothing_is_changed(sealed_with_the_old_one, settings):
    settings.ENCRYPTION_KEYS = [NEW]
    with pytest.raises(CommandError, match="account 'Test'"):
        call_command("reencrypt_keys")
    settings.ENCRYPTION_KEYS = [OLD]
    assert key_of(Account.objects.get()) == KEY
