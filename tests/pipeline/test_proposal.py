"""Lists that were once called wrongly, each as it was met: what is chosen, what is asked, and the number of every row."""

import pytest

from imports.pipeline.columns.fields import lead_fields
from imports.pipeline.consent import is_inverted
from imports.pipeline.phones.normalise import PhoneFormat
from imports.pipeline.proposal import Given, Proposal, propose
from imports.pipeline.readers.opening import open_sheet, preview
from imports.pipeline.readers.table import ReadOptions
from imports.pipeline.rows import CheckSettings, check_rows
from tests.pipeline.readers.test_sheet_choice import LEADS, workbook


@pytest.fixture
def through(tmp_path):
    """(proposal, {row number: E.164 or reason}) of a list, for an instance at home in `home`."""

    def go(text: str, home: str = "TR", variables=("name",), **given) -> tuple[Proposal, dict[int, str]]:
        path = tmp_path / "list.csv"
        path.write_text(text, encoding="utf-8")
        found, fields = preview(path), lead_fields(variables)
        proposal = propose(found, fields, home, given=Given(**given))
        used = [field for field in fields if field.required or field.key in proposal.mapping]
        headers = [found.headers[one] for one in [proposal.mapping.get("consent")] if isinstance(one, int)]
        settings = CheckSettings(
            proposal.mapping,
            used,
            proposal.phone_format,
            any(map(is_inverted, headers)),
            found.letters,
            home_region=home,
        )
        sheet = open_sheet(
            path, ReadOptions(found.encoding, found.delimiter, None, found.header_row, found.escape, len(found.list_starts))
        )
        checked = check_rows(list(sheet.rows()), settings)
        return proposal, {row.number: row.phone if row.state == "pending" else row.reason for row in checked}

    return go


def asked(proposal: Proposal) -> list[str]:
    return [decision.what for decision in proposal.questions]


def rows_of(numbers, *beside: str) -> str:
    return "".join(f"{';'.join([f'Kişi {n}', number, *beside])}\n" for n, number in enumerate(numbers))


MOBILES = [f"0532 {n:03} 22 {n % 90 + 10}" for n in range(111, 131)]


# -- a neighbouring column decides the country -----------------------------------------------------------------------


@pytest.mark.parametrize("header", ["Gidilecek Ülke", "Üretim Yeri", "Uyruk", "Doğduğu ülke", "Menşei"])
@pytest.mark.parametrize("country", ["Almanya", "Fransa"])
def test_where_people_fly_to_changes_no_number(through, header, country):
    proposal, phones = through(f"Ad;Telefon;{header}\n" + rows_of(MOBILES, country))
    assert "country" not in proposal.mapping and asked(proposal) == []
    assert phones[2] == "+905321112231" and all(phone.startswith("+90532") for phone in phones.values())


def test_an_emigrants_mobile_in_a_true_column_of_countries_is_ambiguous(through):
    german = [f"0151 2345{n:04}" for n in range(10)]
    text = (
        "Ad;Telefon;Ülke\n" + rows_of(german, "Almanya") + "Emigre;0532 111 26 10;Almanya\nEmigre 2;+90 532 111 26 11;Almanya\n"
    )
    proposal, phones = through(text, columns={"country": 2})
    assert phones[2] == "+4915123450000"
    assert (phones[12], phones[13]) == ("phone_ambiguous", "+905321112611")
    assert through(text)[0].mapping["country"] == 2 and "country" in asked(through(text)[0])


@pytest.mark.parametrize("code", ["CH", "A", "SUI"])
def test_codes_of_plates_and_sports_keep_neighbours_from_being_called_at_home(through, code):
    numbers = [f"078 123 {n} {n}" if code != "A" else f"0664 123 {n}{n}" for n in range(10, 20)]
    text = "Name;Telefon;Land\n" + rows_of(numbers, code) + rows_of([f"0151 2345{n:04}" for n in range(10)], "D")
    proposal, phones = through(text, home="DE", columns={"country": 2})
    assert phones[2].startswith("+43664" if code == "A" else "+4178") and phones[12] == "+4915123450000"
    assert through(text, home="DE")[0].mapping["country"] == 2


@pytest.mark.parametrize("sheet", ["Do not call", "Kara Liste", "Widerrufe", "Opt-outs"])
def test_a_sheet_of_people_who_said_no_is_asked_about(sheet, tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook(**{sheet: LEADS}))
    proposal = propose(preview(path), lead_fields(["name"]), "TR")
    assert [one.what for one in proposal.questions] == ["sheet"]


# -- the list's own country --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("misfit", ["0532 11 22 1{n}", "0532 123 45 6{n} - 3"])
def test_thirty_misfits_do_not_make_a_turkish_list_foreign(through, misfit):
    text = "Ad;Telefon\n" + rows_of(
        [f"0532 {n:03} 45 67" for n in range(111, 181)] + [misfit.format(n=n % 10) for n in range(30)]
    )
    proposal, phones = through(text)
    assert proposal.phone_format == PhoneFormat("national", "TR")
    assert sum(phone.startswith("+905") for phone in phones.values()) == 70
    assert not [phone for phone in phones.values() if phone.startswith("+") and not phone.startswith("+905")]


