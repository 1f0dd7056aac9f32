"""How the meanings of headers relate."""

from imports.pipeline.headers.relations import FAINT, KIN, NAMED_THINGS, SORTS
from imports.pipeline.headers.vocabulary import MEANINGS


def test_weights_lie_between_nothing_and_the_whole():
    assert all(0 < weight < 1 for weight in [*FAINT.values(), *KIN.values()])


def test_no_pair_is_kin_to_two_degrees():
    assert [pair for pair in KIN if pair[::-1] in KIN and KIN[pair] != KIN[pair[::-1]]] == []


def test_things_that_have_a_name_are_no_names_themselves():
    assert [thing for thing in NAMED_THINGS if SORTS.get(thing) == "name"] == [] and NAMED_THINGS <= set(MEANINGS)
