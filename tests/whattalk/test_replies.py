"""What every answer to a lead POST means: the table of docs/reliability.md, line by line."""

from email.utils import formatdate

import orjson
import pytest

from campaigns.whattalk.error_texts import duplicate_matcher, text_key
from campaigns.whattalk.replies import (
    Created,
    Duplicate,
    Failure,
    NotAccepted,
    Refused,
    Reply,
    RetryReason,
    Unknown,
    UnknownReason,
    classify,
)

NOW = 1_790_000_000.0


def answer(status: int, body=None, **headers: str) -> Reply:
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw)


def meaning(reply: Reply):
    return classify(reply, now=NOW)


def data(id) -> dict:
    return {"message": "Lead created successfully", "data": {"id": id}}


@pytest.mark.parametrize(
    ("status", "id", "kept"), [(200, 7, "7"), (201, "ld_7", "ld_7"), (202, 9_007_199_254_740_993, "9007199254740993")]
)
def test_a_lead_is_created_when_the_answer_names_it(status, id, kept):
    assert meaning(answer(status, data(id))) == Created(kept)


@pytest.mark.parametrize("body", [
    b"", b"null", b"[]", b"7", b'"ok"', b"<html>Lead created", b'{"data":{"id":12', b'{"data":{"id":1},"x":"\xff"}', b"%PDF-1.7",
    {}, {"message": "OK"}, {"id": 7}, {"data": 7}, {"data": [{"id": 7}]}, [{"data": {"id": 7}}], {"data": {"lead": {"id": 7}}},
    data(None), data(""), data(" 7"), data(True), data(1.5), data(0), data(-1), data([7]), data({"id": 7}), data("x" * 101),
    {"success": True, "data": {"id": None}}, {"message": "Campaign not found"}, {"message": "Mevcut bakiyeniz yetersiz"},
])  # fmt: skip
@pytest.mark.parametrize("status", [200, 201, 204])
def test_a_success_that_names_no_lead_is_unknown(status, body):
    outcome = meaning(answer(status, body))
    assert isinstance(outcome, Unknown) and outcome.reason is UnknownReason.MALFORMED


DUPLICATE_WORDINGS = [
    {"message": "Duplicate lead"},
    {"message": "Lead dupplicated"},
    {"message": "This phone number already exists in the campaign"},
    {"error": "Lead is already in this campaign"},
    {"error": {"message": "Lead already exists"}},
    {"errors": {"phone_number": ["The phone number has already been taken."]}, "message": "The given data was invalid."},
    {"errors": ["Duplicate number"]},
    {"message": "BU NUMARA KAMPANYADA ZATEN VAR"},
    {"message": "Bu kişi kampanyada mevcut."},
    {"message": "MÜKERRER KAYIT"},
    {"message": "Mukerrer kayit"},
    {"message": "YİNELENEN NUMARA"},
    {"message": "Yinelenen numara"},
    {"message": "The given data was invalid.", "errors": {"campaign_id": ["The number already exists in this campaign."]}},
    {"message": "This lead already exists in the campaign. The given data was invalid."},
]


@pytest.mark.parametrize("body", DUPLICATE_WORDINGS)
@pytest.mark.parametrize("status", [200, 201, 400, 422])
def test_a_duplicate_is_known_by_its_words(status, body):
    assert isinstance(meaning(answer(status, body)), Duplicate)


@pytest.mark.parametrize("body", [b"", b"<html>", {"message": "Conflict"}, {"message": "Çakışma"}])
def test_a_conflict_without_words_of_a_duplicate_is_no_duplicate_yet(body):
    assert meaning(answer(409, body)).code == "http_409"


@pytest.mark.parametrize(
    "more",
    [
        {"message": "The lead already exists."},
        {"message": "No duplicate found"},
        {"error": "Zaten kayıtlı"},
        {"success": False},
        {"message": "Already in your do not call list."},
        {"exists": True},
    ],
)
def test_an_id_beside_words_of_a_duplicate_may_be_anybodys(more):
    found = meaning(answer(200, {**more, "data": {"id": 5}}))
    assert isinstance(found, Duplicate) and found.remote_id == "5"


@pytest.mark.parametrize("text", ["Already in your do not call list.", "DNC", "Numara kara listede", "The contact has opted out"])
@pytest.mark.parametrize("status", [200, 400, 403, 409, 422])
def test_a_list_of_the_service_is_no_duplicate(status, text):
    assert meaning(answer(status, {"message": text})) == Refused("do_not_call", text)


