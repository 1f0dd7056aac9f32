"""All languages are complete: nothing untranslated, fuzzy, stale or left outside gettext."""

import ast
import re
from functools import lru_cache
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
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


@lru_cache
def catalogue(language: str = "tr") -> polib.POFile:
    return polib.pofile(str(ROOT / f"locale/{language}/LC_MESSAGES/django.po"))


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


@lru_cache
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_in_the_catalogue_and_no_other(language):
    known = {key(entry) for entry in catalogue(language)}
    assert len(known) > 500
    assert used_messages() - known == set()
    assert known - used_messages() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated(language):
    assert [entry.msgid for entry in catalogue(language) if not entry.translated() or entry.fuzzy] == []


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text) + re.findall(r"%%|</?\w+[^>]*>", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_their_placeholders(language):
    """Whatever is filled in, and html. A form for one or two may leave the number out where the language names it by the word."""
    bad = []
    for entry in catalogue(language):
        source = placeholders(entry.msgid_plural or entry.msgid)
        for text in texts_of(entry):
            said = placeholders(text)
            if said != source and not (entry.msgid_plural and set(source) - set(said) <= {"%(n)d", "%(n)s", "%(shown)s"}):
                bad.append(text)
    assert bad == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_fresh(language):
    path = ROOT / f"locale/{language}/LC_MESSAGES/django.mo"
    shown = {(*key(e), e.msgstr, tuple(e.msgstr_plural.values())) for e in polib.mofile(str(path))}
    assert shown == {(*key(e), e.msgstr, tuple(e.msgstr_plural.values())) for e in catalogue(language)}


# What no catalogue may call a thing that has another name in it (docs/glossary.md); "table" is said of tables alone.
FORBIDDEN = {
    "en": r"\bwhoever\b|\bput right\b|\blined up\b|\bfor a try\b|\bThat of the\b",
    "tr": r"çizelge|çalışma kitabı|\baday|ikincil|içe aktar|işçi süreç|[0-9s]\)? kadarı",
    "de": r"\bLeads?\b|Arbeitsmappe|Sekundärkontakt|\bSpreadsheet|\bdu\b|\bdein",
    "ar": r"العميل المحتمل|عميل محتمل",
}
MENUS = ("Excel Çalışma Kitabı (.xlsx)", "Excel-Arbeitsmappe (.xlsx)")  # the words of a menu in Excel


def test_what_is_filled_into_a_text_from_right_to_left_stands_in_isolates():
    """Else `+90 532 …` and a name in Latin letters would be torn apart. U+2066 or U+2068 begins an isolate, U+2069 ends it."""
    inside = re.compile("[\u2066\u2068][^\u2069]*\u2069")
    texts = [text for entry in catalogue("ar") for text in texts_of(entry)]
    assert [text for text in texts if re.search(r"%\(\w+\)s|\+\d|\.xlsx|\.csv", inside.sub("", text))] == []


def without_menus(text: str) -> str:
    for menu in MENUS:
        text = text.replace(menu, "")
    return text


def texts_of(entry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("language", FORBIDDEN)
def test_one_thing_has_one_name(language):
    wrong = re.compile(FORBIDDEN[language], re.IGNORECASE if language != "de" else 0)
    entries = catalogue("tr" if language == "en" else language)
    shown = [text for entry in entries for text in ([entry.msgid, entry.msgid_plural] if language == "en" else texts_of(entry))]
    assert [text for text in shown if wrong.search(without_menus(text))] == []


def test_a_table_is_one_on_a_sheet_in_turkish():
    named = [
        entry
        for entry in catalogue("tr")
        if any(re.search(r"\btablo(?!lar’da)", text, re.IGNORECASE) for text in texts_of(entry))
    ]
    assert [entry.msgid for entry in named if "table" not in entry.msgid.casefold()] == []


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
