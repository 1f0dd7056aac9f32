"""Asking for a link by mail under which a new password is chosen: the same is done for an address that nobody has."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet

from background.database_clock import last
from people import mails
from people.models import PersonMail
from people.requests import network_of

WINDOW = timedelta(hours=1)
MOST_FOR_AN_ADDRESS = 3  # mails in WINDOW
MOST_FROM_A_CALLER = 20  # requests in WINDOW: behind one address there may be a whole office


class TooMany(Exception):
    """This caller has asked too often; nothing was done."""


def ask(address: str, ip: str) -> None:
    """Owe a mail to whoever has `address`. Beyond MOST_FOR_AN_ADDRESS nothing is owed, and nobody is told.

    Raises TooMany for an IP address ('': unknown) that has asked too often, whatever it asked for.
    """
    recent = PersonMail.objects.filter(kind=PersonMail.Kind.RESET, created_at__range=last(WINDOW))
    if _is_reached(recent.filter(ip=network_of(ip)), MOST_FROM_A_CALLER):
        raise TooMany
    key = _key(address)
    if not _is_reached(recent.filter(key=key), MOST_FOR_AN_ADDRESS):
        mails.owe(PersonMail.Kind.RESET, address=address, key=key, ip=network_of(ip) or "")


def _is_reached(mails_of_it: QuerySet[PersonMail], most: int) -> bool:
    return mails_of_it.count() >= most


def _key(address: str) -> str:
    secret = settings.SECRET_KEY.encode()[:32]
    return hashlib.blake2s(address.strip().lower().encode(), key=secret, digest_size=16).hexdigest()
