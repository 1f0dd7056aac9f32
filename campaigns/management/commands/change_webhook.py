"""`python manage.py change_webhook [ACCOUNT]`: a new secret address for the post-call webhook."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.models import Account
from campaigns.webhook import OLD_ONE_COUNTS, change_secret, webhook_url
from people import audit


class Command(BaseCommand):
    help = "Give the post-call webhook of an account a new secret address, and print it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("account", nargs="?", type=int, help="number of the account (default: the default account)")
        parser.add_argument("--at-once", action="store_true", help="the address before is refused from now on")

    def handle(self, *, account: int | None, at_once: bool, **options: object) -> None:
        wanted = {"pk": account} if account is not None else {"is_default": True}
        one = Account.objects.filter(**wanted).first()
        if one is None:
            known = ", ".join(f"{number} ({name})" for number, name in Account.objects.order_by("pk").values_list("pk", "name"))
            raise CommandError(f"There is no such account. There are: {known or 'none yet'}.")
        change_secret(one, at_once=at_once)
        audit.record(None, "change_webhook", f"account {one.pk}", after={"old_one_ended": at_once})
        until = "is refused from now on" if at_once else f"is taken for {OLD_ONE_COUNTS.days} more days"
        self.stdout.write(f"{webhook_url(one)}\nEnter this address at WhatTalk. The one before {until}.")
