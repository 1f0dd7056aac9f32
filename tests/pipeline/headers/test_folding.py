"""Headers as words of plain letters."""

import pytest

from imports.pipeline.headers.folding import fold


@pytest.mark.parametrize(
    ("header", "folded"),
    [
        ("İSTANBUL", "istanbul"),
        ("ISPARTA", "isparta"),
        ("Müşteri Adı Soyadı", "musteri adi soyadi"),
        ("GSM No", "gsm no"),
        ("GSMNo", "gsm no"),
        ("phoneNumber", "phone number"),
        ("PHONE_NUMBER", "phone number"),
        ("  Tel.No: ", "tel no"),
        ("Telefon2", "telefon 2"),
        ("Straße", "strasse"),
        ("E‑Posta", "e posta"),
        ("Téléphone", "telephone"),
        ("الإسم", "الاسم"),
        ("\u200eTelefon\u202c", "telefon"),
        ("ＴＥＬ", "tel"),
        ("", ""),
    ],
)
def test_headers_fold_to_plain_words(header, folded):
    assert fold(header) == folded
