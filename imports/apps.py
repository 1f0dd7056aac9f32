from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from imports.scheduling import heartbeat  # noqa: F401, PLC0415  connects to Celery's signals; models are loaded only now
