"""Turkish letters that were read as Western European ones: `ÝREM GÜNEÞ` was `İREM GÜNEŞ`.

Both encodings agree but for six letters. These six are right in Icelandic and Faroese, and `ý` in Czech, Slovak,
Turkmen and others, so a word counts as Turkish only by what no such language writes.
"""

import re
from collections.abc import Iterable, Sequence

from imports.pipeline.headers.language import regions_of_headers

SWAPPED = re.compile("[ÝÞÐýþð]")
TURKISH = str.maketrans("ÝÞÐýþð", "İŞĞışğ")
WORD = re.compile(r"[^\W\d_]+")
# All letters of Turkish text that was read as Western European.
POSSIBLE = re.compile(r"[\x00-\x7fçöüÇÖÜâîûÂÎÛÝÞÐýþð\xa0-\xbf‘’“”–…]*\Z")
FOREIGN_LETTERS = "áéíóúæøåäàèêëñœÁÉÍÓÚÆØÅÄÀÈÊËÑŒ\u0100-\u011d\u0121-\u012f\u0132-\u015d\u0160-\u017e"
WITH_FOREIGN_LETTERS = re.compile(f"[{FOREIGN_LETTERS}]")
FOREIGN = re.compile(
    f"[{FOREIGN_LETTERS}]"
    "|[^aeiouýâîûöüAEIOUÝÂÎÛÖÜ][ðÐ]|\\A[ðÐ]"  # ğ follows a vowel, always
    "|sson\\Z|dottir\\Z|\\A[þÞ](?:or|ur|rá|jó)|(?:ský|cký)\\Z",
    re.IGNORECASE,
)
# Icelandic begins words with þ and hardly ever goes on with it; ý beside þ or ð in one word is Turkish alone.
ONLY_TURKISH = re.compile(r".*\w[þÞ]|(?=[^ýÝ]*+[ýÝ])[^þÞðÐ]*+[þÞðÐ]")
# Names and places that hardly any list in Turkish is without, as they look when damaged.
KNOWN = frozenset(
    word.translate(str.maketrans("ışğ", "ýþð"))
    for word in """
    yılmaz yıldız yıldırım aydın altın altun kılıç kaplan doğan erdoğan şahin şen şimşek çağrı uğur buğra tuğba tuğçe
    doğu doğukan doğa ağa ağaoğlu oğuz oğuzhan yiğit çağlar çağla ılgın ışık ışıl şule şükrü şükran şeyma şeyda şerife
    şevval şenay şener şengül ayşe ayşegül barış savaş güneş gülşen gülşah aslı aslıhan nazlı hakkı sıla sıdıka sırma
    kadın kırmızı mıstık balcı yazıcı demirci avcı arıkan sarı yalçın yalın aydınlı bayındır çalışkan ışıklar akın
    tanrıkulu alkış karataş taş demirtaş beştaş baş başar başak şırnak muğla eskişehir kırşehir nevşehir diyarbakır
    şanlıurfa kırıkkale ağrı iğdır niğde elazığ balıkesir aydın tekirdağ zonguldak bakırköy kadıköy beşiktaş şişli
    adı soyadı şehir şirket kişi müşteri doğum açıklama numarası sayısı tarihi adresi satış sipariş kayıt ırmak
""".split()
)
# İ begins these; damaged it is Ý, which lower-cases to ý.
KNOWN_WITH_I = frozenset(
    "ý" + word
    for word in """
    stanbul zmir brahim smail rem lker lknur pek nci lhan clal dris hsan rfan shak skender smet zzet brahimoðlu sparta
    zmit lçe sim mza þçi þlem nönü pekçi nan nal nanç
""".split()
)


def is_swapped_turkish(swapped: Sequence[str], cells: Iterable[str], headers: Sequence[str]) -> bool:
    """Whether the cells with one of the six letters can be nothing but Turkish. `cells` are all with letters beyond
    ASCII."""
    words = {word for cell in swapped for word in WORD.findall(cell) if SWAPPED.search(word)}
    if any(map(FOREIGN.search, words)) or any(not POSSIBLE.match(cell) for cell in swapped):
        return False
    turkish = sum(map(_is_turkish, words))
    if sum(1 for cell in cells if WITH_FOREIGN_LETTERS.search(cell)) > turkish:
        return False
    return turkish * 4 >= len(words) and turkish >= (1 if _is_turkish_list(cells, headers) else 2)


def _is_turkish(word: str) -> bool:
    folded = word.replace("I", "ý").lower()  # a capital I is a Turkish ı here
    return bool(ONLY_TURKISH.match(word)) or folded in KNOWN or word.lower() in KNOWN | KNOWN_WITH_I


def _is_turkish_list(cells: Iterable[str], headers: Sequence[str]) -> bool:
    """By its headers, or by Turkish letters that came through."""
    repaired = [header.translate(TURKISH) for header in headers]
    return "TR" in regions_of_headers(repaired) or any(char in cell for cell in cells for char in "ğıĞİ")


def turkish_again(text: str) -> str:
    """With the Turkish letters, unless a word of `text` is of another language."""
    if not POSSIBLE.match(text) or any(FOREIGN.search(word) for word in WORD.findall(text) if SWAPPED.search(word)):
        return text
    return text.translate(TURKISH)


def may_be_swapped(cell: str) -> bool:
    """Whether a cell left as it is deserves a note: `Sigurðsson` is right for certain, `Ýrem` may be damaged."""
    words = [word for word in WORD.findall(cell) if SWAPPED.search(word)]
    return any(not FOREIGN.search(word) and (_is_turkish(word) or "Ý" in word[:1]) for word in words)
