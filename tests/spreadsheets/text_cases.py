"""Text files: encodings, delimiters, quotes, line ends (4–28 of the list, and 1, 2)."""

from imports.pipeline.readers.table import ReadOptions

from .cases import Case, Expected

HEADER = ["Ad Soyad", "Telefon", "Şehir"]
PEOPLE = [
    HEADER,
    ["Ayşe Çağrı", "0555 111 22 33", "İstanbul"],
    ["Gülşen Işık", "0532 111 22 34", "Muğla"],
    ["Ömer Öztürk", "0542 111 22 35", "Ankara"],
]
READ = {2: PEOPLE[1], 3: PEOPLE[2], 4: PEOPLE[3]}


def text(delimiter: str = ";", rows=PEOPLE, end: str = "\r\n") -> str:
    return "".join(delimiter.join(row) + end for row in rows)


def _read(number: int, name: str, content: bytes, encoding: str, delimiter: str = ";", **more) -> Case:
    expected = {"encoding": encoding, "delimiter": delimiter, "headers": HEADER, "cells": READ, "header_row": 1, **more}
    return Case(number, name, "list.csv", content, Expected(kind="csv", **expected))


def _quoted(number: int, name: str, content: str, **expected) -> Case:
    return Case(number, name, "list.csv", content.encode(), Expected(**expected))


ARABIC = [["الاسم", "هاتف", "المدينة"], ["محمد علي", "+966501234567", "الرياض"], ["فاطمة حسن", "+966551234567", "جدة"]]
CHINESE = [["姓名", "电话", "城市"], ["王小明", "+8613800138000", "北京"], ["李红", "+8613900139000", "上海"]]
WESTERN = [
    ["Nom", "Téléphone", "Ville"],
    ["José Muñoz", "+33612345678", "Orléans"],
    ["Chloë Lefèvre", "+33698765432", "Besançon"],
]
GERMAN = [
    ["Name", "Telefon", "Stadt"],
    ["Jürgen Groß", "+4915112345678", "Köln"],
    ["Jörg Müller", "+4915112345679", "Düsseldorf"],
]
POLISH = [
    ["Imię", "Telefon", "Miasto"],
    ["Łukasz Wiśniewski", "+48501234567", "Łódź"],
    ["Małgorzata Dąbrowska", "+48601234567", "Kraków"],
]
RUSSIAN = [["Имя", "Телефон", "Город"], ["Иван Петров", "+79161234567", "Москва"], ["Мария Иванова", "+79261234567", "Казань"]]


def _other_language(number: int, encoding: str, rows, as_encoding: str | None = None) -> Case:
    return Case(
        number,
        f"{encoding} {rows[0][0]}",
        "list.csv",
        text(";", rows).encode(encoding),
        Expected(encoding=as_encoding, headers=rows[0], cells={2: rows[1], 3: rows[2]}),
    )


BROKEN_UTF8 = text().encode().replace("Muğla".encode(), b"Mu\xf0la") + ("Şükrü Çiçek;0532 111 22 36;Iğdır\r\n" * 40).encode()
LONG = "x" * 200_000
TEN_THOUSAND = "".join(f"Kişi {n};05{n:09}\r\n" for n in range(10_000))

