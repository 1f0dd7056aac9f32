"""How certain a choice is that was made for a person: the one rule, for every choice.

A detector (of a sheet, a header row, a phone column, a country …) only brings evidence: the value that it proposes, what
speaks for it, and every other reading that would change a number or a person, with what the cells say against that one.
`decide` grades it:

    proven   a person chose it, or the header is WhatTalk's own name, or the cells speak for it and refute every other reading
    likely   something speaks for it, but another reading is left, or only a header speaks
    unknown  nothing speaks for it

What is proven goes on by itself. What is likely is preselected, marked and asked. What is unknown is asked. docs/evidence.md
draws what refutes what.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypedDict

from .reasons import JsonReason, Reason


class Grade(StrEnum):
    """What a choice is worth, and so whether it must be asked: see above."""

    PROVEN = "proven"
    LIKELY = "likely"
    UNKNOWN = "unknown"


class Support(StrEnum):
    """What speaks for a value."""

    PERSON = "person"  # somebody chose it, now or for the last file with the same headers
    OWN_NAME = "own_name"  # the header is the name that WhatTalk itself gives the field
    CELLS = "cells"  # the cells are what the choice says they are
    PRESUMPTION = "presumption"  # the home country of the instance, under the conditions of `phones.guessing`
    HEADER = "header"  # the words of a header


CONCLUSIVE = frozenset({Support.PERSON, Support.OWN_NAME})
FROM_CELLS = frozenset({Support.CELLS, Support.PRESUMPTION})


# What in the cells rules a reading out.
REFUTATIONS = {
    "not_callable": "most of its cells are no numbers that can be called",
    "fax": "its header says fax, beside one that says phone",
    "fewer": "it has numbers in far fewer rows",
    "counts_upwards": "its numbers count upwards, or repeat themselves: they name things",
    "not_written": "bare digits, beside a column that is written as people write phones",
    "fixed_lines": "it would turn mobiles into fixed lines, not written as there",
    "not_grouped": "its digits do not stand in the groups that are usual there",
    "same_numbers": "it holds the same numbers",
    "own_codes": "numbers that say their dialing code are of other countries",
}


class Reading(NamedTuple):
    """Another value that could be meant. `refuted` is the code in REFUTATIONS of what rules it out; '': nothing does."""

    value: str
    refuted: str = ""


# Choices that decide which number is called, or which person: without a person's word they must be proven.
DECISIVE = frozenset({"sheet", "header_row", "lists", "country", "consent", "call_consent", "do_not_call", "calls_forbidden"})


class DecisionJson(TypedDict):
    """A Decision as it is stored."""

    what: str
    chosen: str
    grade: str
    why: JsonReason
    instead: list[str]


@dataclass(frozen=True)
class Decision:
    """One choice. `what` is the field's key, or `sheet`, `header_row`, `lists`, `encoding`, `delimiter`, `phone_format`;
    `chosen` the value in words that a person knows (a header, a sheet's name, a region code), '' for none; `why` the sentence
    for it; `instead` the values that nothing refutes, best first."""

    what: str
    chosen: str
    grade: Grade
    why: Reason
    instead: tuple[str, ...] = ()

    @property
    def is_decisive(self) -> bool:
        """Whether it decides a number or a person."""
        return self.what in DECISIVE or "phone" in self.what

    @property
    def must_be_asked(self) -> bool:
        return self.is_decisive and self.grade is not Grade.PROVEN

    def to_json(self) -> DecisionJson:
        return {
            "what": self.what,
            "chosen": self.chosen,
            "grade": self.grade.value,
            "why": list(self.why),
            "instead": list(self.instead),
        }

    @classmethod
    def from_json(cls, data: DecisionJson) -> "Decision":
        return cls(data["what"], data["chosen"], Grade(data["grade"]), Reason(*data["why"]), tuple(data["instead"]))


def decide(what: str, chosen: str, why: Reason, supports: Iterable[Support], others: Iterable[Reading] = ()) -> Decision:
    """The graded choice of `chosen`, given what speaks for it and the other readings."""
    supports, left = frozenset(supports), tuple(dict.fromkeys(other.value for other in others if not other.refuted))
    if supports & CONCLUSIVE or supports & FROM_CELLS and not left:
        grade = Grade.PROVEN
    else:
        grade = Grade.LIKELY if supports and chosen else Grade.UNKNOWN
    return Decision(what, chosen, grade, why, left)
