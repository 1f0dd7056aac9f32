"""The first users of an empty instance, and their links."""

from pathlib import Path

from config.launcher.first_run import create_first_users, welcome
from config.launcher.programs import Instance
from people.models import User
from people.roles import role_of

ROOT = Path(__file__).resolve().parents[3]


class TestFirstPeople:
    def test_an_empty_instance_gets_one_a_role_without_a_password(self, db):
        create_first_users()
        people = User.objects.order_by("pk")
        assert [(person.username, role_of(person).name) for person in people] == [
            ("uploader", "UPLOADER"),
            ("manager", "MANAGER"),
            ("admin", "ADMIN"),
        ]
        assert not any(person.has_usable_password() for person in people)

    def test_an_instance_with_users_is_left_alone(self, alice):
        create_first_users()
        assert User.objects.get() == alice

    def test_nobody_who_was_locked_out_gets_a_link(self, db, tmp_path):
        create_first_users()
        User.objects.filter(username="manager").update(is_active=False)
        text = welcome(Instance(ROOT, tmp_path, "127.0.0.1", 8000), is_sandbox=True)
        assert text.count("token=") == 2 and "manager" not in text

    def test_once_somebody_has_a_password_a_start_prints_no_link(self, db, tmp_path):
        create_first_users()
        instance = Instance(ROOT, tmp_path, "127.0.0.1", 8000)
        assert welcome(instance, is_sandbox=True).count("token=") == 3
        admin = User.objects.get(username="admin")
        admin.set_password("correct horse battery")
        admin.save()
        text = welcome(instance, is_sandbox=True)
        assert "token=" not in text and "signin_link USERNAME" in text
        User.objects.filter(username="admin").update(is_active=False)
        assert welcome(instance, is_sandbox=True).count("token=") == 2
