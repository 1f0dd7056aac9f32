"""`python manage.py welcome`: the way into a new installation that `up` did not start."""

from django.core.management.base import BaseCommand

from config.launcher.first_run import ways_in


class Command(BaseCommand):
    help = "Make the first people of an empty house, one a role and without passwords, and print a one-time link for each."

    def handle(self, **options) -> None:
        self.stdout.write("\n".join(ways_in()))
