"""Temporary: pictures."""
import os
import re

import openpyxl
import pytest

from campaigns.models import Campaign
from tests.browser.test_turns import upload

OUT = "/tmp/shots"
os.makedirs(OUT, exist_ok=True)

def book(folder):
    wb = openpyxl.Workbook()
    for i, name in enumerate(["Ocak", "Şubat", "Mart"]):
        ws = wb.active if i == 0 else wb.create_sheet()
        ws.title = name
        ws.append(["Ad", "Soyad", "Cep Telefonu", "Not"])
        for n in range(5):
            ws.append([["Ayşe", "Ali", "Elif", "Can", "Ece"][n], "Yılmaz", f"0532 1{i}1 22 3{n}", "x"])
    path = folder / "aylar.xlsx"
    wb.save(path)
    return path

FILES = {
    "clean": lambda s: s.clean(5),
    "two": lambda s: s.csv("Ad Soyad;Cep Telefonu;İş Telefonu;Gidilecek Ülke;Arama İzni\n" + "".join(f"{['Ayşe Yılmaz','Ali Demir','Elif Kaya'][n%3]};0532 111 22 {10+n};0212 333 44 {10+n};{['Almanya','Fransa'][n%2]};{['Evet','Hayır'][n%2]}\n" for n in range(12))),
    "sheets": lambda s: book(s.folder),
    "joined": lambda s: s.csv("Ad;Soyad;Alan Kodu;Telefon;Do Not Call\n" + "".join(f"{['Ayşe','Ali','Elif'][n%3]};{['Yılmaz','Demir'][n%2]};{[532,533,542][n%3]};{1112210+n};{['TRUE',''][n%2]}\n" for n in range(12))),
    "unknown": lambda s: s.csv("Kod;Açıklama\n" + "".join(f"A{n};ürün {n}\n" for n in range(12))),
    "alike": lambda s: s.csv("Tesisat No;Ad Soyad;İletişim\n" + "".join(f"53{21112210+n*37};{['Ayşe Yılmaz','Ali Demir','Elif Kaya'][n%3]};53{31114210+n*53}\n" for n in range(12))),
    "lists": lambda s: s.csv("Ad;Tel;Ad;Tel\n" + "".join(f"{['Ayşe','Ali','Elif'][n%3]};0532 111 22 {10+n};{['Can','Ece'][n%2]};0533 111 22 {10+n}\n" for n in range(4))),
    "encoding": lambda s: enc(s),
    "labels": lambda s: s.csv("Name,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,Ülke\n" + "".join(f"{['Ayşe Yılmaz','Ali Demir','Elif Kaya'][n%3]},{['Mobile','Work Fax'][n%2]},0532 111 22 {10+n},{['Work','Mobile'][n%2]},0533 111 22 {10+n},{['Almanya','Türkiye'][n%2]}\n" for n in range(12))),
    "format": lambda s: s.csv("Name,Phone\n" + "".join(f"{['Anna Smith','Bob Ray','Eve Low'][n%3]},{2125550110+n}\n" for n in range(12))),
}

def enc(s):
    path = s.folder / "enc.csv"
    path.write_bytes(("Ad Soyad;Telefon\n" + "".join(f"{['Müller Jürgen','Özkan Çelik','Gül Doğan'][n%2]};0532 111 22 {10+n}\n" for n in range(6))).encode("cp1252"))
    return path

@pytest.mark.parametrize("name", list(FILES))
def test_shot(watched, campaign, alice, spreadsheets, name):
    only = os.environ.get("ONLY")
    if only and name not in only.split(","):
        pytest.skip()
    Campaign.objects.filter(pk=campaign.pk).update(assistant=campaign.account.assistants.first(), assistant_guessed=False)
    window = watched()
    page = window.sign_in(alice)
    upload(page, campaign, FILES[name](spreadsheets))
    page.wait_for_url(re.compile("/columns/"))
    shoot(page, f"{name}-1")
    page.get_by_role("button", name="The columns are right").click()
    page.wait_for_timeout(700)
    if "/columns/" in page.url:
        shoot(page, f"{name}-2asked")
        window.wrong.clear()
        for box in page.locator("input[type=checkbox][name^=confirm-]").all():
            box.check()
        for select in page.locator("select:has(option[value='?']:checked)").all():
            select.select_option(index=2 if "phone_number" in select.get_attribute("name") else 1)
        page.wait_for_timeout(700)
        shoot(page, f"{name}-3ticked")
        page.get_by_role("button", name="The columns are right").click()
        page.wait_for_timeout(700)
    shoot(page, f"{name}-4phones")
    if "/phones/" in page.url:
        page.get_by_role("button", name="Check all rows").click()
        page.wait_for_timeout(700)
        if "/phones/" in page.url:
            shoot(page, f"{name}-5phonesasked")
    window.wrong.clear()

def shoot(page, name):
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if name.endswith("2asked") and width == 390 else "light")
        page.wait_for_timeout(150)
        page.screenshot(path=f"{OUT}/{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
