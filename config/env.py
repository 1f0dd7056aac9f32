"""Settings from the environment: each kind of value has one reader, and an unusable value is refused with a sentence.

An unset or empty variable means its default. Every reader raises `BadEnvironment` when the text cannot be used;
a setting without a usable value never starts a process half-configured.
"""

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})


class BadEnvironment(ImproperlyConfigured):
    """An environment variable whose value cannot be used; the text says which one and what would be right."""


def env_str(name: str, default: str = "", *, choices: Collection[str] = ()) -> str:
    """The text of NAME without surrounding blanks; with `choices`, one of them."""
    text = _text(name) or default
    if choices and text not in choices:
        raise BadEnvironment(f"{name} is {text!r}; choose one of: {', '.join(choices)}.")
    return text


def env_bool(name: str, default: bool = False) -> bool:
    """True for 1/true/yes/on, False for 0/false/no/off, any case."""
    text = _text(name).lower()
    if not text:
        return default
    if text in YES:
        return True
    if text in NO:
        return False
    raise BadEnvironment(f"{name} is {text!r}; write yes or no.")


def env_int(name: str, default: int, *, least: int | None = None, most: int | None = None) -> int:
    """A whole number, between `least` and `most` where these are given (both included)."""
    text = _text(name)
    if not text:
        return default
    try:
        number = int(text)
    except ValueError:
        raise BadEnvironment(f"{name} is {text!r}; write a whole number.") from None
    if least is not None and number < least:
        raise BadEnvironment(f"{name} is {number}; it must be {least} or more.")
    if most is not None and number > most:
        raise BadEnvironment(f"{name} is {number}; it must be {most} or less.")
    return number


def env_list(name: str, default: Collection[str] = ()) -> list[str]:
    """The parts of a comma-separated text, without blanks and empty parts."""
    text = _text(name)
    if not text:
        return list(default)
    return [part.strip() for part in text.split(",") if part.strip()]


def ports_of(name: str, parts: Collection[str]) -> list[int]:
    """The port numbers that the list NAME holds."""
    if wrong := [
        part for part in parts if not (part.isascii() and part.isdecimal() and len(part) <= 5 and 0 < int(part) < 65536)
    ]:
        raise BadEnvironment(f"{name} holds {wrong[0]!r}; write numbers of ports, such as 443, with commas between them.")
    return [int(part) for part in parts]


def env_url(name: str, default: str = "", *, schemes: Collection[str] = ("http", "https")) -> str:
    """An address that begins with one of `schemes`, or the file that holds it (NAME_FILE); '' means "none"."""
    text = env_secret(name, default)
    if text and not _is_url(text, schemes):
        # The value itself stays unsaid: such addresses carry passwords.
        raise BadEnvironment(
            f"{name} is not an address that Rowcall understands; it must begin with one of: "
            + ", ".join(f"{scheme}://" for scheme in schemes)
            + "."
        )
    return text


def env_secret(name: str, default: str = "") -> str:
    """The secret in NAME, or the content of the file that NAME_FILE points to (as container secrets do)."""
    direct, path = _text(name), _text(f"{name}_FILE")
    if direct and path:
        raise BadEnvironment(f"{name} and {name}_FILE are both set; keep only one of them.")
    if not path:
        return direct or default
    return _secret_in(Path(path), f"{name}_FILE")


def _secret_in(path: Path, name: str) -> str:
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadEnvironment(f"{name} points to {path}, which cannot be read ({error}).") from error
    if not secret:
        raise BadEnvironment(f"{name} points to {path}, which is empty; put the secret into it.")
    return secret


def _is_url(text: str, schemes: Collection[str]) -> bool:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - reading it is the check: it raises for a port that is no number
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.netloc or parts.path.strip("/"))


def _text(name: str, environment: Mapping[str, str] = os.environ) -> str:
    return environment.get(name, "").strip()