CASES = [
    Case(1, "empty", "list.csv", b"", Expected(refused="file_empty")),
    Case(1, "only blank lines", "list.csv", b"\r\n\r\n  \r\n", Expected(refused="file_empty")),
    Case(1, "only a byte order mark", "list.csv", b"\xef\xbb\xbf", Expected(refused="file_empty")),
    Case(2, "header only", "list.csv", text(rows=PEOPLE[:1]).encode(), Expected(refused="no_data_rows")),
    _read(4, "utf-8 with byte order mark", text(",").encode("utf-8-sig"), "utf-8", ","),
    _read(4, "utf-8", text().encode(), "utf-8"),
    _read(5, "utf-16 little endian", text("\t").encode("utf-16"), "utf-16-le", "\t"),
    _read(5, "utf-16 big endian", b"\xfe\xff" + text("\t").encode("utf-16-be"), "utf-16-be", "\t"),
    _read(6, "utf-16 without mark", text("\t").encode("utf-16-le"), "utf-16-le", "\t", notes={"encoding_guessed": {}}),
    _read(6, "utf-16 big endian without mark", text("\t").encode("utf-16-be"), "utf-16-be", "\t"),
    _read(7, "cp1254", text().encode("cp1254"), "cp1254", notes={"encoding_guessed": {"encoding": "cp1254"}}),
    _read(7, "iso8859-9", text().encode("iso8859-9"), "cp1254"),
    _read(7, "cp857 of DOS", text().encode("cp857"), "cp857"),
    _read(7, "mac-turkish", text().encode("mac-turkish"), "mac-turkish"),
    _read(
        7,
        "first letter beyond ascii after a megabyte",
        (
            text(rows=[["Ad Soyad", "Telefon", "Sehir"]])
            + "Ali Can;0555 111 22 33;Ankara\r\n" * 40_000
            + "Ayşe Çağrı;0555;Muğla\r\n"
        ).encode("cp1254"),
        "cp1254",
        headers=["Ad Soyad", "Telefon", "Sehir"],
        cells={40_002: ["Ayşe Çağrı", "0555", "Muğla"]},
    ),
    Case(
        7,
        "another encoding is chosen",
        "list.csv",
        text().encode("cp1254"),
        Expected(encoding="cp1252", cells={2: ["Ayþe Çaðrý", "0555 111 22 33", "Ýstanbul"]}),
        ReadOptions(encoding="cp1252"),
    ),
    Case(
        7,
        "an encoding that does not exist is chosen",
        "list.csv",
        text().encode(),
        Expected(refused="encoding_unknown"),
        ReadOptions(encoding="klingon"),
    ),
    _other_language(8, "cp1252", WESTERN, "cp1252"),
    _other_language(8, "cp1252", GERMAN),
    _other_language(8, "cp1250", POLISH, "cp1250"),
    _other_language(8, "cp1251", RUSSIAN, "cp1251"),
    _other_language(9, "cp1256", ARABIC, "cp1256"),
    _other_language(10, "gb18030", CHINESE),
    Case(
        11,
        "a few bad bytes",
        "list.csv",
        BROKEN_UTF8,
        Expected(
            encoding="utf-8",
            cells={2: PEOPLE[1], 3: ["Gülşen Işık", "0532 111 22 34", "Mu\ufffdla"]},
            count=43,
            notes={"characters_unreadable": {"count": 1}},
        ),
    ),
    _quoted(
        12,
        "nul",
        "Ad;Telefon\r\nAli\0 Can;0555 111\0 22 33\r\n",
        cells={2: ["Ali Can", "0555 111 22 33"]},
        notes={"control_characters_removed": {"count": 2}},
    ),
    _quoted(
        13,
        "control characters",
        "Ad;Telefon\r\nAli\x07\u2028 \x85Can\x1b;0555 111 22 33\r\nVeli;0532 111 22 34\r\n",
        cells={2: ["Ali …Can", "0555 111 22 33"], 3: ["Veli", "0532 111 22 34"]},
        notes={"control_characters_removed": {"count": 3}, "control_characters_as_windows": {"count": 1}},
    ),
    Case(
        13,
        "half a character",
        "list.csv",
        "Ad\tTelefon\r\nAli \ud83dCan\t0555 111 22 33\r\n".encode("utf-16", "surrogatepass"),
        Expected(cells={2: ["Ali \ufffdCan", "0555 111 22 33"]}),
    ),
    _read(14, "semicolon", text(";").encode(), "utf-8", ";"),
    _read(15, "tab", text("\t").encode(), "utf-8", "\t"),
    _read(16, "pipe", text("|").encode(), "utf-8", "|"),
    _quoted(
        14,
        "commas in cells",
        'Ad;Adres;Tutar\r\nAli;Atatürk Cad., No 5, Çankaya;1.250,50\r\nVeli;"Gül Sok., 7; Kat 2";99,90\r\n',
        delimiter=";",
        cells={2: ["Ali", "Atatürk Cad., No 5, Çankaya", "1.250,50"], 3: ["Veli", "Gül Sok., 7; Kat 2", "99,90"]},
    ),
    Case(
        14,
        "another delimiter is chosen",
        "list.csv",
        b"Ad,Telefon\r\nAli,0555 111 22 33\r\n",
        Expected(delimiter=";", headers=["Ad,Telefon"]),
        ReadOptions(delimiter=";"),
    ),
    Case(
        14,
        "a delimiter that cannot be is chosen",
        "list.csv",
        text().encode(),
        Expected(refused="delimiter_unknown"),
        ReadOptions(delimiter="ab"),
    ),
    _quoted(
        17,
        "sep line",
        "sep=;\r\nAd;Telefon\r\nAli, Can;0555 111 22 33\r\n",
        delimiter=";",
        header_row=1,
        headers=["Ad", "Telefon"],
        cells={2: ["Ali, Can", "0555 111 22 33"]},
    ),
    _quoted(
        56,
        "text as a formula",
        '="Ad";"=""Telefon"""\r\nAli;"=""0555 111 22 33"""\r\n="00 7";=1+1\r\n',
        delimiter=";",
        headers=["Ad", "Telefon"],
        cells={2: ["Ali", "0555 111 22 33"], 3: ["00 7", "=1+1"]},
    ),
    _quoted(17, "sep line with a caret", "sep=^\nAd^Telefon\nAli^0555 111 22 33\n", delimiter="^", headers=["Ad", "Telefon"]),
    _quoted(
        18,
        "single column",
        "Telefon\r\n0555 111 22 33\r\n0532 111 22 34\r\n",
        headers=["Telefon"],
        header_row=1,
        cells={2: ["0555 111 22 33"], 3: ["0532 111 22 34"]},
    ),
    _quoted(
        18, "single column without header", "0555 111 22 33\r\n0532 111 22 34\r\n", headers=["A"], header_row=0, numbers=[1, 2]
    ),
    _read(19, "carriage returns", text(end="\r").encode("cp1254"), "cp1254", numbers=[2, 3, 4]),
    _read(20, "cr cr lf", text(end="\r\r\n").encode(), "utf-8", numbers=[2, 3, 4]),
    _quoted(
        21,
        "mixed line ends",
        "Ad;Telefon\r\nAli;0555 111 22 33\nVeli;0532 111 22 34\rCan;0542 111 22 35\r\n\r\nEfe;0542 111 22 36",
        numbers=[2, 3, 4, 6],
        cells={6: ["Efe", "0542 111 22 36"]},
    ),
    _quoted(
        22,
        "quote never closed",
        'Ad;Telefon\r\n"Ali;0555 111 22 33\r\n' + TEN_THOUSAND,
        count=10_001,
        bad={2: "quote_left_open"},
        notes={"quotes_left_open": {"count": 1, "row": 2}},
    ),
    _quoted(
        22,
        "quote closed by a later one",
        'Ad;Telefon\r\nAli;"0555\r\nVeli;"0532"\r\n',
        bad={2: "quote_left_open"},
        numbers=[2, 3],
        cells={3: ["Veli", "0532"]},
    ),
    _quoted(
        23,
        "line break in a cell",
        'Ad;Adres;Telefon\r\nAli;"Gül Sok. 5\r\nÇankaya";0555 111 22 33\r\nVeli;Ankara;0532 111 22 34\r\n',
        cells={2: ["Ali", "Gül Sok. 5\nÇankaya", "0555 111 22 33"], 3: ["Veli", "Ankara", "0532 111 22 34"]},
        numbers=[2, 3],
    ),
    _quoted(
        24,
        "text after a closing quote",
        'Ad;Telefon\r\n"Ali"x;0555 111 22 33\r\nVeli;0532 111 22 34\r\n',
        bad={2: "text_after_quote"},
        numbers=[2, 3],
    ),
    _quoted(
        24,
        "quotes inside a plain cell",
        'Ad;Telefon\r\nBoru 5" ve 6";0555 111 22 33\r\n"""Ali""";0532 111 22 34\r\n',
        bad={},
        cells={2: ['Boru 5" ve 6"', "0555 111 22 33"], 3: ['"Ali"', "0532 111 22 34"]},
    ),
    _quoted(
        24,
        "a space before the quotes",
        'Ad, Telefon\r\n"Can, Ali", "0555 111 22 33"\r\n"Su, Veli", "0532 111 22 34"\r\n"Ay, Ece", "0542"\r\n',
        cells={2: ["Can, Ali", "0555 111 22 33"]},
    ),
    _quoted(
        25,
        "cell of 200 kB",
        f"Ad;Telefon\r\n{LONG};0555 111 22 33\r\nVeli;0532 111 22 34\r\n",
        bad={2: "cell_too_long"},
        numbers=[2, 3],
    ),
    Case(
        25,
        "line of 20 MB",
        "list.csv",
        lambda path: path.write_text("Ad;Telefon\n" + "x" * 20_000_000),
        Expected(refused="file_too_complex"),
        hostile=True,
    ),
    Case(
        25,
        "quoted cell of 20 MB in many lines",
        "list.csv",
        lambda path: path.write_text('Ad;Telefon\n"' + (19 * "x" + "\n") * 1_000_000 + '";1\n'),
        Expected(refused="quote_not_closed"),
        hostile=True,
    ),
    _quoted(
        26,
        "ragged rows",
        "Ad;Telefon;Şehir\r\nAli;0555 111 22 33\r\nVeli;0532 111 22 34;Ankara;;\r\nCan;0542 111 22 35;Bursa;x\r\nEfe;0542;İzmir\r\n",
        cells={2: ["Ali", "0555 111 22 33", ""], 3: ["Veli", "0532 111 22 34", "Ankara"]},
        bad={4: "surplus_cells"},
        numbers=[2, 3, 4, 5],
    ),
    _quoted(
        26,
        "header lacks names",
        "Ad;Telefon\r\nAli;0555 111 22 33;Ankara\r\nVeli;0532 111 22 34;Bursa\r\n",
        bad={},
        headers=["Ad", "Telefon", "Column C"],
    ),
    _quoted(
        27,
        "5,000 columns",
        ";".join(f"S{n}" for n in range(5_000)) + "\r\n" + ";".join("x" * 5_000) + "\r\n",
        refused="too_many_columns",
    ),
    _read(28, "last line without end", text().encode().rstrip(), "utf-8", numbers=[2, 3, 4]),
]
