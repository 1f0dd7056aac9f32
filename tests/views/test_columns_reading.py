"""What the mapping page shows of a file that Excel or a shop saved in its own way, and what a person may change about it."""

import re
from dataclasses import replace

import pytest

from imports.intake import steps as intake
from imports.models import ImportJob
from tests.views.test_upload import send

ROWS = [
    ["Ad Soyad", "Cep Telefonu", "Şehir"],
    ["Ayşe Çağrı Işık", "0532 123 45 67", "Iğdır"],
    ["İbrahim Öğüt", "5422345678", "Muş"],
]


def text(delimiter: str, rows: list[list[str]] = ROWS) -> str:
    return "\r\n".join(map(delimiter.join, rows))


@pytest.fixture
def shown(alice, as_, campaign):
    """The mapping page of a file just uploaded, or of the same file read in another way."""
    client = as_(alice)

    def page(content: bytes | None = None, **reading) -> str:
        if content:
            return client.get(send(client, campaign, content).url, follow=True).content.decode()
        job = ImportJob.objects.get()
        known = {
            "encoding": job.preview.encoding,
            "delimiter": job.preview.delimiter,
            "header_row": job.preview.header_row,
        }
        return client.post(f"/imports/{job.pk}/reread/", known | reading, follow=True).content.decode()

    return page


@pytest.mark.parametrize(
    "content",
    [
        text(";").encode("cp1254"),
        text("\t").encode("utf-16"),
        text("\t").encode("utf-16-le"),
        text(";").encode("mac_turkish").replace(b"\r\n", b"\r"),
    ],
)
def test_turkish_names_are_right_at_once(shown, content):
    page = shown(content)
    assert all(cell in page for row in ROWS for cell in row)


def test_another_encoding_is_shown_as_soon_as_it_is_chosen(shown):
    shown(text(";").encode("cp1254"))
    assert "İbrahim" not in shown(encoding="cp1252")
    assert "İbrahim" in shown(encoding="cp1254")


def test_header_rows_are_offered_by_the_number_they_have_on_the_sheet(shown):
    titles = [["Liste", "Mayıs", "2026"], ["", "", ""], ["", "", ""]]
    page = shown(text(";", [*titles, *ROWS]).encode())
    assert re.search(r'<option value="4"[^>]*>row 4: Ad Soyad', page)
    assert "row 2" not in page
    assert "Ad Soyad" in shown(header_row=1) and ImportJob.objects.get().headers[0] == "Liste"


PLAIN, ESCAPED = ('"Ali {n}";"0532 123 45 {n}"\n', '"Ali \\"Can\\" {n}";"0532 123 45 {n}"\n')
SOME_ESCAPED = '"Ad Soyad";"Cep Telefonu"\n' + "".join((ESCAPED if n % 2 else PLAIN).format(n=n) for n in range(10, 20))


def test_the_escape_is_shown_and_can_be_taken_back(shown):
    page = shown(SOME_ESCAPED.encode())
    assert "Ali &quot;Can&quot; 11" in page
    assert re.search(r'<option value="\\"[^>]*selected', page)
    assert "Ali &quot;Can&quot; 11" not in shown(escape="none")
    assert ImportJob.objects.get().read_options["escape"] == "" and ImportJob.objects.get().preview.escape == ""
    assert "Ali &quot;Can&quot; 11" in shown(escape="\\")


def test_damaged_letters_are_shown_repaired(shown):
    page = shown(text(";").encode().decode("cp1252").encode())
    assert all(cell in page for row in ROWS for cell in row)
    assert ImportJob.objects.get().preview.sample[0].cells[0] == "AyÅŸe Ã‡aÄŸrÄ± IÅŸÄ±k"


def test_two_encodings_in_one_file_are_named(shown):
    page = shown(text(";").encode() + ("\r\n" + text(";", [["Uğur Şahin", "0532 123 45 68", "Muğla"]])).encode("cp1254"))
    assert "Ayşe" in page and ImportJob.objects.get().preview.sample[2].cells[0] == "Uğur Şahin"
    assert re.search(r'<option value="utf-8\+cp1254"[^>]*selected', page)


@pytest.mark.parametrize("header", ["Cep Telefonu", "Kod"])
def test_one_file_has_one_share_on_all_pages(alice, as_, campaign, header):
    """Of 240 rows two in three can be called: rounded or cut off, that is another number; and each page may count other cells."""
    rows = "".join(f"A{n};{f'0532 111 2{n // 100} {n % 100:02}' if n % 3 else '12'}\n" for n in range(240))
    client = as_(alice)
    columns = client.get(send(client, campaign, f"Ad;{header}\n{rows}".encode()).url, follow=True).content.decode()
    job = ImportJob.objects.get()
    intake.set_mapping(job, {"phone_number": 1}, alice)
    phones = client.get(f"/imports/{job.pk}/phones/").content.decode()
    shares = [set(re.findall(r"(\d+)%", _words(page))) - {"100"} for page in (columns, phones)]
    assert shares[0] <= shares[1] == {"66"}


def _words(page: str) -> str:
    return re.sub(r"<[^>]*>", " ", page.partition("<main")[2])


@pytest.mark.parametrize(
    ("count", "said"), [(150, "about 150 rows. "), (500, "rows. Judged by 275 rows of your file; the check looks at all.")]
)
def test_a_page_says_so_when_it_is_judged_by_a_part_of_the_file(shown, count, said):
    """Lines are not rows: a cell may hold several of them."""
    rows = [["Ali Kaya", f"0532 111 {n // 100:02} {n % 100:02}", '"Muş\nIğdır\nKars"'] for n in range(count)]
    words = " ".join(_words(shown(text(";", [ROWS[0], *rows]).encode())).split())
    assert said in words and ("Judged by" in words) == (count == 500)
    preview = ImportJob.objects.get().preview
    assert replace(preview, row_estimate=None).is_part == (count == 500), "a large sheet that does not say how long it is"
