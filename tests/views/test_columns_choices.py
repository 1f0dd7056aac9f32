"""What Rowcall chose for a person: proven goes on by itself, likely is confirmed, unknown is chosen; nothing is checked before."""

import io
import re
from html import unescape

import openpyxl
import pytest
from django.urls import reverse

from imports.errors import WorkflowError
from imports.intake import field_settings
from imports.intake import steps as intake
from imports.models import ImportJob, JobState
from imports.pipeline.evidence import Decision, Grade
from imports.workflow import steps as workflow

NAMES = ("Ayşe Yılmaz", "Ali Demir", "Elif Kaya")


def rows(*makers, header: str, count: int = 12) -> str:
    """A file of `count` rows, each cell made from the row's number."""
    return "\n".join([header, *(";".join(str(make(n)) for make in makers) for n in range(count))]) + "\n"


def name(n: int) -> str:
    return NAMES[n % 3]


def mobile(n: int) -> str:
    return f"0532 111 22 {10 + n}"


def other_mobile(n: int) -> str:
    return f"0533 444 55 {10 + n}"


PROVEN = rows(name, mobile, header="Ad Soyad;Telefon")
TWO_PHONES = rows(name, mobile, other_mobile, header="Ad Soyad;Cep Telefonu;Cep Telefonu 2")
NO_PHONES = rows(lambda n: f"A{n}", lambda n: f"ürün {n}", header="Kod;Açıklama")
AMERICAN = rows(name, lambda n: 2125550110 + n, header="Name;Phone")
FORBIDDEN = rows(name, mobile, lambda n: ("TRUE", "FALSE")[n % 2], header="Ad Soyad;Telefon;Do Not Call")


