"""Text whose cells are separated by spaces."""

from imports.pipeline.readers.csv.spaces import cut_by_spaces, single_space_separates


def test_aligned_columns_are_cut_where_they_begin():
    lines = ["Ad        Telefon     ", "Ali Kaya  05321112233 ", "Can       05332223344 ", "Elif                  "]
    cut = cut_by_spaces(lines)
    assert cut.cells(lines[1]) == ["Ali Kaya", "05321112233"] and cut.cells("Elif") == ["Elif", ""] and cut.cells(" ") == []


def test_runs_of_spaces_cut_what_is_not_aligned():
    lines = ["Ad  Telefon", "Ali Kaya  05321112233", "Elif   05332223344"]
    assert cut_by_spaces(lines).cells("Can Koç  05553334455") == ["Can Koç", "05553334455"]


def test_sentences_are_not_cut():
    assert cut_by_spaces(["This is a note.", "So is this one.", "And the last."]) is None


def test_single_spaces_separate_only_where_cells_prove_it():
    rows = [["Ad", "Tel"], ["Ali", "05321112233"], ["Can", "05332223344"]]
    assert single_space_separates([" ".join(row) for row in rows], rows)
    assert not single_space_separates(["a b"] * 3, [["a", "b"]] * 3)
