"""The grades of the columns that were chosen: what the cells say for each, and against every other reading.

`suggest` chooses; this module grades each choice that decides a number or a person (see `evidence`).
"""

from collections.abc import Sequence

from imports.pipeline.evidence import Decision, Reading, Support, decide
from imports.pipeline.reasons import Reason

from .column import Column
from .phone_column import Candidate
from .phone_evidence import is_own_name, readings_beside, supports_of
from .source import Source, in_words

NONE = Reason("phone_column_missing", {})


def decide_given(key: str, source: Source | None, headers: Sequence[str]) -> Decision:
    """As a person chose it now; None is no column."""
    chosen = "" if source is None else in_words(source, headers)
    return decide(key, chosen, Reason("choice_given", {}), {Support.PERSON})


def decide_remembered(key: str, source: Source, headers: Sequence[str], why: Reason, is_refuted: bool = False) -> Decision:
    """As a person confirmed it for the last file with such headers. Where the cells of this one are something else (`is_refuted`) it
    is only preselected."""
    if is_refuted:
        return decide(key, in_words(source, headers), why, {Support.HEADER}, [Reading("")])
    return decide(key, in_words(source, headers), why, {Support.PERSON})


def decide_phone(ranking: Sequence[Candidate], columns: Sequence[Column], region: str, apart: Reason | None) -> Decision:
    """The column to call. `apart`: area codes stand in another column, so the numbers alone are not whole."""
    if not ranking:
        return decide("phone_number", "", NONE, ())
    best, *others = ranking
    readings = readings_beside(best, others, columns, region) + ([Reading("")] if apart else [])
    return decide("phone_number", best.column.header, best.reason, supports_of(best, region), readings)


def decide_secondary(key: str, header: str, why: Reason) -> Decision:
    """A further phone: nothing in its cells tells whether the same person, or anybody at all, should be called on it."""
    own = is_own_name(header, key)
    return decide(key, header, why, {Support.OWN_NAME if own else Support.HEADER}, () if own else (Reading(""),))