def test_what_two_answers_say_of_two_leads_is_one_text():
    """Numbers, ids, quotations and the lead's own words are left out."""
    texts = [
        ("Lead #4711 (+90 555 000 00 01) of Ayşe Yılmaz already exists", ["Ayşe Yılmaz"]),
        ("Lead #9 (+905550000002) of Bob already exists", ["Bob", ""]),
    ]
    assert {text_key(*text) for text in texts} == {"lead of already exists"}
    assert text_key("Der Name „x“ 'Bob' a@b.c fehlt") == text_key("Der Name „x“ 'Eva' d@e.f fehlt")
    assert text_key("HTTP 409") == "HTTP 409" != text_key("HTTP 418") and len(text_key("word " * 99)) <= 200


@pytest.mark.parametrize("body", [
    {"message": "OK", "data": {"variables": {"note": "already exists"}}},
    {"data": {"status": "duplicate"}},
    b"<html><title>Login</title>You are already in.",
    b'{"message":"Duplicate lead"',
])  # fmt: skip
def test_only_fields_made_for_words_can_make_a_success_a_duplicate(body):
    assert meaning(answer(200, body)).__class__ is Unknown


@pytest.mark.parametrize("body", [
    {"message": "Kampanya mevcut değil"},
    {"message": "BÖYLE BİR ASİSTAN MEVCUT DEĞİL"},
    {"message": "Mevcut bakiyeniz yetersiz"},
    {"message": "Mevcut kampanya bulunamadı"},
    {"message": "Kampanya zaten durduruldu."},
    {"message": "The campaign is already completed."},
    {"errors": {"campaign_id": ["Mevcut kampanya bulunamadı"]}},
    {"message": "The secondary_contacts.0.phone_number field has a duplicate value.",
     "errors": {"secondary_contacts.0.phone_number": ["The secondary_contacts.0.phone_number field has a duplicate value."]}},
    {"errors": {"variables.note": ["Zaten alınmış bir ad kullanılamaz."]}},
])  # fmt: skip
@pytest.mark.parametrize("status", [400, 422])
def test_what_only_sounds_like_a_duplicate_is_none(status, body):
    assert not isinstance(meaning(answer(status, body)), Duplicate)


def test_the_words_for_a_duplicate_are_a_setting():
    reply = answer(422, {"message": "Numéro déjà présent"})
    assert isinstance(meaning(reply), Refused)
    assert isinstance(classify(reply, duplicate_matcher(["DEJA PRESENT"]), now=NOW), Duplicate)
    assert not duplicate_matcher([])("duplicate") and not duplicate_matcher([" "])("anything")


@pytest.mark.parametrize(("reply", "code", "message"), [
    (answer(422, {"message": "Invalid phone number"}), "invalid_phone_number", "Invalid phone number"),
    (answer(400, {"message": "Geçersiz telefon numarası"}), "invalid_phone_number", "Geçersiz telefon numarası"),
    (answer(422, {"message": "x", "errors": {"phone_number": ["Too short.", "Odd."]}}), "invalid_phone_number", "Too short. Odd."),
    (answer(422, {"message": "x", "errors": {"variables.name": ["Is required."]}}), "validation", "Is required."),
    (answer(422, {"message": "The variables.balance field must be a string.",
                  "errors": {"variables.balance": ["The variables.balance field must be a string."]}}),
     "validation", "The variables.balance field must be a string."),
    (answer(400, {"error": "Number is blacklisted"}), "do_not_call", "Number is blacklisted"),
    (answer(400, b"Bad\r\n\x1b[31mRequest"), "http_400", "Bad [31mRequest"),
    (answer(405, b""), "http_405", "HTTP 405"),
    (answer(413, b"<h1>Too large"), "http_413", "<h1>Too large"),
    (answer(422, {"message": "m" * 900}), "http_422", "m" * 500),
])  # fmt: skip
def test_a_refusal_keeps_the_words_of_the_service(reply, code, message):
    assert meaning(reply) == Refused(code, message)


