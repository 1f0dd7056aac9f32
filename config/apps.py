from django.apps import AppConfig


class RowcallConfig(AppConfig):
    """Commands and checks of the instance as a whole."""

    name = "config"
    verbose_name = "Rowcall"

    def ready(self) -> None:
        from config import checks  # noqa: F401, PLC0415  registers the system checks, once every app is there
