"""A whole column of phone cells at once."""
from collections.abc import Sequence

from .phone_cleaning import Cleaned, clean
from .phone_format import PhoneFormat, PhoneResult
from .phone_reading import kind_of, read, region_of


def normalise_column(
    texts: Sequence[str], phone_format: PhoneFormat, row_regions: Sequence[str | None] | None = None,
) -> list[PhoneResult]:
    """A column of cells: equal to `phones.normalise` of each, in the same order."""
    regions = row_regions or [None] * len(texts)
    return [_normalise(text, region or phone_format.home_region) for text, region in zip(texts, regions, strict=True)]


def _normalise(text: str, region: str | None) -> PhoneResult:
    cleaned = clean(text)
    return read(cleaned, region) if isinstance(cleaned, Cleaned) else PhoneResult("", (), cleaned)


def kinds_of(numbers: Sequence[str]) -> list[tuple[str, str]]:
    """(kind, region) of each E.164 number, as `kind_of` and `region_of` say."""
    return [(kind_of(number), region_of(number)) for number in numbers]
