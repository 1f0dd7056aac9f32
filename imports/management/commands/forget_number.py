"""`python manage.py forget_number NUMBER`: somebody has asked to be forgotten."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.accounts import account_from_environment
from imports.do_not_call import terminal
from imports.intake.object_store import ObjectStoreError
from imports.pipeline.phones.normalise import PhoneFormat, normalise
from imports.retention import retention

UNSETTLED = 3


class Command(BaseCommand):
    help = (
        "Empty every row and lead that holds a phone number, remove the files of their imports, and delete what WhatTalk would still call. "
        "The sums stay right, and the number is never sent again. Exit code 3: WhatTalk could not be asked yet; a running instance goes on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="with its country (+90 532 …), or as it is dialled at home")

    def handle(self, *, number: str, **options: Any) -> None:
        phone = normalise(number, PhoneFormat("national", settings.DEFAULT_REGION))
        if not phone.e164:
            raise CommandError(f"{number!r} is not a phone number. Write it with its country: +90 532 123 45 67.")
        account_from_environment()
        try:
            self._print(retention.forget(phone.e164))
        except retention.StillToBeSent as waiting:
            names = ", ".join(map(str, waiting.imports))
            raise CommandError(
                f"Rows with this number wait to be sent in import {names}. Cancel that first; nothing was changed."
            ) from waiting
        except ObjectStoreError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        terminal.settle_now([phone.e164])
        if terminal.waits([phone.e164]):
            raise CommandError(
                "WhatTalk could not be asked yet to delete what it would still call. A running instance goes on with it.",
                returncode=UNSETTLED,
            )

    def _print(self, done: retention.Forgotten) -> None:
        where = f" of import {', '.join(map(str, done.imports))}" if done.imports else ""
        self.stdout.write(f"Rows emptied: {done.rows}{where}.")
        for campaign, lead in done.leads:
            self.stdout.write(
                f"WhatTalk keeps lead {lead} in campaign {campaign}, which has ended: delete it there if it must go too."
            )
