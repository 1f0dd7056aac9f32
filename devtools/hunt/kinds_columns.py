"""Faults in the columns beside the phone: numbers that are no phones, countries that say nothing about it, codes apart."""

import random
from collections.abc import Callable

import phonenumbers

from . import numbers
from .draft import Cell, Draft, plain_columns
from .regions import regions
from .writings import NATIONAL, ODD

# Names as lists have them, beside ISO codes and Faker's own.
ENGLISH = dict(
    entry.split(":")
    for entry in (
        "TR:Turkey DE:Germany AT:Austria CH:Switzerland FR:France BE:Belgium NL:Netherlands LU:Luxembourg GB:United_Kingdom IE:Ireland "
        "US:USA CA:Canada AU:Australia ZA:South_Africa IN:India PK:Pakistan NG:Nigeria MX:Mexico AR:Argentina CL:Chile CO:Colombia "
        "PE:Peru ES:Spain PT:Portugal BR:Brazil IT:Italy PL:Poland RO:Romania CZ:Czech_Republic HU:Hungary GR:Greece SE:Sweden "
        "DK:Denmark FI:Finland RU:Russia KZ:Kazakhstan SA:Saudi_Arabia AE:United_Arab_Emirates EG:Egypt MA:Morocco"
    ).split()
)
OWN = {
    "tr": {
        "DE": "Almanya",
        "TR": "Türkiye",
        "FR": "Fransa",
        "US": "ABD",
        "GB": "İngiltere",
        "ES": "İspanya",
        "IT": "İtalya",
        "NL": "Hollanda",
        "GR": "Yunanistan",
        "RU": "Rusya",
    },
    "de": {
        "DE": "Deutschland",
        "TR": "Türkei",
        "FR": "Frankreich",
        "US": "USA",
        "GB": "Großbritannien",
        "ES": "Spanien",
        "IT": "Italien",
        "NL": "Niederlande",
        "GR": "Griechenland",
    },
    "fr": {
        "DE": "Allemagne",
        "TR": "Turquie",
        "FR": "France",
        "US": "États-Unis",
        "ES": "Espagne",
        "IT": "Italie",
        "GR": "Grèce",
    },
    "es": {"DE": "Alemania", "TR": "Turquía", "FR": "Francia", "US": "Estados Unidos", "ES": "España", "IT": "Italia"},
    "it": {"DE": "Germania", "TR": "Turchia", "FR": "Francia", "US": "Stati Uniti", "ES": "Spagna", "IT": "Italia"},
}
NUMBERS = ("customer_id", "order", "tax", "national_id", "iban", "amount", "list_no")
COUNTRIES = ("birth_country", "destination", "made_in", "nationality")


def ids_beside(role: str) -> Callable[[Draft], None]:
    """A column of numbers that nobody has: customers', orders', taxes', identities', banks', money."""

    def kind(draft: Draft) -> None:
        plain_columns(draft)
        draft.add(role, _numbers_of(draft, role))

    return kind


def _numbers_of(draft: Draft, role: str) -> list[Cell]:
    rng, count = draft.rng, len(draft.people)
    first, step = rng.randrange(10**5, 10**9), rng.choice((1, 1, 3, 17))
    digits = {
        "customer_id": rng.choice((6, 8, 10, 11)),
        "order": rng.choice((8, 10, 12)),
        "tax": rng.choice((9, 10, 11)),
        "national_id": rng.choice((9, 10, 11, 13)),
    }.get(role, 0)
    if role == "iban":
        return [f"{rng.choice(('DE', 'TR', 'GB', 'FR'))}{_digits(rng, 24)}" for _ in range(count)]
    if role == "list_no":
        return list(range(1, count + 1))
    if role == "amount":
        return [
            rng.choice((f"{rng.randrange(10, 99999)},{rng.randrange(100):02}", rng.randrange(100, 10**7))) for _ in range(count)
        ]
    if role in ("customer_id", "order") and rng.random() < 0.5:
        return [first + step * place for place in range(count)]
    return [_digits(rng, digits) for _ in range(count)]


def _digits(rng: random.Random, count: int) -> str:
    return str(rng.randrange(1, 10)) + "".join(rng.choice("0123456789") for _ in range(count - 1))


def ids_like_phones(draft: Draft) -> None:
    """Ids of as many digits as a mobile has, all beginning as mobiles do; the phones stand under a header that says less."""
    plain_columns(draft, list(NATIONAL.values())[:1] if draft.rng.random() < 0.6 else None)
    draft.answers.region = draft.region.code
    start, step = int(numbers.significant(draft.mobile())), draft.rng.choice((1, 1, 7))
    ids = [start + step * place for place in range(len(draft.people))]
    draft.column("phone").header = draft.rng.choice((draft.column("phone").header, draft.say("note"), "Contact", "İletişim"))
    draft.add(draft.rng.choice(("customer_id", "order")), ids)


