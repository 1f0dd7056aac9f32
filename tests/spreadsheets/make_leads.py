"""Writes leads.csv, leads.xlsx, leads.xls and leads.json: `python -m tests.spreadsheets.make_leads`.

The three files hold one list: a realistic one, with numbers written in every way people write them. leads.json says
what must come of each row, known from how the row was made and not from what Rowcall says. The .xls needs xlwt
(`pip install xlwt`), which nothing else does; the files are committed.
"""

import csv
import json
import random
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent
HEADER = ["Müşteri Adı", "Cep Telefonu", "Firma", "Şehir", "2. Telefon", "Kayıt Tarihi"]
FIRST = "Ayşe Mehmet Gülşen Ömer Çağrı Işıl Şükrü Zeynep Uğur Elif İbrahim Müge Barış Ceren Özgür".split()
LAST = "Yılmaz Işık Öztürk Çelik Şahin Güneş Aydın Doğan Koç Ünal Kılıç Ağaoğlu İnce Tunç Erdoğdu".split()
COMPANIES = [
    "Işık Mobilya Ltd. Şti.",
    "Güneş Enerji A.Ş.",
    "Çınar Gıda",
    "Öz-Ka İnşaat",
    "Şahin & Oğulları",
    "",
    "Yıldız Tekstil, Denizli",
]
CITIES = ["İstanbul", "Ankara", "İzmir", "Muğla", "Diyarbakır", "Eskişehir", "Şanlıurfa"]
# How people write the national number abc def gh ij.
WAYS = [
    "0{a} {b} {c} {d}",
    "+90 {a} {b} {c} {d}",
    "(0{a}) {b} {c} {d}",
    "{a} {b} {c} {d}",
    "0090{a}{b}{c}{d}",
    "0 ({a}) {b}-{c}-{d}",
    "90{a}{b}{c}{d}",
    "+90 ({a}) {b} {c} {d}",
    "0{a}.{b}.{c}.{d}",
    "+90{a}{b}{c}{d}",
    "\u00a00{a} {b}{c}{d} ",
    "tel:+90{a}{b}{c}{d}",
]
GOOD = 48
# (text of the phone cell, why it cannot be called)
BAD = [
    ("", "missing_required"),
    ("0532 123 45", "phone_too_short"),
    ("0532 123 45 678", "phone_too_long"),
    ("yok", "phone_not_a_number"),
    ("9,05321E+11", "phone_shortened"),
    ("0532 123 45 67 / 0533 123 45 68", "phone_two_numbers"),
    ("112", "phone_emergency"),
    ("0532 ABC 45 67", "phone_letters"),
    ("0532 123 45 67 dahili 5", "phone_extension"),
]
REPEATED = 3


def made() -> tuple[list[list], dict]:
    """The rows, and what must come of them. Phone cells that are numbers are ints: typed into Excel, the zero is lost."""
    chance = random.Random(2024)
    numbers = chance.sample(range(5_320_000_000, 5_599_999_999), GOOD * 2)
    numbers = [
        number for number in numbers if str(number)[:3] in ("532", "533", "535", "541", "542", "543", "551", "552", "553", "555")
    ]
    good = numbers[:30] + [int(f"53{n % 10}{4_000_000 + n * 7919 % 5_999_999}") for n in range(GOOD - len(numbers[:30]))]
    cells = [(written(number, index), f"+90{number}", "") for index, number in enumerate(good)]
    cells += [(text, "", reason) for text, reason in BAD]
    cells += [(written(good[index], index + 5), f"+90{good[index]}", "duplicate") for index in range(REPEATED)]
    mixed = cells[:REPEATED] + chance.sample(cells[REPEATED:-REPEATED], len(cells) - 2 * REPEATED) + cells[-REPEATED:]
    return [row(index, text, chance) for index, (text, _, _) in enumerate(mixed)], expected(mixed)


def written(number: int, index: int) -> str | int:
    text = str(number)
    if index % 13 == 12:
        return number
    return WAYS[index % len(WAYS)].format(a=text[:3], b=text[3:6], c=text[6:8], d=text[8:])


def row(index: int, phone: str | int, chance: random.Random) -> list:
    second = f"0212 {chance.randint(200, 899)} {chance.randint(10, 99)} {chance.randint(10, 99)}" if index % 6 == 0 else ""
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    day = date(2024, 1, 8) + timedelta(days=index * 3)
    return [name, phone, chance.choice(COMPANIES), chance.choice(CITIES), second, day]


def expected(cells: list[tuple]) -> dict:
    valid = {str(number): phone for number, (_, phone, _) in enumerate(cells, 2) if phone}
    return {
        "header": HEADER,
        "rows": len(cells),
        "phone_column": "Cep Telefonu",
        "region": "TR",
        "counts": {
            "pending": len(set(valid.values())),
            "duplicate_in_file": len(valid) - len(set(valid.values())),
            "invalid": len(cells) - len(valid),
        },
        "phones": valid,
        "reasons": {str(number): reason for number, (_, phone, reason) in enumerate(cells, 2) if not phone},
        "duplicates": {str(number): phone for number, (_, phone, reason) in enumerate(cells, 2) if reason == "duplicate"},
    }


def write_csv(rows: list[list]) -> None:
    with (HERE / "leads.csv").open("w", encoding="cp1254", newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEADER, *([*cells[:5], cells[5].isoformat()] for cells in rows)])


def write_xlsx(rows: list[list]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(HERE / "leads.xlsx") as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet = book.add_worksheet("Müşteriler")
        sheet.write_row(0, 0, HEADER, book.add_format({"bold": True}))
        for number, cells in enumerate(rows, 1):
            for column, value in enumerate(cells[:5]):
                (sheet.write_number if isinstance(value, int) else sheet.write_string)(number, column, value)
            sheet.write_datetime(number, 5, cells[5], day)
        sheet.autofilter(0, 0, len(rows), len(HEADER) - 1)
        notes = book.add_worksheet("Notlar")
        notes.write_string(0, 0, "Liste fuarda toplandı.")
        book.add_worksheet("Eski").hide()


def write_xls(rows: list[list]) -> None:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Müşteriler")
    day = xlwt.easyxf(num_format_str="DD.MM.YYYY")
    for column, name in enumerate(HEADER):
        sheet.write(0, column, name)
    for number, cells in enumerate(rows, 1):
        for column, value in enumerate(cells):
            if value != "":
                sheet.write(number, column, value, day) if column == 5 else sheet.write(number, column, value)
    book.save(str(HERE / "leads.xls"))


if __name__ == "__main__":
    rows, answer = made()
    write_csv(rows)
    write_xlsx(rows)
    write_xls(rows)
    (HERE / "leads.json").write_text(json.dumps(answer, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
