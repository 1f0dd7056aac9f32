"""What the commands `backup` and `restore` share."""

import json
from collections.abc import Callable, Iterable
from typing import NoReturn

from django.core.management.base import CommandError, CommandParser

from config.backup.errors import BackupError
from config.backup.making import Done
from config.backup.wording import facts
from imports.cli.command import TerminalCommand


class BackupCommand(TerminalCommand):
    """Prints sentences, or with `--json` one object: `ok`, and what was done or `error` and `code`."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")

    def finish(self, work: Callable[[], Done], lines: Callable[[Done], Iterable[str]], as_json: bool) -> None:
        try:
            done = work()
        except BackupError as error:
            self._fail(str(error), error.code, as_json)
        except OSError as error:
            self._fail(f"{error.filename or 'A file'} cannot be read or written: {error.strerror or error}.", 1, as_json)
        self.stdout.write(json.dumps(facts(done)) if as_json else "\n".join(lines(done)))

    def _fail(self, sentence: str, code: int, as_json: bool) -> NoReturn:
        if as_json:
            self.stdout.write(json.dumps({"ok": False, "error": sentence, "code": code}))
        raise CommandError(sentence, returncode=code)
