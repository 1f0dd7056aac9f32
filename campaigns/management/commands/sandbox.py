"""`python manage.py sandbox`: a WhatTalk of our own, to try Rowcall without an account."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from campaigns.whattalk.sandbox.options import add_options
from campaigns.whattalk.sandbox.running import run


class Command(BaseCommand):
    help = "Runs a sandbox WhatTalk: the whole API over real HTTP, no account, no real call."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_options(parser)

    def handle(self, **options: Any) -> None:
        try:
            run(options, self._announce)
        except OSError as error:
            raise CommandError(
                _("The sandbox cannot listen on %(host)s:%(port)s (%(why)s). Choose another port with --port.")
                % {"host": options["host"], "port": options["port"], "why": error.strerror}
            ) from None
        except ValueError as error:
            raise CommandError(str(error)) from None

    def _announce(self, started: dict[str, str]) -> None:
        self.stdout.write(_("Sandbox WhatTalk listens at %(base_url)s") % started)
        self.stdout.write(_("API key: %(api_key)s") % started)
        self.stdout.write(_("Ledger: %(ledger)s") % started)
        sys.stdout.flush()
