"""The fields of a lead."""

from imports.pipeline.columns.fields import Field, lead_fields


def test_fields_of_a_lead():
    fields = {f.key: f for f in lead_fields(["name", "city"], required=["name"])}
    assert fields["phone_number"] == Field("phone_number", "phone", required=True)
    assert fields["name"].required and not fields["city"].required
    assert fields["secondary_10_city"] == Field("secondary_10_city", "secondary_variable", "city", 10)
    assert len(fields) == 2 + 2 + 10 * 4 + 3 and fields["country"].kind == "country"
    assert fields["consent"].kind == "consent" and fields["phone_label"] == Field("phone_label", "phone_label")
    assert fields["secondary_phone_3_label"] == Field("secondary_phone_3_label", "phone_label", position=3)


def test_a_variable_named_country_keeps_its_name():
    keys = [f.key for f in lead_fields(["country"])]
    assert "country" in keys and keys[-1] == "phone_country" and len(keys) == len(set(keys))
