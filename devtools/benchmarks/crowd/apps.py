from django.apps import AppConfig


class CrowdConfig(AppConfig):
    """Installed in a measured instance only."""

    name = "devtools.benchmarks.crowd"

    def ready(self) -> None:
        from devtools.benchmarks.crowd.write_transactions import watch  # noqa: PLC0415  # needs the settings

        watch()
