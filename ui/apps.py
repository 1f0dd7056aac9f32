from django.apps import AppConfig


class UiConfig(AppConfig):
    """What every page is made with: template tags, the outcome bar, pagination."""

    name = "ui"
