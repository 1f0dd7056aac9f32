"""What the label beside a phone says it is."""

import pytest

from imports.pipeline.phones.label_words import NAMES_TOO, NOT_FOR_VOICE, WORDS
from imports.pipeline.phones.labels import phone_label, rank
from imports.pipeline.phones.normalise import PhoneFormat, normalise

TURKISH = PhoneFormat("national", "TR")


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


KINDS = [(kind, word) for kind, words in WORDS.items() for word in words.split()]


def test_every_word_means_the_same_in_a_column_of_labels_and_beside_a_number():
    assert {word: kind for kind, word in KINDS if phone_label(word.replace("_", " ")) != kind} == {}
    beside = {word: normalise(f"{word}: 0532 123 45 67", TURKISH) for kind, word in KINDS if "_" not in word}
    voice = {word for kind, word in KINDS if kind not in NOT_FOR_VOICE and word in beside} - set(NAMES_TOO.split())
    assert {word for word in voice if beside[word].e164 != "+905321234567"} == set()
    reasons = {word: result.reason and result.reason.code for word, result in beside.items()}
    assert {word for kind, word in KINDS if kind == "fax" and reasons[word] != "phone_fax"} == set()
    assert [word for word in beside if word not in voice and beside[word].e164] == []


@pytest.mark.parametrize("word", NAMES_TOO.split())
def test_what_may_be_a_name_is_no_label_beside_a_number(word):
    assert phone_label(word) and not normalise(f"{word.title()} 0532 123 45 67", TURKISH).e164
