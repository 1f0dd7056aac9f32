"""`python manage.py reencrypt_keys`: after a new secret was put first in ENCRYPTION_KEYS."""

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from background.encryption import Unreadable
from campaigns.accounts import reencrypt_all
from people import second_factor


class Command(BaseCommand):
    help = "Encrypt every WhatTalk key and every second factor with the first of ENCRYPTION_KEYS; the other ones can then be dropped."

    def handle(self, **options: object) -> None:
        try:
            with transaction.atomic():
                n = reencrypt_all() + second_factor.encrypt_all_anew()
        except ImproperlyConfigured as problem:
            raise CommandError(str(problem)) from problem
        except Unreadable as problem:
            raise CommandError(
                "A second factor was encrypted with another ENCRYPTION_KEYS. Restore that secret, or take it away: manage.py reset_second_factor USERNAME"
            ) from problem
        self.stdout.write(f"Keys encrypted anew: {n}. Only the first of ENCRYPTION_KEYS is needed now.")
