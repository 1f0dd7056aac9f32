"""Every reason that the pipeline returns is listed, and its message uses only the params of the reason."""

import ast
import re
from pathlib import Path

import pytest

from imports.messages.lookup import MESSAGES
from imports.pipeline.readers.file_kind import MAGIC, TEXT_STARTS
from imports.pipeline.reasons import REASONS

PIPELINE = Path(__file__).resolve().parent.parent.parent / "imports" / "pipeline"
# `imports.messages.lookup` adds the names of the countries whose region codes are in the params.
ADDED = {"country", "other_country"}


def _codes_given() -> set[str]:
    """Without the empty one, which stands for "no reason"."""
    calls = (node for path in PIPELINE.rglob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    named = {
        node.args[0].value
        for node in calls
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("UnreadableFile", "Reason")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    return named - {""} | {code for *_, code, _ in [*MAGIC, *TEXT_STARTS]}


def test_reasons_given_are_listed():
    assert _codes_given() - set(REASONS) == set()


def test_reasons_listed_have_a_sentence():
    assert set(REASONS) - set(MESSAGES) == set()


@pytest.mark.parametrize("code", sorted(REASONS))
def test_a_sentence_uses_what_its_reason_knows(code):
    used = set(re.findall(r"%\((\w+)\)", f"{MESSAGES[code].sentence} {MESSAGES[code].remedy}"))
    assert used - set(REASONS[code]) - ADDED - {"why"} == set()


@pytest.mark.parametrize("code", [code for code in REASONS if code.startswith("file_")])
def test_a_refused_file_says_how_to_do_it_right(code):
    assert str(MESSAGES[code].remedy)
