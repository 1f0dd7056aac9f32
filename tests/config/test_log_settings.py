"""What logs look like."""

import logging.config

import pytest

from config.log_settings import logging_settings


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_every_handler_masks_and_every_format_can_be_made(log_format):
    chosen = logging_settings(log_format, "INFO")
    assert all("masking" in handler["filters"] for handler in chosen["handlers"].values())
    configured = logging.config.DictConfigurator(chosen)
    assert all(configured.configure_formatter(form) for form in chosen["formatters"].values())
