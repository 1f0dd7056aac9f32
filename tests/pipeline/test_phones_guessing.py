"""Which format a file is written in: the evidence, and how sure one may be."""

import random

import phonenumbers
import pytest

from devtools.benchmarks.phone_samples import turkish_column
from imports.pipeline.evidence import Grade
from imports.pipeline.headers.language import regions_of_headers
from imports.pipeline.phones.guessing import suggest_format
from imports.pipeline.phones.normalise import INTERNATIONAL, PhoneFormat, awkward_first, looks_like_phone_share, normalise_column

TURKISH = PhoneFormat("national", "TR")


def numbers_of(region, style, count=150, seed=1):
    """Mobiles of a country, varied from the library's example, in one way of writing."""
    rng = random.Random(seed)
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    found = []
    while len(found) < count:
        number = phonenumbers.PhoneNumber(example.country_code, example.national_number // 10**6 * 10**6 + rng.randrange(10**6))
        if phonenumbers.is_valid_number(number):
            found.append(style(number))
    return found


def national(number):
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def spaced(number):
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def with_dialing_code(number):
    return f"{number.country_code}{phonenumbers.national_significant_number(number)}"


def test_turkish_columns_are_turkish():
    suggestion = suggest_format(turkish_column(2_000)[0])
    assert suggestion.phone_format == TURKISH
    assert suggestion.sure and suggestion.share > 0.9
    assert suggestion.evidence.code == "format_country"
    assert suggestion.evidence.params == {"percent": int(suggestion.share * 100), "region": "TR"}


@pytest.mark.parametrize("region", "TR DE GB US FR ES NL IN BR SA AE AZ EG ID PL UA CN JP PK ZA AR AU CH AT BE".split())
def test_numbers_as_written_at_home_tell_their_country_or_that_they_do_not(region):
    """050 123 4567 is written alike in four countries: then a person is asked."""
    suggestion = suggest_format(numbers_of(region, national))
    assert suggestion.phone_format == PhoneFormat("national", region) or not suggestion.sure


@pytest.mark.slow
def test_most_countries_are_told_by_their_numbers():
    told = [
        region
        for region in "TR DE GB US FR ES NL IN BR SA AZ EG ID PL CN JP PK AR AU CH AT BE".split()
        if suggest_format(numbers_of(region, national)).phone_format.region == region
    ]
    assert len(told) == 22


@pytest.mark.parametrize("region", "TR DE US FR RU BR CN IT".split())
def test_numbers_with_plus_are_international(region):
    suggestion = suggest_format(numbers_of(region, spaced))
    assert suggestion.phone_format == INTERNATIONAL
    assert suggestion.sure
    assert suggestion.evidence.code == "format_international"


@pytest.mark.parametrize("region", "TR DE GB ES RU PL BR IN SA".split())
def test_a_dialing_code_without_plus_is_understood(region):
    numbers = numbers_of(region, with_dialing_code)
    suggestion = suggest_format(numbers)
    assert suggestion.share > 0.9
    found = normalise_column(numbers, suggestion.phone_format)
    assert {result.e164 for result in found if result.e164} <= {"+" + number for number in numbers}


def test_dialing_codes_of_many_countries_without_plus_are_international():
    numbers = [number for region in "TR DE GB SA NL".split() for number in numbers_of(region, with_dialing_code, 30)]
    assert suggest_format(numbers).phone_format == INTERNATIONAL


def test_foreign_numbers_with_plus_do_not_make_a_national_file_international():
    mixed = numbers_of("TR", national, 60) + numbers_of("DE", spaced, 40)
    assert suggest_format(mixed).phone_format == TURKISH
    assert suggest_format(mixed).share == 1.0


def test_two_countries_that_fit_alike_are_left_to_a_person():
    suggestion = suggest_format(["9876543210", "9812345678", "9012345678"])
    assert not suggestion.sure
    assert suggestion.evidence.code == "format_unclear"
    assert suggestion.evidence.params["region"] == suggestion.phone_format.region
    assert suggestion.evidence.params["other_region"] not in ("", suggestion.phone_format.region)


def test_the_likely_country_wins_where_several_fit():
    bare = numbers_of("FR", lambda number: phonenumbers.national_significant_number(number))
    assert not suggest_format(bare).sure
    at_home = suggest_format(bare, likely_region="FR")
    assert at_home.phone_format == PhoneFormat("national", "FR") and at_home.sure


def test_rows_with_their_own_country_count_by_it():
    numbers = numbers_of("DE", national, 30) + numbers_of("TR", national, 30)
    regions = ["DE"] * 30 + ["TR"] * 30
    assert suggest_format(numbers, regions).share == 1.0


def test_bad_columns_are_never_sure():
    for texts in ([], ["", " "], ["Ali", "Ayşe"], ["12,50", "1.250,00"], ["#N/A"] * 10):
        suggestion = suggest_format(texts)
        assert (suggestion.phone_format, suggestion.share, suggestion.sure) == (TURKISH, 0.0, False)
        assert suggestion.evidence.code == "format_no_numbers"
    mostly_broken = numbers_of("TR", national, 30) + ["9,05E+11"] * 70
    assert not suggest_format(mostly_broken).sure


@pytest.mark.slow
def test_large_columns_are_sampled():
    numbers = numbers_of("TR", national, 100) * 2_000
    assert suggest_format(numbers).share == 1.0


# --- phones among other columns -----------------------------------------------------------


def column(make, count=200):
    rng = random.Random(5)
    return [make(rng) for _ in range(count)]


def citizen_number(rng):
    digits = [rng.randint(1, 9)] + [rng.randint(0, 9) for _ in range(8)]
    digits.append((sum(digits[0:9:2]) * 7 - sum(digits[1:8:2])) % 10)
    return "".join(map(str, [*digits, sum(digits) % 10]))


OTHER_COLUMNS = {
    "citizen number": citizen_number,
    "tax number": lambda rng: str(rng.randint(10**9, 10**10 - 1)),
    "order number of 8 digits": lambda rng: str(rng.randint(10**7, 10**8 - 1)),
    "order number of 12 digits": lambda rng: str(rng.randint(10**11, 10**12 - 1)),
    "lead id": lambda rng: f"l:{rng.randint(10**14, 10**15 - 1)}",
    "barcode": lambda rng: f"869{rng.randint(10**9, 10**10 - 1)}",
    "date": lambda rng: f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
    "Turkish date": lambda rng: f"{rng.randint(1, 28):02}.{rng.randint(1, 12):02}.2026",
    "date without separators": lambda rng: f"2026{rng.randint(1, 12):02}{rng.randint(1, 28):02}",
    "price": lambda rng: f"{rng.randint(10, 9999)},{rng.randint(0, 99):02}",
    "amount": lambda rng: f"{rng.randint(10**6, 10**7):,}".replace(",", "."),
    "IBAN": lambda rng: f"TR{rng.randint(10**23, 10**24 - 1)}",
    "coordinate": lambda rng: f"{rng.uniform(36, 42):.6f}",
    "small number": lambda rng: str(rng.randint(1, 100_000)),
    "postcode": lambda rng: f"{rng.randint(1000, 81999):05}",
    "card": lambda rng: "-".join(f"{rng.randint(0, 9999):04}" for _ in range(4)),
    "timestamp": lambda rng: str(1_700_000_000 + rng.randint(0, 10**7)),
    "name": lambda rng: rng.choice(("Ali", "Ayşe Yılmaz", "Veli")),
    "empty": lambda rng: "",
}


@pytest.mark.parametrize("make", OTHER_COLUMNS.values(), ids=OTHER_COLUMNS)
def test_other_columns_do_not_look_like_phones(make):
    assert looks_like_phone_share(column(make)) < 0.35


def test_running_numbers_look_less_like_phones():
    assert looks_like_phone_share([str(5_321_000_000 + 3 * step) for step in range(100)]) < 0.35
    assert looks_like_phone_share([f"0532 100 {step:02} 00" for step in range(100)]) == 1.0


@pytest.mark.parametrize(
    ("region", "style"),
    [
        ("TR", national),
        ("TR", with_dialing_code),
        ("DE", national),
        ("US", national),
        ("FR", spaced),
        ("GB", with_dialing_code),
    ],
)
def test_phones_look_like_phones(region, style):
    assert looks_like_phone_share(numbers_of(region, style)) > 0.9


# --- before → after -----------------------------------------------------------------------


def test_the_awkward_stand_first_and_one_of_each_kind():
    texts = ["0555 123 45 67"] * 50 + [
        "9,05E+11",
        "",
        "+905551234567",
        "tel:+905551234567",
        "call me",
        "0555 123 45 67 / 68",
        "9,06E+11",
    ]
    shown = [texts[place] for place, _ in awkward_first(texts, normalise_column(texts, TURKISH))]
    assert shown == [
        "9,05E+11",
        "call me",
        "0555 123 45 67 / 68",
        "tel:+905551234567",
        "0555 123 45 67",
        "+905551234567",
        "",
        "9,06E+11",
    ]


def test_awkward_first_gives_what_there_is():
    texts = [f"0555 123 45 {step:02}" for step in range(40)]
    found = awkward_first(texts, normalise_column(texts, TURKISH), n=10)
    assert [place for place, _ in found] == list(range(10))
    assert all(result == normalise_column([texts[place]], TURKISH)[0] for place, result in found)
    assert awkward_first([], []) == []


def test_numbers_written_as_abroad_are_not_taken_for_numbers_at_home():
    """(212) 736-5000 is in New York or in İstanbul: a person knows, or the language of the headers."""
    texts = [f"(212) 736-500{digit}" for digit in range(10)]
    unclear = suggest_format(texts)
    assert not unclear.sure and unclear.evidence.params["region"] == "US" and unclear.evidence.params["other_region"] == "TR"
    assert suggest_format(texts, spoken_in=("TR",)).phone_format == TURKISH
    assert suggest_format(["(532) 123-4567", "(542) 123-4568"]).sure


@pytest.mark.parametrize(
    ("headers", "texts", "region"),
    [
        (["Nombre", "Teléfono móvil"], [f"612 34 56 {digit}0" for digit in range(10)], "ES"),
        (["Nom", "Prénom", "Tél. portable"], [str(612345600 + digit) for digit in range(10)], "FR"),
        (["Nome e Cognome", "Cellulare"], [f"347 123 45{digit}0" for digit in range(10)], "IT"),
    ],
)
def test_the_language_of_the_headers_proposes_a_country_and_proves_none(headers, texts, region):
    suggestion = suggest_format(texts, spoken_in=regions_of_headers(headers))
    assert suggestion.phone_format == PhoneFormat("national", region) and suggestion.grade is Grade.LIKELY
    assert region not in suggestion.instead


@pytest.mark.parametrize("headers", [[], ["Name", "Company", "Phone"], ["phone_number", "name"], ["x1", "x2"]])
def test_english_headers_and_none_are_of_no_country(headers):
    assert regions_of_headers(headers) == ()


def test_headers_of_two_languages_alike_follow_the_one_with_more_words():
    assert regions_of_headers(["Ad", "Soyad", "Telefon"])[0] == "TR"
    assert regions_of_headers(["Nome", "Sobrenome", "Celular"])[0] == "PT"
    assert "SA" in regions_of_headers(["الاسم", "رقم الجوال"])


def test_one_bare_number_among_many_with_plus_of_one_country_is_of_that_country():
    german = [f"+49 151 234567{digits}" for digits in range(10, 50)]
    assert suggest_format([*german, "030 1234567"]).phone_format == PhoneFormat("national", "DE")
    french = ["+33 6 12 34 56 78"] * 8
    assert suggest_format([*german, *french, "030 1234567"]).phone_format == INTERNATIONAL


@pytest.mark.parametrize("spoken_in", [("TR",), ()])
def test_numbers_whose_area_codes_stand_elsewhere_are_not_of_a_small_country(spoken_in):
    assert not suggest_format([f"123450{digit}" for digit in range(10)], spoken_in=spoken_in).sure


def test_a_country_that_does_not_speak_the_headers_language_is_asked_about():
    german = [f"0151 2345678{digit}" for digit in range(10)]
    for spoken_in in (("DE", "AT"), ("TR", "CY")):
        suggestion = suggest_format(german, spoken_in=spoken_in)
        assert suggestion.phone_format == PhoneFormat("national", "DE") and suggestion.grade is Grade.LIKELY


# --- what proves a country, and what keeps it from being proven ------------------------------------------------

MOBILES = [f"0532 111 {last:02} {last * 7 % 100:02}" for last in range(70)]


def test_home_is_presumed_where_four_in_five_are_mobiles_there():
    suggestion = suggest_format([*MOBILES, *["0532 111 22"] * 10])
    assert (suggestion.phone_format, suggestion.grade) == (TURKISH, Grade.PROVEN)


@pytest.mark.parametrize("misfit", ["0532 11 22 1{}", "0532 123 45 67 - 3{}", "532 123 45 6{}", "belirsiz {}"])
def test_misfits_do_not_make_a_list_of_mobiles_a_list_of_another_country(misfit):
    suggestion = suggest_format([*MOBILES, *[misfit.format(digit % 10) for digit in range(30)]])
    assert (suggestion.phone_format, suggestion.grade) in ((TURKISH, Grade.LIKELY), (TURKISH, Grade.PROVEN))


@pytest.mark.parametrize("known", [{"spoken_in": ("DE", "AT")}, {"hints": ("DE",)}, {"hints": ("LU", "DE")}])
def test_home_is_not_presumed_where_something_speaks_for_another_country_that_fits(known):
    suggestion = suggest_format(MOBILES, **known)
    assert suggestion.phone_format == TURKISH and suggestion.grade is Grade.LIKELY and "DE" in suggestion.instead


def test_a_country_that_the_numbers_do_not_fit_says_nothing_against_home():
    assert suggest_format(MOBILES, spoken_in=("FR",), hints=("US", "GB")).grade is Grade.PROVEN


def test_fixed_lines_are_proven_by_their_grouping_alone():
    grouped, bare = ([style.format(n) for n in range(10, 60)] for style in ("0212 555 {} 10", "0212555{}10"))
    assert suggest_format(grouped).grade is Grade.PROVEN
    assert (suggest_format(bare).phone_format, suggest_format(bare).grade) == (TURKISH, Grade.LIKELY)


@pytest.mark.parametrize("style", ["212-555-01{}", "212.555.01{}", "(212) 555-01{}"])
def test_the_grouping_of_another_country_is_evidence(style):
    texts = [style.format(last) for last in range(10, 30)]
    for hints in ((), ("US",)):
        suggestion = suggest_format(texts, hints=hints)
        assert suggestion.phone_format == PhoneFormat("national", "US") and suggestion.grade is Grade.LIKELY
        assert "TR" in suggestion.instead


def test_another_country_is_proposed_and_asked():
    for region in ("BR", "FR", "DE"):
        suggestion = suggest_format(numbers_of(region, national))
        assert (suggestion.phone_format, suggestion.grade) == (PhoneFormat("national", region), Grade.LIKELY)


def test_numbers_of_another_country_with_its_code_prove_it_for_the_others():
    texts = [*numbers_of("DE", spaced, 40), *numbers_of("DE", national, 10)]
    assert (suggest_format(texts).phone_format, suggest_format(texts).grade) == (PhoneFormat("national", "DE"), Grade.PROVEN)


def test_mobiles_that_all_begin_alike_may_be_the_fixed_lines_of_one_town_abroad():
    canadian = [f"506{last:03}{last * 37 % 10000:04}" for last in range(200, 240)]
    suggestion = suggest_format(canadian)
    assert suggestion.phone_format == TURKISH and suggestion.grade is Grade.LIKELY and "US" in suggestion.instead
    assert suggest_format(["(٥٠٦) ٨٥٠-٣٩١١"] * 10).grade is Grade.LIKELY


def test_numbers_that_say_their_country_are_proven_even_where_many_are_wrong():
    texts = [*numbers_of("DE", spaced, 60), *["+49 151"] * 40]
    assert (suggest_format(texts).phone_format, suggest_format(texts).grade) == (INTERNATIONAL, Grade.PROVEN)


def test_no_country_is_preselected_where_nothing_fits():
    assert suggest_format(["12345", "99", "1234", "5"] * 5).grade is Grade.UNKNOWN
