"""Escape characters in text files."""

import pytest

from imports.pipeline.readers.csv.escape import HEAD, Escapes, telling_lines


@pytest.mark.parametrize(
    ("line", "prepared"),
    [
        (r'"say \"yes\""', r'"say \"yes\""'),
        (r"C:\temp", r"C:\\temp"),
        (r"\N,x", ",x"),
        (r"a\0b", "ab"),
        ("plain", "plain"),
    ],
)
def test_an_escape_before_any_other_character_is_text(line, prepared):
    assert Escapes("\\", ",", '"').prepared([line]) == [prepared]


def test_lines_with_escapes_are_found_far_down_in_the_file(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Ali,1\n" * HEAD + 'Can,"a \\" b"\n' + "Elif,2\n" * 9, encoding="utf-8")
    assert 'Can,"a \\" b"\n' in telling_lines(path, "utf-8")
