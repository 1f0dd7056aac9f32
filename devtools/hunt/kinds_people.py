"""Faults about whose a number is, and whether it may be called: faxes, colleagues, second phones, consent."""

from collections.abc import Callable

from . import numbers
from .draft import Column, Draft, faker_of, plain_columns
from .kinds_cells import some_of
from .words import yes_and_no

# -- several phones of one person -------------------------------------------------------------------------------------


def second_phone(role: str) -> Callable[[Draft], None]:
    """A second number of the same person: at home, at work, another. The mobile is called first, it may be the later column."""

    def kind(draft: Draft) -> None:
        plain_columns(draft, None, "mobile")
        phones = [draft.mobile() if role == "phone_2" else draft.fixed() for _ in draft.people]
        filled = draft.rng.uniform(0.3, 1)
        phones = [phone if draft.rng.random() < filled else "" for phone in phones]
        cells = _same_way(draft, phones)
        for person, phone in zip(draft.people, phones, strict=True):
            person.others += [phone] if phone else []
        draft.add(role, cells, before_phone=False if role == "phone_2" else None)
        draft.answers.further = [draft.place_of(role)]

    return kind


def _same_way(draft: Draft, phones: list[str]) -> list[str]:
    """Written as the phone column is: with dialing codes or without."""
    has_codes = str(draft.column("phone").cells[0]).startswith("+")
    return [(numbers.international(phone) if has_codes else numbers.national(phone)) if phone else "" for phone in phones]


def fax_column(draft: Draft) -> None:
    plain_columns(draft)
    faxes = [draft.fixed() if draft.rng.random() < 0.8 else "" for _ in draft.people]
    draft.strangers |= {fax: "a fax" for fax in faxes if fax}
    draft.add("fax", _same_way(draft, faxes))


def phone_type_column(draft: Draft) -> None:
    """A label beside the number: a fax is not called."""
    plain_columns(draft, None, "phone")
    mobile, fax = draft.say("type_mobile"), draft.say("type_fax")
    labels = [mobile] * len(draft.people)
    for place in some_of(draft.rng, len(draft.people), (0.15, 0.4)):
        person, number = draft.people[place], draft.fixed()
        labels[place] = fax
        draft.column("phone").cells[place] = _same_way(draft, [number])[0]
        draft.strangers[number] = "a fax"
        person.number, person.why = "", "fax"
    draft.add("phone_type", labels)
    draft.answers.label = draft.place_of("phone_type")


def phone_types_of_two(draft: Draft) -> None:
    """An address book: `Phone 1 - Type | Phone 1 - Value | Phone 2 - Type | Phone 2 - Value`; the mobile may be either."""
    plain_columns(draft, None, "phone")
    place = draft.place_of("phone")
    mobile, fax = draft.say("type_mobile"), draft.say("type_fax")
    faxes = [draft.fixed() for _ in draft.people]
    draft.strangers |= {number: "a fax" for number in faxes}
    cells = list(zip(draft.column("phone").cells, _same_way(draft, faxes), strict=True))
    turned = [draft.rng.random() < 0.5 for _ in draft.people]
    label, other_label = ([fax if turn == first else mobile for turn in turned] for first in (True, False))
    draft.columns[place : place + 1] = [
        Column("type_1", "Phone 1 - Type", [*label]),
        Column("phone", "Phone 1 - Value", [pair[turn] for pair, turn in zip(cells, turned)]),
        Column("type_2", "Phone 2 - Type", [*other_label]),
        Column("phone_2", "Phone 2 - Value", [pair[not turn] for pair, turn in zip(cells, turned)]),
    ]
    for person in draft.people:
        person.may_be_refused = True
    draft.answers.label = draft.place_of("type_1")


def agents_under_a_group(draft: Draft) -> None:
    """`Customer | | Sales rep | ` above `Name | Phone | Name | Phone`: the second pair are colleagues, not a second list."""
    plain_columns(draft)
    draft.columns = [column for column in draft.columns if column.role in ("name", "first", "last", "phone")]
    width, headers = len(draft.columns), [column.header for column in draft.columns]
    names, phones = (
        [f"{faker_of(draft.region.names).first_name()} X." for _ in draft.people],
        [draft.mobile() for _ in draft.people],
    )
    draft.strangers |= {phone: "an agent" for phone in phones}
    draft.columns += [Column("agent", headers[0], [*names]), Column("agent_phone", headers[-1], [*_same_way(draft, phones)])]
    draft.above = [["Customer", *[""] * (width - 1), draft.say("agent"), ""]]


def agents_phone(draft: Draft) -> None:
    """The salesperson's own number in every row, before or after the customer's."""
    plain_columns(draft)
    rng = draft.rng
    faker = faker_of(draft.region.names)
    agents = [(f"{faker.first_name()} {rng.choice('ABCDEK')}.", draft.mobile()) for _ in range(rng.choice((2, 3, 5)))]
    picked = [rng.choice(agents) for _ in draft.people]
    draft.strangers |= {phone: "an agent" for _, phone in agents}
    draft.add("agent_phone", _same_way(draft, [phone for _, phone in picked]))
    if rng.random() < 0.7:
        draft.add("agent", [name for name, _ in picked])


def everybodys_agent(draft: Draft) -> None:
    """A colleague for every row, each with a number of their own: the cells look exactly like customers' phones."""
    plain_columns(draft)
    phones = [draft.mobile() for _ in draft.people]
    draft.strangers |= {phone: "an agent" for phone in phones}
    draft.add("agent_phone", _same_way(draft, phones))


def our_own_office(draft: Draft) -> None:
    """Our own line, the same in every row."""
    plain_columns(draft)
    line = draft.fixed()
    draft.strangers[line] = "our own office"
    draft.add("office_phone", _same_way(draft, [line]) * len(draft.people))


# -- consent -----------------------------------------------------------------------------------------------------------


def consent_column(role: str) -> Callable[[Draft], None]:
    """Whoever said no is not called: `Call permission` = no, or `Do not call` = yes."""

    def kind(draft: Draft) -> None:
        plain_columns(draft)
        yes, no = yes_and_no(draft.rng, draft.language)
        allowed, forbidden = (yes, no) if role == "consent" else (no, yes)
        cells = [allowed] * len(draft.people)
        for place in some_of(draft.rng, len(draft.people), (0.1, 0.5)):
            person = draft.people[place]
            cells[place] = forbidden
            draft.strangers[person.number] = "somebody who said no"
            person.number, person.why = "", "no consent"
        draft.add(role, cells)
        draft.answers.consent, draft.answers.no = draft.place_of(role), forbidden

    return kind
