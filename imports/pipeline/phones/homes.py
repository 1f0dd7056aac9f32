"""Numbers in a row of another country: a mobile of the home country, or a number of the row's country.

`0532 111 26 10` in a row "Germany" is a mobile in Türkiye and a fixed line in Goslar; only a dialing code decides.
"""

from phonenumbers import country_code_for_region

from imports.pipeline.reasons import Reason

from .kinds import is_mobile
from .phone_format import PhoneFormat, PhoneResult


def homes_besides(row_region: str | None, phone_format: PhoneFormat, home_region: str | None) -> list[str]:
    """The home regions with another dialing code than the row's; none for a row that names no region."""
    if not row_region:
        return []
    homes = dict.fromkeys(home for home in (phone_format.home_region, home_region) if home)
    return [home for home in homes if country_code_for_region(home) != country_code_for_region(row_region)]


def unless_mobile_at_home(there: PhoneResult, at_home: PhoneResult) -> PhoneResult:
    """`there`, or that it is ambiguous: `at_home` is another number, and a mobile."""
    if not there.e164 or not at_home.e164 or at_home.e164 == there.e164:
        return there
    if not is_mobile(at_home.e164):
        return there
    first, second = sorted((there.e164, at_home.e164))
    return PhoneResult("", (), Reason("phone_ambiguous", {"first": first, "second": second}))
