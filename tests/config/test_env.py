"""Every reader of the environment: what it accepts, and that it refuses nonsense by name."""

import pytest

from config.env import BadEnvironment, env_bool, env_int, env_list, env_secret, env_str, env_url


@pytest.fixture
def variable(monkeypatch):
    """Sets the variable SOME_SETTING for one test."""
    monkeypatch.delenv("SOME_SETTING", raising=False)
    monkeypatch.delenv("SOME_SETTING_FILE", raising=False)
    return lambda value: monkeypatch.setenv("SOME_SETTING", value)


@pytest.mark.parametrize(
    ("read", "default"),
    [
        (env_str, "text"),
        (env_bool, True),
        (env_int, 7),
        (env_list, ["a"]),
        (env_url, "https://a.example"),
        (env_secret, "s"),
    ],
)
@pytest.mark.parametrize("emptiness", [None, "", "  "])
def test_unset_or_empty_means_the_default(variable, read, default, emptiness):
    if emptiness is not None:
        variable(emptiness)
    assert read("SOME_SETTING", default) == default


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1", True),
        ("true", True),
        ("YES", True),
        ("on", True),
        ("0", False),
        ("False", False),
        ("no", False),
        (" off ", False),
    ],
)
def test_yes_and_no(variable, text, meant):
    variable(text)
    assert env_bool("SOME_SETTING", not meant) is meant


@pytest.mark.parametrize(
    ("read", "text", "why"),
    [
        (env_bool, "maybe", "write yes or no"),
        (lambda name: env_int(name, 1), "12 000", "whole number"),
        (lambda name: env_int(name, 1, least=1), "0", "1 or more"),
        (lambda name: env_int(name, 1, most=5), "6", "5 or less"),
        (lambda name: env_str(name, "a", choices=("a", "b")), "c", "a, b"),
        (env_url, "app.whattalk.ai/api", "http://, https://"),
        (env_url, "ftp://files.example", "http://, https://"),
        (env_url, "https://", "http://, https://"),
        (env_url, "https://host:port/", "http://, https://"),
    ],
)
def test_nonsense_is_refused_by_name(variable, read, text, why):
    variable(text)
    with pytest.raises(BadEnvironment) as refusal:
        read("SOME_SETTING")
    assert "SOME_SETTING" in str(refusal.value) and why in str(refusal.value)


def test_numbers_at_the_limits_are_fine(variable):
    variable("5")
    assert env_int("SOME_SETTING", 1, least=5, most=5) == 5


def test_lists_lose_blanks_and_empty_parts(variable):
    variable(" a, b ,,c ,")
    assert env_list("SOME_SETTING") == ["a", "b", "c"]


@pytest.mark.parametrize("url", ["https://app.whattalk.ai/api", "http://127.0.0.1:8001/api"])
def test_addresses_come_back_unchanged(variable, url):
    variable(url)
    assert env_url("SOME_SETTING") == url


def test_a_socket_address_needs_no_host(variable):
    variable("redis+socket:///srv/rowcall/valkey.sock")
    assert env_url("SOME_SETTING", schemes=("redis+socket",)) == "redis+socket:///srv/rowcall/valkey.sock"


def test_a_refused_address_keeps_its_password_to_itself(variable):
    variable("mysql://root:hunter2@db/rowcall")
    with pytest.raises(BadEnvironment) as refusal:
        env_url("SOME_SETTING", schemes=("redis",))
    assert "hunter2" not in str(refusal.value)


class TestSecret:
    def test_from_a_file(self, variable, tmp_path, monkeypatch):
        (tmp_path / "secret").write_text("s3cret\n")
        monkeypatch.setenv("SOME_SETTING_FILE", str(tmp_path / "secret"))
        assert env_secret("SOME_SETTING") == "s3cret"

    def test_both_ways_at_once_are_refused(self, variable, tmp_path, monkeypatch):
        variable("one")
        monkeypatch.setenv("SOME_SETTING_FILE", str(tmp_path / "secret"))
        with pytest.raises(BadEnvironment, match="keep only one"):
            env_secret("SOME_SETTING")

    def test_a_missing_file_is_named(self, variable, tmp_path, monkeypatch):
        monkeypatch.setenv("SOME_SETTING_FILE", str(tmp_path / "nowhere"))
        with pytest.raises(BadEnvironment, match="nowhere.*cannot be read"):
            env_secret("SOME_SETTING")

    def test_an_empty_file_is_refused(self, variable, tmp_path, monkeypatch):
        (tmp_path / "secret").write_text("\n")
        monkeypatch.setenv("SOME_SETTING_FILE", str(tmp_path / "secret"))
        with pytest.raises(BadEnvironment, match="is empty"):
            env_secret("SOME_SETTING")
