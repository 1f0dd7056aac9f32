"""Whether a consent cell allows calls: yes, no, or neither.

People and programs write consent in many ways. Words like `RET` or `opt-out` refuse wherever they stand; `Yes` and `1` mean
what the header asks for, so that under `Do Not Call` they refuse as well.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import zip_longest

from imports.pipeline.headers.folding import LONGEST_HEADER, fold

from .placeholders import means_nothing

# `×` is a no in Japan and a cross elsewhere, `☒` a box that is checked or crossed out: they stay unread.
_SIGNS = dict.fromkeys("✓✔☑✅🗹+○◯〇", "yes") | dict.fromkeys("✗✘☐❌❎⛔🚫", "no")
_DATE = re.compile(r"(\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4})([ T].{0,20})?")


def _phrases(text: str) -> frozenset[str]:
    """Folded words; an underscore joins a phrase."""
    return frozenset(fold(word.replace("_", " ")) for word in text.split())


_YES = _phrases("""
    yes y yep true t 1 1_0 on x ok okay checked enabled active evet e var v aktif dogru acik isaretli ja j wahr oui o vrai si s
    sim tak ano igen д kylla ναι co ya jah jā taip oo ndiyo verdadero vero waar hai da да true_1 истина نعم صحيح بله 是 はい 네
    beli bəli כן კი այո ใช่ ہاں ha иә ооба тийм так হ্যাঁ हाँ 예 有 可 同意 許可 kylla joo jawel igen
""")
_NO = _phrases("""
    no n false f 0 0_0 off unchecked disabled inactive hayir h yok pasif yanlis kapali degil nein falsch non faux nao nej nei nie
    ne nee nem nu ei οχι khong tidak tak_ada hapana hayir_istemiyorum nu н лъжа falso onwaar ikke нет ложь لا خطأ خير نه 否 いいえ 아니요
    xeyr yox לא არა ոչ ไม่ ไม่ใช่ نہیں yoq жоқ жок үгүй ні नहीं না 아니오 無 无 不可 不同意 拒否 拒絶
""")
_REFUSED = _phrases("""
    ret red reddetti reddedildi reddetmis reddediyorum retli rejected reject denied declined refused refusal revoked revoke
    withdrawn withdrew opt_out opted_out optout optedout unsubscribed unsubscribe do_not_call don_t_call dont_call donotcall dnc
    no_call no_calls not_allowed not_permitted no_consent no_permission without_consent not_given not_consented not_granted
    not_accepted not_agreed disagree do_not_contact no_contact not_opted_in never_call stop blocked blacklisted blacklist
    suppressed expired aranmasin aramayin aranmayacak aranmak_istemiyor aranmak_istemiyorum istemiyor istemiyorum istemedi istemez
    yapilmasin vermedi vermiyor vermiyorum izinsiz onaysiz do_not_allow don_t_allow izin_verme nicht_zulassen ne_pas_autoriser
    no_permitir izni_yok izin_yok onay_yok onayi_yok riza_yok rizasi_yok izin_verilmedi onaylanmadi onaylamiyorum onay_verilmedi
    kabul_etmiyorum kabul_etmedi kabul_edilmedi iptal iptal_edildi geri_cekti geri_cekildi geri_alindi engel engelli engellendi
    kara_liste abgelehnt widerrufen widerruf widersprochen widerspruch nicht_anrufen nicht_erteilt nicht_erlaubt abgemeldet
    keine_einwilligung gesperrt refuse refusee retire desabonne desinscrit ne_pas_appeler opposition oppose non_consenti
    pas_d_accord rechazado rechaza rechazo no_llamar no_acepta no_acepto no_autoriza no_autorizo revocado denegado baja rifiutato
    rifiuto revocato negato non_chiamare non_acconsento recusado recusa revogado nao_ligar nao_autoriza nao_aceita geweigerd
    afgemeld niet_bellen geen_toestemming odmowa brak_zgody nie_dzwonic negata negati negada negadas denegada denegato refuzat
    refuzata refuz respins retras rifiutata revocata recusada revogada zamitnut zamitnuto odmitnut odmitnuto nesouhlasi nesouhlas
    odmietnute nesuhlasi odmowiono odmowil odmowila odmowiona nieudzielona nie_udzielono cofnieta wycofana megtagadva megtagadta
    visszavonva elutasitva nekat nekad avslagen avslag avvisat afvist naegtet nektet avslatt evatty kielletty kieltaytyi
    geweigerde ingetrokken niet_gegeven niet_verleend verweigert entzogen refusee retiree odbijen odbijena odbijeno zavrnjeno
    otkazano αρνηθηκε αρνηση απορριφθηκε ανακληθηκε відмова відмовлено відмовився відкликано отказал отказала отозван отклонено
    не_дано нет_согласия סירב מסורב ditolak menolak tu_choi رافض مرفوضة رفضت отказ отказано отозвано отказался не_звонить
    не_согласен запрещено رفض مرفوض ملغى غير_موافق لا_تتصل عدم_الاتصال بدون_موافقة
