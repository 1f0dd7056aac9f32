"""English and Turkish are complete: nothing untranslated, fuzzy, stale or left outside gettext."""

import ast
import re
from pathlib import Path

import polib
import pytest
from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale/tr/LC_MESSAGES/django.po"
PACKAGES = ("background", "campaigns", "config", "imports", "people", "ui")
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
CALLS = {
    "gettext": (None, 0),
    "gettext_lazy": (None, 0),
    "_": (None, 0),
    "gettext_noop": (None, 0),
    "ngettext": (None, 0),
    "ngettext_lazy": (None, 0),
    "pgettext": (0, 1),
    "pgettext_lazy": (0, 1),
    "npgettext": (0, 1),
}
PLACEHOLDER = re.compile(r"%\(\w+\)\d*[sd]")
# Names and signs that are the same in every language.
SAME_EVERYWHERE = re.compile(
    r"Rowcall|WhatTalk|English|Türkçe|Excel|\bcsv\b|\bxlsx?\b|\bAPI\b|ok\b|\b[A-Z]{2,5}\b|https?://\S*|&\w+;|\b[a-z]\b"
)


def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def key(entry) -> tuple[str | None, str]:
    return entry.msgctxt, entry.msgid


def messages_of(source: str):
    """(context, text) of every gettext call in Python source."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in CALLS:
            continue
        context, text = CALLS[name]
        words = [arg.value if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else None for arg in node.args]
        if len(words) > text and words[text] is not None:
            yield (words[context] if context is not None else None), words[text]


def used_messages() -> set[tuple[str | None, str]]:
    found = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if "migrations" not in path.parts:
                found.update(messages_of(path.read_text(encoding="utf-8")))
    for path in TEMPLATES:
        code = templatize(path.read_text(encoding="utf-8"))
        for call in re.findall(
            r"""\b(?:_|gettext|ngettext|pgettext|npgettext)\((?:[^()'"]|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")*\)""", code
        ):
            found.update(messages_of(call.replace("(u'", "('").replace("\n", " ")))
    return found


def test_every_string_is_in_the_catalogue():
    known = {key(entry) for entry in catalogue()}
    assert len(known) > 500
    assert used_messages() - known == set()


def test_the_catalogue_holds_nothing_that_no_page_says():
    assert {key(entry) for entry in catalogue()} - used_messages() == set()


def test_every_string_is_translated():
    bad = [entry.msgid for entry in catalogue() if not entry.translated() or entry.fuzzy]
    assert bad == []


def test_translations_keep_their_placeholders():
    bad = []
    for entry in catalogue():
        source = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            if set(PLACEHOLDER.findall(text)) != source:
                bad.append(entry.msgid)
    assert bad == []


def test_the_compiled_catalogue_is_fresh():
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    assert {(*key(e), e.msgstr, tuple(e.msgstr_plural.values())) for e in compiled} == {
        (*key(e), e.msgstr, tuple(e.msgstr_plural.values())) for e in catalogue()
    }


def visible_text(template: str) -> str:
    """What a reader would see of a template that gettext never sees."""
    parts, inside = [], False
    for token in Lexer(template).tokenize():
        if token.token_type == TokenType.BLOCK:
            word = token.contents.split()[0]
            inside = (inside or word == "blocktranslate") and word != "endblocktranslate"
            parts.append(" ")
        elif token.token_type == TokenType.TEXT and not inside:
            parts.append(token.contents)
        else:
            parts.append("0")
    text = "".join(parts)
    said = " ".join(re.findall(r'\b(?:placeholder|aria-label|title|alt|data-confirm)="([^"]*)"', text))
    return said + " " + re.sub(r"<!--.*?-->|<[^>]*>", " ", text, flags=re.S)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_words_outside_gettext(path):
    left = SAME_EVERYWHERE.sub(" ", visible_text(path.read_text(encoding="utf-8")))
    assert re.findall(r"[A-Za-zÇĞİÖŞÜçğıöşü]{2,}", left) == []


def test_a_word_outside_gettext_would_be_found():
    assert "Save" in visible_text('<button>{% translate "Go" %} Save</button>')
    assert "Choose" in visible_text('<input placeholder="Choose one">')
