"""Who sees which campaigns."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Team(models.Model):
    """People and the campaigns that they see: `campaigns.access`. Whoever is in no team, and every admin, sees all campaigns."""

    name = models.CharField(_("Name"), max_length=100, unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="teams", blank=True)
    campaigns = models.ManyToManyField("campaigns.Campaign", related_name="teams", blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
