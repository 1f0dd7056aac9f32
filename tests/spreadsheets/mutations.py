"""Files damaged at random, the same way every time: `mutated(content, kind, seed)`."""

import io
import random
import zipfile

SPICE = [
    b"\x00",
    b"\xff" * 8,
    b'"',
    b"\r",
    b"\n",
    b";",
    b"<",
    b">",
    b"</row>",
    b'<row r="1">',
    b'<c r="XFD1048576"><v>1</v></c>',
    b"]]>",
    b"<!--",
    b"<!DOCTYPE x>",
    b"&#x10FFFF;",
    b"&#xD800;",
    b"_xD800_",
    b"99999999999999999999",
    b"-1",
    b"1e999",
    b"NaN",
    b"\xd8\x00",
    b"\xe2\x80\xa8",
    b't="s"',
    b's="99999"',
    b'r="A0"',
    b"\xed\xa0\x80",
    b"\x1f\x8b",
]


def mutated(content: bytes, kind: str, seed: int) -> bytes:
    """Every second workbook is damaged where it hurts: an .xlsx (.xlsb, .ods) inside one of its parts, which is zipped again, or its
    checksums would betray it; an .xls without moving anything, or its directory would."""
    chance = random.Random(f"{kind} {seed}")
    if kind in ("xlsx", "xlsb", "ods") and seed % 2:
        return _part_damaged(content, chance)
    return _damaged(content, chance, IN_PLACE if kind == "xls" and seed % 2 else EVERY_WAY)


def _damaged(content: bytes, chance: random.Random, ways: tuple) -> bytes:
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 3, 8, 30))):
        chance.choice(ways)(data, chance)
    return bytes(data[: chance.randrange(len(data) + 1)] if chance.random() < 0.1 else data)


def _place(data: bytearray, chance: random.Random) -> int:
    return chance.randrange(len(data) + 1)


def _flip(data: bytearray, chance: random.Random) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(data: bytearray, chance: random.Random) -> None:
    start = _place(data, chance)
    del data[start : start + chance.choice((1, 2, 16, 300))]


def _insert(data: bytearray, chance: random.Random) -> None:
    start = _place(data, chance)
    data[start:start] = chance.choice(SPICE)


def _double(data: bytearray, chance: random.Random) -> None:
    start = _place(data, chance)
    data[start:start] = data[start : start + chance.choice((4, 64, 2000))] * chance.choice((1, 3))


def _overwrite(data: bytearray, chance: random.Random) -> None:
    start, spice = _place(data, chance), chance.choice((*SPICE, chance.randbytes(4)))
    data[start : start + len(spice)] = spice[: len(data) - start]


def _move(data: bytearray, chance: random.Random) -> None:
    start, size = _place(data, chance), chance.choice((8, 128))
    piece = data[start : start + size]
    del data[start : start + size]
    target = _place(data, chance)
    data[target:target] = piece


IN_PLACE = (_flip, _overwrite)
EVERY_WAY = (_flip, _cut, _insert, _double, _overwrite, _move)


def _part_damaged(content: bytes, chance: random.Random) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        names = source.namelist()
        weights = [
            10
            if "sheet" in name or "Strings" in name or "content" in name
            else 3
            if "styles" in name or "workbook" in name
            else 1
            for name in names
        ]
        victims = set(chance.choices(names, weights, k=chance.choice((1, 1, 2))))
        for name in names:
            data = source.read(name)
            target.writestr(name, _damaged(data, chance, EVERY_WAY) if name in victims else data)
    return buffer.getvalue()
