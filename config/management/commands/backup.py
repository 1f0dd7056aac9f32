"""`python manage.py backup PATH`: the database and the files in one archive, while the instance goes on."""

from pathlib import Path

from django.core.management.base import CommandParser

from config.backup.making import make
from config.backup.terminal import BackupCommand
from config.backup.wording import backup_lines


class Command(BackupCommand):
    help = (
        "Keep database, uploaded files and reports in one new archive. The keys are not in it, and the output says where they are. "
        "Exit codes: 0 done, 1 it could not be made, 2 wrong options."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", type=Path, help="a file that does not exist yet, or a folder")

    def handle(self, *, path: Path, as_json: bool, **options: object) -> None:
        self.finish(lambda: make(path), backup_lines, as_json)
