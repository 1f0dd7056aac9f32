"""JSON of a service, made fit for both databases."""

import pytest

from campaigns.whattalk.received_json import DEEPEST, LARGEST_WHOLE, parse, storable


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"id": 1}', {"id": 1}),
        (b'"a\\u0000b"', "a\ufffdb"),
        (b'"\\ud800"', "\ufffd"),
        (b'{"n": NaN, "m": Infinity}', {"n": None, "m": None}),
        (b"<html>", None),
        (b"", None),
        (b"\xff", None),
    ],
)
def test_what_came_is_read_or_is_nothing(body, value):
    assert parse(body) == value


def test_large_integers_become_text():
    assert storable([LARGEST_WHOLE, LARGEST_WHOLE + 1]) == [LARGEST_WHOLE, str(LARGEST_WHOLE + 1)]


def test_what_lies_too_deep_is_left_out():
    value: object = "bottom"
    for _ in range(DEEPEST + 5):
        value = [value]
    shallow = storable(value)
    for _ in range(DEEPEST - 1):
        shallow = shallow[0]
    assert shallow == [None]
