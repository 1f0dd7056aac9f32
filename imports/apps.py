from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from imports.scheduling import heartbeat  # noqa: F401  connects to Celery's signals, which models must not wait for
