"""The variables of an assistant by readable names."""

from django.utils import translation

from campaigns.variable_labels import named_variable, variable_label


def test_variables_have_names_that_people_read():
    names = ("name", "customer_name", "lastCallDate", "müşteri_adı", "PNR_code", "URL", "___")
    told = [variable_label(name) for name in names]
    assert told == ["Name", "Customer name", "Last call date", "Müşteri adı", "PNR code", "URL", "___"]
    with translation.override("tr"):
        assert [variable_label(name) for name in ("name", "ilk_ad")] == ["Ad", "İlk ad"]
        assert named_variable("ilk_ad") == "İlk ad (ilk_ad)" and named_variable("Ürün") == "Ürün"
