"""The second factor: no way of signing in leads around it, each code works once, and admins say from whom it is required."""

import base64
import time
from types import SimpleNamespace

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import TOTP

from people import second_factor, second_factor_rules
from people.locking import lock_out
from people.models import AuditEntry, User
from people.second_factor_models import RecoveryCode, SecondFactor, SignInRules
from people.sign_in import RESET, mailed_link, one_time_link
from people.throttle import WRONG_TRIES

PASSWORD = "correct horse battery"
CODE, MINE = "/sign-in/code/", "/settings/second-factor/"


@pytest.fixture(autouse=True)
def no_step_ends(monkeypatch) -> None:
    """The middle of a step of half a minute: which codes are good does not change in the middle of a test."""
    middle = time.time() // 30 * 30 + 15
    monkeypatch.setattr(second_factor, "time", SimpleNamespace(time=lambda: middle))


def code_of(secret: str, steps_later: int = 0) -> str:
    totp = TOTP(base64.b32decode(secret))
    totp.time = second_factor.time.time() + 30 * steps_later
    return f"{totp.token():06d}"


def with_factor(person) -> tuple[str, list[str]]:
    """(secret, recovery codes), with the code of the step before used up."""
    person.set_password(PASSWORD)
    person.save()
    second_factor.begin(person)
    secret = second_factor.secret_to_enter(person)
    return secret, second_factor.confirm(person, code_of(secret, -1))


def after_password(person) -> Client:
    client = Client()
    answer = client.post("/sign-in/?next=/campaigns/", {"username": person.username, "password": PASSWORD})
    assert answer.url == CODE and client.get("/").status_code == 302
    return client


def token_of(link: str) -> str:
    return link.split("token=")[1]


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_it_is_set_up_by_a_code_and_ends_all_other_sessions(alice):
    client, elsewhere = signed_in(alice), signed_in(alice)
    assert client.get(MINE + "qr.svg").status_code == 404
    client.post(MINE)
    page, picture = client.get(MINE).content.decode(), client.get(MINE + "qr.svg")
    secret = second_factor.secret_to_enter(alice)
    assert secret in page and picture.headers["Content-Type"] == "image/svg+xml" and b"style=" not in picture.content
    assert client.post(MINE, {"code": "000000"}).status_code == 422
    shown = client.post(MINE, {"code": code_of(secret)}).content.decode()
    assert client.get("/").status_code == 200 and elsewhere.get("/").status_code == 302
    codes = RecoveryCode.objects.values_list("digest", flat=True)
    assert len(codes) == second_factor.RECOVERY_CODES and not any(digest in shown for digest in codes)
    assert secret not in client.get(MINE).content.decode() and client.get(MINE + "qr.svg").status_code == 404
    assert secret.encode() not in bytes(SecondFactor.objects.get().encrypted_secret)


def test_a_password_alone_is_not_enough_and_a_code_works_once(alice):
    secret, recovery = with_factor(alice)
    client, code = after_password(alice), code_of(secret)
    assert client.post(CODE, {"code": "12345"}).status_code == 422
    assert client.post(CODE, {"code": f"{code[:3]} {code[3:]}"}).url == "/campaigns/"
    assert client.get("/").status_code == 200
    other = after_password(alice)
    assert other.post(CODE, {"code": code}).status_code == 422
    assert other.post(CODE, {"code": code_of(secret, -1)}).status_code == 422
    assert other.post(CODE, {"code": recovery[0].upper()}).status_code == 302
    third = after_password(alice)
    assert third.post(CODE, {"code": recovery[0]}).status_code == 422
    assert third.post(CODE, {"code": recovery[1]}).status_code == 302
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"set_up_second_factor", "wrong_code", "use_recovery_code", "sign_in"} <= actions


@pytest.mark.parametrize("way", ["/sign-in/link/", "/password/reset/"])
def test_links_do_not_lead_around_it(alice, way):
    secret, _recovery = with_factor(alice)
    alice = User.objects.get(pk=alice.pk)
    link = one_time_link(alice) if way == "/sign-in/link/" else mailed_link(alice, RESET)
    client = Client()
    assert client.post(way, {"token": token_of(link), "new": "quite another phrase"}).url == CODE
    assert client.get("/").status_code == 302
    assert client.post(CODE, {"code": code_of(secret)}).url == "/"
    assert client.get("/").status_code == 200


