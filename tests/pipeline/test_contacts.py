"""The numbers of one lead: their order, and what is left out of them."""

from imports.pipeline.contacts import Contact, numbers_of
from imports.pipeline.phones.normalise import PhoneFormat, normalise_column
from imports.pipeline.phones.phone_format import PhoneResult


def normalise(texts, regions) -> list[PhoneResult]:
    return normalise_column(texts, PhoneFormat("national", "TR"), regions)


def numbers(cells: list[str], label: str | None = None, contact_label: int | None = None):
    """The numbers of a row whose first cell is its own phone and whose second is that of a contact; and the warnings."""
    warnings = [[]]
    contact = Contact(1, 1, contact_label, [])
    labels = None if label is None else [label]
    found = numbers_of([cells], normalise(cells[:1], None), labels, [contact], normalise, None, warnings)
    return found[0].primary.e164, [one["phone_number"] for one in found[0].contacts], [code for code, _ in warnings[0]]


def test_without_labels_the_mapping_decides():
    assert numbers(["0532 111 22 33", "0533 222 33 44"]) == ("+905321112233", ["+905332223344"], [])


def test_a_contact_that_is_wrong_or_repeats_the_lead_is_left_out():
    assert numbers(["0532 111 22 33", "12"]) == ("+905321112233", [], ["secondary_invalid"])
    assert numbers(["0532 111 22 33", "+90 532 111 22 33"]) == ("+905321112233", [], ["secondary_same_as_primary"])


def test_a_fax_is_never_called():
    number, contacts, warned = numbers(["0212 111 22 33", "0532 222 33 44"], "Fax")
    assert (number, contacts, warned) == ("+905322223344", [], ["phone_fax_replaced"])
    assert numbers(["0532 111 22 33", "0212 222 33 44", "Fax"], "", 2) == ("+905321112233", [], ["secondary_fax"])


def test_a_mobile_comes_before_a_number_at_work():
    number, contacts, warned = numbers(["0212 111 22 33", "0532 222 33 44", "Cep"], "İş", 2)
    assert (number, contacts, warned) == ("+905322223344", ["+902121112233"], ["phone_order_by_label"])
