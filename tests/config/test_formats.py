"""Numbers as each language writes them."""

import pytest
from django.utils import translation
from django.utils.formats import number_format

from config.formats.ar import formats


@pytest.mark.parametrize(("language", "number"), [("en", "1,234.5"), ("tr", "1.234,5"), ("de", "1.234,5"), ("ar", "1,234.5")])
def test_a_number_in_each_language(language, number):
    with translation.override(language):
        assert number_format(1234.5, use_l10n=True, force_grouping=True) == number


def test_arabic_has_western_digits():
    assert (formats.DECIMAL_SEPARATOR, formats.THOUSAND_SEPARATOR) == (".", ",")
