"""Which processes are alive, and when each timer last ran."""

from django.db import models


class Heartbeat(models.Model):
    """That a worker or the scheduler is alive and does its work (a process that exists may do nothing).

    `detail` of a worker: `{"queues": what it consumes, "processes": how many work}`.
    """

    name = models.CharField(max_length=120, primary_key=True)
    kind = models.CharField(max_length=12)  # worker, scheduler
    beat_ms = models.BigIntegerField(default=0)
    last_run_ms = models.BigIntegerField(default=0)
    detail = models.JSONField(default=dict)
