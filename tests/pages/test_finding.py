"""What can be found: pages of the role, campaigns and imports that a person sees, by words in any letters."""

from django.urls import reverse
from django.utils import translation

from imports.models import ImportJob
from imports.pages.finding import PAGES, found
from tests.builders import a_campaign, a_job
from tests.people.test_roles import signed_in


def labels(person, query: str = "") -> list[str]:
    return [one.label for one in found(person, query)]


def test_pages_are_those_of_the_role_in_the_language_of_the_reader(alice, bob, adam):
    a_campaign()
    assert len(labels(adam)) == len(PAGES) + 1 and "Monitor" not in labels(bob) and "Do not call" not in labels(alice)
    assert all(signed_in(adam).get(one.address).status_code == 200 for one in found(adam, ""))
    with translation.override("tr"):
        assert labels(adam, "KULLANICI") == labels(adam, "kullanici") != []


def test_campaigns_and_imports_are_those_that_are_seen(alice, bob, charlie):
    campaign = a_campaign(name="Işıl İndirimi")
    a_job(campaign, 0, owner=alice, file_name="100%_Haziran.csv")
    for query in ("HAZİRAN", "haziran isil", "100%"):
        assert labels(alice, query) == ["100%_Haziran.csv"] == labels(bob, query) and labels(charlie, query) == []
    assert labels(charlie, "ISIL indirimi") == ["Işıl İndirimi"]
    page = signed_in(alice).get(reverse("imports:search"), {"q": "HAZİRAN"}).content.decode()
    assert reverse("imports:show", args=[ImportJob.objects.get().pk]) in page
    assert "Nothing found" in signed_in(charlie).get(reverse("imports:search_options"), {"q": "haziran zzz"}).content.decode()