def dates_beside(draft: Draft) -> None:
    plain_columns(draft)
    draft.add("date", _dates(draft))


def _dates(draft: Draft) -> list[Cell]:
    days = draft.some_days()
    shape = draft.rng.choice(("%d.%m.%Y", "%Y%m%d", "%Y-%m-%d %H:%M", "%d%m%Y%H%M"))
    return [*days] if draft.rng.random() < 0.4 else [day.strftime(shape) for day in days]


# -- countries ---------------------------------------------------------------------------------------------------------


def country_beside(role: str) -> Callable[[Draft], None]:
    """A country that says nothing about the number: of birth, of travel, of manufacture, of a passport."""

    def kind(draft: Draft) -> None:
        plain_columns(draft, list(NATIONAL.values())[:2] if draft.rng.random() < 0.7 else None)
        draft.answers.region = draft.region.code
        draft.add(role, _countries(draft))

    return kind


def _countries(draft: Draft) -> list[str]:
    own, shown = draft.rng.uniform(0, 0.7), _naming(draft)
    return [shown(draft.region.code if draft.rng.random() < own else _some_country(draft.rng)) for _ in draft.people]


def _some_country(rng: random.Random) -> str:
    return rng.choice(("DE", "TR", "FR", "US", "ES", "IT"))


def _naming(draft: Draft) -> Callable[[str], str]:
    """How this list names countries: by ISO code, in English, in its own language."""
    way = draft.rng.choice(("iso", "english", "own"))
    own = OWN.get(draft.language, {})

    def name(code: str) -> str:
        if way == "iso":
            return code
        return own.get(code, "") if way == "own" and code in own else ENGLISH[code].replace("_", " ")

    return name


def residence(draft: Draft) -> None:
    """The country whose number it is, each written as at home there. What is a mobile at home too may be refused."""
    rng = draft.rng
    codes = rng.sample(list(ENGLISH), 4) + [draft.home]
    shown, lived = _naming(draft), [rng.choice(codes) for _ in draft.people]
    for person, code in zip(draft.people, lived, strict=True):
        person.number = numbers.mobile(rng, code)
    plain_columns(draft, [ODD["trunk_lost"]])
    draft.column("phone").cells = [numbers.national(person.number) for person in draft.people]
    draft.answers.region = draft.home
    for person in draft.people:
        person.may_be_refused = True
    draft.add("residence", [shown(code) for code in lived])
    draft.answers.country = draft.place_of("residence")


def dialing_code_column(draft: Draft) -> None:
    """`+90 | 5321234567`: the number has no country without the column beside it."""
    rng, is_one = draft.rng, draft.rng.random() < 0.4
    if not is_one:
        codes = rng.sample(list(regions()), 3)
        for person in draft.people:
            person.number = numbers.mobile(rng, rng.choice(codes))
    plain_columns(draft)
    plus = rng.choice(("+", "", "00"))
    draft.column("phone").cells = [numbers.significant(person.number) for person in draft.people]
    draft.answers.region = draft.region.code if is_one else None
    header = rng.choice((None, "phone_code", draft.say("dial_code")))
    draft.add(
        "dial_code", [plus + numbers.dialing_code(person.number) for person in draft.people], before_phone=True, header=header
    )
    draft.answers.dialing_code = draft.place_of("dial_code")
    for person in draft.people:
        person.may_be_refused = True


def area_code_apart(draft: Draft) -> None:
    """`0212 | 123 45 67`: the phone column alone holds no whole number."""
    for person in draft.people:
        person.number, person.may_be_refused = draft.fixed(), True
    plain_columns(draft, None, "phone")
    pairs = [_apart(person.number) for person in draft.people]
    draft.column("phone").cells = [rest for _, rest in pairs]
    draft.add("area_code", [code for code, _ in pairs], before_phone=True)
    draft.answers.area_code = draft.place_of("area_code")


def _apart(number: str) -> tuple[str, str]:
    digits = numbers.significant(number)
    length = phonenumbers.length_of_geographical_area_code(phonenumbers.parse(number)) or 2
    return digits[:length], digits[length:]


# -- all of it ---------------------------------------------------------------------------------------------------------


def crowded(draft: Draft) -> None:
    """What an export really has: half a dozen columns of numbers, dates and countries beside the one phone."""
    plain_columns(draft)
    for role in draft.rng.sample(NUMBERS, 3):
        draft.add(role, _numbers_of(draft, role))
    draft.add("date", _dates(draft))
    for role in draft.rng.sample(COUNTRIES, draft.rng.choice((0, 1, 2))):
        draft.add(role, _countries(draft))
