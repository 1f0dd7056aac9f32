"""`python manage.py forget_number NUMBER`: somebody has asked to be forgotten."""
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from imports import keeping
from imports.pipeline.phones import PhoneFormat, normalise


class Command(BaseCommand):
    help = "Empty every row that holds a phone number, and remove the files of their imports. The sums stay right."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="with its country (+90 532 …), or as it is dialled at home")

    def handle(self, *, number: str, **options) -> None:
        found = normalise(number, PhoneFormat("national", settings.DEFAULT_REGION))
        if not found.e164:
            raise CommandError(f"{number!r} is not a phone number. Write it with its country: +90 532 123 45 67.")
        try:
            self._tell(keeping.forget(found.e164))
        except keeping.StillToBeSent as waiting:
            names = ", ".join(map(str, waiting.imports))
            raise CommandError(f"Rows with this number wait to be sent in import {names}. Cancel that first; nothing was changed.") from waiting

    def _tell(self, done: keeping.Forgotten) -> None:
        where = f" of import {', '.join(map(str, done.imports))}" if done.imports else ""
        self.stdout.write(f"Rows emptied: {done.rows}{where}.")
        for campaign, lead in done.leads:
            self.stdout.write(f"WhatTalk still has lead {lead} in campaign {campaign}: delete it there, and it goes from here too.")
