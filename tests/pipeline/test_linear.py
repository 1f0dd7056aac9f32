"""Every regular expression of the pipeline is linear: no cell, however long, keeps it busy.

Expressions are found, not listed: module attributes, what collections hold, and what cached functions without arguments give.
Each is fed with the characters of its own literals and classes, repeated and alternated, with an end that does not match; what takes longest
when short is fed long.
"""

import importlib
import pkgutil
import re
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from re import _constants as kinds
from re import _parser as parser
from time import perf_counter

import pytest

import imports.pipeline

PREFIX = "imports.pipeline."
SHORT, LONG = 2_000, 150_000
SLOWEST = 6  # texts of an expression that are worth a long one: where it is quadratic, the short ones tell already
PATIENCE = 1.5  # seconds of work for a long text: a linear expression needs a fifth of it at most, a quadratic one thrice as much
# Characters that the module itself cuts its texts to before an expression sees them.
LIMITED = {
    "readers/cell_text": 255,
    "phones/cleaning": 1_000,
    "phones/cuts": 1_000,
    "phones/labels": 1_000,
    "phones/refusals": 1_000,
    "phones/countries": 100,
}


def expressions() -> dict[str, re.Pattern]:
    """`package/module.NAME` → expression, of every module of the pipeline."""
    found: dict[str, re.Pattern] = {}
    for module in pkgutil.walk_packages(imports.pipeline.__path__, PREFIX):
        path = module.name.removeprefix(PREFIX).replace(".", "/")
        for name, value in vars(importlib.import_module(module.name)).items():
            for place, pattern in _within(value, 0):
                found[f"{path}.{name}{place}"] = pattern
    return found


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


CATEGORIES = {
    kinds.CATEGORY_DIGIT: "1",
    kinds.CATEGORY_SPACE: " ",
    kinds.CATEGORY_WORD: "a",
    kinds.CATEGORY_NOT_DIGIT: "a",
    kinds.CATEGORY_NOT_SPACE: "a",
    kinds.CATEGORY_NOT_WORD: "-",
}


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
    units = [
        *letters,
        *(one + other for one in letters[:5] for other in letters[:5] if one != other),
        "".join(letters),
        "a-",
        "aa--a-----a----",
        "1 ",
        "1.",
    ]
    return [(unit * (size // len(unit) + 1))[:size] + "!" for unit in dict.fromkeys(units)]


@contextmanager
def cpu_seconds(limit: float):
    """Raises TimeoutError when this process has worked for so long; waiting for a busy machine does not count."""

    def stop(*_):
        raise TimeoutError(f"not done after {limit} seconds of work")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in Path(imports.pipeline.__path__[0]).rglob("*.py"))


def ways_of(name: str, pattern: re.Pattern) -> list[Callable]:
    """The methods by which the pipeline uses an expression; searching asks at every place of a text, so it counts where it is done."""
    variable = re.split(r"[.\[]", name)[1]
    calls = set(re.findall(rf"\b{variable}\.(\w+)", SOURCES))
    matching = [pattern.match, pattern.fullmatch]
    return [*matching, pattern.search] if calls - {"match", "fullmatch"} or not calls else matching


def feed(name: str, pattern: re.Pattern) -> None:
    """Raises TimeoutError if a long text keeps the expression busy."""
    most = LIMITED.get(name.split(".")[0], LONG)
    short, long = ([_as_fed(text, pattern) for text in texts_for(letters_of(pattern), min(size, most))] for size in (SHORT, LONG))
    worst = sorted(
        ((_work(way, text), place, way) for way in ways_of(name, pattern) for place, text in enumerate(short)), key=itemgetter(0)
    )
    for _, place, way in worst[-SLOWEST:]:
        with cpu_seconds(PATIENCE):
            way(long[place])


def _as_fed(text: str, pattern: re.Pattern) -> str | bytes:
    return text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text


def _work(way: Callable, text: str | bytes) -> float:
    """Seconds by the clock, the least of three: the count of a process's own work is too coarse for a short text on some machines."""
    with cpu_seconds(PATIENCE):
        return min(_seconds(way, text) for _ in range(3))


def _seconds(way: Callable, text: str | bytes) -> float:
    started = perf_counter()
    way(text)
    return perf_counter() - started


def test_expressions_are_found_and_a_quadratic_one_is_told():
    assert len(expressions()) > 80
    assert {"1", "-"} <= set(letters_of(re.compile(r"\d+-")))
    for quadratic in (r"a+b", r"<a.*?</a>", r"(\w+)=", r"(?:a|b)*c"):
        with pytest.raises(TimeoutError):
            feed("none.QUADRATIC", re.compile(quadratic))


FOUND = expressions()


@pytest.mark.parametrize("name", sorted(FOUND))
def test_is_linear(name):
    feed(name, FOUND[name])
