"""Letters that were damaged before a file came: repaired where it is certain, left and said where it is not."""

import ftfy  # noqa: F401 – registers the sloppy encodings, in which Windows reads every byte
import orjson
import pytest

from imports.pipeline.columns.fields import Field
from imports.pipeline.phones.normalise import PhoneFormat
from imports.pipeline.readers.damaged_letters import plan_of, repaired
from imports.pipeline.readers.opening import preview
from imports.pipeline.readers.table import Preview, Row
from imports.pipeline.rows import CheckSettings, check_rows

TURKISH = ["Pelin Gürsoy", "Ayşe Çağrı", "İrem Güneş", "Işıl Öztürk", "Uğur Şahin", "Ömer Yılmaz", "Muğla", "Üsküdar", "Ali"]
HEADERS = ["Ad Soyad", "Telefon", "Şehir"]


def plan_for(*names: str, headers=("Name", "Phone")) -> dict:
    return plan_of(headers, [[name, "0532 111 22 33"] for name in names])


def as_read(text: str, written: str, read: str) -> str:
    return text.encode(written).decode(read)


@pytest.mark.parametrize(
    "encoding", ["sloppy-windows-1252", "sloppy-windows-1254", "latin-1", "sloppy-windows-1250", "mac-roman", "cp437", "cp857"]
)
def test_utf8_that_was_read_as_something_else(encoding):
    damaged = [as_read(name, "utf-8", encoding) for name in TURKISH]
    plan = plan_for(*damaged)
    assert [repaired(text, plan) for text in damaged] == TURKISH


def test_a_file_that_is_damaged_here_and_there():
    plan = plan_for("Pelin GÃ¼rsoy", "Ayşe Çağrı", "MuÄŸla")
    assert [repaired(text, plan) for text in ("Pelin GÃ¼rsoy", "Ayşe Çağrı", "MuÄŸla", "Gül GÃ¼rsoy")] == [
        "Pelin Gürsoy",
        "Ayşe Çağrı",
        "Muğla",
        "Gül Gürsoy",
    ]


def test_one_cell_alone_is_repaired_beyond_the_sample():
    assert repaired("Pelin GÃ¼rsoy", plan_for("Ali")) == "Pelin Gürsoy"


@pytest.mark.parametrize(
    "text",
    [
        "José Muñoz",
        "Ângela Conceição",
        "Ünal ÇÖĞÜŞ",
        "Ærø Ås",
        "Łódź Żółć",
        "Đặng Thị Ánh",
        "Рівне",
        "Київ",
        "Αθήνα",
        "محمد علي",
        "王小明",
        "5° Ç",
        "Ürün № 5 – “çok” iyi…",
        "ÇİĞDEM IŞIK",
        "Ý",
        "Ã",
        "SÃO PAULO",
        "naïve café",
        "Þórður Guðrún",
        "L’Haÿ-les-Roses",
        "GÖÇÜ",
        "Ñandú",
        "Örnek™ Ü®",
    ],
)
def test_what_is_right_stays(text):
    assert repaired(text, plan_for(text, "Ali")) == text
    assert repaired(text, plan_for(text, *TURKISH)) == text


def test_turkish_that_was_read_as_western():
    damaged = [as_read(name, "cp1254", "cp1252") for name in TURKISH]
    plan = plan_for(*damaged)
    assert plan["turkish"] and [repaired(text, plan) for text in damaged] == TURKISH
    assert repaired("ÝREM GÜNEÞ", plan) == "İREM GÜNEŞ"


@pytest.mark.parametrize("name", ["ÝREM GÜNEÞ", "Ýbrahim Þahin", "Ayþe", "IÞIK", "Kýlýç"])
def test_one_name_is_enough_under_turkish_headers(name):
    plan = plan_for(name, headers=["Ad Soyad", "Telefon"])
    assert repaired(name, plan) == as_read(name, "cp1252", "cp1254")


@pytest.mark.parametrize(
    "names",
    [
        ["Þórður Guðrún", "Sigurður Þorsteinsson", "Ragnheiður Ýr"],
        ["Sigurður Björk", "Ragnheiður Þorvaldur", "Hörður Garðar"],
        ["Jan Novotný", "Petr Veselý", "Tomáš Dvořák", "Eva Výborná"],
        ["Ján Černý", "Štefan Malý", "Nový"],
        ["Wepa Annaýew", "Aşgabat", "Türkmenbaşy Nyýazow"],
        ["Nguyễn Thị Mỹ Lý", "Trần Ý"],
        ["Jákup Høgnesen", "Súsanna í Gøtu", "Bárður"],
    ],
)
@pytest.mark.parametrize("headers", [["Name", "Phone"], ["Ad Soyad", "Telefon"]])
def test_letters_that_are_right_elsewhere_stay(names, headers):
    plan = plan_for(*names, headers=headers)
    assert not plan["turkish"] and [repaired(name, plan) for name in names] == names


