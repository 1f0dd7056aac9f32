"""The words that people and programs write beside a phone number, by the kind of phone they name.

One vocabulary for both places where they stand: a column of labels (`labels`) and the cell of the number itself (`cell_labels`).
Each compares them in its own spelling without capitals and accents; `_` is a blank.
"""

NOT_FOR_VOICE = frozenset({"fax", "pager"})
# In the order in which they decide: a "Work Fax" is a fax, a "Work Mobile" a mobile.
WORDS = {
    "fax": """fax faks telefax telefaks belgegecer belgec telefaxnummer faxnummer faxnr faxe faksi fakss workfax homefax otherfax telecopie
        telecopieur telecopia facsimile faksimile faxgerat فاكس الفاكس فكس факс φαξ פקס 传真 ファックス""",
    "pager": "pager beeper cagri_cihazi bipper بيجر пейджер",
    "mobile": """mobile mobiles mobil mob mbl cep ceptel gsm cell cellular cellphone handy handynr handynummer mobilfunk mobilnr mobilnummer mobiltelefon
        movil moviles movel celular celulares cellulare portable natel telemovel tlm mobiel mobiele mobieltje mobilni iphone i_phone smartphone whatsapp
        wa matkapuhelin komorka komorkowy komorkowa gsm_no kinito κινητο κιν cellular_phone cell_phone mobile_phone جوال الجوال موبايل موبايلي موبایل
        محمول المحمول نقال خلوي همراه мобильный мобил моб сотовый сот נייד 手机 携帯 携帯電話""",
    "work": """work is isyeri business office ofis buro geschaftlich geschaeftlich dienstlich beruflich arbeit arbeid arbete firma trabajo oficina
        bureau travail professionnel pro company sirket lavoro ufficio trabalho escritorio werk kantoor praca sluzbowy serviciu рабочий раб عمل مكتب
        工作""",
    "home": """home ev evi evtel privat private prive casa domicile domicilio hogar particular maison thuis zuhause hjem dom domowy acasa abitazione
        residencial домашний дом منزل بيت 家""",
    "main": "main ana merkez haupt hauptnummer principal primary asil santral switchboard default основной رئيسي",
    "other": "other diger sonstige sonstiges andere otro otra autre altro outro anders inny другой اخر أخرى custom 其他",
}
# They say that a number is a phone, and not of which kind.
PHONE = """tel telephone phone phones landline direct personal secondary whats app wp sms call callto sip android viber telegram signal imessage contact
    contacts telefon telefonu telefonlar ceptelefonu cel sabit sabithat hat hatti kisisel ozel iletisim direkt festnetz rufnummer telefonnummer telefonnr
    fon durchwahl zentrale port fixe perso tph standard fijo recado telefono telefonos tfno tlf tlfn telf telefone comercial fisso fixo vast kom
    stacjonarny hem fast τηλ τηλεφωνο σταθερο тел телефон ватсап вотсап городской هاتف الهاتف تلفون تليفون تلفن واتساب واتس ثابت טלפון"""
# In a column of labels as above; beside a number they are as likely the name of a person.
NAMES_TOO = "ana anders asil dom evi pro"
