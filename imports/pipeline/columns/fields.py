"""The fields of a lead to which columns of a spreadsheet are assigned."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

SECONDARY_CONTACTS = 10
PHONES = ("phone", "secondary_phone")  # kinds of fields that hold a number to call
FORBIDDING = ("do_not_call", "calls_forbidden")  # keys of the field of consent in which a yes means no to calls


@dataclass(frozen=True)
class Field:
    """One thing a lead can have. `variable` is the assistant's name for it, `position` the number of the
    secondary contact (1–10, else 0). `phone_label` says what kind of phone the one at `position` is, `consent` whether
    the person may be called."""

    key: str
    kind: Literal["phone", "variable", "secondary_phone", "secondary_variable", "country", "consent", "phone_label"]
    variable: str = ""
    position: int = 0
    required: bool = False


def lead_fields(variables: Sequence[str], required: Collection[str] = ()) -> list[Field]:
    """Every field of a lead of an assistant with these variables, in the order people fill them in."""
    fields = [Field("phone_number", "phone", required=True), Field(label_key(0, variables), "phone_label")]
    fields += [Field(name, "variable", name, required=name in required) for name in variables]
    for position in range(1, SECONDARY_CONTACTS + 1):
        fields.append(Field(f"secondary_phone_{position}", "secondary_phone", position=position))
        fields.append(Field(label_key(position, variables), "phone_label", position=position))
        fields += [Field(f"secondary_{position}_{name}", "secondary_variable", name, position) for name in variables]
    fields.append(Field("call_consent" if "consent" in variables else "consent", "consent"))
    fields.append(Field(FORBIDDING["do_not_call" in variables], "consent"))
    fields.append(Field("phone_country" if "country" in variables else "country", "country"))
    return fields


def label_key(position: int, variables: Collection[str] = ()) -> str:
    """The key of the label beside the phone at `position` (0: the lead's own)."""
    if position:
        return f"secondary_phone_{position}_label"
    return "phone_number_label" if "phone_label" in variables else "phone_label"
