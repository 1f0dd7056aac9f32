"""Lengths of time in words."""

import pytest

from ui.lengths_of_time import spoken


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (20, "less than a minute"),
        (89, "about 90 seconds"),
        (144, "about 140 seconds"),
        (200, "about 3 minutes"),
        (6 * 3600, "about 6 hours"),
    ],
)
def test_a_length_of_time_is_rounded_only_a_little(seconds, words):
    assert spoken(seconds) == words
