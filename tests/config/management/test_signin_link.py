"""`manage.py signin_link` and `manage.py welcome`."""

import pytest
from django.core.management import CommandError, call_command

from config.management.commands import signin_link, welcome
from people.models import AuditEntry, User


def test_a_link_is_printed_and_recorded(alice, capsys):
    call_command(signin_link.Command(), "alice")
    assert "token=" in capsys.readouterr().out
    assert AuditEntry.objects.get().action == "signin_link"


def test_a_name_that_nobody_has_is_answered_with_those_there_are(alice):
    with pytest.raises(CommandError, match="There are: alice"):
        call_command(signin_link.Command(), "alise")


def test_an_empty_instance_gets_a_user_and_a_link_a_role(db, capsys):
    call_command(welcome.Command())
    assert capsys.readouterr().out.count("token=") == User.objects.count() == 3
