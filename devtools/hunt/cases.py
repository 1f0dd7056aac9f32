"""Seed and place → a file and the truth about it. The same seed and place always give the same file."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from . import text_files, workbooks
from .draft import Draft, Sheet, draft_of, laid_out
from .kinds import ABROAD, AT_HOME, KINDS, kind_at
from .regions import HOME, regions
from .truth import Truth

PEOPLE = (8, 45)
FOREIGN = 0.3  # share of lists whose country is not the instance's home
ENGLISH_HEADERS = 0.25  # tools everywhere export in English
NO_HEADERS = 0.06
WITH_AREA_CODES = ("TR", "DE", "AT", "GB", "US", "CA", "BR", "IN", "RU", "AR", "ZA", "EG", "RO", "HU", "SE", "NL")
VARIABLES = (("name",), ("name", "company"), ("first_name",), ("customer_name", "city"))
IN_NEED_OF_HEADERS = frozenset(
    {
        "consent",
        "do_not_call",
        "dialing_code_column",
        "phone_type_column",
        "fax_column",
        "agents_phone",
        "everybodys_agent",
        "second_home_phone",
        "second_work_phone",
        "lists_side_by_side",
        "other_language",
        "lists_below_each_other",
        "ids_like_phones",
        "second_phone_2",
        "our_own_office",
        "phone_types_of_two",
        "agents_under_a_group",
        "header_again",
    }
)
FILES: dict[str, Callable[[Draft, list[Sheet]], tuple[str, bytes]]] = {
    "csv": lambda draft, sheets: ("csv", text_files.text_file(draft.rng, sheets[0], draft.region)),
    "encoding": lambda draft, sheets: ("csv", text_files.text_file(draft.rng, sheets[0], draft.region, "old")),
    "mixed_encoding": lambda draft, sheets: ("csv", text_files.text_file(draft.rng, sheets[0], draft.region, "mixed")),
    "xlsx": lambda draft, sheets: ("xlsx", workbooks.xlsx(sheets, draft.number_format)),
    "xls": lambda draft, sheets: ("xls", workbooks.xls(sheets)),
    "html_as_xls": lambda draft, sheets: ("xls", workbooks.html(sheets)),
    "excel_2003_xml": lambda draft, sheets: ("xls", workbooks.xml_2003(sheets)),
    "ods": lambda draft, sheets: ("ods", workbooks.ods(sheets)),
}


@dataclass(frozen=True)
class Case:
    """`home` is the region of the instance that reads it, `variables` what its assistant knows of a lead."""

    id: str
    kind: str
    home: str
    region: str
    language: str
    variables: tuple[str, ...]
    file_name: str
    data: bytes
    truth: Truth


def case_of(id: str) -> Case:
    """`7-0123` is the list 123 of seed 7. Raises ValueError."""
    found = re.fullmatch(r"(\d{1,12})-(\d{1,9})", id)
    if not found:
        raise ValueError(f"A list is named like 7-0123 (seed, number); {id} is not.")
    return made(int(found[1]), int(found[2]))


def made(seed: int, index: int) -> Case:
    kind = kind_at(index)
    rng = random.Random(f"{seed}/{index}")
    draft = _draft(rng, kind)
    KINDS[kind](draft)
    sheets, truth = laid_out(draft)
    container = draft.container or rng.choice(("csv", "csv", "csv", "xlsx", "xlsx", "xls"))
    ending, data = FILES[container](draft, sheets)
    id = f"{seed}-{index:04}"
    return Case(id, kind, draft.home, draft.region.code, draft.language, rng.choice(VARIABLES), f"{id}.{ending}", data, truth)


def _draft(rng: random.Random, kind: str) -> Draft:
    codes = list(regions())
    if kind == "area_code_apart":
        codes = [*WITH_AREA_CODES]
    code = rng.choice([code for code in codes if code != HOME] if kind in ABROAD else [*codes, *[HOME] * 8])
    home = code if kind in AT_HOME or kind not in ABROAD and rng.random() >= FOREIGN else HOME
    language = "en" if rng.random() < ENGLISH_HEADERS else regions()[code].language
    draft = draft_of(rng, code, home, language, rng.randint(*PEOPLE))
    draft.has_header = kind in IN_NEED_OF_HEADERS or kind in AT_HOME or rng.random() >= NO_HEADERS
    return draft
