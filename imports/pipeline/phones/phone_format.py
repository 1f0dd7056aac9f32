"""The types of phone data: format, result of one cell, suggested format; the codes of repairs."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from imports.pipeline.evidence import Grade
from imports.pipeline.reasons import Reason


@dataclass(frozen=True)
class PhoneFormat:
    """How the numbers of a file are written.

    `international`: with `+` or `00`; a number without either is only taken when nothing
    else can be meant. `national`: as dialled inside `region` (ISO code such as `TR`),
    which is then required.
    """

    kind: Literal["international", "national"]
    region: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in ("international", "national"):
            raise ValueError(f"unknown kind of phone format: {self.kind!r}")
        if self.kind == "national" and not self.region:
            raise ValueError("a national phone format needs a region")

    @property
    def home_region(self) -> str | None:
        """The region a number without `+` belongs to, or None."""
        return self.region if self.kind == "national" else None


INTERNATIONAL = PhoneFormat("international")


class PhoneResult(NamedTuple):
    """`e164` is '' exactly when there is a `reason`; `repairs` are codes of REPAIRS."""

    e164: str
    repairs: tuple[str, ...]
    reason: Reason | None


@dataclass(frozen=True)
class FormatSuggestion:
    """A phone format read off the data, the share (0–1) of cells it makes callable, how certain it is, and why.
    `instead` are region codes that the cells do not rule out, the likeliest first."""

    phone_format: PhoneFormat
    share: float
    grade: Grade
    evidence: Reason
    instead: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        return self.grade is Grade.PROVEN


# What can be done to a cell without changing which number it means.
REPAIRS = (
    "separators_removed",
    "invisible_removed",
    "digits_converted",
    "label_removed",
    "list_number_removed",
    "encoding_decoded",
    "quotes_removed",
    "decimal_tail_removed",
    "scientific_expanded",
    "international_prefix_replaced",
    "plus_added",
    "plus_removed",
    "trunk_zero_removed",
    "trunk_prefix_removed",
    "mobile_prefix_rewritten",
)
# Repairs so frequent that a list of repaired numbers leaves them out.
EVERYDAY_REPAIRS = frozenset({"separators_removed", "trunk_zero_removed", "trunk_prefix_removed"})
