"""`python manage.py reencrypt_keys`: after a new secret was put first in ENCRYPTION_KEYS."""

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from campaigns.accounts import reencrypt_all


class Command(BaseCommand):
    help = "Encrypt every WhatTalk key with the first of ENCRYPTION_KEYS; the other ones can then be dropped."

    def handle(self, **options: object) -> None:
        try:
            n = reencrypt_all()
        except ImproperlyConfigured as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"Keys encrypted anew: {n}. Only the first of ENCRYPTION_KEYS is needed now.")