@pytest.mark.parametrize(("reply", "why"), [
    (answer(401, {"message": "Unauthenticated."}), RetryReason.KEY),
    (answer(403, {"message": "This action is unauthorized."}), RetryReason.KEY),
    (answer(401, b"<html>"), RetryReason.KEY),
    (answer(402, b""), RetryReason.BALANCE),
    (answer(403, {"message": "Insufficient balance"}), RetryReason.BALANCE),
    (answer(400, {"message": "Your balance is too low"}), RetryReason.BALANCE),
    (answer(422, {"message": "Bakiyeniz yetersiz"}), RetryReason.BALANCE),
    (answer(422, {"message": "YETERSİZ BAKİYE"}), RetryReason.BALANCE),
    (answer(422, {"message": "Mevcut bakiyeniz yetersiz"}), RetryReason.BALANCE),
    (answer(422, {"message": "x", "errors": {"balance": ["Top up."]}}), RetryReason.BALANCE),
    (answer(404, {"message": "Campaign not found"}), RetryReason.CAMPAIGN),
    (answer(404, b"<html>Not Found"), RetryReason.CAMPAIGN),
    (answer(410, {"message": "Gone"}), RetryReason.CAMPAIGN),
    (answer(422, {"message": "The selected campaign id is invalid.",
                  "errors": {"campaign_id": ["The selected campaign id is invalid."]}}), RetryReason.CAMPAIGN),
    (answer(400, {"message": "Campaign not found"}), RetryReason.CAMPAIGN),
    (answer(422, {"message": "Kampanya bulunamadı"}), RetryReason.CAMPAIGN),
    (answer(422, {"message": "KAMPANYA MEVCUT DEĞİL"}), RetryReason.CAMPAIGN),
    (answer(429, {"message": "Too Many Attempts."}), RetryReason.RATE_LIMITED),
    (answer(408, b""), RetryReason.RATE_LIMITED),
    (answer(425, b""), RetryReason.RATE_LIMITED),
    (Reply(failure=Failure.NOT_SENT, detail="no connection"), RetryReason.NOT_SENT),
])  # fmt: skip
def test_what_was_not_accepted_is_not_the_leads_fault(reply, why):
    outcome = meaning(reply)
    assert isinstance(outcome, NotAccepted) and outcome.reason is why


@pytest.mark.parametrize(("reply", "why"), [
    (answer(500, {"message": "Server Error"}), UnknownReason.SERVER_ERROR),
    (answer(502, b"<html>"), UnknownReason.SERVER_ERROR),
    (answer(503, b""), UnknownReason.SERVER_ERROR),
    (answer(500, {"message": "Duplicate entry '+90…' for key"}), UnknownReason.SERVER_ERROR),
    (answer(500, {"data": {"id": 4}}), UnknownReason.SERVER_ERROR),
    (answer(302, b"", Location="/login"), UnknownReason.REDIRECT),
    (answer(307, data(4)), UnknownReason.REDIRECT),
    (answer(304, b""), UnknownReason.REDIRECT),
    (answer(199, data(4)), UnknownReason.MALFORMED),
    (answer(600, data(4)), UnknownReason.MALFORMED),
    (Reply(failure=Failure.TIMEOUT), UnknownReason.TIMEOUT),
    (Reply(failure=Failure.RESET), UnknownReason.RESET),
    (Reply(failure=Failure.UNREADABLE), UnknownReason.MALFORMED),
    (Reply(200, {}, None, Failure.RESET), UnknownReason.RESET),
    (Reply(200, {}, None, Failure.TIMEOUT), UnknownReason.TIMEOUT),
    (Reply(200, {}, None, Failure.UNREADABLE), UnknownReason.MALFORMED),
    (Reply(422, {}, None, Failure.RESET), UnknownReason.RESET),
    (Reply(500, {}, None, Failure.RESET), UnknownReason.SERVER_ERROR),
])  # fmt: skip
def test_what_cannot_be_known_is_called_unknown(reply, why):
    outcome = meaning(reply)
    assert isinstance(outcome, Unknown) and outcome.reason is why


@pytest.mark.parametrize(
    ("status", "why"),
    [(401, RetryReason.KEY), (402, RetryReason.BALANCE), (404, RetryReason.CAMPAIGN), (429, RetryReason.RATE_LIMITED)],
)
def test_a_status_that_says_it_all_needs_no_body(status, why):
    outcome = meaning(Reply(status, {}, None, Failure.RESET, "connection lost"))
    assert isinstance(outcome, NotAccepted) and outcome.reason is why


IN_TWO_MINUTES = formatdate(NOW + 120, usegmt=True)