def test_american_numbers_are_asked_about(through):
    text = "Name;Phone;State;ZIP\n" + "".join(f"Ann {n};212-555-01{n};NY;100{n}\n" for n in range(10, 20))
    proposal, _ = through(text)
    assert proposal.phone_format == PhoneFormat("national", "US") and asked(proposal) == ["phone_format"]


@pytest.mark.parametrize("header", ["phone_code", "Kod", "Ülke Kodu", "CC", "Dial Code"])
def test_a_dialing_code_of_its_own_is_asked_about(through, header):
    text = f"Name;{header};Phone\n" + "".join(f"Ann {n};1;21255501{n}\n" for n in range(40, 50))
    proposal, phones = through(text)
    assert proposal.mapping["country"] == 1 and "country" in asked(proposal)
    assert phones[2] == "+12125550140"


# -- sure by a header alone --------------------------------------------------------------------------------------------


def test_installation_numbers_are_not_called(through):
    ids = [f"53{n * 7919 % 10**8:08}" for n in range(11, 31)]
    text = "Tesisat No;Ad Soyad;İletişim\n" + "".join(f"{id};Kişi;{mobile}\n" for id, mobile in zip(ids, MOBILES))
    proposal, phones = through(text)
    assert proposal.mapping["phone_number"] == 2 and "secondary_phone_1" not in proposal.mapping
    assert phones[2] == "+905321112231" and asked(proposal) == []


# -- digits glued on -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "home", "expected"),
    [
        ("030/9012345/46", "DE", "phone_two_numbers"),
        ("01 33 1234 5678", "US", None),
        ("12.1 - 23.71 - 23.45", "TR", None),
        ("00880 1812-345678", "TR", "+8801812345678"),
        ("00977 984-1234567", "TR", "+9779841234567"),
        ("00212 612-345678", "TR", "+212612345678"),
        ("+880 (0)1812-345678", "TR", "+8801812345678"),
        ("0532 123 45 67 - 3", "TR", None),
        ("%2B905321234567", "TR", "+905321234567"),
        ("&#43;905321234567", "TR", "+905321234567"),
        ("_$!<Mobile>!$_: 0532 123 45 67", "TR", "+905321234567"),
        ("No: 0532 123 45 67", "TR", "+905321234567"),
        ("iPhone: 0532 123 45 67", "TR", "+905321234567"),
        ("0532 123 45 67 (WhatsApp)", "TR", "+905321234567"),
        ("Mob. 0532 123 45 67", "TR", "+905321234567"),
        ("(Mobile) 0532 123 45 67", "TR", "+905321234567"),
        ("WA 0532 123 45 67", "TR", "+905321234567"),
        ("T 0532 123 45 67", "TR", "+905321234567"),
        ("+881 6 12345678", "TR", None),
        ("+870 773 111 632", "TR", None),
        ("+44 7012 345678", "TR", None),
        ("\\N", "TR", "phone_missing"),
    ],
)
def test_one_cell(through, cell, home, expected):
    """`None`: refused, whatever the reason."""
    _, phones = through(f'name;phone_number\nAli;"{cell}"\n', home=home, phone_format=PhoneFormat("national", home))
    assert phones[2] == expected if expected else not phones[2].startswith("+")


# -- several lists on one sheet -------------------------------------------------------------------------------------


def test_two_lists_beside_each_other_are_read_below_each_other(through):
    people = "".join(f"Ali {n};{MOBILES[n]};Veli {n};0544 {n + 111} 33 44\n" for n in range(8))
    proposal, phones = through("Ad;Tel;Ad;Tel\n" + people)
    assert asked(proposal) == [] and len(phones) == 16
    assert (phones[2], phones[10_000_002]) == ("+905321112231", "+905441113344") and "secondary_phone_1" not in proposal.mapping


def test_the_head_office_below_the_table_is_no_lead(through):
    proposal, phones = through("Ad;Telefon\n" + rows_of(MOBILES) + "\nGenel Merkez;0212 555 00 00\n")
    assert phones[23] == "contact_line" and sum(phone.startswith("+") for phone in phones.values()) == 20


# -- columns that forbid or qualify ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "no", "yes"),
    [
        ("İzin Durumu", "RET", "ONAY"),
        ("Arama İzni", "Hayır", "Evet"),
        ("Do Not Call", "TRUE", "FALSE"),
        ("Arama Yasak", "E", "H"),
    ],
)
def test_who_said_no_is_not_called(through, header, no, yes):
    text = f"Ad;Telefon;{header}\n" + "".join(f"Kişi {n};{mobile};{no if n % 2 else yes}\n" for n, mobile in enumerate(MOBILES))
    proposal, phones = through(text)
    assert proposal.mapping["consent"] == 2
    assert (phones[2], phones[3]) == ("+905321112231", "no_consent")


