from django.apps import AppConfig


class BackgroundConfig(AppConfig):
    """What all background work stands on: the clock, counters, the queue, leases."""

    name = "background"
