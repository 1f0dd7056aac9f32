"""Cells of web pages where Excel's own attributes say more than the text."""

import pytest

from imports.pipeline.readers.html.cells import Formats


@pytest.mark.parametrize(
    ("attributes", "text", "seen"),
    [
        ({"x:num": "905321112233"}, "9,05E+11", "905321112233"),
        ({"x:num": "46143"}, "01.05.2026", "01.05.2026"),
        ({"x:num": "46143", "style": "mso-number-format:'Short Date'"}, "01.05.2026", "2026-05-01"),
        ({"class": "xl65"}, "5321112233", "05321112233"),
        ({"class": "xl65", "x:str": ""}, "5321112233", "5321112233"),
        ({}, "5321112233", "5321112233"),
    ],
)
def test_what_a_cell_shows(attributes, text, seen):
    formats = Formats()
    formats.declare('.xl65, .xl66 {mso-number-format:"00000000000";}')
    assert formats.seen(attributes, text) == seen
