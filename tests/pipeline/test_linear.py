"""Every regular expression of the pipeline is linear: four times the text takes four times the work, not sixteen.

Expressions are found, not listed: module attributes, what collections hold, and what cached functions without arguments give.
Each is fed with the characters of its own literals and classes, repeated and alternated, with an end that does not match.
"""
import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from re import _constants as kinds
from re import _parser as parser

import pytest

import imports.pipeline

SHORT, LONG = 25_000, 100_000
PATIENCE = 20               # seconds of CPU for one expression on all its texts; a quadratic one needs minutes
WHOLE_FILES = re.compile(r"xlsx_|guard|csv_encoding")


def expressions() -> dict[str, re.Pattern]:
    found: dict[str, re.Pattern] = {}
    for module in pkgutil.iter_modules(imports.pipeline.__path__):
        for name, value in vars(importlib.import_module(f"imports.pipeline.{module.name}")).items():
            for place, pattern in _within(value, 0):
                found.setdefault(pattern.pattern if isinstance(pattern.pattern, str) else repr(pattern.pattern), None)
                found[f"{module.name}.{name}{place}"] = pattern
    return {name: pattern for name, pattern in found.items() if pattern is not None}


def _within(value, depth: int) -> Iterator[tuple[str, re.Pattern]]:
    """Expressions in a value; `pattern.match` kept as a name counts too."""
    owner = getattr(value, "__self__", None)
    if isinstance(value, re.Pattern) or isinstance(owner, re.Pattern):
        yield "", value if isinstance(value, re.Pattern) else owner
    elif isinstance(value, Mapping) and depth < 3:
        for key, item in list(value.items())[:500]:
            yield from ((f"[{key!r}]{place}", pattern) for place, pattern in _within(item, depth + 1))
    elif isinstance(value, (list, tuple, set, frozenset)) and depth < 3:
        for key, item in enumerate(list(value)[:500]):
            yield from ((f"[{key}]{place}", pattern) for place, pattern in _within(item, depth + 1))


def letters_of(pattern: re.Pattern) -> list[str]:
    """Characters that the expression speaks of, at most eight, told apart."""
    found: dict[str, None] = {}
    for code in _codes(parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)):
        found.setdefault(chr(code))
    return list(found)[:8] or ["a"]


CATEGORIES = {kinds.CATEGORY_DIGIT: "1", kinds.CATEGORY_SPACE: " ", kinds.CATEGORY_WORD: "a", kinds.CATEGORY_NOT_DIGIT: "a",
              kinds.CATEGORY_NOT_SPACE: "a", kinds.CATEGORY_NOT_WORD: "-"}


def _codes(tree) -> Iterator[int]:
    if isinstance(tree, tuple) and len(tree) == 2 and tree[0] in (kinds.LITERAL, kinds.NOT_LITERAL):
        yield tree[1]
    elif isinstance(tree, tuple) and len(tree) == 2 and tree[0] is kinds.RANGE:
        yield tree[1][0]
    elif isinstance(tree, tuple) and len(tree) == 2 and tree[0] is kinds.CATEGORY:
        yield ord(CATEGORIES[tree[1]])
    elif isinstance(tree, (tuple, list, parser.SubPattern)):
        for part in tree:
            yield from _codes(part)


def texts_for(letters: list[str], size: int) -> list[str]:
    """Worst cases of one size: each letter alone, pairs alternating and in runs, all together, each with a strange end."""
    units = [*letters, *(one + other for one in letters[:5] for other in letters[:5] if one != other), "".join(letters), "a-", "aa--a-----a----", "1 ", "1."]
    return [(unit * (size // len(unit) + 1))[:size] + "!" for unit in dict.fromkeys(units)]


RUN = """
import resource, sys, time
sys.path.insert(0, ".")
from tests.pipeline.test_linear import LONG, SHORT, expressions, letters_of, texts_for
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]), int(sys.argv[1])))
pattern = expressions()[sys.argv[2]]
is_bytes = isinstance(pattern.pattern, bytes)
for place in range(len(texts_for(letters_of(pattern), 10))):
    for size in (SHORT, LONG):
        text = texts_for(letters_of(pattern), size)[place]
        text = text.encode("latin-1", "replace") if is_bytes else text
        for way in (pattern.match, pattern.fullmatch, pattern.search):
            way(text)
"""


def stops_in_time(name: str) -> bool:
    """Whether the expression has dealt with all its texts before its CPU seconds are spent: no busy machine shortens them."""
    return subprocess.run([sys.executable, "-c", RUN, str(PATIENCE), name], check=False).returncode == 0


def test_expressions_are_found_and_a_quadratic_one_is_told():
    assert len(expressions()) > 80
    assert "a" in letters_of(re.compile(r"(a|aa)+$")) and {"1", "-"} <= set(letters_of(re.compile(r"\d+-")))


@pytest.mark.parametrize("name", sorted(expressions()))
def test_is_linear(name):
    assert stops_in_time(name)
