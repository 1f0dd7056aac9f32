"""Small lists in the encodings of many countries: the names come out right without anybody being asked."""

import random

import pytest

from imports.pipeline.readers.csv.encoding import detect_encoding, known_encoding
from imports.pipeline.readers.table import UnreadableFile
from tests.figures import record_figure

TURKISH = (
    "Ayşe Çağrı Gülşen Ömer Işıl Şükrü Uğur İbrahim Müge Barış Yılmaz Işık Öztürk Çelik Şahin Güneş Aydın Doğan Koç Ünal Kılıç "
    "Ağaoğlu İnce Tunç Erdoğdu İstanbul Muğla Eskişehir Diyarbakır Şanlıurfa Kadıköy Üsküdar"
)
NAMES = {
    "cp1252 German": "Jürgen Groß Jörg Müller Köln Düsseldorf Schröder Weiß Bäcker Lübeck Vögel Strauß Ärzte Grün",
    "cp1252 French": "Chloë Lefèvre Besançon Orléans Éric François Hélène Gérard Noël Béatrice Mâcon Angoulême",
    "cp1252 Spanish": "José Muñoz Peña Núñez García López Martínez Ángel Íñigo Málaga Cádiz Logroño Begoña Ramón",
    "cp1252 Portuguese": "João Conceição São Paulo Antônio Gonçalves Magalhães Brasília Goiânia Inácio Araújo",
    "cp1252 Swedish": "Åsa Björk Malmö Göteborg Häggström Åke Östersund Jönsson Lindström Sjöberg",
    "cp1252 Icelandic": "Þórður Guðrún Sigurður Jón Þór Akureyri Hafnarfjörður Ísafjörður Ragnheiður Björk",
    "cp1250 Polish": "Łukasz Wiśniewski Małgorzata Dąbrowska Kraków Łódź Wójcik Kamińska Poznań Gdańsk Świątek",
    "cp1250 Czech": "Jiří Dvořák Tomáš Novotný Plzeň Řehoř Šárka Růžička Hájek Černý Žižka Břeclav",
    "cp1250 Hungarian": "Gyöngyi Szőke Győr Pécs László Kovács Tóth Székesfehérvár Erdős Fűzfő",
    "cp1251 Russian": "Иван Петров Мария Иванова Москва Казань Сергей Смирнов Екатеринбург Ольга",
    "cp1253 Greek": "Γιώργος Παπαδόπουλος Αθήνα Θεσσαλονίκη Μαρία Νίκος Ελένη Πάτρα",
    "cp1255 Hebrew": "דוד כהן ירושלים משה לוי חיפה שרה אברהם",
    "cp1256 Arabic": "محمد علي الرياض فاطمة حسن جدة عبدالله خالد القاهرة",
    "gb18030 Chinese": "王小明 李红 北京 上海 张伟 刘洋 广州 深圳 陈静 杨帆",
    "big5 Chinese": "王小明 李紅 臺北 高雄 張偉 劉洋 陳靜 楊帆",
    "shift_jis Japanese": "山田太郎 佐藤花子 東京都 大阪府 すずき タナカ 北海道",
    "euc_kr Korean": "김철수 이영희 서울 부산 박지성 대구 인천",
}
LISTS = 60


def _share_right(encoding: str, names: list[str], path) -> float:
    """Of small lists of one to twenty rows, how many come out as they went in."""
    chance, right = random.Random(f"{encoding} {names}"), 0
    for _ in range(LISTS):
        rows = "".join(
            f"{chance.choice(names)} {chance.choice(names)};0532 {chance.randint(1000000, 9999999)};{chance.choice(names)}\r\n"
            for _ in range(chance.choice((1, 2, 3, 5, 20)))
        )
        content = f"Ad;Telefon;Sehir\r\n{rows}".encode(encoding)
        path.write_bytes(content)
        right += content.decode(detect_encoding(path).encoding, "replace") == content.decode(encoding)
    return right / LISTS


@pytest.mark.parametrize("encoding", ["cp1254", "iso8859-9", "cp857", "utf-8", "utf-16-le"])
def test_turkish_is_always_right(encoding, tmp_path):
    assert _share_right(encoding, TURKISH.split(), tmp_path / "list.csv") == 1


def test_other_languages_are_nearly_always_right(tmp_path):
    shares = {name: _share_right(name.split()[0], names.split(), tmp_path / "list.csv") for name, names in NAMES.items()}
    mean = sum(shares.values()) / len(shares)
    record_figure("encodings", f"Turkish all right, {mean:.1%} of small lists in {len(shares)} other languages and encodings")
    assert mean >= 0.96
    assert min(shares.values()) >= 0.7, shares


@pytest.mark.parametrize(
    ("name", "known"), [("UTF-8-SIG", "utf-8"), ("windows-1254", "cp1254"), ("latin5", "iso8859-9"), ("UTF16", "utf-16")]
)
def test_other_names_of_encodings(name, known):
    assert known_encoding(name) == known


@pytest.mark.parametrize("name", ["", "klingon", "rot13", "base64", "hex", "zip", "undefined", "idna", "x" * 5000, "utf-8\0"])
def test_what_is_no_encoding_of_text_is_refused(name):
    with pytest.raises(UnreadableFile):
        known_encoding(name)
