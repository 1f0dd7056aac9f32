"""Browser and system of a User-Agent header, as people know them: `Firefox, Windows`.

A few words are looked for in a text of limited length: the header is whatever a caller likes to send.
"""

LONGEST = 400  # characters that are looked at
# The first word that is found decides: others claim to be Chrome or Safari too.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("YaBrowser", "Yandex"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
    ("python", "Python"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_of(user_agent: str) -> str:
    """'' where nothing is known."""
    text = user_agent[:LONGEST]
    found = (next((name for word, name in words if word in text), "") for words in (BROWSERS, SYSTEMS))
    return ", ".join(name for name in found if name)