""")
_GRANTED = _phrases("""
    onay onayli onaylandi onayladi onayliyorum onay_var onay_verildi onaylanmis izinli izin_var izni_var izin_verdi izin_verildi
    veriyorum verdi verildi kabul kabul_etti kabul_ediyorum kabul_edildi granted given accepted accept accepts agreed agree agrees
    approved allowed permitted consented consent consents confirmed confirm valid einverstanden zugestimmt erteilt angemeldet
    bestatigt erlaubt accepte acceptee accord d_accord consenti autorise inscrit acepta acepto aceptado autorizado autoriza
    accetto accettato acconsento autorizzato aceito autorizo acordat acordata acord de_acord concesso concessa concesse concedido
    concedida otorgado otorgada dado dada udelen udeleno souhlasi udelene suhlasi udzielona udzielono udzielil udzielila wyrazona
    zgadza_sie megadva megadta hozzajarult beviljat beviljad godkant samtykker samtykket givet gitt annettu myonnetty verleend
    gegeven verstrekt accordee autorisee odobreno pristao dano dato δοθηκε συναινει надано надана погоджено дано дал дала получено
    получен согласна согласны подписано نعم_موافق ممنوح ممنوحة وافق وافقت אישר מאושר disetujui setuju dong_y toegestaan akkoord
    zgoda согласен согласие разрешено موافق موافقة مقبول
""")
_MAY_BE_CALLED = _phrases("""
    opt_in opted_in optin optedin subscribed subscribe aranabilir arayabilirsiniz arayin aransin yapilabilir can_call ok_to_call
    may_call callable darf_angerufen_werden allow izin_ver zulassen autoriser permitir
""")
_NEGATIONS = _phrases("""
    not don_t dont never no degil nicht kein keine pas sin non nao не нет لا غير yok hayir istemiyorum none without missing lacking
    lapsed expired pending awaiting awaited outstanding requested required needed unknown unclear yet unsure fehlt fehlend
    ausstehend offen abgelaufen angefragt beantragt unbekannt bekliyor bekleniyor eksik belirsiz bilinmiyor istendi gerekli attente
    manquant expire inconnu pendiente falta caducado pendente scaduto attesa mancante oczekuje wygasla brak ontbreekt verlopen geen
    niet nie senza sem ожидается истекло без بدون معلق
