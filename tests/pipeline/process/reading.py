"""A list of leads and its answer, and Python run in a process of its own."""

from pathlib import Path

from imports.pipeline.columns.fields import Field
from imports.pipeline.phones.normalise import PhoneFormat
from imports.pipeline.rows import CheckSettings

ROOT = Path(__file__).resolve().parents[3]

LEADS = ROOT / "tests" / "spreadsheets" / "leads.csv"

SETTINGS = CheckSettings({"phone_number": 1}, [Field("phone_number", "phone", "", 0, True)], PhoneFormat("national", "TR"))


def long_csv(path: Path, rows: int) -> Path:
    path.write_text("Ad;Telefon\n" + "".join(f"Ali {n};0532 {n:07}\n" for n in range(rows)), encoding="utf-8")
    return path
