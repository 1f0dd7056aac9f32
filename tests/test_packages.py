"""What may import what: the contracts of pyproject.toml, and rules that import-linter has no words for.

docs/architecture.md says why.
"""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("background", "ui", "config", "people", "campaigns", "imports", "devtools")
MODULES = sorted(path.relative_to(ROOT).as_posix() for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

HTTP_CLIENTS = {"aiohttp", "requests", "httpx", "urllib3"}
SPREADSHEETS = {"openpyxl", "xlrd", "python_calamine", "xlsxwriter", "pandas", "lxml", "olefile", "msoffcrypto"}
VAGUE = {"utils", "helpers", "services", "manager", "managers", "common", "base", "misc", "lib"}


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


def imports_of(tree: ast.AST, module: str = "") -> Iterator[str]:
    """Dotted names of everything a module imports, wherever in it, relative imports resolved."""
    package = module.removesuffix(".py").split("/")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def breaches(modules: list[str], is_forbidden) -> list[str]:
    """`module imports name` for every forbidden import in `modules`."""
    return [
        f"{module} imports {name}" for module in modules for name in imports_of(tree_of(module), module) if is_forbidden(name)
    ]


def elsewhere(*patterns: str) -> list[str]:
    """The modules that match none of `patterns`; AssertionError where a pattern matches nothing: the package has moved."""
    idle = [pattern for pattern in patterns if not any(fnmatch(module, pattern) for module in MODULES)]
    assert idle == []
    return [module for module in MODULES if not any(fnmatch(module, pattern) for pattern in patterns)]


def from_package(*packages: str):
    return lambda name: name.split(".")[0] in packages


def test_only_the_transport_speaks_http_to_whattalk():
    assert breaches(elsewhere("campaigns/whattalk/transport.py", "devtools/*"), from_package(*HTTP_CLIENTS)) == []


def test_only_the_phones_package_uses_the_phone_library():
    phones = ("imports/pipeline/phones/*", "devtools/benchmarks/*", "devtools/hunt/*")
    assert breaches(elsewhere(*phones), from_package("phonenumbers")) == []


def test_only_the_pipeline_opens_spreadsheets():
    assert breaches(elsewhere("imports/pipeline/*", "devtools/*"), from_package(*SPREADSHEETS)) == []


def test_the_hunt_touches_the_product_in_one_place():
    """Its lists must not be made by what they are to find out."""
    hunt = [module for module in MODULES if fnmatch(module, "devtools/hunt/*") and not module.endswith("/journey.py")]
    assert hunt and breaches(hunt, from_package("imports", "campaigns", "people")) == []


def test_pandas_is_never_imported_with_the_module():
    """It costs a process 60 MB and half a second: functions that need it import it themselves."""
    eager = [
        module
        for module in MODULES
        for node in tree_of(module).body
        if isinstance(node, (ast.Import, ast.ImportFrom)) and "pandas" in ast.unparse(node)
    ]
    assert eager == []


@pytest.mark.parametrize("module", [module for module in MODULES if "/views" in module])
def test_views_hold_no_loop_over_rows(module):
    loops = [
        f"{module}:{node.lineno}"
        for node in ast.walk(tree_of(module))
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)) and "row" in ast.unparse(node).partition(":")[0].lower()
    ]
    assert loops == []


@pytest.mark.parametrize("module", [module for module in MODULES if module.endswith("tasks.py")])
def test_tasks_decide_nothing(module):
    """Load, call, done: a task branches on nothing. What must be decided is decided by what it calls."""
    tree = tree_of(module)
    decisions = [
        f"{module}:{node.lineno} {ast.unparse(node).splitlines()[0]}"
        for task in tree.body
        if _is_task(task)
        for node in ast.walk(task)
        if isinstance(node, (ast.If, ast.IfExp, ast.For, ast.While, ast.Match))
    ]
    assert decisions == []


def _is_task(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and any("task" in ast.unparse(decorator) for decorator in node.decorator_list)


def test_saving_sends_nothing():
    """No model signal, no save() of its own: what is sent is sent by whoever says so."""
    signals = breaches(MODULES, lambda name: name.startswith("django.db.models.signals"))
    saves = [
        f"{module}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.ClassDef) and _is_model(node)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name in ("save", "delete")
    ]
    assert signals + saves == []


def _is_model(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base) in ("models.Model", "AbstractUser", "User") for base in node.bases)


def test_no_module_has_a_name_that_says_nothing():
    assert [module for module in MODULES if set(module.removesuffix(".py").split("/")) & VAGUE] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import django.db", ["django.db"]),
        ("from django import db as d", ["django.db"]),
        ("def f():\n    from django.db import models", ["django.db.models"]),
        ("from . import phones", ["imports.pipeline.phones"]),
        ("from ..models import ImportJob", ["imports.models.ImportJob"]),
    ],
)
def test_imports_are_read_wherever_they_stand(source, found):
    assert list(imports_of(ast.parse(source), "imports/pipeline/rows.py")) == found
