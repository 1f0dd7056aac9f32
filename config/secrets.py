"""Secrets that are made at first start and kept beside the data, readable by their owner alone."""

import os
import re
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet

from config.env import BadEnvironment

SHORTEST_KEY, FEWEST_CHARACTERS = 32, 10
# What examples, templates and people in a hurry write.
WORDS = re.compile(
    r"(?i)django-insecure|change[-_ ]?(this|me|it)?|secret|password|passw[o0]rd|insecure|default|example|placeholder|replace[-_ ]?me"
    r"|your|development|test(ing)?|dev|key|123456789|qwerty|letmein|rowcall|abcdef(ghij)?|x{3,}|0{3,}|admin"
)


def not_guessed(name: str, key: str) -> str:
    """The key of that name, '' where none is given. BadEnvironment for one that is easy to guess."""
    if key and is_easy_to_guess(key):
        raise BadEnvironment(
            f"{name} is too easy to guess: whoever guesses it can sign in as anybody. It needs {SHORTEST_KEY} characters or more that "
            "nobody chose. Make one with: openssl rand -hex 32"
        )
    return key


def is_easy_to_guess(key: str) -> bool:
    """Whether a key is short, or made of what people guess first."""
    rest = re.sub(r"[^A-Za-z0-9]", "", WORDS.sub("", key))
    return len(key) < SHORTEST_KEY or len(rest) < SHORTEST_KEY // 2 or len(set(key)) < FEWEST_CHARACTERS


def stored_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret in `path`; made with `make` and written with mode 0600 where the file is missing.

    Several processes may start at once: the first to link its file in wins, and all read that one.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def new_secret_key() -> str:
    # Imported here: settings are being read, and Django's own helpers must not be pulled in before them.
    from django.core.management.utils import get_random_secret_key  # noqa: PLC0415  settings are still being read, and know no Django

    return get_random_secret_key()


def new_encryption_key() -> str:
    return Fernet.generate_key().decode()
