from django.apps import AppConfig

from background.sqlite_writes import wait_in_short_steps


class BackgroundConfig(AppConfig):
    """What all background work stands on: the clock, counters, the queue, leases."""

    name = "background"

    def ready(self) -> None:
        wait_in_short_steps()
