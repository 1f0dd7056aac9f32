"""What tools say of the code: layout, undefined names, import contracts, types; how long its parts are, and which words it uses."""

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("background", "campaigns", "config", "devtools", "imports", "people", "ui")


# Words that this code has used for what Django, Celery and testers call otherwise, and what to say instead. They are gone for
# good from names, comments and docstrings, and from documents, templates and styles. In Python a string may hold one: a value
# in the database, an address, the name of a task that another release has enqueued.
STANDARD_WORDS = {
    "bell": "message",
    "books": "ledger",
    "burn": "count",
    "chore": "operation",
    "desk": "dashboard",
    "doorbell": "enqueue",
    "guardian": "watchdog",
    "deed": "action",
    "heart": "heartbeat",
    "heed": "apply",
    "house": "instance",
    "knob": "setting",
    "mischief": "nemesis",
    "pump": "send_import",
    "road": "journey",
    "showcase": "demo data",
    "streak": "consecutive failures",
    "tick": "dispatch",
    "trouble": "error, fault",
    "weather": "signal",
}
# What documents and templates must call by the name it has: a queue and a setting of whoever runs Rowcall, a picture.
GIVEN_NAMES = re.compile('parse,send,mail,tick|TICK_SECONDS|icon "house"')
TEXTS = ("*.md", "docs/**/*.md", "templates/**/*.html", "static/css/*.css", "static/js/rowcall*.js", ".github/**/*.md")


def product_files() -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts]


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
@pytest.mark.slow
def test_types_are_strict_everywhere_but_in_migrations_and_tests():
    assert said_by("mypy", "--no-error-summary", *PACKAGES) == ""


def at_share(lengths: list[int], share: float) -> int:
    """The length that this share of all stays below."""
    return sorted(lengths)[int(len(lengths) * share)]


def lengths_of_functions(source: str) -> Iterator[int]:
    """Lines from `def` to the last statement, docstring and all."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno
            yield node.end_lineno - node.lineno + 1


def test_files_and_functions_are_short():
    sources = {path: path.read_text(encoding="utf-8") for path in product_files()}
    files = {str(path.relative_to(ROOT)): len(source.splitlines()) for path, source in sources.items()}
    functions = [length for source in sources.values() for length in lengths_of_functions(source)]
    assert {name: lines for name, lines in files.items() if lines > 350} == {}
    assert max(functions) <= 45
    assert at_share([*files.values()], 0.5) <= 90
    assert at_share(functions, 0.5) <= 6
    assert at_share(functions, 0.9) <= 14


def words_in(text: str) -> Iterator[str]:
    """The words that a text or a name is made of, in lower case."""
    return (word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", text))


def words_of_code(source: str) -> Iterator[str]:
    """The words of names, comments and docstrings."""
    docstrings = {
        (node.value.lineno, node.value.col_offset)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.NAME, tokenize.COMMENT) or token.type == tokenize.STRING and token.start in docstrings:
            yield from words_in(token.string)


def words_of_file(path: Path) -> Iterator[str]:
    """The words of its name and of what it holds, but for strings in Python."""
    text = path.read_text(encoding="utf-8")
    yield from words_in(path.stem)
    if ANY_OLD_WORD.search(text):
        yield from words_of_code(text) if path.suffix == ".py" else words_in(GIVEN_NAMES.sub("", text))


ANY_OLD_WORD = re.compile("|".join(STANDARD_WORDS), re.IGNORECASE)


def old_word(word: str) -> str:
    """The entry of STANDARD_WORDS that a word is a form of, or ''."""
    return next((old for old in STANDARD_WORDS if word in (old, old + "s", old + "ing", old + "ed")), "")


def test_old_words_are_gone():
    code = [*product_files(), *(ROOT / "tests").rglob("*.py")]
    texts = [path for pattern in TEXTS for path in ROOT.glob(pattern)]
    found = {
        f"{path.relative_to(ROOT)}: {word}, say {STANDARD_WORDS[old]}"
        for path in (*code, *texts)
        if path != Path(__file__)
        for word in words_of_file(path)
        if (old := old_word(word))
    }
    assert sorted(found) == []


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
def test_words_are_found_where_names_and_comments_are(source, words):
    assert [word for word in map(old_word, words_of_code(source)) if word] == words
