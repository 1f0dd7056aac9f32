"""The countries whose language a file's headers are written in: what tells apart two that dial alike.

English says nothing, since tools everywhere export in it.
"""

import re
from collections.abc import Iterable

from .folding import fold

ARABIC = re.compile("[\u0620-\u064a]")
# Words (folded) as headers have them; the language with most of them is spoken.
WORDS = {
    "tr": """ad adi soyad soyadi isim telefonu cep numarasi numara musteri firma sirket unvani sehir il ilce eposta posta adres
        adresi aciklama tarih tarihi tutar borc siparis plaka randevu hasta ogrenci veli sira yetkili gsm""",
    "es": """nombre apellido apellidos telefono movil empresa correo direccion ciudad cita fecha cliente provincia numero
        razon poblacion""",
    "fr": """prenom nom societe entreprise portable courriel ville adresse client naissance rendez vous commune raison
        montant""",
    "de": """vorname nachname firma strasse ort plz handy handynummer mobiltelefon rufnummer anrede kunde kundennummer
        telefonnummer termin betrag festnetz""",
    "it": "nome cognome cellulare azienda citta indirizzo cliente ragione sociale appuntamento importo recapito",
    "pt": "nome sobrenome apelido telemovel celular empresa cidade endereco cliente morada consulta telefone",
    "nl": "voornaam achternaam bedrijf telefoon telefoonnummer mobiel woonplaats adres klant naam afspraak",
    "pl": "imie nazwisko telefon komorkowy firma miasto adres klient komorka numer ulica",
    "ro": "nume prenume telefon numar localitate oras judet adresa firma client denumire suma societate mobil",
    "hu": "nev vezeteknev keresztnev telefonszam mobil varos cim ceg ugyfel szam datum megjegyzes iranyitoszam",
    "cs": "jmeno prijmeni telefon mesto adresa firma zakaznik cislo psc ulice poznamka castka mobil",
    "sv": "namn fornamn efternamn telefon mobilnummer ort stad adress foretag kund postnummer telefonnummer belopp",
    "da": "navn fornavn efternavn telefon mobilnummer by adresse virksomhed firma kunde postnr telefonnummer belob",
    "nb": "navn fornavn etternavn telefon mobilnummer poststed adresse firma kunde postnr telefonnummer belop",
    "fi": "nimi etunimi sukunimi puhelin puhelinnumero matkapuhelin kaupunki osoite yritys asiakas postinumero paikkakunta",
    "el": "ονομα επωνυμο ονοματεπωνυμο τηλεφωνο κινητο πολη διευθυνση εταιρεια πελατης αριθμος ποσο",
    "ru": "имя фамилия отчество фио телефон мобильныи город адрес компания клиент номер дата сумма название почта",
    "uk": "імя прізвище телефон місто адреса компанія клієнт номер сума пошта",
    "id": "nama telepon nomor alamat kota perusahaan pelanggan hp tanggal jumlah",
}
REGIONS = {
    "tr": ("TR", "CY"),
    "es": ("ES", "MX", "AR", "CO", "CL", "PE", "EC", "UY"),
    "fr": ("FR", "BE", "CH", "LU", "MA", "TN", "DZ"),
    "de": ("DE", "AT", "CH"),
    "it": ("IT", "CH"),
    "pt": ("PT", "BR"),
    "nl": ("NL", "BE"),
    "pl": ("PL",),
    "ro": ("RO", "MD"),
    "hu": ("HU",),
    "cs": ("CZ",),
    "sv": ("SE", "FI"),
    "da": ("DK",),
    "nb": ("NO",),
    "fi": ("FI",),
    "el": ("GR", "CY"),
    "ru": ("RU", "KZ", "KG", "BY"),
    "uk": ("UA",),
    "id": ("ID",),
    "ar": ("SA", "AE", "EG", "IQ", "JO", "KW", "QA", "BH", "OM", "LB", "SY", "MA", "DZ", "TN", "LY", "YE", "SD", "PS"),
}


def regions_of_headers(headers: Iterable[str]) -> tuple[str, ...]:
    """Region codes, the likeliest first; () where the headers are in no one language or in English."""
    headers = list(headers)
    if any(map(ARABIC.search, headers)):
        return REGIONS["ar"]
    words = {word for header in headers for word in fold(header).split()}
    found = sorted(((len(words & set(known.split())), language) for language, known in WORDS.items()), reverse=True)
    (most, language), (next_most, _) = found[:2]
    return REGIONS[language] if most > next_most else ()
