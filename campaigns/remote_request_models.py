"""The table of what people ask of WhatTalk."""

from django.conf import settings
from django.db import models


class RemoteRequest(models.Model):
    """Something that a person asks of WhatTalk, for a worker to do while a page waits: `campaigns.remote_requests`.

    `params` is what the form held; `result` what came of it, or `{"problem": [code, message]}`.
    """

    class Kind(models.TextChoices):
        REFRESH = "refresh"
        CHECK_KEY = "check_key"
        LOOK = "look"  # what a campaign's start page tells
        START = "start"
        STOP = "stop"
        CREATE = "create"

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    kind = models.CharField(max_length=10, choices=Kind)
    account = models.ForeignKey("campaigns.Account", on_delete=models.CASCADE, related_name="+")
    campaign = models.ForeignKey("campaigns.Campaign", null=True, on_delete=models.CASCADE, related_name="+")
    params = models.JSONField(default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.BigIntegerField(default=0)  # fences: only the process that drew it says what came of it
    lease_ms = models.BigIntegerField(default=0)
    asked_ms = models.BigIntegerField()  # on the database's clock
    result = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state"], name="remote_request_waits", condition=models.Q(state="waiting"))]
