"""Figures that a test run measures, printed together at its end: a pytest plugin, named in pyproject.toml.

Tests run in several processes; each hands its figures to the one that prints.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

FIGURES: dict[str, str] = {}
OUTCOMES: dict[str, list[tuple[str, bool]]] = {}  # name → (kind, as expected?) of each test that tells one


def record_figure(name: str, text: str) -> None:
    """Remember one line for the end of the run; the last text of a name counts."""
    FIGURES[name] = text


@contextmanager
def record_outcome(name: str, kind: str) -> Iterator[None]:
    """Count what happens inside for the end of the run: `name: 66 of 66 kinds (120 cases) as expected`."""
    outcomes = OUTCOMES.setdefault(name, [])
    outcomes.append((kind, False))
    place = len(outcomes) - 1
    yield
    outcomes[place] = (kind, True)


def pytest_sessionfinish(session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["figures"] = FIGURES
        session.config.workeroutput["outcomes"] = OUTCOMES


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error) -> None:
    told = getattr(node, "workeroutput", {})
    FIGURES.update(told.get("figures", {}))
    for name, outcomes in told.get("outcomes", {}).items():
        OUTCOMES.setdefault(name, []).extend(map(tuple, outcomes))


def _counted(outcomes: list[tuple[str, bool]]) -> str:
    kinds = {kind for kind, _ in outcomes}
    good = kinds - {kind for kind, as_expected in outcomes if not as_expected}
    return f"{len(good)} of {len(kinds)} kinds ({len(outcomes)} cases) as expected"


def pytest_terminal_summary(terminalreporter) -> None:
    FIGURES.update((name, _counted(outcomes)) for name, outcomes in OUTCOMES.items())
    if FIGURES:
        terminalreporter.section("figures")
    for name, text in sorted(FIGURES.items()):
        terminalreporter.write_line(f"{name}: {text}")
