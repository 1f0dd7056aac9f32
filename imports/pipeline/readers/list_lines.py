"""What lines about a list say, which are no leads: totals, footers, the sender's name and number."""

import re
from itertools import product

# A row that ends a table: the whole of its first filled cell is such a text.
TOTALS = re.compile(
    r"\W*(?:(?:genel|ara|alt|dip|grand|sub|net)[\s-]*)?(?:toplam[ıi]?|totals?|sum|summe|gesamt|yekun|yekûn|الإجمالي|المجموع)"
    r"(?:\s*\(?(?:kayıt|adet|satır|kişi|müşteri|lead|rows?|records?|entries|count|sayısı)[^\W\d]*\)?)*+"
    r"\s*+[:=]?+\s*+[\d.,]*+\s*+(?:kayıt|adet|satır|kişi|müşteri|rows?|records?|entries|leads?)?+\W*+$",
    re.IGNORECASE,
)
FOOTER = re.compile(
    r"\W*(?:(?:sayfa|page|seite)\s*\d+|rapor(?:\s+tarihi)?\s*:|report\s+(?:date|generated|created)|generated\s+(?:by|on|at)"
    r"|oluşturulma\s+tarihi|oluşturan\s*:|hazırlayan\s*:|prepared\s+by|yazdırma\s+tarihi|printed\s+(?:on|by)"
    r"|(?:liste|rapor)\s+sonu|end\s+of\s+(?:report|list|file)|(?:©|copyright)\s|bu\s+(?:rapor|liste|belge)\s"
    r"|confidential|gizlidir)",
    re.IGNORECASE,
)
# Words about the list itself, which are no names …
ABOUT_THE_LIST = re.compile(
    r"\W{0,5}(?:(?:hazırlayan|düzenleyen|onaylayan|raporlayan|kontrol\s+eden|teslim\s+(?:eden|alan)|bilgi\s+için"
    r"|(?:detaylı|ayrıntılı|daha\s+fazla)\s+bilgi|sorularınız|bize\s+ulaşın|bizi\s+arayın|(?:for\s+)?(?:more"
    r"|further)\s+(?:information|info|details)|for\s+(?:information|questions)|contact\s+us"
    r"|call\s+us|prepared\s+by|approved\s+by|checked\s+by|signed\s+by|erstellt\s+von|für\s+(?:rückfragen|weitere|fragen)"
    r"|(?:bei\s+)?(?:rück)?fragen\s+(?:an|bitte|unter)|auskunft|pour\s+(?:toute?s?\s+questions?|plus\s+d.informations?)"
    r"|renseignements?|para\s+(?:más\s+)?(?:información|consultas|mais\s+informações|dúvidas)|per\s+(?:maggiori\s+)?informazioni"
    r"|voor\s+(?:vragen|meer\s+informatie)|w\s+razie\s+pytań|dla\s+informacji|для\s+справок|по\s+вопросам|للاستفسار|للاتصال\s+بنا"
    r"|sorularınız\s+için|frågor|spørgsmål|spørsmål|dotazy|kérdés\s+esetén|pentru\s+informații|if\s+you\s+have\s+questions"
    r"|any\s+questions)(?!\w)"
    r"|(?:iletişim|irtibat|contact|kontakt|information|questions|danışma|imza|signature)"
    r"(?:\s+(?:bilgileri|numarası|için|hattı|number|details|info|tel\w{0,10}))?\s{0,3}(?:[:\-–]|$))",
    re.IGNORECASE,
)
# … and names of the sender's own places, which also are branches in a list of branches.
OWN_PLACE = re.compile(
    r"(?P<whose>[^:;|]{0,60}?)(?<!\w)(?:genel\s+merkez(?:imiz)?|ana\s+merkez|merkez(?:\s+ofis(?:imiz)?|(?=\s{0,3}:))"
    r"|genel\s+müdürlük|santral|çağrı\s+merkezi|müşteri\s+hizmetleri"
    r"|destek\s+hattı|head\s?office|headquarters|main\s+office|call\s?cent(?:er|re)|customer\s+service|support|hotline"
    r"|switchboard|zentrale|hauptsitz|hauptverwaltung|firmensitz|geschäftsstelle|kundenservice|siège(?:\s+social)?"
    r"|accueil|standard\s+téléphonique|service\s+client"
    r"|oficina\s+central|sede(?:\s+(?:central|legale|social|principal))?|atención\s+al\s+cliente|centralita|centralino|matriz"
    r"|hoofdkantoor|klantenservice|centrala|siedziba|sediul?(?:\s+(?:central|social))?|székhely|központ|ústředí|centrála"
    r"|hovedkontor|huvudkontor|pääkonttori|hovedsæde"
    r"|κεντρικά|έδρα|головний\s+офіс|kantor\s+pusat|(?:главный|головной|центральный)\s+офис|справочная"
    r"|المقر(?:\s+الرئيسي)?|المركز\s+الرئيسي|المكتب\s+الرئيسي|الإدارة(?:\s+العامة)?|خدمة\s+العملاء)"
    r"(?:\s+(?:tel\w{0,8}|no|numarası|phone))?\s{0,3}\.?(?P<colon>\s{0,3}[:=])?\s{0,3}(?:$|[+(]?\d)",
    re.IGNORECASE,
)
LABEL_OF_A_NUMBER = re.compile(
    r"\W{0,3}(?:(?:cep|iş|ev|sabit|mobil\w*)\s*)?(?:tel\w{0,8}|gsm|cep|mobil\w{0,3}|phone|cell|wa|whatsapp|m|t|p)\b",
    re.IGNORECASE,
)
OPENINGS = 3  # letters of a first cell that tell most leads from lines about the list


def _openings() -> frozenset[str]:
    """How the words of the patterns above begin, in small letters, each i with the dots that capitals leave it."""
    sources = "".join(pattern.pattern for pattern in (TOTALS, FOOTER, ABOUT_THE_LIST, OWN_PLACE))
    begins = {word[:OPENINGS] for word in re.findall(r"[^\W\d_]{3,}", sources)}
    return frozenset("".join(letters) for begin in begins for letters in product(*(DOTS.get(letter, letter) for letter in begin)))


DOTS = {"i": ("i", "ı", "i\u0307"), "ı": ("i", "ı", "i\u0307")}
SUSPECT = _openings()


def is_suspect(first: str) -> bool:
    """Whether a first cell is worth a closer look. A line about a list is never missed if such a word
    stands first or before a colon."""
    begin = first[:OPENINGS].lower()
    return begin in SUSPECT or ":" in first or not begin[:1].isalnum() or first[2:3] == " "
