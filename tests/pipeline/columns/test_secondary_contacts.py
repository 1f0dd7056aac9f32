"""Secondary contacts: phone columns that are left over, and the columns about the same person."""

from imports.pipeline.columns.choices import Choice, Draft
from imports.pipeline.columns.column import view_columns
from imports.pipeline.columns.fields import lead_fields
from imports.pipeline.columns.phone_column import choose_phone
from imports.pipeline.columns.secondary_contacts import add_secondary_contacts
from imports.pipeline.reasons import Reason

MOBILES = ["0532 111 22 33", "0533 222 33 44", "0542 333 44 55", "0555 444 55 66"]
OTHERS = ["0536 555 66 77", "0537 666 77 88", "0543 777 88 99", "0551 888 99 00"]
NAMES = ["Ali Kaya", "Ayşe Demir", "Can Koç", "Elif Şahin"]


def contacts(table: dict[str, list[str]]) -> dict[str, int]:
    """Field key → column, besides the first phone, of which the first column holds the number."""
    columns = view_columns([*table], [*map(list, zip(*table.values()))], "TR")
    draft = Draft(columns, "TR", {"phone_number": Choice(0, 1.0, Reason("column_exact", {}))}, [])
    add_secondary_contacts(draft, lead_fields(["name"]), choose_phone(columns).ranking)
    return {key: choice.column for key, choice in draft.choices.items() if key != "phone_number"}


def test_a_further_phone_is_the_first_contact():
    assert contacts({"Cep": MOBILES, "Telefon 2": OTHERS}) == {"secondary_phone_1": 1}


def test_a_copy_of_the_first_phone_and_the_phone_of_a_colleague_are_none():
    assert contacts({"Cep": MOBILES, "Telefon": MOBILES, "Satış Temsilcisi Telefonu": OTHERS}) == {}


def test_the_name_of_a_parent_belongs_to_the_phone_of_the_parent():
    table = {"Cep": MOBILES, "Veli Telefonu": OTHERS, "Veli Adı": NAMES}
    assert contacts(table) == {"secondary_phone_1": 1, "secondary_1_name": 2}