@pytest.mark.parametrize(("headers", "body", "seconds"), [
    ({"Retry-After": "30"}, None, 30),
    ({"Retry-After": " 1.5 "}, None, 1.5),
    ({"Retry-After": "0"}, None, 0),
    ({"Retry-After": "-5"}, None, 0),
    ({"Retry-After": "315360000"}, None, 3600),
    ({"Retry-After": "9" * 5000}, None, 3600),
    ({"Retry-After": "inf"}, None, 3600),
    ({"Retry-After": "nan"}, None, None),
    ({"Retry-After": "soon"}, None, None),
    ({"Retry-After": ""}, None, None),
    ({"Retry-After": IN_TWO_MINUTES}, None, 120),
    ({"Retry-After": IN_TWO_MINUTES, "Date": formatdate(NOW + 90, usegmt=True)}, None, 30),
    ({"Retry-After": "Fri, 01 Jan 1999 00:00:00 GMT"}, None, 0),
    ({"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, None, 3600),
    ({"Retry-After": "Fri, 99 Foo 2026 00:00:00 GMT"}, None, None),
    ({}, None, None),
    ({}, {"retry_after": 12}, 12),
    ({}, {"retry_after": "12"}, 12),
    ({}, {"retry_after": True}, None),
    ({}, {"retry_after": [12]}, None),
    ({"Retry-After": "soon"}, {"retry_after": 12}, 12),
    ({"Retry-After": "7"}, {"retry_after": 12}, 7),
])  # fmt: skip
def test_how_long_to_wait(headers, body, seconds):
    outcome = meaning(Reply(429, headers, orjson.dumps(body)))
    assert outcome.retry_after == seconds


def test_a_server_error_may_say_how_long_too():
    assert meaning(answer(503, b"", Retry_After="60")).retry_after == 60


ALL_SAY_NO = [
    {"success": "false"}, {"ok": 0}, {"status": "error"}, {"status": 422}, {"code": "409"}, {"error": True}, {"error": "Kaydedilemedi"},
    {"errors": {"phone_number": ["gibt es nicht"]}}, {"errors": [{"detail": "nope"}]}, {"result": "FAILED"}, {"message": "Lead exists"},
    {"message": "Bu kişi zaten kayıtlı"}, {"message": "Kontakt ist schon vorhanden"}, {"message": "الرقم موجود"},
]  # fmt: skip


@pytest.mark.parametrize("more", ALL_SAY_NO)
def test_an_id_in_an_answer_that_says_no_is_verified(more):
    found = meaning(answer(200, {**more, "data": {"id": 5}}))
    assert isinstance(found, Duplicate) and found.remote_id == "5"


@pytest.mark.parametrize("older", [
    {"status": "completed"}, {"call_tries": 2}, {"created_at": "2026-01-01 10:00:00", "updated_at": "2026-01-02 10:00:00"},
])  # fmt: skip
def test_a_lead_to_which_something_has_happened_is_verified(older):
    assert isinstance(meaning(answer(200, {"data": {"id": 5, **older}})), Duplicate)


@pytest.mark.parametrize("fine", [
    {"success": True, "status": "success", "code": 200, "error": None, "errors": []}, {"status": 201, "error": False, "errors": {}},
    {"message": "Kişi başarıyla eklendi", "error": "0", "ok": "true"}, {"message": "Kontakt wurde angelegt", "error": {}},
])  # fmt: skip
def test_what_says_yes_is_believed(fine):
    assert meaning(answer(201, {**fine, "data": {"id": 5}})) == Created("5")


@pytest.mark.parametrize(("told", "is_ours"), [
    ("+905321000002", False), ("0532 100 00 02", False), ("0532 100 00 01", True), ("90 (532) 100-00-01", True), ("+90*****0002", True),
    (None, True), (905321000001, True), ("", True),
])  # fmt: skip
def test_the_lead_of_another_number_is_not_ours(told, is_ours):
    reply = answer(200, {"data": {"id": 5, "phone_number": told}})
    assert isinstance(classify(reply, now=NOW, number="+905321000001"), Created) is is_ours


@pytest.mark.parametrize(("status", "body", "code"), [
    (404, {"errors": {"phone_number": ["Bu hat aranamıyor."]}}, "invalid_phone_number"),
    (403, {"errors": {"variables.name": ["zu lang"]}}, "validation"),
    (402, {"errors": [{"field": "phone", "msg": "premium"}]}, "invalid_phone_number"),
    (404, {"message": "The phone could not be reached at its carrier."}, "http_404"),
    (410, {"title": "Gone", "detail": "Bu numara kapatılmış"}, "http_410"),
    (403, {"error": {"code": "E7", "message": "Rufnummer gesperrt"}}, "http_403"),
])  # fmt: skip
def test_what_blames_the_lead_is_a_refusal_of_the_lead(status, body, code):
    assert meaning(answer(status, body)).code == code


@pytest.mark.parametrize(("status", "body"), [
    (404, {"message": "Not found."}), (404, b"<html>number"), (404, {"message": "No campaign for this number"}),
    (403, {"message": "Your plan does not allow more leads"}), (402, {"message": "Too little credit to call this number"}),
    (403, {"message": "This key may not add leads"}),
])  # fmt: skip
def test_what_more_than_the_lead_needs_still_stops_everything(status, body):
    assert isinstance(meaning(answer(status, body)), NotAccepted)


@pytest.mark.parametrize(("body", "sentence"), [
    ({"type": "about:blank", "title": "Conflict", "detail": "Kişi kayıtlı"}, "Kişi kayıtlı"), (["Zu kurz"], "Zu kurz"),
    ([{"field": "phone", "msg": "الرقم موجود"}], "الرقم موجود"), ({"errors": [{"code": "E", "description": "nope"}]}, "nope"),
    ({"error": {"code": 17, "type": "x", "message": "Belegt"}}, "Belegt"),
])  # fmt: skip
def test_the_words_of_a_refusal_are_found_wherever_they_stand(body, sentence):
    refused = meaning(answer(422, body))
    assert refused.message == sentence and refused.code != "validation"
