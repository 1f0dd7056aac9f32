"""What came out of an import beside what is true: right, asked, refused, or wrong without a question."""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from .journey import Lead, Outcome
from .truth import Person, Truth


class Verdict(StrEnum):
    RIGHT = "right by itself"
    PRESELECTED = "asked, and the truth was preselected"
    ASKED = "asked, and it was not"
    REFUSED = "refused by name"
    WRONG = "wrong silently"


@dataclass
class Findings:
    """`wrong`: a sentence for every wrong number, wrong person and lost person. `refused`: people with a good number who were
    named and not sent. `misread`: names that are the person's in no spelling, as the assistant would say them."""

    wrong: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    misread: int = 0


@dataclass
class Judged:
    id: str
    kind: str
    verdict: Verdict
    reasons: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    refused_people: int = 0
    people: int = 0
    misread: int = 0
    choices: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def findings(truth: Truth, outcome: Outcome) -> Findings:
    """Everything in `outcome` that is not as `truth` has it."""
    found = Findings()
    people = _by_place(truth, outcome)
    leads, bad = defaultdict(list), Counter((row.sheet, row.row) for row in outcome.bad_rows)
    for lead in outcome.leads:
        leads[lead.sheet, lead.row].append(lead)
    for place, found_leads in leads.items():
        for lead in found_leads:
            _judge_lead(lead, people.get(place, []), truth, found)
    for place, here in people.items():
        _judge_absent(here, leads[place], bad[place], outcome, found)
    return found


def _by_place(truth: Truth, outcome: Outcome) -> dict[tuple[str, int], list[Person]]:
    """People by sheet and row. Where all are on one sheet, its name does not matter: text has none, a web page another."""
    known = {person.sheet for person in truth.people}
    read = {lead.sheet for lead in outcome.leads} | {row.sheet for row in outcome.bad_rows}
    alias = read.copy().pop() if len(known) == len(read) == 1 else None
    people = defaultdict(list)
    for person in truth.people:
        people[person.sheet if alias is None else alias, person.row].append(person)
    return people


def _judge_lead(lead: Lead, here: list[Person], truth: Truth, found: Findings) -> None:
    person = next((each for each in here if each.number == lead.phone), None)
    where = f"row {lead.row}: {lead.phone}"
    if person is None:
        found.wrong.append(f"{where} is called; {_whose(lead.phone, here, truth)}")
        return
    for phone in lead.secondary:
        if phone not in person.others:
            found.wrong.append(f"row {lead.row}: {phone} is a further contact; {_whose(phone, here, truth)}")
    names = [value for value in lead.values.values() if value in _others_names(truth, person)]
    if names:
        found.wrong.append(f"{where} is {person.name}'s and is sent with the name {names[0]}")
    name = next((lead.values[key] for key in ("name", "customer_name", "first_name") if lead.values.get(key)), "")
    found.misread += bool(name) and name not in person.name


def _others_names(truth: Truth, person: Person) -> set[str]:
    """In the spelling of the file: two people whose names differ by a blank are told apart by nobody."""
    own = " ".join(person.name.split())
    return {each.name for each in truth.people if " ".join(each.name.split()) != own}


def _whose(phone: str, here: list[Person], truth: Truth) -> str:
    """What is true of a number that is not to be called in this row."""
    owner = next((each for each in truth.people if phone == each.number or phone in each.others), None)
    expected = "; ".join(map(_described, here)) or "nobody stands there"
    if phone in truth.strangers:
        return f"it is the number of {truth.strangers[phone]}; {expected}"
    if owner in here and phone in owner.others:
        return f"it is another number of {owner.name}; {expected}"
    return f"it is the number of {owner.name}, row {owner.row}; {expected}" if owner else f"nobody in the file has it; {expected}"


def _described(person: Person) -> str:
    return f"{person.name} has {person.number or 'no number to call, ' + person.why} (cell {person.cell!r})"


def _judge_absent(here: list[Person], leads: list[Lead], bad: int, outcome: Outcome, found: Findings) -> None:
    called = {lead.phone for lead in leads}
    absent = [person for person in here if not person.number or person.number not in called]
    named = bad + sum(lead.phone not in {person.number for person in here} for lead in leads)
    for person in absent:
        if named > 0:
            named -= 1
            if person.number and not person.may_be_refused:
                codes = {row.reason for row in outcome.bad_rows if row.row == person.row}
                found.refused.append(f"row {person.row} is refused ({', '.join(sorted(codes))}); {_described(person)}")
        elif not _told_of(person, outcome):
            found.wrong.append(f"{person.sheet} row {person.row}: {person.name} is neither called nor named")


def _told_of(person: Person, outcome: Outcome) -> bool:
    """Whether a person was informed that such people are left out, or chose to leave them out."""
    read = {lead.sheet for lead in outcome.leads} | {row.sheet for row in outcome.bad_rows}
    named = {*outcome.announced, *outcome.asked}
    return person.sheet not in read and "sheet" in named or person.place > 0 and "lists" in named
