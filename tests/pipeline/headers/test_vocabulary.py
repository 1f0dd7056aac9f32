"""The words of headers: each leads to one meaning."""

from imports.pipeline.headers.dictionary import look_up
from imports.pipeline.headers.folding import fold
from imports.pipeline.headers.vocabulary import MEANINGS, SILENT_WORDS


def test_every_meaning_is_reached_by_a_word_of_its_own():
    reached = {look_up(fold(word))[0] for words in MEANINGS.values() for word in words.split()}
    assert set(MEANINGS) <= reached


def test_silent_words_have_no_meaning_unless_another_meaning_has_them():
    assert [word for word in SILENT_WORDS.split() if look_up(fold(word))[0].startswith("=")] == []
