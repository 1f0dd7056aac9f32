"""`python manage.py welcome`: sign-in links for a new installation that `up` did not start."""

from django.core.management.base import BaseCommand

from config.launcher.first_run import sign_in_links


class Command(BaseCommand):
    help = "Make the first people of an empty instance, one a role and without passwords, and print a one-time link for each."

    def handle(self, **options: object) -> None:
        self.stdout.write("\n".join(sign_in_links()))
