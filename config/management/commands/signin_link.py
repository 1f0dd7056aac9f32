"""`python manage.py signin_link USERNAME`: a link for somebody who has no password, or forgot it."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people import audit
from people.models import User
from people.sign_in import one_time_link


class Command(BaseCommand):
    help = "Print a link that signs a person in once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **options: object) -> None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            names = ", ".join(User.objects.filter(is_active=True).order_by("username").values_list("username", flat=True)[:20])
            raise CommandError(f"There is nobody called {username!r} here. There are: {names or 'no people yet'}.")
        audit.record(None, "signin_link", f"user {username}")
        self.stdout.write(one_time_link(user))
