"""Names of people and of firms."""

import pytest

from imports.pipeline.headers.people_and_firms import is_company, is_given_name


@pytest.mark.parametrize("word", ["Ayşe", "MEHMET", "Sophie", "محمد"])
def test_names_that_many_people_have(word):
    assert is_given_name(word)


def test_a_firm_is_known_by_a_word_beside_its_name():
    assert is_company("Güneş Ltd. Şti.") and is_company("Müller GmbH")
    assert not is_company("Ltd") and not is_company("Ayşe Güneş") and not is_given_name("Güneş")
