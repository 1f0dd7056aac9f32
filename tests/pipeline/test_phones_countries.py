"""Countries by any of their names."""

import phonenumbers
import pytest

from imports.pipeline.phones.normalise import countries, country_name, region_of_country, regions

NAMES = [
    *(
        (text, "TR")
        for text in (
            "Türkiye",
            "TÜRKİYE",
            "türkiye",
            "turkiye",
            "TURKIYE",
            "Turkey",
            "TURKEY",
            "turkey",
            "Türkei",
            "TR",
            "tr",
            "Tr",
            "TUR",
            "90",
            "+90",
            "0090",
            "+ 90",
            "(+90)",
            "90.0",
            "Türkiye (+90)",
            "Turkey +90",
            "+90 Türkiye",
            "TR - Türkiye",
            "Türkiye / TR",
            "🇹🇷",
            "🇹🇷 Türkiye",
            " Türkiye ",
            "Turkiye Cumhuriyeti",
            "Türkiye Cumhuriyeti",
            "Турция",
            "تركيا",
            "KKTC",
            "Kuzey Kıbrıs",
        )
    ),
    *(
        (text, "DE")
        for text in (
            "Almanya",
            "ALMANYA",
            "Germany",
            "Deutschland",
            "DEUTSCHLAND",
            "de",
            "DEU",
            "49",
            "+49",
            "Allemagne",
            "Alemania",
        )
    ),
    *(
        (text, "GB")
        for text in (
            "İngiltere",
            "INGILTERE",
            "ingiltere",
            "UK",
            "U.K.",
            "England",
            "United Kingdom",
            "Birleşik Krallık",
            "Great Britain",
            "44",
        )
    ),
    *(
        (text, "US")
        for text in ("ABD", "A.B.D.", "USA", "U.S.A.", "United States", "Amerika", "Amerika Birleşik Devletleri", "1", "+1", "US")
    ),
    ("Canada", "CA"),
    ("Kanada", "CA"),
    ("Canada (+1)", "CA"),
    ("Canada / Jamaica", None),
    ("Canada / USA", None),
    ("Kanada - Jamaika", None),
    ("Kazakhstan (+7)", "KZ"),
    ("Rusya / Kazakistan", None),
    ("Jamaica +44", None),
    ("90,0", "TR"),
    ("Rusya", "RU"),
    ("Russia", "RU"),
    ("Россия", "RU"),
    ("Russian Federation", "RU"),
    ("7", "RU"),
    ("Kazakistan", "KZ"),
    ("Hollanda", "NL"),
    ("The Netherlands", "NL"),
    ("Netherlands", "NL"),
    ("Nederland", "NL"),
    ("España", "ES"),
    ("espana", "ES"),
    ("İspanya", "ES"),
    ("Fransa", "FR"),
    ("FRA", "FR"),
    ("fra", "FR"),
    ("FRANCE", "FR"),
    ("İtalya", "IT"),
    ("ITALYA", "IT"),
    ("Italia", "IT"),
    ("Çin", "CN"),
    ("ÇİN", "CN"),
    ("中国", "CN"),
    ("Azerbaycan", "AZ"),
    ("Azərbaycan", "AZ"),
    ("Gürcistan", "GE"),
    ("საქართველო", "GE"),
    ("Suudi Arabistan", "SA"),
    ("السعودية", "SA"),
    ("KSA", "SA"),
    ("BAE", "AE"),
    ("UAE", "AE"),
    ("United Arab Emirates", "AE"),
    ("Dubai", "AE"),
    ("Mısır", "EG"),
    ("مصر", "EG"),
    ("İran", "IR"),
    ("ایران", "IR"),
    ("Irak", "IQ"),
    ("Suriye", "SY"),
    ("Yunanistan", "GR"),
    ("Ελλάδα", "GR"),
    ("Bosna Hersek", "BA"),
    ("Bosnia and Herzegovina", "BA"),
    ("Kuzey Makedonya", "MK"),
    ("Kosova", "XK"),
    ("Çekya", "CZ"),
    ("Czech Republic", "CZ"),
    ("Côte d'Ivoire", "CI"),
    ("Fildişi Sahili", "CI"),
    ("Güney Kore", "KR"),
    ("South Korea", "KR"),
    ("日本", "JP"),
    ("Japonya", "JP"),
    ("भारत", "IN"),
    ("Hindistan", "IN"),
    ("Brasil", "BR"),
    ("Brezilya", "BR"),
    ("México", "MX"),
    ("Meksika", "MX"),
    ("Österreich", "AT"),
    ("Avusturya", "AT"),
    ("Schweiz", "CH"),
    ("Suisse", "CH"),
    ("İsviçre", "CH"),
    ("1868", "TT"),
    ("+1-868", "TT"),
    ("Kıbrıs", "CY"),
    ("Cyprus", "CY"),
    ("Polska", "PL"),
    ("Danmark", "DK"),
    ("Bulgaristan", "BG"),
    ("Romanya", "RO"),
]


@pytest.mark.parametrize(("text", "region"), NAMES)
def test_a_country_by_any_name(text, region):
    assert region_of_country(text) == region


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "İstanbul",
        "foo",
        "999",
        "0",
        "12345",
        "TR, DE",
        "Türkiye ve Almanya",
        "05551234567",
        "EU",
        "-",
        "#N/A",
        "x" * 10_000,
    ],
)
def test_no_country(text):
    assert region_of_country(text) is None


def test_every_region_has_its_names():
    for region, _ in regions():
        assert region_of_country(region) == region
        assert region_of_country(country_name(region, "en")) == region
        assert region_of_country(country_name(region, "tr").upper()) == region
        assert country_name(region) not in ("", region)


def test_names_are_shown_in_the_language_of_the_reader():
    assert country_name("DE") == country_name("DE", "en-gb") == "Germany"
    assert country_name("DE", "tr") == country_name("DE", "tr-tr") == "Almanya"
    assert country_name("", "tr") == ""


def test_the_list_to_choose_from_is_complete_and_in_order():
    listed = countries("tr")
    assert {region for region, _, _ in listed} == set(phonenumbers.SUPPORTED_REGIONS)
    names = [name for _, name, _ in listed]
    assert names.index("Cibuti") < names.index("Çad") < names.index("Danimarka")
    assert names.index("Irak") < names.index("İran") < names.index("Jamaika")
    assert ("TR", "Türkiye", "90") in listed
    assert [name for _, name, _ in countries("en")][:2] == ["Afghanistan", "Åland Islands"]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Niemcy", "DE"),
        ("Tyskland", "DE"),
        ("Németország", "DE"),
        ("ドイツ", "DE"),
        ("독일", "DE"),
        ("เยอรมนี", "DE"),
        ("Almaniya", "DE"),
        ("Czechy", "CZ"),
        ("الإمارات", "AE"),
        ("Man", None),
        ("Oma", None),
        ("Sin", None),
    ],
)
def test_a_country_is_known_in_the_language_of_any_list(text, region):
    assert region_of_country(text) == region
