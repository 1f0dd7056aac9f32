from django.apps import AppConfig


class DevtoolsConfig(AppConfig):
    """Commands for developers: benchmarks, chaos, the hunt for wrong numbers, demo data. Not part of the image."""

    name = "devtools"
