"""What people tell us about themselves and each other."""

from django import forms
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


def _name_the_blank(language: forms.ChoiceField) -> None:
    """No language chosen means that of the browser, and the list says so."""
    language.choices = [("", _("That of the browser")), *(choice for choice in language.choices if choice[0])]


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


class MySettingsForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "language"]
        help_texts = {"email": _("The results of your imports are mailed to this address.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name_the_blank(self.fields["language"])


class NewPasswordForm(forms.Form):
    """A new password; the present one is asked for where there is one."""

    current = forms.CharField(
        label=_("Current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=400,
        help_text=_("At least 10 characters. Three or four random words are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if not user.has_usable_password():
            del self.fields["current"]

    def clean_current(self):
        if not self.user.check_password(self.cleaned_data["current"]):
            raise forms.ValidationError(_("This is not your current password."))
        return self.cleaned_data["current"]

    def clean_new(self):
        password_validation.validate_password(self.cleaned_data["new"], self.user)
        return self.cleaned_data["new"]


class PersonForm(forms.ModelForm):
    """A person as an admin sees them."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES, widget=forms.RadioSelect)

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "language"]
        labels = {"username": _("User name")}
        help_texts = {
            "username": _("What they type to sign in."),
            "email": _("The results of imports are mailed to this address."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name_the_blank(self.fields["language"])
        self.fields["role"].initial = role_of(self.instance).group if self.instance.pk else Role.UPLOADER.group

    def save(self, commit=True):
        """The person with exactly one role group."""
        person = super().save(commit=False)
        if not person.pk:
            person.set_unusable_password()
        person.save()
        person.groups.set([Group.objects.get(name=self.cleaned_data["role"])])
        return person
