"""What the label beside a phone says it is."""

import pytest

from imports.pipeline.phones.labels import phone_label, rank


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Work Fax", "fax"),
        ("FAKS", "fax"),
        ("Home Fax", "fax"),
        ("OtherFax", "fax"),
        ("Telefax", "fax"),
        ("Faxnummer", "fax"),
        ("İş Faksı", "fax"),
        ("فاكس", "fax"),
        ("Pager", "pager"),
        ("Çağrı cihazı", "pager"),
        ("Mobile", "mobile"),
        ("* Mobile", "mobile"),
        ("_$!<Mobile>!$_", "mobile"),
        ("Cep", "mobile"),
        ("Cep Telefonu", "mobile"),
        ("GSM", "mobile"),
        ("Work Mobile", "mobile"),
        ("İş Cep", "mobile"),
        ("Diensthandy", "mobile"),
        ("Mobiltelefon", "mobile"),
        ("iPhone", "mobile"),
        ("Móvil", "mobile"),
        ("جوال", "mobile"),
        ("Cell", "mobile"),
        ("portable", "mobile"),
        ("Work", "work"),
        ("İş", "work"),
        ("IS", "work"),
        ("Ofis", "work"),
        ("geschäftlich", "work"),
        ("Bureau", "work"),
        ("Home", "home"),
        ("Ev", "home"),
        ("privat", "home"),
        ("Casa", "home"),
        ("Main", "main"),
        ("* Other", "other"),
        ("Diğer", "other"),
        ("Tel/Fax", "other"),
        ("Telefon & Faks", "other"),
        ("", ""),
        ("Ankara", ""),
        ("0532 123 45 67", ""),
        ("Ayşe Yılmaz", ""),
        ("fax " * 40, ""),
    ],
)
def test_labels(text, label):
    assert phone_label(text) == label


def test_the_calling_order():
    order = ["mobile", "work", "home", "main", "other"]
    assert sorted(reversed(order), key=rank) == order
