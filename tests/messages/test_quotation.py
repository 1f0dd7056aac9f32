"""Quotation marks are those of the reader's language."""

import pytest
from django.utils import translation

from imports.messages.quotation import quoted, quoted_anew


@pytest.mark.parametrize(("language", "shown"), [("en", "“Ad”"), ("tr", "“Ad”"), ("de", "„Ad“"), ("ar", "«\u2068Ad\u2069»")])
def test_a_name_is_quoted_as_its_reader_quotes(language, shown):
    with translation.override(language):
        assert quoted("Ad") == shown and quoted_anew("“Ad” + “Soyad”").startswith(f"{shown} + ")
