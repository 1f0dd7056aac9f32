"""Accounts: the default one, the one of the environment, and their keys, which are stored encrypted."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from background.encryption import Unreadable, decrypted, encrypted, encrypted_anew
from campaigns.models import Account


def default_account() -> Account | None:
    """The account that imports go to unless another is chosen."""
    return Account.objects.filter(is_default=True).first()


def set_key(account: Account, key: str) -> None:
    """Put a new key into `account` (not saved)."""
    account.encrypted_key = encrypted(key.encode())
    account.key_ending = key[-4:] if len(key) >= 12 else ""
    account.problem = account.stopped_by = ""


def key_of(account: Account) -> str:
    """The key in plain text; ImproperlyConfigured where it was encrypted with a key that is not ours."""
    if not account.encrypted_key:
        return ""
    try:
        return decrypted(bytes(account.encrypted_key)).decode()
    except Unreadable:
        raise ImproperlyConfigured(
            f"The key of the account {account.name!r} was encrypted with another ENCRYPTION_KEYS. "
            "Restore that secret, or enter the WhatTalk key again."
        ) from None


def reencrypt_all() -> int:
    """Encrypt every key with the first of ENCRYPTION_KEYS, so that the others can be dropped; how many there were."""
    accounts = list(Account.objects.exclude(encrypted_key=b""))
    for account in accounts:
        key_of(account)  # raises for one that cannot be decrypted, before anything is changed
    for account in accounts:
        account.encrypted_key = encrypted_anew(bytes(account.encrypted_key))
        account.save(update_fields=["encrypted_key"])
    return len(accounts)


def account_from_environment() -> Account | None:
    """The default account as WHATTALK_BASE_URL and WHATTALK_API_KEY describe it, made or brought up to date.

    Without these variables: the default account as it is. An address given this way is trusted, since the operator sets it.
    """
    if not (settings.WHATTALK_BASE_URL and settings.WHATTALK_API_KEY):
        return default_account()
    base_url = settings.WHATTALK_BASE_URL.rstrip("/")
    account = Account.objects.filter(from_environment=True, base_url=base_url).first()
    if account and account.is_default and account.encrypted_key and key_of(account) == settings.WHATTALK_API_KEY:
        return account
    Account.objects.filter(is_default=True).update(is_default=False)
    account = account or Account(name=base_url.split("//")[1].split("/")[0], base_url=base_url, from_environment=True)
    account.is_default = True
    set_key(account, settings.WHATTALK_API_KEY)
    account.save()
    return account
