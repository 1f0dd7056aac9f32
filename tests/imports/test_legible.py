"""An encoding named at a terminal must fit: nobody looks at the letters there."""

from pathlib import Path

import pytest

from campaigns.models import Assistant
from imports.cli import run_import
from imports.cli.run_import import Wishes
from imports.errors import CannotBegin
from imports.pipeline.readers.table import ReadOptions
from tests.builders import a_campaign

ROWS = [f"Şule Çağrı Öğüt;0532 123 45 {last}\n" for last in range(10, 25)]
TURKISH = "Ad Soyad;Telefon\n" + "".join(ROWS[:5])


def received(folder: Path, text: bytes, encoding: str | None):
    campaign = a_campaign()
    Assistant.objects.create(account=campaign.account, remote_id="1", name="1", variables={"name": ""})
    path = folder / "liste.csv"
    path.write_bytes(text)
    return run_import.receive(path, campaign, Wishes(reading=ReadOptions(encoding=encoding)))


@pytest.mark.django_db
def test_an_encoding_that_does_not_fit_is_refused(tmp_path):
    with pytest.raises(CannotBegin, match="utf-8"):
        received(tmp_path, TURKISH.encode("cp1254"), "utf-8")


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["cp1254", None])
def test_one_that_fits_and_none_are_taken(tmp_path, encoding):
    job = received(tmp_path, TURKISH.encode("cp1254"), encoding)
    first = job.preview.sample[0]
    assert (first.number, first.cells[0]) == (2, "Şule Çağrı Öğüt")


@pytest.mark.django_db
def test_one_slip_in_a_long_file_is_no_reason_to_refuse_it(tmp_path):
    text = ("Ad Soyad;Telefon\n" + "".join(ROWS)).encode() + b"A\xff;0532 123 45 68\n"
    assert received(tmp_path, text, "utf-8").preview.encoding == "utf-8"