def test_who_waits_for_a_code_does_so_for_minutes_and_never_once_locked_out(alice, monkeypatch):
    secret, _recovery = with_factor(alice)
    assert Client().get(CODE).url == "/sign-in/"
    client = after_password(alice)
    with monkeypatch.context() as later:
        later.setattr("people.views.entering.time.time", lambda now=time.time(): now + 601)
        assert client.post(CODE, {"code": code_of(secret)}).url == "/sign-in/"
    lock_out(alice)
    assert client.post(CODE, {"code": code_of(secret)}).url == "/sign-in/"
    assert client.get("/").status_code == 302


def test_wrong_codes_make_wait_even_with_the_right_one(alice):
    secret, recovery = with_factor(alice)
    client = after_password(alice)
    for _ in range(WRONG_TRIES):
        client.post(CODE, {"code": "aaaaaa"})
    for code in (code_of(secret), recovery[0]):
        assert "Wait 15 minutes" in client.post(CODE, {"code": code}).content.decode()


def test_turning_it_off_and_new_recovery_codes_want_a_code(alice):
    secret, recovery = with_factor(alice)
    client = signed_in(User.objects.get(pk=alice.pk))
    assert client.post(MINE + "off/", {"code": "000000"}).status_code == 422
    assert client.post(MINE + "codes/", {"code": "000000"}).status_code == 422
    assert client.post(MINE + "codes/", {"code": code_of(secret)}).status_code == 200
    assert not second_factor.use(alice, recovery[1]) and not second_factor.use(alice, recovery[2])
    (fresh, *_rest) = second_factor.replace_recovery_codes(alice)
    assert client.post(MINE + "off/", {"code": fresh}).url == MINE
    assert User.objects.get(pk=alice.pk).second_factor_at is None and not SecondFactor.objects.exists()
    assert not RecoveryCode.objects.exists()


def test_another_admin_or_the_terminal_removes_it(adam, alice):
    with_factor(alice)
    admin = signed_in(adam)
    assert "Remove the second factor" in admin.get(f"/users/{alice.pk}/").content.decode()
    admin.post(f"/users/{alice.pk}/second-factor/remove/")
    entry = AuditEntry.objects.get(action="remove_second_factor")
    assert (entry.actor, entry.target) == (adam, "user alice")
    with_factor(adam)
    own = signed_in(User.objects.get(pk=adam.pk))
    own.post(f"/users/{adam.pk}/second-factor/remove/")
    assert SecondFactor.objects.get().person == adam
    call_command("reset_second_factor", "adam")
    assert not SecondFactor.objects.exists()
    with pytest.raises(CommandError, match="nobody called 'nobody'"):
        call_command("reset_second_factor", "nobody")


def test_whoever_must_have_one_sets_it_up_before_anything_else(adam, bob, alice, settings):
    admin = signed_in(adam)
    admin.post("/users/second-factor/", {"required_for": "managers"})
    assert SignInRules.objects.get().second_factor_for == "managers"
    assert AuditEntry.objects.get(action="require_second_factor").after == {"required_for": "managers"}
    for person in (adam, bob):
        client = signed_in(person)
        for path in ("/", "/imports/", "/users/", "/settings/"):
            assert client.get(path).url == MINE
        assert client.get(MINE).status_code == 200 and client.post("/sign-out/").url == "/sign-in/"
    assert signed_in(alice).get("/").status_code == 200
    with_factor(bob)
    assert signed_in(User.objects.get(pk=bob.pk)).get("/").status_code == 200
    second_factor_rules.choose("", adam)
    assert admin.get("/").status_code == 200
    settings.SECOND_FACTOR_FOR = "admins"
    assert admin.get("/").url == MINE and second_factor_rules.is_required_of(adam)


def test_secrets_move_to_a_new_key_and_one_that_no_key_opens_is_none(alice, settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [old]
    secret, recovery = with_factor(alice)
    settings.ENCRYPTION_KEYS = [new, old]
    call_command("reencrypt_keys")
    settings.ENCRYPTION_KEYS = [new]
    assert second_factor.use(alice, code_of(secret))
    settings.ENCRYPTION_KEYS = [old]
    with pytest.raises(CommandError, match="reset_second_factor"):
        call_command("reencrypt_keys")
    assert not second_factor.use(alice, code_of(secret, 1)) and second_factor.use(alice, recovery[0])
