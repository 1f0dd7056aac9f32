"""The spreadsheets of the demo data: names and phone numbers that are made up, some of them awkward."""

import random

FIRST = ["Ayşe", "Mehmet", "Çağrı", "Elif", "Burak", "Zeynep", "Ömer", "Işıl", "Şule", "Can"]
LAST = ["Yılmaz", "Kaya", "Öztürk", "Şahin", "Çelik", "Aydın", "Güneş", "Doğan"]
AWKWARD = [
    "0532 12",
    "+49 30 901820",
    "0 (532) 111 22 33",
    "+90 555 444 33 22 / 0533",
    "9,05E+11",
    "90-533-765-43-21",
    "",
    "532.222.33.44",
]


def full_name(dice: random.Random) -> str:
    return f"{dice.choice(FIRST)} {dice.choice(LAST)}"


def spreadsheet(rows: int, seed: int) -> bytes:
    """A csv in the Turkish code page, with so many rows, some of which hold what is no number, and seven of them twice."""
    dice = random.Random(seed)
    lines = ["Ad Soyad;Cep Telefonu;Randevu;Yakını;Not"]
    for number in range(rows):
        phone = (
            AWKWARD[number // 9 % len(AWKWARD)]
            if number % 9 == 4
            else f"0{dice.choice(('532', '543', '555'))} {dice.randrange(10**6, 10**7)}"
        )
        name = "" if number % 41 == 7 else full_name(dice)
        lines.append(f"{name};{phone};{dice.randrange(1, 28)}.06.2026;0533 {dice.randrange(10**6, 10**7)};")
    return ("\n".join([*lines, *lines[2:9]]) + "\n").encode("cp1254")
