"""The second factor: six digits of an app (TOTP, RFC 6238), or a recovery code. Each code works once.

The app's secret is stored encrypted, recovery codes as keyed digests. How long wrong codes make wait: `people.throttle`.
"""

import base64
import secrets
import time
from io import BytesIO
from urllib.parse import quote, urlencode, urlsplit

import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.oath import TOTP

from background.encryption import Unreadable, decrypted, encrypted, encrypted_anew
from people import audit
from people.models import RecoveryCode, SecondFactor, User

SECRET_BYTES = 20  # as RFC 4226 wants
DIGITS = 6
STEPS_OFF = 1  # of 30 seconds, by which the phone's clock may be wrong
RECOVERY_CODES = 10
RECOVERY_LENGTH = 12  # letters and digits of base32: 60 bits


def begin(person: User) -> None:
    """Draw a secret that counts once a code of it was entered. Nothing happens for who has a second factor already."""
    if not person.second_factor_at:
        sealed = encrypted(secrets.token_bytes(SECRET_BYTES))
        SecondFactor.objects.update_or_create(person=person, defaults={"encrypted_secret": sealed, "last_step": 0})


def secret_to_enter(person: User) -> str:
    """The secret as an app wants it (base32), while it is being set up; otherwise ''."""
    secret = b"" if person.second_factor_at else _secret_of(person)
    return base64.b32encode(secret).decode()


def qr_code(person: User) -> bytes:
    """The secret that is being set up, as a picture that apps read (SVG)."""
    issuer = f"Rowcall {urlsplit(settings.SITE_URL).hostname}"
    label = quote(f"{issuer}:{person.username}")
    words = urlencode({"secret": secret_to_enter(person), "issuer": issuer}, quote_via=quote)
    picture = BytesIO()
    segno.make(f"otpauth://totp/{label}?{words}", error="m").save(picture, kind="svg", scale=5, border=4, light="#fff")
    return picture.getvalue()


def confirm(person: User, code: str) -> list[str]:
    """Take the secret into use; the recovery codes, and none for a wrong code. Sessions that there are have not shown it: end them."""
    with transaction.atomic():
        if person.second_factor_at or not _is_code_of_app(person, _bare(code)):
            return []
        person.second_factor_at = timezone.now()
        person.save(update_fields=["second_factor_at"])
        audit.record(person, "set_up_second_factor", f"user {person.username}")
        return _new_codes(person)


def use(person: User, code: str) -> bool:
    """Whether `code` is one of the app or a recovery code of `person`; from now on it is used up."""
    bare = _bare(code)
    if _is_code_of_app(person, bare):
        return True
    used, _by_model = RecoveryCode.objects.filter(person=person, digest=_digest(bare)).delete()
    if used:
        audit.record(person, "use_recovery_code", f"user {person.username}", after={"left": person.recovery_codes.count()})
    return bool(used)


def replace_recovery_codes(person: User) -> list[str]:
    """New recovery codes; those before no longer work."""
    with transaction.atomic():
        audit.record(person, "replace_recovery_codes", f"user {person.username}")
        return _new_codes(person)


def remove(person: User, by: User | None) -> None:
    """Sign-ins of `person` need the password or a link alone, until another second factor is set up."""
    with transaction.atomic():
        SecondFactor.objects.filter(person=person).delete()
        RecoveryCode.objects.filter(person=person).delete()
        User.objects.filter(pk=person.pk).update(second_factor_at=None)
        person.second_factor_at = None
        audit.record(by, "remove_second_factor", f"user {person.username}")


def encrypt_all_anew() -> int:
    """Encrypt every secret with the first of ENCRYPTION_KEYS; how many there were. Raises Unreadable, and then changes nothing."""
    with transaction.atomic():
        factors = list(SecondFactor.objects.all())
        for factor in factors:
            factor.encrypted_secret = encrypted_anew(bytes(factor.encrypted_secret))
            factor.save(update_fields=["encrypted_secret"])
        return len(factors)


def _secret_of(person: User) -> bytes:
    """b'' where there is none, or none that our ENCRYPTION_KEYS open."""
    factor = SecondFactor.objects.filter(person=person).first()
    try:
        return decrypted(bytes(factor.encrypted_secret)) if factor else b""
    except Unreadable:
        return b""


def _is_code_of_app(person: User, code: str) -> bool:
    secret = _secret_of(person)
    if not secret or len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return False
    totp = TOTP(secret)
    totp.time = time.time()
    if not totp.verify(int(code), tolerance=STEPS_OFF):
        return False
    step = totp.t()  # that of the code, which may be the one before or the next
    # Of two that bring the same code at once, one finds the row as it was.
    return SecondFactor.objects.filter(person=person, last_step__lt=step).update(last_step=step) == 1


def _new_codes(person: User) -> list[str]:
    codes = [base64.b32encode(secrets.token_bytes(10)).decode()[:RECOVERY_LENGTH].lower() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(person=person).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(person=person, digest=_digest(code)) for code in codes)
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def _bare(code: str) -> str:
    return "".join(letter for letter in code.lower() if letter.isalnum())


def _digest(code: str) -> str:
    return salted_hmac("people.recovery_code", code, algorithm="sha256").hexdigest()
