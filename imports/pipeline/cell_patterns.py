"""What a cell looks like before anybody knows its column: data or a name, a number to call or none.

Every pattern is linear in the length of the cell.
"""

import re

# Cells that are data in any language: a run of 7 digits however it is written, an address, a date, an amount, a number
# that a spreadsheet has shortened (9,05E+11).
DATA_LIKE = re.compile(
    r"\D{0,6}(?:\d[\s().\-/]*){7,}\D{0,4}$"
    r"|[^\s@]++@[^\s@]++$"
    r"|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[ T].*)?$"
    r"|[-+]?[\d.,]++(?:[eE][-+]?\d{1,3})?\s*[%₺$€£]?$"
    r"|https?://"
    r"|(?:TRUE|FALSE)$"
)
PHONE_LIKE = re.compile(r"(?:p:|tel:)?[\s'+(]*(?:\d[\s().\-/]*){9,15}$")
# A number to call in any dress: ="0532…", [0532…], 'Cep: 0532…', 0532… dahili 12, 5,32E+09. Not a header that shows
# between brackets how numbers are to be written.
HOLDS_NUMBER = re.compile(
    r"(?!\s{0,9}[^\W\d][^\d(]{0,30}\(\d[\d\s.\-/]{8,20}\)\s*$)"
    r"[\s'\"=]{0,4}(?:[^\W\d][^\d()+]{0,30}[\s.:=])?(?:[#(]?\d{1,3}[\s.):\-]{1,4}(?=\+))?(?:%2b)?[\s'\"+(\[]{0,5}"
    r"(?:\d[\s().\-/]{0,3}){9,15}[\s\])\"']{0,4}"
    r"(?:[\s,;/(-]{0,3}(?:dahili|dah|ext(?:ension)?|x|int|dw|durchwahl|poste|#)[\s.:]{0,2}\d{1,6}\)?)?\s*$"
    r"|\s{0,3}(?:https?://)?(?:www\.)?(?:wa\.me/|(?:api|web)\.whatsapp\.com/send/?\?phone=)(?:\+|%2b)?\d{8,15}"
    r"|\s{0,3}\d{8,15}(?::\d{1,3})?@(?:s\.whatsapp\.net|c\.us)"
    r"|\s{0,3}\d{1,2}(?:[.,]\d{1,15})?[eE]\+?(?:0?[89]|1[0-4])\s*$",
    re.IGNORECASE,
)
# A number of the countries with seven or eight digits; an amount or a customer's number may look the same.
SHORT_NUMBER = re.compile(r"(?!\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\s*$)[\s(]{0,2}[1-9](?:[\s().\-]{0,2}\d){6,7}\s*$")
# A number to call somewhere in a text, dates left out.
NUMBER_WITHIN = re.compile(
    r"(?<!\d)(?<!\d[.,])(?!\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d))(?!\d{4}[./-]\d{1,2}[./-]\d{1,2}(?!\d))"
    r"\d(?:[\s().\-/]{0,3}\d){8,14}(?!\d)"
)
# Words that stand in headers and hardly ever in data, as prefixes of words. Used only to settle doubts.
HEADER_WORD = re.compile(
    r"(?<!\w)(?:tel|gsm|cep|mobil|phone|cell|numara|number|no(?!\w)|ad[ıi]?(?!\w)|soyad|isim|unvan|ünvan|name|first|last"
    r"|surname|e-?mail|e-?posta|firma|şirket|company|adres|address|şehir|city|il(?!\w)|ilçe|tarih|date|müşteri|customer"
    r"|ülke|country|not(?!\w)|notes?|açıklama|durum|status|id(?!\w)|vorname|nachname|nom|prénom|nombre|telefon|téléphone"
    r"|teléfono|handy"
    r"|هاتف|جوال|الاسم|اسم)",
    re.IGNORECASE,
)
# The whole of a header cell over phone numbers; "Telefon yok" is none.
PHONE_HEADER = re.compile(
    r"\W{0,3}(?:(?:cep|iş|ev|sabit|mobil|work|home|business|contact|müşteri|veli|irtibat|iletişim)\s{0,2})?"
    r"(?:tel(?:efon)?(?:u|lar[ıi])?|gsm|cep|mobile?|phone|cell(?:phone)?|handy|numara(?:s[ıi])?|whatsapp|téléphone|teléfono"
    r"|هاتف|جوال)"
    r"\.?(?:\s{0,2}(?:no|num(?:ara(?:s[ıi])?)?|number|nr|\d))?\W{0,3}$",
    re.IGNORECASE,
)
LOOKED_INTO = 300  # characters of a text that are searched for a number


def has_number(cell: str) -> bool:
    """Whether a number to call stands anywhere in the cell."""
    return bool(NUMBER_WITHIN.search(cell[:LOOKED_INTO]))


def is_data(cell: str) -> bool:
    """Whether a whole (stripped) cell is data in any language, and not a name of something."""
    return bool(DATA_LIKE.match(cell) or HOLDS_NUMBER.match(cell))


def folded(name: str) -> str:
    """Equal for names that differ in case, spaces and the dots of i alone."""
    return " ".join(name.casefold().replace("\u0307", "").replace("ı", "i").split())
