"""The numbers of one lead: which is called first, which are its secondary contacts, which are left out and why.

Without labels the mapping decides. A label beside a phone knows better: a fax is never called, and of a person's own
numbers the mobile comes before work, home and the rest.
"""

from collections.abc import Callable, Sequence
from itertools import repeat
from typing import NamedTuple

from imports.pipeline.columns.source import Source
from imports.pipeline.phones.label_words import NOT_FOR_VOICE
from imports.pipeline.phones.labels import phone_label, rank
from imports.pipeline.phones.phone_format import PhoneResult

from .reasons import JsonReason, Reason
from .row_values import ContactJson, Placed, column_texts, values_of_row

Normalise = Callable[[Sequence[str], Sequence[str | None] | None], list[PhoneResult]]  # cells and the regions of their rows


class Contact(NamedTuple):
    """Where the n-th secondary contact stands: its phone, the label beside it (None: there is none), its variables."""

    position: int
    phone: Source
    label: Source | None
    variables: Placed


class Kept(NamedTuple):
    """A secondary contact that can be called. `label` is the cell beside its number. `is_another`: it has variables of its
    own, so it may be another person, who is never called in the lead's place."""

    result: PhoneResult
    variables: dict[str, str]
    label: str
    is_another: bool


class Numbers(NamedTuple):
    """The numbers of one row, in calling order. `primary` has a reason where nobody can be called."""

    primary: PhoneResult
    contacts: list[ContactJson]


def numbers_of(
    table: Sequence[list[str]],
    primaries: Sequence[PhoneResult],
    labels: Sequence[str] | None,
    contacts: Sequence[Contact],
    normalise: Normalise,
    regions: Sequence[str | None] | None,
    warnings: list[list[JsonReason]],
) -> list[Numbers]:
    """For each row its numbers; what is left out or called in another order is added to its `warnings`.

    `labels` are the cells beside the primary numbers, None where no label is mapped.
    """
    if labels is None and not contacts:
        return list(map(tuple.__new__, repeat(Numbers), zip(primaries, [[] for _ in primaries])))  # at a third of its price
    kept = _kept(table, contacts, normalise, regions, primaries, warnings)
    if labels is None and not any(contact.label is not None for contact in contacts):
        return [Numbers(primary, [_contact(one) for one in some]) for primary, some in zip(primaries, kept)]
    labels = labels or [""] * len(table)
    return [_arranged(*row) for row in zip(primaries, labels, kept, warnings)]


def _kept(
    table: Sequence[list[str]],
    contacts: Sequence[Contact],
    normalise: Normalise,
    regions: Sequence[str | None] | None,
    primaries: Sequence[PhoneResult],
    warnings: list[list[JsonReason]],
) -> list[list[Kept]]:
    """Up to ten contacts a row, each checked alone: a bad or repeated one is dropped with a warning."""
    kept: list[list[Kept]] = [[] for _ in table]
    for contact in contacts:
        texts, labels = column_texts(table, contact.phone), column_texts(table, contact.label)
        filled = _to_call(contact.position, texts, labels, warnings)
        results = normalise([texts[index] for index in filled], regions and [regions[index] for index in filled])
        for index, result in zip(filled, results):
            why = _why_dropped(contact.position, result, primaries[index].e164, kept[index])
            if why:
                warnings[index].append(why)
            else:
                variables = values_of_row(table[index], contact.variables, warnings[index])
                kept[index].append(Kept(result, variables, labels[index].strip(), bool(contact.variables)))
    return kept


def _to_call(position: int, texts: Sequence[str], labels: Sequence[str], warnings: list[list[JsonReason]]) -> list[int]:
    """The rows that have a number here which is no fax by its label."""
    found = []
    for index, (text, label) in enumerate(zip(texts, labels)):
        if not text.strip():
            continue
        if label and phone_label(label) in NOT_FOR_VOICE:
            warnings[index].append(["secondary_fax", {"position": position, "label": label.strip()[:60]}])
        else:
            found.append(index)
    return found


def _why_dropped(position: int, result: PhoneResult, primary: str, kept: list[Kept]) -> JsonReason | None:
    """`[code, params]` of the warning about the contact at `position`, or None when it is to be kept."""
    params = {"position": position, "phone": result.e164}
    if result.reason is not None:
        why, why_params = result.reason
        return ["secondary_invalid", {"position": position, "why": why, "why_params": why_params}]
    if result.e164 == primary:
        return ["secondary_same_as_primary", params]
    if any(one.result.e164 == result.e164 for one in kept):
        return ["secondary_repeated", params]
    return None


def _arranged(primary: PhoneResult, label: str, kept: list[Kept], warned: list[JsonReason]) -> Numbers:
    """The numbers of a row in the order of their labels, and a remark where that is not the order of the mapping."""
    label = label.strip()
    if phone_label(label) in NOT_FOR_VOICE and not _is_empty(primary):
        return _without_fax(label, kept, warned)
    numbers = [Kept(primary, {}, label, False), *kept]
    places = [place for place, one in enumerate(numbers) if one.result.e164 and not one.is_another and phone_label(one.label)]
    ordered = list(numbers)
    for place, one in zip(places, sorted((numbers[place] for place in places), key=_rank)):
        ordered[place] = one
    if ordered != numbers:
        labels = ", ".join(numbers[place].label for place in sorted(places, key=lambda place: _rank(numbers[place])))
        warned.append(["phone_order_by_label", {"labels": labels[:120]}])
    return Numbers(ordered[0].result, [_contact(one) for one in ordered[1:]])


def _without_fax(label: str, kept: list[Kept], warned: list[JsonReason]) -> Numbers:
    """The lead's own number is a fax: the best of its other numbers is called, or nobody."""
    own = [one for one in kept if not one.is_another]
    if not own:
        refused = PhoneResult("", (), Reason("phone_label_fax", {"label": label[:60]}))
        return Numbers(refused, [_contact(one) for one in kept])
    best = min(own, key=_rank)
    warned.append(["phone_fax_replaced", {"label": label[:60], "phone": best.result.e164}])
    return Numbers(best.result, [_contact(one) for one in sorted(kept, key=_rank) if one is not best])


def _is_empty(result: PhoneResult) -> bool:
    return result.reason is not None and result.reason.code == "phone_missing"


def _rank(one: Kept) -> int:
    return rank(phone_label(one.label))


def _contact(one: Kept) -> ContactJson:
    return {"phone_number": one.result.e164, "variables": one.variables}
