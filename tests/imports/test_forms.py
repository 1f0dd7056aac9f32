"""What forms take, and what they ask for again."""

from django.http import QueryDict

from campaigns.models import Campaign
from imports.forms.do_not_call import DoNotCallForm
from imports.forms.fields import campaign_field
from imports.forms.phone_format import PhoneFormatForm
from imports.forms.reading import ReadingForm
from imports.forms.sending import SendForm
from imports.forms.upload import UploadForm
from imports.pipeline.phones.normalise import PhoneFormat
from imports.pipeline.readers.table import Preview, SheetInfo
from tests.builders import a_campaign

SHEET = SheetInfo("", True, 1, 1, [["Phone"]], [1], False)


def form(text: str, **given: bool) -> SendForm:
    return SendForm(QueryDict(text), **{"is_running": False, "may_allow": True, **given})


def test_on_a_running_campaign_it_is_chosen_how_many_go_first():
    assert set(form("", is_running=True).errors) == {"how"}
    chosen = form("how=first", is_running=True)
    assert chosen.is_valid() and chosen.first == SendForm.FIRST
    every = form("how=all", is_running=True)
    assert every.is_valid() and every.first is None


def test_duplicates_are_sent_only_when_that_is_confirmed():
    assert set(form("allow_duplicates=on").errors) == {"sure_of_duplicates"}
    assert form("allow_duplicates=on&sure_of_duplicates=on").is_valid()
    assert "allow_duplicates" not in form("", may_allow=False).fields


def test_an_upload_needs_a_campaign_and_a_file_or_cells(db):
    campaign = a_campaign()
    assert set(UploadForm(QueryDict("pasted=%20"), campaigns=Campaign.objects.all()).errors) == {"campaign", "file", "form_token"}
    assert UploadForm(
        QueryDict(f"campaign={campaign.pk}&pasted=Phone%0A0555&form_token=x"), campaigns=Campaign.objects.all()
    ).is_valid()
    assert campaign_field(UploadForm(campaigns=Campaign.objects.all())).label_from_instance(campaign).startswith("Spring (")


def test_numbers_that_must_not_be_called_are_typed_or_in_a_file(db):
    assert not DoNotCallForm(QueryDict("numbers="), campaigns=Campaign.objects.all()).is_valid()
    assert DoNotCallForm(QueryDict("numbers=0555+123+45+67"), campaigns=Campaign.objects.all()).is_valid()


def phones(text: str, is_open: bool = False) -> PhoneFormatForm:
    return PhoneFormatForm(QueryDict(text), is_open=lambda _format, is_confirmed: is_open and not is_confirmed)


def test_a_national_format_needs_its_country_and_a_doubtful_one_a_confirmation():
    assert set(phones("kind=national").errors) == {"region"}
    assert set(phones("kind=national&region=TR", is_open=True).errors) == {phones("").confirmation.name}
    chosen = phones("kind=national&region=TR")
    assert chosen.is_valid() and chosen.chosen_format == PhoneFormat("national", "TR")


def test_only_text_is_asked_how_it_is_written():
    text = ReadingForm(Preview("csv", "utf-8", ",", [SHEET], "", 1, ["Phone"], [], 0))
    assert "encoding" in text.fields and "sheet" not in text.fields
    workbook = ReadingForm(Preview("xlsx", None, None, [SHEET], "", 1, ["Phone"], [], 0))
    assert "sheet" in workbook.fields and "encoding" not in workbook.fields