""")
# Headers under which a yes is a no to calls.
_FORBIDDING = _phrases("""
    do_not_call do_not_phone do_not_contact do_not_dial do_not_allow don_t_allow izin_verme nicht_zulassen ne_pas_autoriser
    no_permitir don_t_call dont_call dont_contact donotcall dnc not_call no_call no_calls nocall no_contact no_phone opt_out
    opted_out optout optedout opt_outs out_of_calls unsub unsubscribed unsubscribe suppressed suppression blacklist black_list
    blacklisted blocked stop never_call aranmasin aramayin aranmayacak aranmaz aranmamali yasagi yasak yasakli yasaklandi
    men_edildi aramasin aramama arama_yapma aramak_yok forbidden banned prohibited verboten gesperrte interdit interdiction
    prohibido proibido vietato zabranjeno запрет запрещено nu_suna nu_sunati ممنوع engeli engel engellendi kara_liste ret red
    reddi reddetti istemiyor istemeyen istemez izni_yok izin_yok izinsiz nicht_anrufen nicht_kontaktieren anrufsperre werbesperre
    sperre kontaktsperre gesperrt sperrvermerk widerspruch widerruf keine_anrufe keine_werbung ne_pas_appeler ne_plus_appeler
    ne_pas_contacter opposition oppose desabonne desinscrit bloctel no_llamar no_contactar exclusion robinson lista_robinson
    non_chiamare non_contattare opposizione nao_ligar nao_contatar nao_contactar nao_perturbe niet_bellen bel_me_niet nie_dzwonic
    refus refuse refuses rechaza rechazo rifiuta rifiuto rifiuti recusa recusado odmawia odmowa weigert يرفض رفض nekar avboj
    refused refusal revoked withdrawn denied declined не_звонить отказ عدم_الاتصال لا_تتصل عدم_الازعاج withdrawal
    consent_withdrawn do_not_disturb dnd tps ctps opposizioni rpo revoca revocation revocacion revogacao abgemeldet abmeldung
    desinscription desabonnement fecha_de_baja dado_de_baja retrait_consentement retrait_du_consentement afmelding izin_iptal
    izin_iptali onay_iptal onay_iptali riza_iptal kurulmasin rahatsiz_etme rahatsiz_etmeyin engelli_liste bloke nevolat nevolejte
    zakaz_volani nevolat ring_ikke ring_inte ring_ej nix nix_sparrad ala_soita ei_saa_soittaa ne_hivja ne_hivjak liste_rouge
    lista_negra sprzeciw lista_neagra zakaz_kontaktu לא_להתקשר אין_להתקשר לא_ליצור_קשר черный_список pas_de_demarchage
""")
# `No desea llamadas`, `Not allowed`: a word that negates, right before one for wanting or allowing.
_FORBIDDING |= frozenset(
    f"{no} {wish}"
    for negations, wishes in (
        (
            "no non nao",
            "desea quiere acepta permite autoriza consiente desidera vuole accetta acconsente deseja quer aceita llame",
        ),
        ("not", "want wish agree consent accept allow allowed permitted called contacted ok"),
        ("don t,doesn t,dont,doesnt,does not,do not", "want wish agree consent accept allow"),
        ("nicht kein keine", "gewunscht erwunscht erlaubt gestattet einverstanden zugestimmt anruf telefonkontakt einwilligung"),
        ("pas", "d appel,appel,appels,d accord,autorise,souhaite,demarchage"),
        ("niet geen", "gebeld bellen toestemming akkoord telefoon"),
        ("nie", "zgadza chce zyczy wyraza dzwon"),
        ("не", "хочет желает согласен согласна беспокоить звоните"),
        ("لا", "يريد يرغب يوافق تتصلوا"),
    )
    for no in (negations.split(",") if "," in negations else negations.split())
    for wish in (wishes.split(",") if "," in wishes else wishes.split())
)
# Parts of compounds under which a yes is a no: `Robinsonliste`, `Anrufverbot`, `Werbewiderspruch`.
_FORBIDDING_STEMS = """
    unerwunscht robinson anrufverbot werbeverbot kontaktverbot werbewiderspr anrufsperr werbesperr kontaktsperr 禁止 不可 拒否 拒接 勿打 免打扰
