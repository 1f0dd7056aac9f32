"""What tools say of the code: layout, undefined names, import contracts, types; and the words that names are made of."""

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.figures import record_figure

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("background", "campaigns", "config", "devtools", "imports", "people", "ui")


# Words that this code has used for what Django and Celery call otherwise, with how often names, comments and docstrings
# may still hold them. A number only falls; where it is 0 the word is gone for good. Texts for people, addresses and
# values in the database are strings, and not counted.
OLD_WORDS = {
    "books": 2,
    "chore": 124,
    "doorbell": 0,
    "guardian": 0,
    "heed": 2,
    "mischief": 0,
    "pump": 1,
    "showcase": 0,
    "streak": 49,
    "tick": 49,
    "weather": 0,
}
STANDARD_WORDS = {
    "books": "ledger",
    "chore": "operation",
    "doorbell": "enqueue",
    "guardian": "watchdog",
    "heed": "apply",
    "mischief": "nemesis",
    "pump": "send_import",
    "showcase": "demo data",
    "streak": "consecutive failures",
    "tick": "dispatcher",
    "weather": "signal",
}


def said_by(tool: str, *arguments: str) -> str:
    """What a tool of this environment says when it finds something; '' when it finds nothing."""
    command = [Path(sys.executable).with_name(tool), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return done.stdout + done.stderr if done.returncode else ""


def test_no_name_is_undefined_and_no_import_unused():
    assert said_by("ruff", "check", "--no-cache", "--quiet", "--output-format=concise") == ""


def test_every_file_has_the_layout_of_ruff_format():
    assert said_by("ruff", "format", "--no-cache", "--check", "--quiet") == ""


def test_every_contract_of_imports_is_kept():
    assert said_by("lint-imports", "--no-cache") == ""


@pytest.mark.slow
def test_types_are_strict_everywhere_but_in_migrations_and_tests():
    assert said_by("mypy", "--no-error-summary", *PACKAGES) == ""


def words_of(source: str) -> Iterator[str]:
    """The words of names, comments and docstrings, in lower case and without a plural s."""
    docstrings = {
        (node.value.lineno, node.value.col_offset)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.NAME, tokenize.COMMENT) or token.type == tokenize.STRING and token.start in docstrings:
            yield from (word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", token.string))


ANY_OLD_WORD = re.compile("|".join(STANDARD_WORDS), re.IGNORECASE)


def old_word(word: str) -> str:
    """The entry of STANDARD_WORDS that a word is a form of, or ''."""
    return next((old for old in STANDARD_WORDS if word in (old, old + "s", old + "ing", old + "ed")), "")


def test_old_words_become_fewer():
    files = [path for package in (*PACKAGES, "tests") for path in (ROOT / package).rglob("*.py")]
    counted = Counter()
    for path in files:
        source = path.read_text(encoding="utf-8")
        if "migrations" not in path.parts and path != Path(__file__) and ANY_OLD_WORD.search(source):
            counted += Counter(filter(None, map(old_word, words_of(source))))
    record_figure("old words", ", ".join(f"{word} {counted[word]}" for word in sorted(counted)) or "none")
    more = {
        word: f"{n} times, at most {OLD_WORDS[word]}: say {STANDARD_WORDS[word]}"
        for word, n in counted.items()
        if n > OLD_WORDS[word]
    }
    assert more == {}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def tick_now(): pass", ["tick"]),
        ("class DoorbellRing: pass", ["doorbell"]),
        ("# what a chore costs", ["chore"]),
        ('"""Two chores."""', ["chore"]),
        ('url = "chores/"', []),
        ("sticky = 1", []),
    ],
)
def test_words_are_counted_where_names_and_comments_are(source, words):
    assert [word for word in map(old_word, words_of(source)) if word] == words
