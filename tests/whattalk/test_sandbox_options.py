"""Options and settings of a sandbox: what is no setting is refused by name."""

import argparse

import pytest

from campaigns.whattalk.sandbox.options import add_options, settings_of
from campaigns.whattalk.sandbox.settings import Settings


def options(*words: str) -> dict:
    parser = argparse.ArgumentParser()
    add_options(parser)
    return vars(parser.parse_args(words))


def test_options_become_settings():
    settings = settings_of(
        options("--latency", "5", "--set", "bare_lists=true", "--set", "id_style=string", "--set", "balance=3")
    )
    assert (settings.latency_ms, settings.bare_lists, settings.id_style, settings.balance) == (5, True, "string", 3.0)


@pytest.mark.parametrize(
    ("name", "value"),
    [("no_such", 1), ("balance", "much"), ("maintenance", 1), ("rate_kind", "square"), ("duplicate_style", "418")],
)
def test_what_is_no_setting_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        Settings().change(**{name: value})


def test_faults_are_named_or_written_out():
    rules = options("--fault", "hang", "--fault", "500:0.1", "--fault", '{"fault": "429", "times": 2}')["fault"]
    assert rules == [{"fault": "hang"}, {"fault": "500", "rate": 0.1}, {"fault": "429", "times": 2}]
    assert "api_key" not in Settings(api_key="secret").public()
