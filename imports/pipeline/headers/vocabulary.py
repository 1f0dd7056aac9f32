"""The words of spreadsheet headers: `MEANINGS` is meaning → the words people write for it.

Turkish, English, German, Spanish, French, Arabic, with some Italian, Portuguese, Dutch and Russian.
Words are folded when read (case, accents, the Turkish dotted and dotless i), an underscore joins a phrase;
inflected, compound and misspelt forms need no entry of their own (see `dictionary`). To teach Rowcall a
header, add the word to its meaning here.
"""

MEANINGS = {
    # how a person is reached
    "phone": """telefon tel telf tlf tlfn tfn phone phones telephone ph phn fon fono telefono téléphone telefone telefoon
        rufnummer ruf هاتف تليفون تلفون телефон тел dial calling_number contact_number iletisim_no iletisim_numarasi
        irtibat_no irtibat_numarasi aranacak_numara numero_de_contacto numero_de_contact رقم_التواصل 电话 電話 联系电话 联系方式 電話番号 전화
        전화번호 τηλεφωνο טלפון تلفن telefonszam puhelin puhelinnumero sdt so_dien_thoai फोन टेलीफोन""",
    "mobile": """
        mobile mobil cep gsm cell cellular cellphone handy mobilfunk movil móvil celular cel portable natel cellulare telemovel
        telemóvel mobiel mob komorka mobilni mobilny mobiltelefon matkapuhelin κινητο msisdn sms جوال موبايل محمول نقال خلوي
        мобильный сотовый 手机 휴대폰 携帯 携帯電話 נייד موبایل मोबाइल
    """,
    "whatsapp": "whatsapp whats_app wapp watsap واتساب واتس_اب واتس",
    "landline": "sabit landline festnetz fijo fixe fisso vaste ثابت أرضي",
    "fax": "fax faks telefax belgegecer belgegeçer télécopie télécopieur telecopia telefaks telex pager cagri_cihazi فاكس факс",
    "email": """email e_mail mail eposta e_posta elektronik_posta mailadresse correo correo_electronico courriel
        البريد_الالكتروني بريد_الكتروني بريد ايميل إيميل почта""",
    "extension": "extension dahili durchwahl nebenstelle",
    # which of the numbers it is
    "home": "ev evi home privat prive casa domicilio domicile hogar particular منزل بيت",
    "work": """is work business office ofis buro büro geschäftlich geschaeftlich dienstlich beruflich arbeit trabajo
        oficina bureau travail professionnel عمل مكتب""",
    "other": "other diger sonstige sonstiges otro otra autre andere weitere başka altro اخر أخرى",
    "old": "old eski former previous onceki ancien antiguo vecchio",
    "secondary": """secondary second 2nd ikinci ikincil yedek alternatif alternative alternate alt zweite zweit segundo
        secondaire secundario additional ilave backup ثاني بديل""",
    "primary": """primary main ana birincil birinci haupt principal principale default varsayilan preferred tercih رئيسي
        اساسي""",
    "emergency": """emergency acil notfall emergencia urgence طوارئ yakini yakın relative akraba refakatci kefil
        guarantor kin next_of_kin""",
    "owner": "owner",
    "holder": """sahibi sahip titular inhaber halter holder propietario titulaire proprietaire eigentumer hesap_sahibi
        kart_sahibi صاحب""",
    "agent": """agent temsilci temsilcisi danisman danışman danismani salesperson sales_rep sales_representative satici
        sorumlu sorumlusu assigned assignee manager yonetici asistan assistant referrer referans referred plasiyer
        vertreter vendedor berater betreuer comercial sachbearbeiter operator atanan ekleyen مندوب вендор seller staff
        personel calisan callback radio company_main switchboard santral mudur muduru driver sofor surucu kurye courier
        fahrer conductor chauffeur teacher ogretmen lehrer profesor avukat lawyer anwalt abogado employee mitarbeiter
        empleado employe ayudante rep verkaufer""",
    "supplier": """supplier tedarikci vendor lieferant proveedor fournisseur fornitore gonderici gonderen sender absender
        remitente expediteur المورد""",
    "billing": "billing mailing fatura_adresi rechnungsadresse facturacion facturation",
    "shipping": """shipping kargo cargo teslimat teslim sevk sevkiyat delivery versand lieferung liefer envio livraison
        expedition شحن""",
    # names of people
    "name": """name ad adi isim ismi isminiz nom nombre nome naam namen اسم имя ім'я ονομα שם نام 名前 お名前 이름 名字 navn namn
        nimi nev jmeno ime име nume nama vardas vards emri სახელი անուն ism नाम""",
    "first_name": """first_name given_name fname firstname forename vorname prenom prénom on_ad onad ilk_ad ilk_isim
        nombre_de_pila primer_nombre imie voornaam الاسم_الاول الاسم_الأول اسم_اول adiniz_yalniz keresztnev
        etunimi fornamn fornavn krestni_jmeno""",
    "last_name": """last_name surname family_name lname lastname soyad soyadi soyisim soyismi soy_isim soy_ad nachname
        familienname zuname apellido apellidos nom_de_famille cognome sobrenome nazwisko achternaam اللقب اسم_العائلة
        العائلة الكنية фамилия nom_famille prijmeni priezvisko vezeteknev sukunimi efternamn etternavn efternavn prezime επωνυμο
        משפחה نام_خانوادگی прізвище 姓""",
    "first": "first given ilk",
    "last": "last family",
    "middle_name": """middle_name additional_name middle mname ikinci_ad ikinci_isim göbek_adi zweiter_vorname
        segundo_nombre""",
    "full_name": """
        full_name fullname ad_soyad adi_soyadi isim_soyisim isim_soyad name_surname nombre_completo nom_complet nom_prenom
        vollstandiger_name الاسم_الكامل الاسم_بالكامل اسم_كامل полное_имя imię_i_nazwisko adsoyad фио 姓名 氏名 성명 고객명
        客户姓名 顧客名 联系人 ονοματεπωνυμο שם_מלא نام_و_نام_خانوادگی ho_ten ho_va_ten ime_i_prezime teljes_nev піб contact_person yetkili
        yetkilisi yetkili_kisi ansprechpartner muhatap nombre_y_apellidos vor_und_nachname vor_nachname display_name file_as
        naam_volledig
    """,
    "full": "full complete tam komple vollstandig completo complet كامل",
    "nickname": "nickname nick takma_ad lakap spitzname alias apodo surnom",
    "salutation": "anrede hitap salutation prefix honorific title tratamiento civilite suffix initials mr_mrs",
    "phonetic": "phonetic yomi fonetik",
    "username": "user_name username kullanici_adi kullanici benutzername usuario utilisateur login handle",
    "customer": """
        контакт контакта клиент клиента customer musteri müşteri kunde kunden cliente client زبون عميل مشترك مراجع alici alıcı
        buyer recipient contact kisi kişi ilgili kontakt contacto lead aday prospect user member uye üye person guest misafir cari
        abone aboneler subscriber danisan katilimci participant attendee teilnehmer إتصال traveler teslim_alacak teslim_alan
        teslim_edilecek tenant kiraci mieter inquilino locataire morador malik insured sigortali asegurado versicherter assure
        debtor borclu deudor schuldner debiteur passenger yolcu pupil donor bagisci volunteer gonullu beneficiary applicant
        basvuran bewerber candidate candidat candidato musteriler kursiyer ziyaretci visitor interessent prospecto interesado
        titulaire_du_compte sahis intestatario adherent mitglied socio miembro membre account hesap konto cuenta compte kunde_in
        bill_to invitee davetli
    """,
    # organisations
    "company": """company firma firm firmen sirket şirket organization organisation org kurum kurulus kuruluş isletme
        işletme unternehmen gesellschaft betrieb empresa compania compañia societe société entreprise raison_sociale
        razon_social شركة مؤسسة account_name business_name employer isveren işveren işyeri isyeri is_yeri azienda
        bedrijf компания firmasi ticari_unvan magaza_adi company_or_account sales_account""",
    "unvan": "unvan unvani ünvan",
    "job": """job_title job meslek position pozisyon beruf puesto poste fonction gorev görev occupation role profession
        profesion مهنة وظيفة""",
    "department": "department departman abteilung bölüm fakulte departamento departement birim قسم",
    "branch": "branch sube şube filiale sucursal agence فرع store magaza mağaza shop location lokasyon standort bayi",
    # places
    "address": "address addr adres adresi adresse anschrift direccion dirección indirizzo endereco عنوان",
    "default_address": "default_address",
    "street": "street sokak cadde mahalle strasse calle rue شارع address_line",
    "city": """city il ili sehir şehir sehri stadt ort wohnort ciudad ville مدينة town kent locality localidad poblacion
        citta cidade miasto город""",
    "district": "district ilce ilçe semt bezirk barrio quartier stadtteil county حي",
    "state": "state region bolge bölge province eyalet bundesland provincia estado departement محافظة منطقة",
    "country": "country ulke ülke land pais país pays دولة بلد nation paese страна",
    "nationality": "nationality uyruk staatsangehorigkeit nacionalidad nationalite الجنسية citizenship",
    "postcode": """zip zipcode postcode postal_code zip_code posta_kodu posta plz postleitzahl codigo_postal code_postal
        cap الرمز_البريدي postal""",
    # money
    "amount": """amount amt deal_value order_value lifetime_value estimated_value tutar miktari betrag summe importe
        monto montant somme مبلغ bedrag valor sum""",
    "debt": """debt borc borç divida dívida offen offener schuld schulden forderung deuda dette دين outstanding overdue
        vadesi_gecen gecikmis geciken uberfallig vencido alacak owed""",
    "balance": "balance bal bakiye saldo solde رصيد kontostand",
    "price": "price fiyat ucret ücret preis precio prix سعر cost fee bedel kosten",
    "total": "total toplam gesamt gesamtbetrag إجمالي اجمالي grand_total genel_toplam",
    "subtotal": "subtotal sub_total ara_toplam zwischensumme sous_total",
    "payment": "payment pmt odeme ödeme zahlung pago paiement دفع paid odenen",
    "installment": "installment taksit rate cuota mensualite قسط",
    "discount": "discount indirim rabatt descuento remise coupon kupon gutschein",
    "currency": "currency para_birimi doviz döviz wahrung währung moneda devise عملة",
    "tax": "tax vergi vkn steuer vat kdv iva tva ضريبة vergi_dairesi",
    "bank": "bank banka banque banco iban",
    "card": "card kart karte tarjeta carte",
    # time
    "date": "date tarih datum fecha تاريخ timestamp zaman_damgasi horodateur",
    "time": "time saat uhrzeit zeit hora heure وقت ساعة",
    "month": "month ay donem dönem period monat mes mois mese periodo periode zeitraum شهر",
    "day": "day gun gün tag dia día jour يوم",
    "due": """due vade son_odeme fallig faellig fälligkeit faelligkeit vencimiento echeance échéance استحقاق deadline
        expiry expiration""",
    "appointment": """appointment appt randevu termin turno wizyta cita rdv rendez_vous موعد meeting gorusme görüşme
        toplanti besprechung""",
    "birth": "birth geb dogum doğum geburt geburtstag birthday dob nacimiento naissance ميلاد cumpleanos",
    "created": """created create creation olusturma oluşturma olusturulma eklenme kayit kayıt registration registered
        signup erstellt creado creacion تسجيل submitted submission optin_time""",
    "updated": "updated update modified last_modified guncelleme degisiklik geandert activity last_activity modificado",
    "start": "start baslangic begin beginn inicio debut check_in giris arrival",
    "end": "end bitis ende fin check_out cikis departure expires انتهاء نهاية",
    "age": "age yas yaş alter edad عمر",
    # things
    "order": "order ord siparis sipariş bestell bestellung auftrag pedido commande طلب",
    "invoice": "invoice inv fatura rechnung factura facture فاتورة",
    "product": "product urun ürün produkt artikel producto produit article منتج item kalem stok lineitem line_item",
    "service": "service islem hizmet dienst dienstleistung servicio خدمة servis",
    "campaign": "campaign kampanya kampagne campana campagne حملة",
    "advert": """ad_id ad_name adset adset_id adset_name ad_set ad_set_id ad_set_name ad_group advert ilan reklam anzeige
        anuncio""",
    "form": "form formular formulario formulaire نموذج is_organic organic",
    "platform": "platform channel kanal",
    "source": "source kaynak quelle origen utm_source referer ref مصدر",
    "project": "project proje projekt proyecto projet مشروع",
    "contract": "contract sozlesme sözleşme vertrag contrato contrat عقد",
    "policy": "policy police_no polis police poliza póliza",
    "insurance": "insurance sigorta versicherung seguro assurance تأمين",
    "plate": "plate plaka kennzeichen matricula immatriculation لوحة",
    "vehicle": "vehicle arac araç fahrzeug araba car vehiculo voiture auto سيارة",
    "device": "device cihaz gerat appareil dispositivo",
    "model": "model modele modelo modell موديل",
    "brand": "brand marka marke marca marque",
    "hotel": "hotel otel",
    "room": "room oda zimmer habitacion chambre غرفة",
    "reservation": "reservation rezervasyon reservierung reserva booking buchung حجز",
    "course": """course egitim training schulung formation capacitacion kurs ders kursu curso cours دورة program
        programme programm""",
    "school": "school okul schule escuela ecole مدرسة universite university",
    "class": "class sinif sınıf klasse clase classe",
    "medicine": "medicine ilac drug medikament medicamento medicament دواء",
    "pet": "pet hayvan haustier mascota animal",
    "vaccine": "vaccine asi vaccination impfung vacuna vaccin",
    "treatment": "treatment tedavi procedure behandlung tratamiento traitement seans session",
    "student": "student ogrenci öğrenci schuler estudiante alumno etudiant eleve طالب",
    "parent": """parent veli ebeveyn eltern tutor carer guardian
        responsable responsable_legal caregiver vasi betreuungsperson ولي""",
    "mother": "mother anne mutter madre mere mamma أم",
    "father": "father baba vater padre pere أب",
    "patient": "patient hasta paciente مريض",
    "doctor": "doctor doktor arzt medico médecin medecin hekim طبيب dr",
    "clinic": "clinic klinik hastane hospital krankenhaus poliklinik clinica clinique عيادة مستشفى",
    "request": "request talep istek anfrage solicitud demande enquiry inquiry",
    "maintenance": "maintenance bakim wartung mantenimiento entretien",
    "party_size": "party party_size kisi_sayisi personenzahl",
    "value": "value deger wert valeur",
    "pending": "pending bekleyen ausstehend pendiente",
    "return": "return iade ruckgabe retoure devolucion retour استرجاع",
    "reason": "reason neden sebep grund motivo raison cause سبب",
    "cart": "cart sepet basket warenkorb carrito panier",
    "fault": "fault ariza defect storung averia panne issue problem sorun",
    "deal": "deal anlasma opportunity firsat fırsat deal_title deal_name deal_subject",
    "offer": "offer teklif quote angebot oferta devis proposal",
    "loan": "loan kredi credit darlehen prestamo pret",
    "budget": "budget butce presupuesto",
    "limit": "limit",
    "points": "points puanlar bonus punkte puntos",
    "rent": "rent kira miete alquiler loyer",
    "dues": "dues aidat beitrag fee_due cotisation prim premium",
    "warranty": "warranty garanti garantie garantia guarantee",
    "serial": "serial seri serien serie",
    "exam": "exam sinav prufung examen",
    "grade": "grade note_average puan_ortalamasi",
    "flight": "flight ucus flug vuelo vol",
    "ticket": "ticket bilet fahrkarte billete billet",
    "seat": "seat koltuk sitzplatz asiento",
    "visit": "visit ziyaret besuch visita visite gelis",
    "table": "table masa tisch mesa",
    "restaurant": "restaurant restoran lokanta",
    "meter": "meter sayac zahler contador compteur",
    "subscription": "abonnement subscription_id",
    "court": "court mahkeme icra dosya file_no gericht",
    "salary": "salary maas gehalt salario salaire",
    "survey": "survey anket umfrage encuesta enquete",
    "satisfaction": "satisfaction memnuniyet zufriedenheit satisfaccion",
    "color": "color colour renk farbe couleur",
    "last_time": "son letzte letzter ultimo ultima dernier derniere",
    "next_time": "next sonraki gelecek nachste naechste proximo proxima prochain prochaine upcoming",
    "remaining": "remaining kalan rest restlich restant restante",
    "complaint": "complaint sikayet şikayet beschwerde queja",
    "event": "event etkinlik veranstaltung evento evenement فعالية",
    "tracking": "tracking takip sendungsnummer seguimiento suivi",
    "property": "property emlak gayrimenkul konut daire apartment flat immobilie inmueble عقار",
    "plan": "plan package paket paquete forfait tariff abonelik subscription üyelik membership mitgliedschaft اشتراك",
    "group": "group grup gruppe grupo groupe team takim segment list liste",
    # what sort of cell it is
    "number": "no nr nrs num number numara nummer numero número numéro رقم номер numaralari",
    "id": "id ids identifier kennung identifiant uuid guid معرف record_id hash key",
    "national_id": """tckn tc tc_no tc_kimlik tc_kimlik_no kimlik kimlik_no dni nif nie cpf rfc ssn passport pasaport
        ausweis هوية""",
    "code": "sku stok_kodu barkod barcode ean code kod kodu codigo código kode كود prefix_code",
    "area_code": """area_code alan_kodu operator_kodu operator_code sehir_kodu il_kodu city_code vorwahl ortsvorwahl indicatif
        prefijo prefisso indicativo_local ddd netnummer kengetal kierunkowy riktnummer код_города код_региона رمز_المنطقه
        رمز_المنطقة مفتاح_المنطقة كود_المنطقة std_code area_no""",
    "dialing_code": """ulke_kodu country_code dialing_code dial_code calling_code isd_code landervorwahl landesvorwahl
        indicatif_pays indicativo ulke_tel_kodu""",
    "status": "status durum statu statut etat حالة stage asama lifecycle lifecycle_stage pipeline state_of",
    "type": "type tip tipi tur türü typ tipo نوع kind category kategori kategorie categoria categorie حقل",
    "label": "label etiket tags etiketler etiquetas",
    "note": """note notes not notlar aciklama açıklama notiz bemerkung kommentar comment comments yorum nota notas
        observaciones remarque ملاحظة ملاحظات description message mesaj nachricht mensaje رسالة descripcion beschreibung""",
    "subject": "subject topic konu betreff asunto sujet",
    "question": "question soru frage pregunta",
    "language": "language dil sprache idioma langue لغة locale",
    "gender": "gender cinsiyet geschlecht genero género sexe sexo sex الجنس",
    "url": "url website web site link homepage internet_sitesi domain webseite web_sitesi web_page web_site sitio_web",
    "social": "facebook instagram twitter linkedin skype youtube im_handle messenger",
    "ip": "ip ip_address ip_adresi user_agent",
    "photo": "photo foto fotograf image resim bild",
    "consent": """consent izin onay permission opt_in optin optin_ip iys kvkk marketing newsletter accepts accept agreed
        einwilligung sms_consent email_permission do_not_call kabul abonnement unsubscribed""",
    "count": "count adet sayi sayisi anzahl quantity qty cantidad attempts deneme total_orders total_spent",
    "score": "score rating puan skor bewertung member_rating lead_score",
    "verified": "verified dogrulandi dogrulama valid gecerli",
    "duration": "duration sure süre dauer",
    "height": "height weight boy kilo agirlik size beden",
}

# Words that say nothing about what a column holds.
SILENT_WORDS = """
    new yeni neu neue nuevo nueva nouveau nouvelle em do da no_da per con mit avec with and_or column sutun kolon spalte columna
    colonne amtl direkt direct the of a an what_is which_is size_ulasabilecegimiz size_ulasacagimiz size_ait de la el los las les
    le du des der die das dem den und and y et ve ile e for fur fuer pour para to in am icin bu please lutfen enter giriniz girin
    giris_yapin yaziniz yazin what which hangi nedir your you we us sizin size my our info bilgi bilgisi bilgiler bilgileri
    details detay detaylari field required zorunlu optional istege_bagli opsiyonel size_hangi size_nasil sizi ulasabiliriz
    ulasalim ulasilabilecek ulasilacak arayalim arayabiliriz geri_arama best should xx xxx adressattyp adresstyp naturl naturlich
    naturliche gerekli ulasabilecegimiz arayabilecegimiz almak istersiniz istiyorsunuz misiniz would like want can reach it be at
    where call ihre ihr su tu votre pflichtfeld obligatorio obligatoire data veri orn ornek example format bei von zum zur رجاء ال
    في من
"""
