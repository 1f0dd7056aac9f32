"""Turkish letters that were read as Western European ones."""

from imports.pipeline.readers.damaged_turkish import is_swapped_turkish, may_be_swapped, turkish_again


def test_words_that_only_turkish_has_prove_it():
    damaged = ["ÝREM GÜNEÞ", "Iþýl Öztürk"]
    assert is_swapped_turkish(damaged, damaged, ["Ad"])
    assert [*map(turkish_again, damaged)] == ["İREM GÜNEŞ", "Işıl Öztürk"]


def test_words_of_icelandic_and_czech_stay():
    names = ["Sigurður Þórsson", "Dvorský"]
    assert not is_swapped_turkish(names, names, ["Name"]) and [*map(turkish_again, names)] == names


def test_which_cells_are_worth_a_note():
    assert may_be_swapped("Ýrem") and not may_be_swapped("Sigurðsson")
