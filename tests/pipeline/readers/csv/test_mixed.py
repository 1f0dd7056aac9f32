"""Files of two encodings, letters of Windows among control characters, and what else the bytes could be."""

import pytest

from imports.pipeline.readers.csv.encoding import detect_encoding, known_encoding
from imports.pipeline.readers.csv.mixed import line_decoded, lines_by_kind
from imports.pipeline.readers.opening import open_sheet, preview
from imports.pipeline.readers.table import ReadOptions

NAMES = ["Ayşe Çağrı", "Gülşen Işık", "Ömer Öztürk", "İrem Güneş", "Uğur Şahin", "Pelin Gürsoy"]
HEADER = "Ad Soyad;Telefon\r\n"


def line(name: str, n: int = 0) -> str:
    return f"{name};0532 111 22 {n:02}\r\n"


def cells_of(path, **options) -> list[str]:
    return [row.cells[0] for row in open_sheet(path, ReadOptions(**options)).rows()]


def notes_of(path) -> dict:
    return {note.code: note.params for note in preview(path).notes}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "list.csv"


@pytest.mark.parametrize("every", [2, 3, 6])
def test_lines_of_two_encodings(path, every):
    path.write_bytes(
        HEADER.encode() + b"".join(line(NAMES[n % 6], n).encode("cp1254" if n % every == 0 else "utf-8") for n in range(60))
    )
    assert cells_of(path) == NAMES * 10
    assert preview(path).encoding == "utf-8+cp1254"
    assert notes_of(path)["lines_in_another_encoding"] == {"count": 60 // every, "encoding": "cp1254"}


@pytest.mark.slow
def test_old_lines_after_megabytes_of_utf8(path):
    path.write_bytes(HEADER.encode() + line("Ayşe Çağrı").encode() * 100_000 + line("Muğla İşçi").encode("cp1254") * 2)
    assert cells_of(path)[-3:] == ["Ayşe Çağrı", "Muğla İşçi", "Muğla İşçi"]


@pytest.mark.slow
def test_utf8_lines_after_megabytes_of_an_old_encoding(path):
    path.write_bytes(HEADER.encode() + line("Ayşe Çağrı").encode("cp1254") * 100_000 + line("Muğla İşçi").encode() * 2)
    assert cells_of(path)[-3:] == ["Ayşe Çağrı", "Muğla İşçi", "Muğla İşçi"]


def test_german_lines_are_read_as_german(path):
    german = ["Jürgen Groß", "Jörg Müller", "Änne Weiß"]
    path.write_bytes(
        b"Name;Telefon\r\n" + b"".join(line(german[n % 3], n).encode("cp1252" if n % 2 else "utf-8") for n in range(30))
    )
    assert cells_of(path) == german * 10


def test_icelandic_lines_are_not_read_as_turkish(path):
    names = ["Þórður Jónsson", "Guðrún Sigurðardóttir", "Sigríður Ýr"]
    path.write_bytes(b"Nafn;Simi\r\n" + b"".join(line(names[n % 3], n).encode("cp1252" if n % 2 else "utf-8") for n in range(30)))
    assert cells_of(path) == names * 10


def test_characters_cut_in_half_make_no_second_encoding(path):
    path.write_bytes(HEADER.encode() + line("Ayşe Çağrı").encode() * 20 + b"Mu\xc4;0532 111 22 33\r\n" * 2)
    assert preview(path).encoding == "utf-8" and cells_of(path)[-1] == "Mu\ufffd"


def test_the_preview_and_the_check_read_alike(path):
    path.write_bytes(HEADER.encode() + line("Ayşe Çağrı").encode() + line("Uğur Şahin").encode("cp1254"))
    assert cells_of(path, encoding=preview(path).encoding) == ["Ayşe Çağrı", "Uğur Şahin"]
    assert known_encoding("utf-8+windows-1254") == "utf-8+cp1254"


@pytest.mark.parametrize("encoding", ["utf-8", "iso8859-9", "utf-16"])
def test_control_characters_are_what_windows_means(path, encoding):
    path.write_bytes(
        "Ad;Not\r\nCh\u00e2teau d\u0092Estournel;7 \u0096 8\r\nAli;\u0093x\u0094 \u0085\r\nVeli;\x81y\r\n".encode(encoding)
    )
    rows = [row.cells for row in open_sheet(path, ReadOptions(encoding=encoding)).rows()]
    assert rows == [["Château d’Estournel", "7 – 8"], ["Ali", "“x” …"], ["Veli", "y"]]
    notes = {note.code: note.params for note in preview(path, ReadOptions(encoding=encoding)).notes}
    assert notes["control_characters_as_windows"] == {"count": 5} and notes["control_characters_removed"] == {"count": 1}


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe\0\0", "utf-32-le"), (b"\0\0\xfe\xff", "utf-32-be")])
def test_utf32_with_a_mark(path, mark, encoding):
    path.write_bytes(mark + (HEADER + line("Ayşe Çağrı")).encode(encoding))
    assert cells_of(path) == ["Ayşe Çağrı"] and preview(path).encoding == encoding


def test_other_encodings_that_give_legible_text_are_named(path):
    path.write_bytes((HEADER + line("Ayþe") + line("Þule") + line("Yýldýz")).encode("cp1252"))
    shown = preview(path)
    assert shown.encoding == "cp1254" and "cp1252" in shown.encoding_rivals
    assert any(note.code == "encoding_guessed" for note in shown.notes)
    path.write_bytes((HEADER + line("Иван Петров") + line("Мария")).encode("cp1251"))
    found = detect_encoding(path)
    assert found.encoding == "cp1251" and len(found.rivals) <= 3 and "cp1252" not in found.rivals


def test_what_is_certain_has_no_rivals(path):
    path.write_text(HEADER + line("Ayşe"))
    assert preview(path).encoding_rivals == []
    path.write_bytes((HEADER + line("Gülçin")).encode("cp1254"))
    assert "cp1252" not in preview(path).encoding_rivals  # the same letters


def test_a_line_is_utf8_if_it_can_be(path):
    assert line_decoded("Ayşe".encode(), "cp1254") == ("Ayşe", False)
    assert line_decoded("Ayşe".encode("cp1254"), "cp1254") == ("Ayşe", True)
    sample = "Ayşe".encode() + b"\n" + "Işık".encode("cp1254")
    path.write_bytes(sample)
    assert lines_by_kind(path, sample) == ("Ayşe".encode(), "Işık".encode("cp1254"))
