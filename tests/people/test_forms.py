"""Forms of users."""

from people.forms import MySettingsForm, NewPasswordForm, UserForm
from people.roles import Role, role_of


def test_a_new_user_has_one_role_and_no_password(db):
    form = UserForm({"username": "deniz", "email": "", "language": "tr", "role": Role.MANAGER.group})
    assert form.is_valid(), form.errors
    user = form.save()
    assert role_of(user) is Role.MANAGER and not user.has_usable_password()


def test_no_language_means_that_of_the_browser(alice):
    assert MySettingsForm(instance=alice).fields["language"].choices[0] == ("", "Same as the browser")


def test_the_present_password_is_asked_for_where_there_is_one(alice):
    alice.set_unusable_password()
    assert "current" not in NewPasswordForm(alice).fields
    alice.set_password("a long enough one")
    form = NewPasswordForm(alice, {"current": "wrong", "new": "short"})
    assert set(form.errors) == {"current", "new"}
