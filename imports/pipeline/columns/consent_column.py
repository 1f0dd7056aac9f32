"""Which column says whether a person may be called: one whose header speaks of consent and whose cells say yes and no.

Consent to calls comes before consent to everything; consent to messages or e-mail says nothing of calls.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from imports.pipeline.consent import consent_of, has_no_answer, is_about_another_channel, is_channel, is_inverted
from imports.pipeline.evidence import Reading, Support
from imports.pipeline.headers.folding import fold
from imports.pipeline.headers.meaning import promises_phone
from imports.pipeline.reasons import Reason

from .column import Column
from .source import Joined, Source

MOSTLY_NUMBERS = 0.5  # of the cells can be called: a "Telefon?" asks for a number
ENOUGH = 4  # cells
MOST_WORDS = 6  # different ones
CLEAR = 0.8  # of the filled cells are a yes or a no
# Folded words of headers, or how they begin.
_CONSENT = """
    consent izin izni onay onayi riza kvkk gdpr dsgvo iys opt permission aceita aceito aceita_contacto autorizado
    accepte acconsente einwilligung zustimmung erlaubnis einverstandnis consentement accord acord autorisation rgpd consentimiento
    permiso autorizacion autoriza acepta consenso autorizzazione autorizacao toestemming zgoda согласие разрешение موافقة اذن
    accept accepts agree agreed agrees aranabilir callable belbaar lgpd rodo
""".split()
# Of these a header must also say calls or contact: pets are allowed, too.
_CONSENT_OF_CALLS = """
    ok okay aransin ulasilsin yapilabilir erwunscht gewunscht gewenst يسمح reachable permitted allow allowed allows erlaubt gestattet darf permite permitido permitida permesso permessi consentito consentiti
    autorise autorises aceite aceita accetta admis mag kan lov tillaten tilladt tillatt sallittu dozwolone povoleno dovoleno
    megengedett permise acceptate можно разрешены мозна مسموح يسمح cho_phep aceptadas aceitas genehmigt freigegeben
""".split()
# Of calls or of mails alone: never more than likely.
_MARKETING = "marketing privacy werbung telefonwerbung reklam etk dati demarchage mercadeo publicidad".split()
# Parts of compounds and of inflected words: `Werbeeinwilligung`, `الموافقة`.
_CONSENT_STEMS = tuple(
    fold(stem).replace(" ", "_")
    for stem in """
    einwilligung zustimmung einverstand consent permission toestemming samtyck samtykke suostum souhlas suhlas zgod acordul
    consimtamant hozzajarul privola pristanak saglasi συγκαταθεσ συναινεσ הסכמ موافق согласи згод съгласи сагласност разреш дозвол
    razilig raziliq rozilik رضايت رضامند اجازت 同意 許可 许可 承諾 동의 ยินยอม dong_y თანხმ համաձայն सहमति সম্মতি
    kontakterlaubni anruferlaubni келісім pelqim sutik piekris nousolek puhelinlupa soittolupa samthykk persetujuan kebenaran idhini
""".split()
)
# How a form asks for it, beside a word for calls: `Telefonla aranmayı kabul ediyor musunuz?`, `May we call you?`
_ASKS = """
    kabul musaade uygun ister istiyor istermisiniz miyiz isterim izniniz may can shall would want wish like happy durfen mochten
    wunschen pouvons peut souhaitez acceptez acceptes podemos puede aceptas desea possiamo accetta accetti desidera podemos aceita
    можно mogen
""".split()
_PHONES = "phone telephone telefon tel".split()
_FORBIDS = "ret red reddi reddetti engel engeli stop bloke".split()  # alone in a header; beside other words they may be anything
# Words of a header over the days on which people said no.
_DATES = frozenset("date dates tarih tarihi datum fecha data дата am on at le el time zaman saat since seit".split())
_CALLS = """
    call calls called calling phone telephone telefon tel arama aramasi aranma aranmak aranmasin aramayin aranabilir anruf anrufe
    anrufen anrufsperre telefonisch appel appels appeler telephonique llamada llamadas llamar chiamata chiamate chiamare
    telefonico telefonica ligar ligacao bellen dnc bloctel robinson звонки звонок звонить اتصال الاتصال تتصل angerufen callable
    aranabilir aransin belbaar gebeld bel ringa ringas ringe ringes soittaa volat volani hivni hivas apel apeluri sunat sunata dzwonic
    dzwonienie goi appele ligacoes contactable
""".split()
_CALLING = frozenset(_CALLS) - frozenset(_PHONES)  # the call, not the device
_OTHER_CHANNELS = """
    sms email e_mail mail mails eposta e_posta posta newsletter bulten mesaj message messages messaging mms whatsapp push text
    texts mailing brief post letter correo courriel cookie cookies web
