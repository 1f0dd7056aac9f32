"""`python manage.py reset_second_factor USERNAME`: for an only admin who has lost the phone and the recovery codes."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people import second_factor
from people.models import User


class Command(BaseCommand):
    help = "Remove a person's second factor: the password or a link alone signs them in, until they set up another one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **options: object) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is nobody called {username!r} here.")
        second_factor.remove(user, None)
        self.stdout.write(f"{username} has no second factor any more.")
