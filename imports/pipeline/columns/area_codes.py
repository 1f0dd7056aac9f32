"""Area codes in a column of their own, without which the numbers beside them are not whole."""

import re
from collections.abc import Sequence

from imports.pipeline.headers.meaning import Meaning, promises_phone
from imports.pipeline.phones.guessing import suggest_format
from imports.pipeline.reasons import Reason

from .cell_profile import share_at_home
from .column import Column
from .phone_column import ONLY_CELLS, promises_number

_AREA_CODE = re.compile(r"\(?0?[1-9]\d{1,3}\)?")


def area_code_apart(columns: Sequence[Column], region: str) -> Reason | None:
    """`Alan Kodu | Telefon`, `Area | Tel`: numbers that can be called only with the code in the column beside them, in `region`
    or in the country that the whole numbers suggest."""
    codes = next((column for column in columns if _may_be_area_code(column.meaning) and _are_codes(column)), None)
    if codes is None:
        return None
    for column in columns:
        if column is codes or not _may_be_called(column):
            continue
        whole = [code + number for code, number in zip(codes.texts, column.texts) if code and number]
        for there in dict.fromkeys([region, suggest_format(whole, likely_region=region).phone_format.region or region]):
            if share_at_home(whole, there) >= ONLY_CELLS > share_at_home(column.texts, there):
                return Reason("area_code_apart", {"header": column.header, "codes": codes.header})
    return None


def _may_be_area_code(header: Meaning) -> bool:
    return "area_code" in header.names or not header.known


def _are_codes(column: Column) -> bool:
    filled = [text for text in column.texts if text]
    return bool(filled) and all(_AREA_CODE.fullmatch(text) for text in filled)


def _may_be_called(column: Column) -> bool:
    return promises_phone(column.meaning) or promises_number(column.meaning)
