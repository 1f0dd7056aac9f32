"""The countries that lists come from: the language of their headers, the names of their people, their old encodings."""

from functools import cache
from typing import NamedTuple

HOME = "TR"  # where an instance often stands when the list comes from elsewhere


class Region(NamedTuple):
    """`language` is a column of words.tsv, `names` a locale of Faker, `encodings` what its files were saved in before UTF-8."""

    code: str
    language: str
    names: str
    encodings: tuple[str, ...]


_TABLE = """
TR tr tr_TR cp1254 iso8859-9    | DE de de_DE cp1252 iso8859-1 | AT de de_AT cp1252 | CH de de_CH cp1252 mac-roman
FR fr fr_FR cp1252 iso8859-15   | BE fr fr_BE cp1252           | NL nl nl_NL cp1252 | LU fr fr_FR cp1252
GB en en_GB cp1252              | IE en en_IE cp1252           | US en en_US cp1252 | CA en en_CA cp1252
AU en en_AU cp1252              | ZA en en_GB cp1252           | IN en en_IN cp1252 | PK en en_PK cp1252
NG en en_NG cp1252              | MX es es_MX cp1252           | AR es es_AR cp1252 | CL es es_CL cp1252
CO es es_CO cp1252              | PE es es_CO cp1252           | ES es es_ES cp1252 iso8859-15 | PT pt pt_PT cp1252
BR pt pt_BR cp1252 iso8859-1    | IT it it_IT cp1252           | PL pl pl_PL cp1250 iso8859-2 | RO ro ro_RO cp1250
CZ en cs_CZ cp1250              | HU en hu_HU cp1250           | GR en el_GR cp1253 | SE en sv_SE cp1252
DK en da_DK cp1252              | FI en fi_FI cp1252           | RU ru ru_RU cp1251 koi8-r | KZ ru ru_RU cp1251
SA ar ar_SA cp1256              | AE ar ar_AE cp1256           | EG ar ar_AA cp1256 | MA fr fr_FR cp1252
"""


@cache
def regions() -> dict[str, Region]:
    """By ISO code; forty of them."""
    found = [entry.split() for entry in _TABLE.replace("\n", "|").split("|") if entry.strip()]
    return {code: Region(code, language, names, tuple(encodings)) for code, language, names, *encodings in found}
