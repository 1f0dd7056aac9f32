"""What comes in: size, kind, twice, and words for each."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from imports.models import ImportJob

NEW = "/imports/new/"


def send(client, campaign, content: bytes, name: str = "leads.csv", token: str = "t1"):
    return client.post(NEW, {"campaign": campaign.pk, "file": SimpleUploadedFile(name, content), "form_token": token})


def test_a_file_larger_than_allowed_is_dropped_while_it_comes(alice, as_, campaign, settings):
    settings.MAX_UPLOAD_BYTES = 100_000
    answer = send(as_(alice), campaign, b"x" * 200_000)
    assert answer.status_code == 422 and "The file is larger than" in answer.content.decode()
    assert not ImportJob.objects.exists()
    assert not list(settings.FILE_UPLOAD_TEMP_DIR.iterdir())


def test_a_double_click_gives_one_import(alice, as_, campaign):
    client = as_(alice)
    first = send(client, campaign, b"phone,name\n+905321234567,A\n")
    second = send(client, campaign, b"phone,name\n+905321234567,A\n")
    assert first.url == second.url and ImportJob.objects.count() == 1


def test_the_same_content_again_is_said_with_a_link(alice, as_, campaign):
    client = as_(alice)
    send(client, campaign, b"phone,name\n+905321234567,A\n")
    again = send(client, campaign, b"phone,name\n+905321234567,A\n", name="copy.csv", token="t2")
    page = client.get(again.url).content.decode()
    assert "This exact file was imported into this campaign before" in page
    assert reverse("imports:show", args=[ImportJob.objects.earliest("pk").pk]) in page


def test_somebody_elses_file_with_the_same_content_is_not_named(alice, charlie, bob, as_, campaign):
    send(as_(charlie), campaign, b"phone,name\n+905321234567,A\n", name="secret-of-charlie.csv")
    again = send(as_(alice), campaign, b"phone,name\n+905321234567,A\n", name="copy.csv")
    page = as_(alice).get(again.url).content.decode()
    first = reverse("imports:show", args=[ImportJob.objects.earliest("pk").pk])
    assert "by somebody else" in page and "secret-of-charlie" not in page and first not in page
    assert "secret-of-charlie.csv" in as_(bob).get(again.url).content.decode()


def test_an_empty_file_says_so(alice, as_, campaign):
    assert "The file is empty." in send(as_(alice), campaign, b"").content.decode()


def test_owner_and_state_cannot_be_forged(alice, bob, as_, campaign):
    as_(alice).post(
        NEW,
        {
            "campaign": campaign.pk,
            "pasted": "phone\n+905321234567",
            "form_token": "t",
            "owner": bob.pk,
            "state": "done",
            "allow_duplicates": "on",
        },
    )
    job = ImportJob.objects.get()
    assert (job.owner, job.state, job.allow_duplicates) == (alice, "uploaded", False)


def test_more_pasted_cells_than_a_form_takes_is_a_sentence(alice, as_, campaign, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = as_(alice).post(NEW, {"campaign": campaign.pk, "pasted": "x" * 5000, "form_token": "t"})
    assert answer.status_code == 400 and "Upload large lists as a file" in answer.content.decode()


def test_a_campaign_that_is_gone_cannot_be_chosen(alice, as_, campaign):
    answer = as_(alice).post(NEW, {"campaign": campaign.pk + 1, "pasted": "phone\n1", "form_token": "t"})
    assert answer.status_code == 422


def test_samples_have_the_campaigns_own_columns(alice, as_, campaign):
    answer = as_(alice).get(reverse("imports:sample", args=[campaign.pk, "csv"]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0] == '"phone_number","name","offer","secondary_phone_1","secondary_1_name","secondary_1_offer"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_reports_are_attachments_in_the_readers_language(alice, as_, checked):
    answer = as_(alice).get(reverse("imports:download", args=[checked.pk, "errors", "csv"]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "Mehmet Kaya" in text and "Too short" in text


def test_a2_confirming_the_columns_does_not_choose_the_assistant(alice, as_, uploaded, campaign, assistant):
    other = assistant.account.assistants.create(remote_id="8", name="Satış Asistanı", variables={"offer": ""})
    type(campaign).objects.filter(pk=campaign.pk).update(assistant=other, assistant_guessed=True)
    alices = as_(alice)
    url = reverse("imports:columns", args=[uploaded.pk])
    assert "Use this assistant" in alices.get(url).content.decode()
    answer = alices.post(url, {"column-phone_number": "1", "column-name": "0", "column-offer": "2", "column-country": ""})
    assert answer.status_code == 302, answer.content.decode()
    campaign.refresh_from_db()
    assert (campaign.assistant, campaign.assistant_guessed) == (other, True)
    assert "not chosen yet" in alices.get(reverse("campaigns:campaigns")).content.decode()
    assert "Not chosen yet." in alices.get(reverse("campaigns:campaign", args=[campaign.pk])).content.decode()
    alices.post(reverse("campaigns:set_assistant", args=[campaign.pk]), {"assistant": assistant.pk})
    campaign.refresh_from_db()
    assert (campaign.assistant, campaign.assistant_guessed) == (assistant, False)