""".split()
# Words in a text of any kind that forbid calls; what else it says does not matter.
_FORBIDS_CALLS = _phrases("""
    do_not_call do_not_phone do_not_contact do_not_dial don_t_call dont_call don_t_contact dont_contact no_calls never_call
    no_more_calls stop_calling not_be_called not_to_be_called not_want_calls not_wish_calls aranmasin aramayin aramayiniz aranmayacak
    aranmayacaklar aranmamali aranmak_istemiyor aranmak_istemiyorum aranmak_istemedi arama_yapilmasin aramayi_reddetti
    arama_istemiyor tekrar_aramayin kara_listede nicht_anrufen nicht_mehr_anrufen keine_anrufe nicht_angerufen_werden
    keine_anrufe_mehr nicht_kontaktieren nicht_mehr_kontaktieren keine_werbeanrufe anrufverbot ne_pas_appeler ne_plus_appeler
    ne_pas_contacter ne_plus_contacter ne_pas_rappeler no_llamar no_llame no_llamen no_volver_a_llamar no_contactar non_chiamare
    non_richiamare non_contattare nao_ligar nao_telefonar nao_contatar niet_bellen niet_meer_bellen nie_dzwonic nu_sunati
    ne_volat nevolat nevolejte ne_hivja ring_ikke ring_inte ala_soita не_звонить больше_не_звонить لا_تتصل عدم_الاتصال
    ممنوع_الاتصال לא_להתקשר
""")
# As a whole cell, or as one of several tags in it.
_TAGS = _phrases("dnc do_not_call_list dnc_list kara_liste blacklisted robinsonliste bloctel no_call")
# As the name of a sheet or of a part of it.
_NAMES_OF_LISTS = _TAGS | _phrases("""
    blacklist black_list opt_out opt_outs opted_out optout optouts unsubscribed unsubscribes kara_listesi engelliler_listesi
    widerruf widerrufe widerrufen sperrliste anrufsperre werbewiderspruch ret_verenler izin_vermeyenler izni_olmayanlar lista_negra
    robinson lista_robinson liste_noire liste_rouge suppression suppression_list suppressions suppressed черный_список стоп_лист
    desinscrits desabonnes abgemeldet izinsizler izinsiz arama_yasagi