@pytest.mark.parametrize(
    ("header", "fax", "mobile"),
    [("Phone 1 - Type", "Work Fax", "Mobile"), ("Telefon Tipi", "FAKS", "CEP"), ("Tip", "Faks", "Cep")],
)
def test_faxes_are_refused_by_name(through, header, fax, mobile):
    text = f"Ad;{header};Telefon\n" + "".join(f"Kişi {n};{fax if n % 2 else mobile};{MOBILES[n]}\n" for n in range(12))
    _, phones = through(text)
    assert (phones[2], phones[3]) == ("+905321112231", "phone_label_fax")


# -- what is not said ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "no", "yes"),
    [
        ("Acord contact", "Nu", "Da"),
        ("Accetta chiamate", "Negato", "Concesso"),
        ("Consimțământ", "Refuzat", "Acordat"),
        ("Согласие", "Н", "Д"),
        ("Zgoda", "Odmówiono", "Udzielono"),
        ("Hozzájárulás", "Megtagadva", "Megadva"),
        ("Συγκατάθεση", "Αρνήθηκε", "Δόθηκε"),
    ],
)
def test_a_no_in_any_language_is_heard_or_asked_about(through, header, no, yes):
    answers = [yes, no] * 5
    text = f"Ad;Telefon;{header}\n" + "".join(
        f"Kişi {n};{phone};{said}\n" for n, (phone, said) in enumerate(zip(MOBILES, answers))
    )
    proposal, phones = through(text)
    assert phones[3] == "no_consent" or "consent" in asked(proposal)


def test_words_that_nobody_understands_under_consent_are_asked_about(through):
    answers = ["Blip", "Blop"] * 5
    text = "Ad;Telefon;Onay\n" + "".join(f"Kişi {n};{phone};{said}\n" for n, (phone, said) in enumerate(zip(MOBILES, answers)))
    assert "consent" in asked(through(text)[0])


@pytest.mark.parametrize(
    ("agents", "own"), [("Tel. opiekuna", "Komórka"), ("Celular do gestor", "Celular"), ("Telefon Blorp", "Telefon")]
)
def test_a_number_under_a_word_that_nobody_knows_is_not_called_without_a_question(through, agents, own):
    bare = [phone.replace(" ", "")[1:] for phone in MOBILES]
    written = [f"0541 {n:03} 33 {n % 90 + 10}" for n in range(311, 331)]
    text = f"{agents};Ad;{own}\n" + "".join(f"{theirs};Kişi {n};{mine}\n" for n, (theirs, mine) in enumerate(zip(written, bare)))
    assert "phone_number" in asked(through(text)[0])


def test_an_area_code_under_a_vague_header_is_asked_about(through):
    numbers = ["7431478", "6367853", "7674857", "2941361", "1751139", "4224224", "1277112", "4061822", "4630275", "8486229"]
    text = "Contact;Area;Tel\n" + "".join(f"Person {n};1{n % 2};{number}\n" for n, number in enumerate(numbers))
    assert "phone_number" in asked(through(text)[0])


def test_a_number_below_the_list_that_is_written_otherwise_is_no_lead(through):
    phones = [f"0713-920-7{n:02}" for n in range(20)]
    text = (
        "Nume;Tel.\n" + "".join(f"Persoana {n};{phone}\n" for n, phone in enumerate(phones)) + ";\nRelații clienți;021 196 3282\n"
    )
    assert through(text, home="RO")[1][23] == "contact_line"


@pytest.mark.parametrize("other", ["3828852984", "7538796657"])
def test_north_american_numbers_that_are_mobiles_at_home_are_asked_about(through, other):
    """A few cannot be called at home: these speak for the country where all can be called."""
    phones = [f"506{n}" for n in range(2118646, 2118656)] + [other] * 1 + [f"249515884{n}" for n in range(2)]
    assert "phone_format" in asked(through("Given Name;Phone\n" + rows_of(phones))[0])


@pytest.mark.parametrize("first", ["\\N", "yok", "1 - +905033979488", "(3) +905033979488"])
def test_a_first_row_without_a_plain_number_is_no_header(through, first):
    text = f"Günkurt;{first}\n" + "".join(f"Kişi {chr(65 + n)};+90532111{n:02}22\n" for n in range(20))
    assert through(text)[0].mapping["phone_number"] == 1 and 1 in through(text)[1]


def test_a_column_of_names_that_is_left_out_is_said(through):
    text = "Ad Soyad;Telefon\n" + "".join(f"{n * 37},5;{mobile}\n" for n, mobile in enumerate(MOBILES))
    proposal, _ = through(text)
    assert "name" in proposal.mapping or {"column_left_out", "variable_unmapped"} & {note.code for note in proposal.notes}


def test_a_variable_without_a_column_is_said(through):
    proposal, _ = through("Ad;Telefon\n" + rows_of(MOBILES), variables=("name", "appointment_date"))
    assert ("variable_unmapped", {"field": "appointment_date"}) in proposal.notes
