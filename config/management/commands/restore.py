"""`python manage.py restore PATH`: what a backup holds, into the place of a stopped instance."""

from pathlib import Path

from django.core.management.base import CommandParser

from config.backup.restoring import restore
from config.backup.terminal import BackupCommand
from config.backup.wording import restore_lines


class Command(BackupCommand):
    help = (
        "Put database, uploaded files and reports back, prove every row count and hash, and migrate an older database. "
        "Exit codes: 0 done; 1 it could not be done, or not to its end (the message says what was changed); nothing was changed: "
        "2 wrong options, 3 an instance runs, 4 the place is not empty, 5 the archive is damaged or of a newer version."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", type=Path, help="an archive that `backup` has made")
        parser.add_argument("--replace", action="store_true", help="also where there is data: it is replaced")
        parser.add_argument("--other-keys", action="store_true", help="also where FORGOTTEN_KEY is not the one of the backup")

    def handle(self, *, path: Path, replace: bool, other_keys: bool, as_json: bool, **options: object) -> None:
        self.finish(lambda: restore(path, replace, other_keys, self.stderr.write), restore_lines, as_json)
