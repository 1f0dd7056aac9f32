"""Every reason that can be given has a sentence, and every sentence can be filled in."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from imports.messages import lookup
from imports.messages.encodings import encoding_label
from imports.messages.lookup import MESSAGES
from imports.models import RowState
from imports.pipeline.readers.csv.encoding import DETECTABLE
from imports.pipeline.readers.csv.languages import MIXABLE
from imports.pipeline.readers.csv.mixed import MIXED
from imports.pipeline.reasons import REASONS
from imports.push.service_signals import PAUSES

OTHER_TEXTS = ("headings", "encodings")  # of imports.messages: no sentences of reasons
GIVEN = re.compile(r"""(?:WorkflowError|_Stopped|UnreadableFile|Reason|pause_with_reason)\((?:[\w.]+, )?["'](\w+)["']""")


def codes_in(folder: str) -> set[str]:
    paths = (Path(settings.BASE_DIR) / folder).rglob("*.py")
    return {code for path in paths if "migrations" not in path.parts for code in GIVEN.findall(path.read_text())}


def test_every_reason_has_a_sentence():
    ours = codes_in("imports") | set(REASONS) | set(PAUSES.values()) | {state.value for state in RowState if state != "invalid"}
    assert ours - set(MESSAGES) == set()


@pytest.mark.parametrize("sources", ["imports/messages/*.py", "imports/pipeline/reasons.py"])
def test_no_code_stands_for_two_reasons(sources):
    modules = [ast.parse(path.read_text()) for path in Path(settings.BASE_DIR).glob(sources) if path.stem not in OTHER_TEXTS]
    dicts = [node for module in modules for node in ast.walk(module) if isinstance(node, ast.Dict)]
    codes = [key.value for node in dicts for key in node.keys if isinstance(key, ast.Constant)]
    assert "phone_label_fax" in codes
    assert {code for code in codes if codes.count(code) > 1} == set()


@pytest.mark.parametrize("code", MESSAGES)
def test_every_sentence_can_be_filled_in_even_when_a_value_is_missing(code):
    params = {name: 7 for name in REASONS.get(code, ())}
    for text in (lookup.sentence(code, params), lookup.remedy(code, params), lookup.sentence(code), lookup.remedy(code, {})):
        assert "%(" not in text and "%%" not in text
    assert lookup.sentence(code)


@pytest.mark.parametrize("language", ["en", "tr"])
def test_every_encoding_that_a_file_may_be_found_to_be_in_has_a_name(language):
    with translation.override(language):
        names = {encoding: encoding_label(encoding) for encoding in [*DETECTABLE, *(MIXED + each for each in MIXABLE)]}
    assert {encoding for encoding, name in names.items() if name == encoding or encoding.removeprefix(MIXED) in name} == set()
    assert len(set(names.values())) == len(names)  # nobody chooses between two of one name


def test_params_are_those_that_the_reason_names():
    for code, names in REASONS.items():
        used = set(re.findall(r"%\((\w+)\)", f"{MESSAGES[code].sentence}{MESSAGES[code].remedy}"))
        assert used <= set(names) | {"country", "other_country"}, code


def test_a_code_from_another_version_is_shown_as_it_is():
    assert lookup.sentence("never_heard_of") == "never_heard_of" and lookup.remedy("never_heard_of") == ""


@pytest.mark.parametrize(
    ("language", "code", "params", "said"),
    [
        ("en", "too_many_rows", {"limit": 1_000_000}, "1,000,000 rows"),
        ("tr", "too_many_rows", {"limit": 1_000_000}, "1.000.000 satır"),
        ("tr", "duplicate_in_file", {"row": 12_345}, "12345. satır"),  # a row's number is that of the spreadsheet
        ("tr", "mostly_fixed_lines", {"percent": 62}, "oranı: %62"),
        ("en", "mostly_fixed_lines", {"percent": 62}, "62% of"),
    ],
)
def test_numbers_are_written_as_the_reader_writes_them(language, code, params, said):
    with translation.override(language):
        assert said in lookup.sentence(code, params)


def test_an_encoding_has_a_name_that_people_know():
    code = next(code for code, names in REASONS.items() if names == ("encoding",))
    assert "Turkish" in lookup.sentence(code, {"encoding": "cp1254"})
    assert "hp-roman8" in lookup.sentence(code, {"encoding": "hp-roman8"})
