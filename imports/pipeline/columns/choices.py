"""What is suggested: for each field a column, and why; and a suggestion while it is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from imports.pipeline.evidence import Decision, Grade
from imports.pipeline.headers.folding import fold
from imports.pipeline.reasons import Reason

from .column import Column
from .fields import PHONES, Field
from .source import Source, columns_used

GRADE_AS_CONFIDENCE = {Grade.PROVEN: 0.97, Grade.LIKELY: 0.8, Grade.UNKNOWN: 0.5}


@dataclass(frozen=True)
class Choice:
    """A suggested column (0-based) or joined columns, how sure (0..1), and why in a code of REASONS."""

    column: Source
    confidence: float
    reason: Reason

    @classmethod
    def graded(cls, source: Source, decision: Decision) -> "Choice":
        """As sure as the grade of its decision."""
        return cls(source, GRADE_AS_CONFIDENCE[decision.grade], decision.why)


@dataclass(frozen=True)
class MappingSuggestion:
    """`choices`: field key → column. `sure`: the phone column is proven. `doubts`: what a person should look at.
    `ignored`: columns that no field uses. `unmapped`: variables without a column. `alternatives`: field key → other columns
    that could be meant, best first. `left_out`: columns whose names promise a field that they are not used for, and why.
    `decisions`: the grade of every choice that decides a number or a person. Columns are counted from 0."""

    choices: dict[str, Choice]
    sure: bool
    doubts: list[Reason] = field(default_factory=list)
    ignored: list[int] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    alternatives: dict[str, list[int]] = field(default_factory=dict)
    left_out: list[Reason] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    @property
    def mapping(self) -> dict[str, Source]:
        """Field key → column."""
        return {key: choice.column for key, choice in self.choices.items()}


@dataclass
class Draft:
    """A suggestion while it is made: all columns, and what has been chosen so far. `home`: the region code in which bare digits
    are read first."""

    columns: list[Column]
    home: str
    choices: dict[str, Choice]
    decisions: list[Decision]

    @property
    def headers(self) -> list[str]:
        return [column.header for column in self.columns]

    @property
    def sources(self) -> dict[str, Source]:
        """Field key → column."""
        return {key: choice.column for key, choice in self.choices.items()}

    @property
    def used(self) -> set[int]:
        """Columns (0-based) that are chosen for some field."""
        return columns_used(choice.column for choice in self.choices.values())

    def free(self, but_of: str = "") -> list[Column]:
        """The columns that no field uses, the one `but_of` apart."""
        used = columns_used(choice.column for key, choice in self.choices.items() if key != but_of)
        return [column for column in self.columns if column.index not in used]

    def without_column(self, fields: Sequence[Field]) -> list[Field]:
        return [field for field in fields if field.key not in self.choices]

    def phones(self, fields: Sequence[Field]) -> dict[int, Source]:
        """Position → where that phone stands (0: the lead's own)."""
        return {f.position: self.choices[f.key].column for f in fields if f.kind in PHONES and f.key in self.choices}

    def column_of(self, key: str) -> Source | None:
        return self.choices[key].column if key in self.choices else None

    def suggestion(
        self,
        fields: Sequence[Field],
        doubts: Sequence[Reason] = (),
        alternatives: Mapping[str, Sequence[int]] | None = None,
        left_out: Sequence[Reason] = (),
    ) -> MappingSuggestion:
        """The finished suggestion for all `fields`."""
        used = self.used
        unmapped = [f for f in self.without_column(fields) if f.kind == "variable"]
        return MappingSuggestion(
            choices=self.choices,
            sure=any(one.what == "phone_number" and one.grade is Grade.PROVEN for one in self.decisions),
            doubts=[*doubts, *(Reason("required_unmapped", {"field": f.variable}) for f in unmapped if f.required)],
            ignored=[column.index for column in self.columns if column.index not in used],
            unmapped=[f.variable for f in unmapped],
            alternatives={
                key: [index for index in columns if index not in used] for key, columns in (alternatives or {}).items()
            },
            decisions=self.decisions,
            left_out=list(left_out),
        )


def plain_name(text: str) -> str:
    """Equal for 'phone_number', 'Phone Number' and 'PHONENUMBER'."""
    return fold(text).replace(" ", "")
