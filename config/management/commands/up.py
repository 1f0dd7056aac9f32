"""`python manage.py up`: everything Rowcall needs, on this machine, in one terminal."""

import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.accounts import account_from_environment
from campaigns.gateway import RemoteProblem
from campaigns.sync import sync_account
from config.launcher.collect_static import collect_static_when_changed
from config.launcher.first_run import welcome
from config.launcher.instance_lock import AlreadyRunning, only_instance
from config.launcher.ports import problem_with
from config.launcher.programs import Instance, programs
from config.launcher.supervisor import CannotStart, Log, Program, Supervisor
from config.private_files import make_private


class Command(BaseCommand):
    help = (
        "Start broker, sandbox WhatTalk, web server, worker and scheduler, and stop them again on Ctrl-C. "
        "BROKER_URL, DATABASE_URL, EMAIL_URL and WHATTALK_BASE_URL name others instead of the built-in ones."
    )
    requires_system_checks = []  # `migrate` makes them; twice would only be slower

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="of the web server (default: 8000)")
        parser.add_argument("--host", default="127.0.0.1", help="address to serve on (default: this machine only)")

    def handle(self, *, host: str, port: int, **options: object) -> None:
        instance = Instance(settings.BASE_DIR, settings.VAR_DIR, host, port)
        settings.SITE_URL = instance.site_url
        try:
            with only_instance(instance.var / "up.lock", instance.site_url, self.stdout.write) as lock:
                self._run(instance, lock)
        except (AlreadyRunning, CannotStart) as error:
            raise CommandError(str(error)) from error

    def _run(self, instance: Instance, lock: int) -> None:
        if problem := problem_with(instance.host, instance.port):
            raise CommandError(problem)
        make_private(instance.var)
        call_command("migrate", interactive=False, verbosity=0)
        collect_static_when_changed()
        chosen = programs(instance)
        log = Log(sys.stdout, [program.name for program in chosen])
        Supervisor(chosen, log, lock).run(lambda: self._open(instance, chosen, log))
        log.write("rowcall", "Everything has stopped.")

    def _open(self, instance: Instance, chosen: list[Program], log: Log) -> None:
        """Set up the account and read its campaigns before the address is shown."""
        sandbox = next((program for program in chosen if program.name == "sandbox"), None)
        if sandbox:
            settings.WHATTALK_BASE_URL = sandbox.environment["WHATTALK_BASE_URL"]
            settings.WHATTALK_API_KEY = sandbox.environment["WHATTALK_API_KEY"]
        account = account_from_environment()
        try:
            if account:
                sync_account(account)
        except RemoteProblem as problem:
            log.write("rowcall", f"WhatTalk's campaigns could not be read yet ({problem}); they will be, in the background.")
        log.plain(welcome(instance, is_sandbox=bool(sandbox)))