""")
_PARTS = re.compile(r"[,;|/\n]")
# Pieces of these phrases in letters that stay as they are written. Few other texts hold one.
_PIECES = tuple(
    piece.strip()
    for piece in """
    not call,not want,not wish,'t call,’t call,dont call,no call,never call,more call,stop call,be called,not phone,not contact,'t contact,’t contact
    dont contact,not dial,aranma,aramay,arama yap,arama ist,kara list,nicht anruf,mehr anruf,nicht mehr,keine anruf,kein anruf
    nicht angerufen,anrufverbot,werbeanruf,nicht kontakt,pas appel,plus appel,pas rappel,pas contact,plus contact,no llam
    volver a llam,no contact,non chiam,non richiam,non contatt,o ligar,o telefonar,o contatar,niet bellen,meer bellen,nie dzwoni
    nu suna,volat,volejte,hívja,hivja,ring ikke,ring inte,soita,не звонить,تتصل,اتصال,להתקשר,dnc,blacklisted,robinsonliste,bloctel
    """.strip()
    .replace("\n", ",")
    .split(",")
)
_ASKING_BOTH = _phrases("opt_in optin onay evet yes granted")
_CALLS = _phrases("arama call calls telefon phone voice aramasi anruf appel llamada")
_OTHER_CHANNELS = _phrases("mesaj sms eposta e_posta email e_mail mail message whatsapp push ileti_mesaj")
_LONGEST_PHRASE = 4  # words


def is_inverted(header: str) -> bool:
    """Whether a yes under this header means no to calls: `Do Not Call`, `Aranmasın`, `HasOptedOutOfCalls`."""
    words = fold(header).split()
    forbids = _holds(words, _FORBIDDING) or any(stem in word for word in words for stem in _FORBIDDING_STEMS)
    return forbids and not _holds(words, _ASKING_BOTH)


def forbids_calls(text: str) -> bool:
    """Whether a cell of any column, such as a note or a status, says that the person must not be called."""
    return _holds(fold(text).split(), _FORBIDS_CALLS) or any(fold(part) in _TAGS for part in _PARTS.split(text[:LONGEST_HEADER]))


def is_list_of_noes(name: str) -> bool:
    """Whether the name of a sheet says that the people there must not be called."""
    words = fold(name).split()
    return _holds(words, _FORBIDS_CALLS) or _holds(words, _NAMES_OF_LISTS) and not set(words) & _OTHER_CHANNELS


def is_heading_of_noes(text: str) -> bool:
    """Whether a line above other rows says so; a person named Robinson, without a number, is no heading."""
    return _holds(fold(text).split(), _FORBIDS_CALLS) or fold(text) in _NAMES_OF_LISTS - {"robinson"}


def said_in_cells(table: Sequence[Sequence[str]], passed_over: AbstractSet[int]) -> dict[int, str]:
    """Place of a row → its cell that forbids calls, whatever its column is for; columns (from 0) `passed_over` are not looked at.

    Hardly any table holds such a cell, so that all different ones are first searched for pieces of these words at once.
    """
    different: set[str] = set()
    for column, texts in enumerate(zip_longest(*table, fillvalue="")):
        if column not in passed_over:
            different.update(texts)
    whole = _searchable("\n".join(different))
    pieces = [piece for piece in _PIECES if piece in whole]
    if not pieces:
        return {}
    found: dict[int, str] = {}
    for place, cells in enumerate(table):
        row = _searchable("\n".join(cells))
        if any(piece in row for piece in pieces):
            said = next((cell for column, cell in enumerate(cells) if column not in passed_over and forbids_calls(cell)), "")
            if said:
                found[place] = said.strip()
    return found


def _searchable(text: str) -> str:
    return text.casefold().replace("_", " ").replace("-", " ")


def has_no_answer(text: str) -> bool:
    """Whether a cell is empty, what programs write for nothing, or about another channel (`MESAJ RET`)."""
    return means_nothing(text) or is_about_another_channel(text)


def is_about_another_channel(text: str) -> bool:
    """Whether a cell begins with the name of a channel other than calls: `MESAJ RET`, `E-posta`."""
    words = fold(text).split()
    return any(" ".join(words[:length]) in _OTHER_CHANNELS for length in (1, 2))


def is_channel(text: str) -> bool:
    """Whether a cell names nothing but a way to reach people: `ARAMA`, `MESAJ`, `EPOSTA`."""
    return fold(text) in _CALLS | _OTHER_CHANNELS


def marks_only_agreement(texts: Sequence[str]) -> bool:
    """Whether the cells of a column of consent mark those who agreed and no others: check marks and empty cells, without a no."""
    answers = [text for text in texts if not has_no_answer(text)]
    return 0 < len(answers) < len(texts) and all(consent_of(text, inverted=False) for text in answers)


def consent_of(text: str, inverted: bool) -> bool | None:
    """Whether the person may be called; None for a text that is neither yes nor no. `inverted`: see `is_inverted`."""
    answer = _answer(text)
    if answer == "refused" or inverted and _DATE.fullmatch(text.strip()[:40]):
        return False
    if answer in ("yes", "no"):
        return (answer == "yes") is not inverted
    return True if answer == "may be called" or answer == "granted" and not inverted else None


def _answer(text: str) -> str:
    """`yes`, `no`, `granted`, `may be called`, `refused`, or '' for anything else."""
    if text.strip() in _SIGNS:
        return _SIGNS[text.strip()]
    words = fold(text).split()
    if len(words) > 1 and words[0] in _CALLS:
        words = words[1:]
    phrase = " ".join(words)
    for answer, phrases in (("yes", _YES), ("no", _NO)):
        if phrase in phrases:
            return answer
    return _answer_in_sentence(words)


def _answer_in_sentence(words: list[str]) -> str:
    """A sentence: `Hayır, teşekkürler`, `I agree to be called`. A refusal in it counts for more than anything else."""
    if _holds(words, _REFUSED):
        return "refused"
    if words and len(words[0]) > 1 and words[0] in _NO:
        return "no"
    if _holds(words, _NEGATIONS):
        return ""
    if _holds(words, _MAY_BE_CALLED):
        return "may be called"
    if _holds(words, _GRANTED):
        return "granted"
    return "yes" if words and len(words[0]) > 1 and words[0] in _YES else ""


def _holds(words: list[str], phrases: frozenset[str]) -> bool:
    return any(
        " ".join(words[start : start + length]) in phrases
        for length in range(1, _LONGEST_PHRASE + 1)
        for start in range(len(words) - length + 1)
    )
