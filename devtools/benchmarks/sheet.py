"""The spreadsheet that all stages read: six columns, phones as people in Türkiye write them, one row in fifty wrong."""

import random
from pathlib import Path

import xlsxwriter

HEADERS = ["Telefon", "Ad Soyad", "Firma", "Şehir", "Tarih", "Not"]
CITIES = ["İstanbul", "Ankara", "İzmir", "Bursa", "Antalya"]
MAPPING = {"phone_number": 0, "name": 1, "company": 2}


def make_sheet(path: Path, rows: int, seed: int = 1) -> None:
    """`rows` rows below one row of headers, as xlsx with shared strings, the way Excel writes it."""
    draw = random.Random(seed)
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet("Liste")
    sheet.write_row(0, 0, HEADERS)
    for number in range(rows):
        sheet.write_row(
            number + 1,
            0,
            [
                phone_cell(draw, number),
                f"Ayşe Çağrı {number}",
                f"Firma {number % 1000} A.Ş.",
                draw.choice(CITIES),
                f"2026-05-{number % 28 + 1:02d}",
                "bir not",
            ],
        )
    workbook.close()


def phone_cell(draw: random.Random, number: int) -> str:
    """A mobile number in one of the usual ways of writing; one in fifty too short, one in a hundred seen before."""
    digits = f"5{draw.randint(30, 59)}{draw.randint(0, 9_999_999):07d}" if number % 100 else "5321234567"
    if number % 50 == 7:
        return digits[:6]
    ways = (
        f"0{digits}",
        f"+90 {digits[:3]} {digits[3:6]} {digits[6:8]} {digits[8:]}",
        f"0 ({digits[:3]}) {digits[3:6]} {digits[6:]}",
        digits,
        f"90{digits}",
    )
    return ways[number % len(ways)]
