"""Forms of signing in, of one's own settings and of the users that an admin keeps."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from people.models import User
from people.roles import Role, role_of

ROLE_CHOICES = [
    (Role.UPLOADER.group, _("Uploader: imports spreadsheets, sees own imports")),
    (Role.MANAGER.group, _("Manager: everyone's imports, creates, starts and stops campaigns")),
    (Role.ADMIN.group, _("Admin: all of that, people, accounts and monitoring")),
]


if TYPE_CHECKING:
    UserModelForm = forms.ModelForm[User]
else:
    UserModelForm = forms.ModelForm


def _name_the_blank(form: UserModelForm) -> None:
    """No language chosen means that of the browser, and the list says so."""
    language = cast(forms.ChoiceField, form.fields["language"])
    language.choices = [("", _("Same as the browser")), *settings.LANGUAGES]


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=400,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """A code of the second factor, or a recovery code in its place."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}),
    )


class SecondFactorRuleForm(forms.Form):
    """From whom a second factor is required."""

    CHOICES = [("", _("nobody")), ("admins", _("admins")), ("managers", _("managers and admins"))]

    required_for = forms.ChoiceField(label=_("Required for"), required=False, choices=CHOICES)


class MySettingsForm(UserModelForm):
    """Name, address and language. Links for a new password go to the address: changing it wants the present password."""

    current = forms.CharField(
        label=_("Current password"),
        required=False,
        strip=False,
        max_length=400,
        help_text=_("Only to change the e-mail address."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "language", "weekly_results"]
        help_texts = {"email": _("The results of your imports are mailed to this address.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_the_blank(self)
        if not self.instance.has_usable_password():
            del self.fields["current"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "current" in self.fields and "email" in self.changed_data and not self.instance.check_password(cleaned.get("current")):
            self.add_error("current", _("To change the e-mail address, enter your current password."))
        return cleaned


class ForgottenPasswordForm(forms.Form):
    address = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
    )


class ChosenPasswordForm(forms.Form):
    """A new password of `user`."""

    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=400,
        help_text=_("At least 10 characters. Three or four random words are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        password_validation.validate_password(new, self.user)
        return new


class NewPasswordForm(ChosenPasswordForm):
    """A new password; the present one is asked for where there is one."""

    current = forms.CharField(
        label=_("Current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["current", "new"]

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        if not user.has_usable_password():
            del self.fields["current"]

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if not self.user.check_password(current):
            raise forms.ValidationError(_("This is not your current password."))
        return current


class UserForm(UserModelForm):
    """A user as an admin sees them."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES, widget=forms.RadioSelect)

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "language"]
        labels = {"username": _("User name")}
        help_texts = {
            "username": _("What they type to sign in."),
            "email": _("The results of imports are mailed to this address."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_the_blank(self)
        self.fields["role"].initial = role_of(self.instance).group if self.instance.pk else Role.UPLOADER.group

    def save(self, commit: bool = True) -> User:
        """The user, saved (whatever `commit` says) and with exactly one role group."""
        user = super().save(commit=False)
        if not user.pk:
            user.set_unusable_password()
        user.save()
        user.groups.set([Group.objects.get(name=self.cleaned_data["role"])])
        return user
