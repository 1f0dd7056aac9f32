"""Figures that a test run measures, printed together at its end: a pytest plugin, named in pytest.ini.

Tests run in several processes; each hands its figures to the one that prints.
"""
import pytest

FIGURES: dict[str, str] = {}


def record_figure(name: str, text: str) -> None:
    """Remember one line for the end of the run; the last text of a name counts."""
    FIGURES[name] = text


def pytest_sessionfinish(session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["figures"] = FIGURES


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error) -> None:
    FIGURES.update(getattr(node, "workeroutput", {}).get("figures", {}))


def pytest_terminal_summary(terminalreporter) -> None:
    if FIGURES:
        terminalreporter.section("figures")
    for name, text in sorted(FIGURES.items()):
        terminalreporter.write_line(f"{name}: {text}")