def test_a_file_of_both_is_left_and_said():
    names = ["ÝREM GÜNEÞ", "Ayþe Yýlmaz", "Sigurður Jónsson", "Þórður"]
    plan = plan_for(*names, headers=["Ad Soyad", "Telefon"])
    assert not plan["turkish"] and plan["doubtful"] == "ÝREM GÜNEÞ"


def test_a_foreign_guest_below_the_sample_keeps_the_name():
    plan = plan_for(*(as_read(name, "cp1254", "cp1252") for name in TURKISH))
    assert [repaired(text, plan) for text in ("Þórður", "Sigurður", "Dvoøák Novotný", "José Ýr")] == [
        "Þórður",
        "Sigurður",
        "Dvoøák Novotný",
        "José Ýr",
    ]


# -- from the file to the lead -------------------------------------------------------------------------------------
NAME, CITY = Field("name", "variable", "name", 0, False), Field("city", "variable", "city", 0, False)
FRIEND = [
    Field("secondary_phone_1", "secondary_phone", "", 1, False),
    Field("secondary_1_name", "secondary_variable", "name", 1, False),
]
PHONE = Field("phone_number", "phone", "", 0, True)


def settings(letters: dict | None, **columns: int) -> CheckSettings:
    fields = [field for field in (PHONE, NAME, CITY, *FRIEND) if field.key in columns]
    return CheckSettings(columns, fields, PhoneFormat("national", "TR"), letters=letters)


def test_values_are_repaired_and_cells_are_kept():
    letters = plan_for("Pelin GÃ¼rsoy", "Ayþe Yýlmaz", headers=["Ad Soyad", "Telefon"])
    rows = [Row(2, ["Pelin GÃ¼rsoy", "0532 111 22 33", "ÝZMÝR"]), Row(3, ["Ali", "0532 111 22 34", "Ankara"])]
    repaired_row, plain = check_rows(rows, settings(letters, name=0, phone_number=1, city=2))
    assert repaired_row.variables == {"name": "Pelin Gürsoy", "city": "İZMİR"} and repaired_row.cells == rows[0].cells
    assert repaired_row.warnings == [
        ["letters_repaired", {"field": "name", "before": "Pelin GÃ¼rsoy", "after": "Pelin Gürsoy"}],
        ["letters_repaired", {"field": "city", "before": "ÝZMÝR", "after": "İZMİR"}],
    ]
    assert plain.variables == {"name": "Ali", "city": "Ankara"} and plain.warnings == []


def test_names_of_secondary_contacts_are_repaired():
    row = Row(2, ["0532 111 22 33", "0532 111 22 34", "GÃ¼l"])
    (checked,) = check_rows([row], settings(plan_for("Ali"), phone_number=0, secondary_phone_1=1, secondary_1_name=2))
    assert checked.secondary == [{"phone_number": "+905321112234", "variables": {"name": "Gül"}}]
    assert [code for code, _ in checked.warnings] == ["letters_repaired"]


def test_without_a_plan_nothing_is_repaired():
    (checked,) = check_rows([Row(2, ["GÃ¼l", "0532 111 22 33"])], settings(None, name=0, phone_number=1))
    assert checked.variables == {"name": "GÃ¼l"} and checked.warnings == []


def test_the_plan_travels_with_preview_and_settings(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Ad Soyad;Telefon;Þehir\nÝREM GÜNEÞ;0532 111 22 33;Ýstanbul\nAyþe;0532 111 22 34;Ýzmir\n")
    shown = preview(path)
    assert shown.headers == HEADERS and shown.sample[0].cells == ["ÝREM GÜNEÞ", "0532 111 22 33", "Ýstanbul"]
    assert Preview.from_json(orjson.loads(orjson.dumps(shown.to_json()))).letters == shown.letters
    known = settings(shown.letters, name=0, phone_number=1)
    assert CheckSettings.from_json(orjson.loads(orjson.dumps(known.to_json()))) == known
    note = next(note for note in shown.notes if note.code == "letters_repaired_in_file")
    assert note.params == {"count": 5, "before": "Þehir", "after": "Şehir"}


def test_doubtful_letters_are_said(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Name;Phone\nÝrem;0532 111 22 33\nJan;0532 111 22 34\n")
    shown = preview(path)
    assert {note.code: note.params for note in shown.notes}["letters_doubtful"] == {"text": "Ýrem"}
    assert shown.headers == ["Name", "Phone"]
