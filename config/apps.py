from django.apps import AppConfig

from config.secret_free_logs import keep_secrets_out_of_logs


class RowcallConfig(AppConfig):
    """Commands and checks of the instance as a whole."""

    name = "config"
    verbose_name = "Rowcall"

    def ready(self) -> None:
        from config import checks  # noqa: F401, PLC0415  registers the system checks, once every app is there

        keep_secrets_out_of_logs()
