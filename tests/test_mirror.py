"""Every module of the product is imported by a test of its package: one under `tests/`, in a folder with the name of one of its packages."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("background", "campaigns", "config", "imports", "people", "ui")
# Django loads these by their names, and tests reach them as people do: by an address, a command, a page.
LOADED_BY_DJANGO = {"apps", "management", "migrations", "templatetags", "urls", "views", "wsgi"}
# Modules that are tested only through others so far. No new one may come.
WITHOUT_TESTS = {
    "campaigns.whattalk.sandbox.api",
    "campaigns.whattalk.sandbox.control",
    "campaigns.whattalk.sandbox.http",
    "campaigns.whattalk.sandbox.ledger",
    "campaigns.whattalk.sandbox.server",
    "campaigns.whattalk.sandbox.throughput",
    "imports.check.bulk_insert",
    "imports.check.chunk_judge",
    "imports.check.list_warnings",
    "imports.cli.command",
    "imports.do_not_call.effects",
    "imports.do_not_call.removal_requests",
    "imports.do_not_call.settling",
    "imports.do_not_call.terminal",
    "imports.intake.assistants",
    "imports.intake.upload_handler",
    "imports.pages.column_form",
    "imports.pages.column_lines",
    "imports.pages.columns",
    "imports.pages.do_not_call",
    "imports.pages.monitor",
    "imports.pipeline.phones.batch_home",
    "imports.pipeline.phones.guess_rivals",
    "imports.pipeline.phones.guess_thresholds",
    "imports.pipeline.process.child",
    "imports.push.row_evidence",
    "imports.push.rows_freed_by_undo",
    "imports.row_place_labels",
    "imports.scheduling.heartbeat",
}


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            inside = path.relative_to(ROOT).with_suffix("")
            if not path.name.startswith("__") and not LOADED_BY_DJANGO & set(inside.parts):
                yield inside


def names_imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def names_of(module: Path) -> set[str]:
    """The names by which a test imports a module: its own, or that of a package that hands out all it holds."""
    package = ROOT / module.parent / "__init__.py"
    hands_out = package.exists() and "__all__" in package.read_text(encoding="utf-8")
    return {".".join(module.parts)} | ({".".join(module.parent.parts)} if hands_out else set())


def test_every_module_is_imported_by_a_test_of_its_package():
    by_folder: dict[str, set[str]] = {}
    for path in (ROOT / "tests").rglob("*.py"):
        for folder in path.relative_to(ROOT / "tests").parts[:-1]:
            by_folder.setdefault(folder, set()).update(names_imported(path))
    without = {
        ".".join(module.parts)
        for module in modules()
        if not names_of(module) & set().union(*(by_folder.get(folder, set()) for folder in module.parts[:-1]))
    }
    assert sorted(without ^ WITHOUT_TESTS) == []
