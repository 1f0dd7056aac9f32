"""Which letters count as one."""

import pytest

from ui.folding import fold


@pytest.mark.parametrize("text", ["HAZİRAN", "haziran", "Hazıran", "HAZIRAN", "hàzîrân"])
def test_case_accents_and_the_dot_of_an_i_make_no_difference(text):
    assert fold(text) == "haziran"


def test_letters_of_other_scripts_are_kept():
    assert (fold("ÄRZTE Straße"), fold("МОСКВА"), fold("هاتف")) == ("arzte strasse", "москва", "هاتف")