""".split()
_NOT_CONSENT = """
    date tarih tarihi time saat zaman at source kaynak kaynagi ip text metin metni version surum type tur turu tip tipi id kodu
    code channel kanal kanali belge document url datum fecha by
""".split()


class FoundConsent(NamedTuple):
    """Where consent stands, what supports that, and the other columns that could be meant."""

    source: Source
    supports: frozenset[Support]
    reason: Reason
    others: list[Reading]


class _Candidate(NamedTuple):
    column: Column
    weight: int  # 2: of calls; 1: of contact or of everything
    answers: list[str]  # filled cells that speak of calls
    clear: float  # the share of them that are a yes or a no
    noes: int


def suggest_consent(columns: Sequence[Column], taken: AbstractSet[int] = frozenset()) -> FoundConsent | None:
    """The column that says who may be called; `taken` ones are phones and countries. None where nothing says so."""
    found = [
        _weighed(column, weight)
        for column in columns
        if column.index not in taken and column.cells.phone < MOSTLY_NUMBERS and (weight := consent_weight(column)) > 0
    ]
    usable = [
        one for one in found if one.clear >= CLEAR or not one.answers or one.noes or one.weight > 1 or _has_few_words(one.answers)
    ]
    usable = [one for one in usable if one.answers and one.clear >= CLEAR or not _only_asks(one.column)]
    if not usable:
        return None
    best = max(
        usable, key=lambda one: (bool(one.answers), one.weight, one.clear >= CLEAR, bool(one.noes), one.clear, -one.column.index)
    )
    rivals = [Reading(one.column.header) for one in usable if one is not best and _may_be_meant(one, best)]
    kinds = _kinds_of_consent(columns, best.column)
    source = best.column.index if kinds is None else Joined((kinds.index, best.column.index))
    # A column without cells forbids no call, and a no further down in the file still counts.
    is_certain = (
        (best.clear >= CLEAR or not best.answers)
        and not _is_of_marketing(best.column)
        and not _only_asks(best.column)
        and not _are_dates_of_anything(best)
    )
    supports = {Support.HEADER, Support.CELLS} if is_certain else {Support.HEADER}
    return FoundConsent(source, frozenset(supports), _reason(best), rivals)


def _has_few_words(answers: list[str]) -> bool:
    """Some words again and again: how this list writes yes and no, though it is not understood."""
    return len(answers) >= ENOUGH and len(set(answers)) * 2 <= len(answers) and len(set(answers)) <= MOST_WORDS


def _is_of_marketing(column: Column) -> bool:
    """`Accepts Marketing` may be about calls, or about mails alone; `Privacy` may be consent to anything."""
    words = set(fold(column.header).split())
    return bool(words & set(_MARKETING)) and not words & set(_CALLS)


def unnamed_consents(columns: Sequence[Column], taken: set[int]) -> list[Column]:
    """Columns of nothing but yes and no, both of them, under headers of which a word is unknown, or that speak of
    calling or of contact: they may say who may be called."""
    return [column for column in columns if column.index not in taken and _may_be_consent(column) and _says_yes_and_no(column)]


def _may_be_consent(column: Column) -> bool:
    words = fold(column.header).split()
    # A phone that is nothing but yes and no may be one that may be called, or one that somebody would like to have.
    is_phone = promises_phone(column.meaning) and not set(words) & set(_ASKS)
    speaks = _speaks_of_calling(words) or is_phone or bool(set(words) & set(_MARKETING))
    return not column.meaning.understood or speaks and not set(words) & set(_OTHER_CHANNELS)


def _speaks_of_calling(words: list[str]) -> bool:
    return bool(set(words) & _CALLING) or _speaks_of_contact(words)


def _says_yes_and_no(column: Column) -> bool:
    words = {text.lower() for text in column.texts if text}
    if column.cells.filled < ENOUGH or not 2 <= len(words) <= MOST_WORDS:
        return False
    counts = "count" in column.meaning.names or not _speaks_of_calling(fold(column.header).split())
    if counts and any(word.isdigit() for word in words):
        return False  # ones and zeros under any other header may be anything, such as how often somebody was called
    return {consent_of(word, False) for word in words} == {True, False}


def left_out_consents(columns: Sequence[Column], used: set[int]) -> Iterator[tuple[Column, str]]:
    """Columns that speak of consent and are not used, with the code that says why."""
    for column in columns:
        weight = consent_weight(column)
        if column.index in used or not weight or not column.cells.filled:
            continue
        if weight < 0:
            yield column, "column_left_out_channel"
        elif _weighed(column, weight).clear < CLEAR:
            yield column, "column_left_out_cells"


def consent_weight(column: Column) -> int:
    """2: the header speaks of consent to calls, or forbids them; 1: of consent to anything; -1: to something else than calls;
    0: not of consent."""
    words = fold(column.header).split()
    dateless = [word for word in words if word not in _DATES]
    words += ["_".join(pair) for pair in zip(words, words[1:])]
    forbids = is_inverted(column.header) and (len(dateless) == 1 or not {*_FORBIDS} & set(words))
    asks = _asks_for_calls(words)
    not_consent = set(words) & set(_NOT_CONSENT) - ({"by"} if asks else set()) - (_DATES if _are_dates_of_noes(column) else set())
    if not (forbids or asks or _speaks_of_consent(words)) or not_consent:
        return 0
    calls = _speaks_of_calls(words)
    if not calls and set(words) & set(_OTHER_CHANNELS):
        return -1
    if forbids and not calls and not _speaks_of_contact(words):
        return 1
    return 2 if calls or forbids else 1


def _are_dates_of_anything(best: _Candidate) -> bool:
    """`Stop date` may be the end of a contract."""
    words = fold(best.column.header).split()
    return best.weight < 2 and bool(set(words) & _DATES) and not _speaks_of_consent(words) and is_inverted(best.column.header)


def _are_dates_of_noes(column: Column) -> bool:
    """`Widerruf am`, `unsubscribed_at`: who has a day there said no on it."""
    if not is_inverted(column.header):
        return False
    filled = [text for text in column.texts if text and not has_no_answer(text)]
    return bool(filled) and all(consent_of(text, inverted=True) is False for text in filled)


def _speaks_of_calls(words: list[str]) -> bool:
    """A word for calls, or a form of one: `telefonla`, `aranmayı`, `arayabilir`."""
    return bool(set(words) & set(_CALLS)) or any(
        word.startswith(("telefonla", "telefonda", "aranma", "arama", "arayabil", "arayalim")) for word in words
    )


def _asks_for_calls(words: list[str]) -> bool:
    """A question of a form, which says neither consent nor permission. A phone that somebody would like to have is none."""
    calls = [word for word in words if word not in _PHONES]
    return bool(set(words) & set(_ASKS)) and (
        _speaks_of_calls(calls) or bool(set(words) & set(_PHONES)) and _speaks_of_contact(words)
    )


def _speaks_of_consent(words: list[str]) -> bool:
    allowed = set(words) & set(_CONSENT_OF_CALLS) and _speaks_of_calling(words)
    return bool(allowed or set(words) & set(_CONSENT)) or any(stem in word for word in words for stem in _CONSENT_STEMS)


def _only_asks(column: Column) -> bool:
    words = fold(column.header).split()
    return _asks_for_calls(words) and not is_inverted(column.header) and not _speaks_of_consent(words)


def _speaks_of_contact(words: list[str]) -> bool:
    return any(
        word == "opt"
        or word.startswith(("contact", "iletisim", "kontakt", "contat", "optin", "optout", "opted", "unsub", "subscri"))
        for word in words
    )


def _weighed(column: Column, weight: int) -> _Candidate:
    inverted = is_inverted(column.header)
    answers = [text for text in column.texts if text and not has_no_answer(text)]
    verdicts = [consent_of(text, inverted) for text in answers]
    clear = sum(verdict is not None for verdict in verdicts)
    return _Candidate(column, weight, answers, clear / len(answers) if answers else 0.0, verdicts.count(False))


def _may_be_meant(one: _Candidate, best: _Candidate) -> bool:
    """Another column of the same rank that says something else about somebody, or a list of noes with somebody on it."""
    if not one.answers or one.weight < best.weight and not is_inverted(one.column.header):
        return False
    verdicts = list(zip(_verdicts(one.column), _verdicts(best.column)))
    if one.weight == best.weight:
        return any(own != other for own, other in verdicts)
    return any(own is False and other is not False for own, other in verdicts)


def _verdicts(column: Column) -> list[bool | None]:
    inverted = is_inverted(column.header)
    return [consent_of(text, inverted) for text in column.texts]


def _kinds_of_consent(columns: Sequence[Column], consent: Column) -> Column | None:
    """`İzin Türü` beside `İzin Durumu`: each row is about one channel, and only those about calls decide."""
    for column in columns:
        filled = [text for text in column.texts if text]
        if (
            column is not consent
            and filled
            and all(is_channel(text) for text in filled)
            and any(map(is_about_another_channel, filled))
        ):
            return column
    return None


def _reason(best: _Candidate) -> Reason:
    header = best.column.header
    if not best.answers:
        return Reason("consent_column_by_header", {"header": header})
    inverted = is_inverted(header)
    if best.clear < CLEAR:
        value = next(text for text in best.answers if consent_of(text, inverted) is None)
        return Reason("consent_column_unclear", {"header": header, "value": value[:60]})
    return Reason("consent_column_inverted" if inverted else "consent_column", {"header": header, "noes": best.noes})