def months() -> bytes:
    """A workbook with leads on three sheets."""
    book = openpyxl.Workbook()
    for place, title in enumerate(("Ocak", "Şubat", "Mart")):
        sheet = book.active if not place else book.create_sheet()
        sheet.title = title
        sheet.append(["Ad Soyad", "Telefon"])
        for n in range(5):
            sheet.append([name(n), f"0532 11{place} 22 {10 + n}"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


class Import:
    """An import in Alice's browser."""

    def __init__(self, client, job: ImportJob):
        self.client, self.job = client, job
        self.columns, self.phones = (reverse(f"imports:{name}", args=[job.pk]) for name in ("columns", "phones"))

    def page(self, url: str = "") -> str:
        return unescape(self.client.get(url or self.columns).content.decode())

    def post(self, url: str, data: dict):
        return self.client.post(url, data)

    def as_shown(self, **changes) -> dict:
        """What the browser would send of the columns page as it stands."""
        return {**form_of(self.page(), "mapping"), **changes}

    def stored(self) -> ImportJob:
        self.job.refresh_from_db()
        return self.job

    def choice(self, what: str) -> Decision:
        return next(one for one in map(Decision.from_json, self.stored().choices) if one.what == what)


def form_of(page: str, form: str) -> dict[str, list[str]]:
    """Names and values of the controls of a form: selects, hidden fields, checked boxes."""
    sent: dict[str, list[str]] = {}
    for attributes, options in re.findall(r"<select ([^>]*)>(.*?)</select>", page, re.DOTALL):
        if found := re.search(r'name="((?:column|separator)-[^"]*)"', attributes):
            chosen = re.search(r'<option value="([^"]*)" selected', options)
            sent.setdefault(found[1], []).append(chosen[1] if chosen else "")
    for attributes in re.findall(r"<input ([^>]*)>", page):
        name_, value = (re.search(rf'{key}="([^"]*)"', attributes) for key in ("name", "value"))
        if name_ and (name_[1] == "asked" or f'form="{form}"' in attributes and "checked" in attributes):
            sent.setdefault(name_[1], []).append(value[1])
    return sent


def confirmations_on(page: str) -> dict[str, str]:
    """Every confirmation on the page, given."""
    boxes = re.findall(r'<input type="checkbox" name="(confirm-[^"]*)"[^>]*value="([^"]*)"', page)
    return dict(boxes)


@pytest.fixture
def begin(alice, as_, campaign):
    def begin_with(content: str | bytes, file_name: str = "leads.csv") -> Import:
        raw = content.encode() if isinstance(content, str) else content
        return Import(as_(alice), intake.receive_upload([raw], file_name, campaign, alice))

    return begin_with


# -- columns -----------------------------------------------------------------------------------------------------------
def test_what_is_proven_asks_nothing(begin):
    one = begin(PROVEN)
    page = one.page()
    assert ">sure<" in page and "confirm-" not in page and "asked" not in one.as_shown()
    assert one.post(one.columns, one.as_shown()).url == one.phones
    assert one.choice("phone_number").grade is Grade.PROVEN and one.choice("phone_number").why.code != "choice_given"


def test_a_likely_column_is_preselected_marked_and_asked(begin):
    one = begin(TWO_PHONES)
    page = one.page()
    assert one.as_shown()["column-phone_number"] == ["1"]
    assert "Likely, please confirm" in page and "it could also be “Cep Telefonu 2”" in page
    assert "Yes, “Cep Telefonu” holds the numbers to call" in page and "Yes, “Cep Telefonu 2” may be called too" in page


def test_what_is_not_confirmed_comes_back_with_nothing_lost(begin):
    one = begin(TWO_PHONES)
    answer = one.post(one.columns, one.as_shown(**{"column-name": ["0"], "column-offer": ["1"]}))
    page = unescape(answer.content.decode())
    assert answer.status_code == 422 and "2 choices need your decision" in page
    assert '<a href="#confirm-phone_number">' in page and 'id="confirm-phone_number"' in page
    assert form_of(page, "mapping")["column-offer"] == ["1"], "what was chosen by hand stands there still"
    assert one.stored().mapping == {} and one.job.state == JobState.UPLOADED


def test_a_confirmation_is_a_persons_word_and_stands_when_they_come_back(begin):
    one = begin(TWO_PHONES)
    assert one.post(one.columns, one.as_shown(**confirmations_on(one.page()))).url == one.phones
    assert one.choice("phone_number") == Decision("phone_number", "Cep Telefonu", Grade.PROVEN, one.choice("phone_number").why)
    assert one.choice("phone_number").why.code == "choice_given"
    page = one.page()
    assert "Likely, please confirm" not in page and len(one.as_shown()["confirm-phone_number"]) == 1
    assert one.post(one.columns, one.as_shown()).url == one.phones


def test_one_confirmation_of_two_is_kept_while_the_other_is_asked(begin):
    one = begin(TWO_PHONES)
    boxes = confirmations_on(one.page())
    page = unescape(
        one.post(one.columns, one.as_shown(**{"confirm-phone_number": boxes["confirm-phone_number"]})).content.decode()
    )
    assert "One choice needs your decision" in page and "confirm-phone_number" in form_of(page, "mapping")


def test_another_column_is_an_answer_too(begin):
    one = begin(TWO_PHONES)
    swapped = one.as_shown(**{"column-phone_number": ["2"], "column-secondary_phone_1": ["1"]})
    assert one.post(one.columns, swapped).url == one.phones
    assert one.stored().mapping["phone_number"] == 2 and one.choice("phone_number").why.code == "choice_given"


def test_a_further_phone_that_is_left_out_needs_no_word(begin):
    one = begin(TWO_PHONES)
    box = confirmations_on(one.page())["confirm-phone_number"]
    answer = one.post(one.columns, one.as_shown(**{"confirm-phone_number": box, "column-secondary_phone_1": [""]}))
    assert answer.url == one.phones and "secondary_phone_1" not in one.stored().mapping


def test_a_confirmation_of_something_else_is_none(begin):
    """The page was open in two windows, and the column is another one by now."""
    one = begin(TWO_PHONES)
    boxes = {key: "=Telefon" for key in confirmations_on(one.page())}
    assert one.post(one.columns, one.as_shown(**boxes)).status_code == 422


def test_an_unknown_column_is_not_preselected_and_must_be_chosen(begin):
    one = begin(NO_PHONES)
    shown = one.as_shown()
    assert shown["column-phone_number"] == ["?"] and "phone_number" in shown["asked"]
    answer = one.post(one.columns, shown)
    assert answer.status_code == 422 and '<a href="#column-phone_number">' in answer.content.decode()
    assert one.post(one.columns, {**shown, "column-phone_number": ["0"]}).url == one.phones


def test_hints_are_those_of_what_the_form_says_now(begin):
    one = begin(TWO_PHONES)
    page = one.page()
    assert "No column for:" in page and ">offer<" in page.partition("No column for:")[2][:200]
    page = unescape(
        one.post(
            one.columns, one.as_shown(**{"column-offer": ["2"], "column-secondary_phone_1": [""], "refresh": "yes"})
        ).content.decode()
    )
    assert "No column for:" not in page and "Not used:" not in page
    assert one.stored().mapping == {}


def test_consent_says_what_means_no(begin):
    page = begin(FORBIDDEN).page()
    assert "People who said no are never called. “Do Not Call” = “TRUE” means: not called." in page
    assert "More: Label of the phone number, Must not be called, Country of the number" in page, (
        "rarer fields stay out of the way"
    )


# -- how the file is read ----------------------------------------------------------------------------------------------
def test_which_of_three_sheets_is_asked(begin):
    one = begin(months(), "2026.xlsx")
    page = one.page()
    assert "Sheet: probably Ocak; it could also be Şubat or Mart." in page and "Read sheet “Şubat” instead" in page
    answer = one.post(one.columns, one.as_shown())
    assert answer.status_code == 422 and '<a href="#confirm-sheet">' in answer.content.decode()
    assert one.post(one.columns, one.as_shown(**confirmations_on(page))).url == one.phones
    assert one.choice("sheet") == Decision("sheet", "Ocak", Grade.PROVEN, one.choice("sheet").why)


def test_another_sheet_is_the_persons_word(begin):
    one = begin(months(), "2026.xlsx")
    one.page()
    one.post(reverse("imports:reread", args=[one.job.pk]), {"sheet": ["Ocak", "Mart"], "header_row": "1"})
    page = one.page()
    assert one.stored().preview.sheet == "Mart" and "confirm-sheet" not in page
    assert one.post(one.columns, one.as_shown()).url == one.phones
    assert field_settings.read_options(one.stored()).sheet == "Mart"


def test_only_what_was_changed_is_the_persons_word(begin):
    one = begin(PROVEN)
    one.page()
    known = {"encoding": "utf-8", "delimiter": ";", "header_row": "1"}
    one.post(reverse("imports:reread", args=[one.job.pk]), known | {"encoding": "cp1254"})
    said = one.stored().read_options
    assert said["encoding"] == "cp1254" and said["header_row"] is None and said["delimiter"] is None


# -- phone format ------------------------------------------------------------------------------------------------------
def to_phones(one: Import) -> Import:
    assert one.post(one.columns, one.as_shown(**confirmations_on(one.page()))).url == one.phones
    return one


def test_a_likely_format_is_asked_before_the_check(begin):
    one = to_phones(begin(AMERICAN))
    page = one.page(one.phones)
    assert 'value="national" checked' in page and "Yes, these are numbers from Türkiye" in page and "United States" in page
    answer = one.post(one.phones, {"kind": "national", "region": "TR"})
    assert answer.status_code == 422 and '<a href="#id_confirm-phone_format">' in answer.content.decode()
    assert one.stored().state == JobState.MAPPED
    confirmed = one.post(one.phones, {"kind": "national", "region": "TR", "confirm-phone_format": "on"})
    assert confirmed.url == reverse("imports:check", args=[one.job.pk])
    assert one.choice("phone_format").why.code == "choice_given" and one.job.phone_format == {"kind": "national", "region": "TR"}


def test_another_country_needs_no_confirmation(begin):
    one = to_phones(begin(AMERICAN))
    assert one.post(one.phones, {"kind": "national", "region": "US"}).url == reverse("imports:check", args=[one.job.pk])
    assert one.choice("phone_format").chosen == "US"


def test_an_unknown_format_is_not_preselected(begin):
    one = begin(NO_PHONES)
    one.post(one.columns, one.as_shown(**{"column-phone_number": ["1"]}))
    page = one.page(one.phones)
    assert " checked" not in page.partition("<fieldset")[2].partition("</fieldset>")[0]
    answer = one.post(one.phones, {"region": ""})
    assert answer.status_code == 422 and "Choose how the numbers are written." in answer.content.decode()


def test_a_proven_format_asks_nothing(begin):
    one = to_phones(begin(PROVEN))
    assert "confirm-phone_format" not in one.page(one.phones)
    assert one.post(one.phones, {"kind": "national", "region": "TR"}).url == reverse("imports:check", args=[one.job.pk])
    assert one.choice("phone_format").why.code != "choice_given"


def test_the_question_follows_the_choice(begin):
    one = to_phones(begin(AMERICAN))
    table = reverse("imports:phone_table", args=[one.job.pk])
    assert b"confirm-phone_format" in one.client.get(table, {"kind": "national", "region": "TR"}).content
    assert b"confirm-phone_format" not in one.client.get(table, {"kind": "national", "region": "US"}).content


# -- no way around -----------------------------------------------------------------------------------------------------
def test_the_phones_page_is_not_reached_past_an_open_question(begin):
    one = begin(TWO_PHONES)
    ImportJob.objects.filter(pk=one.job.pk).update(state=JobState.MAPPED, mapping={"phone_number": 1})
    intake.preview_of(one.stored())
    for answer in (one.client.get(one.phones), one.post(one.phones, {"kind": "national", "region": "TR"})):
        assert answer.url == one.columns
    assert one.stored().state == JobState.MAPPED
    one.job.phone_format = {"kind": "national", "region": "TR"}
    with pytest.raises(WorkflowError) as refused:
        workflow.start_check(one.job)
    assert refused.value.reason.code == "choices_open" and "Cep Telefonu" in str(refused.value)


def test_another_sheet_with_the_same_headers_is_asked_anew(begin):
    """A confirmation of columns was about the cells of one sheet."""
    one = to_phones(begin(months(), "2026.xlsx"))
    assert one.stored().mapping
    one.post(reverse("imports:reread", args=[one.job.pk]), {"sheet": "Şubat", "header_row": "1"})
    assert one.stored().choices == [] and one.job.state == JobState.UPLOADED


def test_new_columns_need_a_new_word_on_the_format(begin):
    one = to_phones(begin(AMERICAN))
    one.post(one.phones, {"kind": "national", "region": "TR", "confirm-phone_format": "on"})
    ImportJob.objects.filter(pk=one.job.pk).update(state=JobState.READY)
    assert one.post(one.columns, one.as_shown(**confirmations_on(one.page()))).url == one.phones
    assert one.choice("phone_format").why.code == "choice_given", "the same column again"
    one.post(one.columns, one.as_shown(**{"column-phone_number": ["0"], "column-name": ["1"]}))
    assert "phone_format" not in {choice["what"] for choice in one.stored().choices}


def test_a_question_is_not_lost_by_using_the_column_for_something_else_too(begin):
    one = begin(TWO_PHONES)
    assert "confirm-phone_number" in one.post(one.columns, one.as_shown(**{"column-offer": ["1"]})).content.decode()


def test_two_columns_cannot_both_say_who_may_be_called(begin):
    one = begin(FORBIDDEN)
    answer = one.post(one.columns, one.as_shown(**{"column-consent": ["2"], "column-do_not_call": ["0"], "column-name": [""]}))
    assert answer.status_code == 422 and "Two columns were chosen that say who may be called." in answer.content.decode()


def test_a_yes_under_must_not_be_called_means_no(begin):
    one = begin(rows(name, mobile, lambda n: ("evet", "hayır")[n % 2], header="Ad Soyad;Telefon;Not"))
    chosen = one.as_shown(**{"column-do_not_call": ["2"], "column-offer": [""], "refresh": "yes"})
    assert "“Not” = “evet” means: not called." in unescape(one.post(one.columns, chosen).content.decode())


@pytest.mark.parametrize("key", ["consent", "do_not_call"])
def test_what_yes_and_no_are_about_is_asked_and_either_field_answers(begin, key):
    one = begin(rows(name, mobile, lambda n: ("Evet", "Hayır")[n % 2], header="Ad Soyad;Telefon;Arama"))
    assert one.as_shown()["column-consent"] == ["?"] and one.post(one.columns, one.as_shown()).status_code == 422
    assert one.post(one.columns, one.as_shown(**{f"column-{key}": ["2"]})).url == one.phones
    assert one.stored().mapping[key] == 2
