"""What a person proves beside the password: codes of an app, codes on paper; and from whom that is required."""

from django.conf import settings
from django.db import models


class SecondFactor(models.Model):
    """The secret that an app on the person's phone has too. It counts once `User.second_factor_at` is set.

    `last_step`: the step of 30 seconds whose code was accepted last; no code is accepted twice.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="second_factor")
    encrypted_secret = models.BinaryField()
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"second factor of {self.person_id}"


class RecoveryCode(models.Model):
    """A code that stands for the app once; its row is deleted when it is used. `digest` is keyed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery code of {self.person_id}"


class SignInRules(models.Model):
    """What admins have decided of signing in: one row. `second_factor_for`: a key of `people.second_factor_rules.LEAST_ROLES`."""

    second_factor_for = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return f"second factor for {self.second_factor_for or 'nobody'}"
