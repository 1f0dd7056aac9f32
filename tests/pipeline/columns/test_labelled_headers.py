"""The labelled header rows: real tools, real languages, the right answer beside each (tests/headers/*.json)."""

import json
from functools import cache
from pathlib import Path

import pytest

from imports.pipeline.columns.fields import lead_fields
from imports.pipeline.columns.source import mapping_from_json
from imports.pipeline.columns.suggest import suggest_mapping
from tests.figures import record_figure


class Case(dict):
    """One header row. It is hashed as the object that it is, so that what is suggested for it is made once."""

    __hash__ = object.__hash__


CASES = [
    pytest.param(Case(case), id=f"{path.stem}: {case['tool']}")
    for path in sorted((Path(__file__).parents[2] / "headers").glob("*.json"))
    for case in json.loads(path.read_text("utf-8"))
]
PHONE_RIGHT = 0.99
FIELDS_RIGHT = 0.93


@cache
def _suggest(case: Case):
    return suggest_mapping(case["headers"], case["rows"], lead_fields(case["variables"]))


def _judged(case: dict) -> list[tuple[str, bool]]:
    """(field key, right?) of the phone, every variable, and whatever else was suggested or should have been."""
    got, want = _suggest(case).mapping, mapping_from_json(case["answer"])
    keys = dict.fromkeys(["phone_number", *case["variables"], *want, *got])
    return [(key, got.get(key) == want.get(key)) for key in keys]


def test_the_set_is_large_enough():
    assert len(CASES) >= 150
    assert len({json.dumps(param.values[0]["headers"]) for param in CASES}) >= 150


def test_accuracy():
    judged = [pair for param in CASES for pair in _judged(param.values[0])]
    phones = [right for key, right in judged if key == "phone_number"]
    phone_share, field_share = sum(phones) / len(phones), sum(right for _, right in judged) / len(judged)
    record_figure(
        "labelled headers",
        f"{len(CASES)} header rows, phone column {phone_share:.1%} right, all fields {field_share:.1%} of {len(judged)}",
    )
    assert phone_share >= PHONE_RIGHT
    assert field_share >= FIELDS_RIGHT


@pytest.mark.parametrize("case", CASES)
def test_a_certain_phone_column_is_the_right_one(case):
    suggestion = _suggest(case)
    assert not suggestion.sure or suggestion.mapping["phone_number"] == case["answer"]["phone_number"]


@pytest.mark.parametrize("case", CASES)
def test_each_column_is_used_once(case):
    columns = list(_suggest(case).mapping.values())
    assert len(columns) == len(set(columns))
