"""Whether a row may be sent to its number: one rule for the check, for corrections and for the moment of sending.

A number that must not be called comes first; then one whose owner has said no to calls in another row of the file; then one that
another row of the file has; then one that the campaign has already.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from imports.models import RowState
from imports.row_place_labels import place_params

NO_CONSENT_ELSEWHERE = "no_consent_elsewhere"


class Verdict(NamedTuple):
    """The state and the reason of a row that is not to be sent; `other_row`: the number of the row that stands in its way."""

    state: RowState
    reason: str
    other_row: int | None = None

    def params(self, list_starts: Sequence[int]) -> dict[str, Any]:
        """The params of the reason. `list_starts`: the first column of each list side by side."""
        return {} if self.other_row is None else place_params(self.other_row, list_starts)


def no_holder(phone: str, row_number: int) -> int | None:
    """Of a file whose duplicates are sent, or have been found already."""
    return None


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What is known to stand against sending to some numbers (E.164).

    `forbidden`: number → why it must not be called. `refused`: number → the row of this file whose person has said no to calls.
    `in_campaign`: numbers that the campaign has. `holder_of`: given a number and a row, the other row of this file that has it.
    """

    forbidden: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)
    in_campaign: Collection[str] = ()
    holder_of: Callable[[str, int], int | None] = no_holder

    def judge(self, phone: str, row_number: int = 0) -> Verdict | None:
        """Why the row must not be sent; None when nothing stands in its way. Asks `holder_of` only about numbers that may be called."""
        if phone in self.forbidden:
            return Verdict(RowState.DO_NOT_CALL, self.forbidden[phone])
        if phone in self.refused:
            return Verdict(RowState.NO_CONSENT, NO_CONSENT_ELSEWHERE, self.refused[phone])
        holder = self.holder_of(phone, row_number)
        if holder is not None:
            return Verdict(RowState.DUPLICATE_IN_FILE, RowState.DUPLICATE_IN_FILE.value, holder)
        if phone in self.in_campaign:
            return Verdict(RowState.DUPLICATE_IN_CAMPAIGN, RowState.DUPLICATE_IN_CAMPAIGN.value)
        return None
