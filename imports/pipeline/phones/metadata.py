"""The phonenumbers library's metadata of regions and dialing codes, where it has some for certain.

The library answers None for a region or a part that it does not know; here that is an error.
"""

from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, country_code_for_region, region_code_for_country_code


def region_metadata(region: str) -> PhoneMetadata:
    """The metadata of a region code such as `TR`; ValueError for a region without phone numbers."""
    metadata = PhoneMetadata.metadata_for_region(region)
    if metadata is None:
        raise ValueError(f"no phone numbers are known of region {region!r}")
    return metadata


def metadata_under_code(dialing_code: int, region: str) -> PhoneMetadata:
    """The metadata of a region, or of the dialing code itself where the region is `001`, no country; ValueError if there is none."""
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(dialing_code, region)
    if metadata is None:
        raise ValueError(f"no phone numbers are known under +{dialing_code} of region {region!r}")
    return metadata


@cache
def code_of(region: str) -> str:
    """The dialing code of a region code, without `+`; `0` for a region without phone numbers."""
    return str(country_code_for_region(region))


def dialing_code_of(digits: str) -> str:
    """The dialing code that international digits begin with, '' if there is none."""
    beginnings = (digits[:size] for size in (1, 2, 3) if digits[:1] not in ("", "0"))
    return next((code for code in beginnings if int(code) in COUNTRY_CODE_TO_REGION_CODE), "")


def belongs_to_no_country(dialing_code: str) -> bool:
    """Codes of satellite and international networks (+870, +881, +882, +883, +878), where a minute costs several euros."""
    return region_code_for_country_code(int(dialing_code)) == "001"


def regions_of(dialing_code: str) -> tuple[str, ...]:
    """The regions with a dialing code, the main one first; KeyError for a code that is none."""
    return COUNTRY_CODE_TO_REGION_CODE[int(dialing_code)]


def metadata_of(dialing_code: str) -> list[PhoneMetadata]:
    """The metadata of all regions with a dialing code, the main one first; KeyError for a code that is none."""
    return [metadata_under_code(int(dialing_code), region) for region in regions_of(dialing_code)]


def main_metadata(dialing_code: str) -> PhoneMetadata:
    """The metadata of the main region with a dialing code; KeyError for a code that is none."""
    return metadata_of(dialing_code)[0]


@cache
def national_prefix(region: str) -> str:
    """What is dialled before a national number inside a region, such as `0`; '' where nothing is. ValueError as above."""
    return region_metadata(region).national_prefix or ""


def general_numbers(metadata: PhoneMetadata) -> tuple[str, tuple[int, ...]]:
    """The expression for all national numbers of a region, and how many digits they have; ValueError where there is none."""
    description = metadata.general_desc
    if description is None or description.national_number_pattern is None:
        raise ValueError(f"no general description of the numbers of {metadata.id!r}")
    return description.national_number_pattern, description.possible_length
