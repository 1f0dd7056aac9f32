"""The meaning of the texts with which a service refuses leads, learnt by look-ups and kept with the account.

Texts that have been found to mean a duplicate are believed, and now and then one of their rows is looked up all the same: the
words of a service may come to mean something else. Every function runs inside the caller's transaction.
"""
from django.db.models import F

from campaigns.models import AnswerMeaning
from imports.push.conclusions import Claim, Meaning, meaning_of

LEARNT = {Meaning.DUPLICATE: "agreed", Meaning.REFUSAL: "denied", Meaning.UNTOLD: "untold"}
LOOKED_AT_AGAIN = {16 ** n for n in range(1, 8)}  # after so many rows that were believed
MOST_KEPT = 1_000  # texts of an account


class Meanings:
    """As one sender knows them. What is settled is remembered; what is new is read each time, for others learn as well."""

    def __init__(self, account_id: int) -> None:
        self._account_id = account_id
        self._known: dict[str, AnswerMeaning] = {}

    def of(self, claim: Claim) -> Meaning:
        known = self._known.get(claim.key) or self._read(claim)
        return _meaning(claim, known) if known else Meaning.NEW

    def believe(self, claim: Claim) -> Meaning:
        """As `of`, for a row that is to be judged by it: one that has to be looked up all the same gets VARIES."""
        meaning = self.of(claim)
        if meaning not in (Meaning.DUPLICATE, Meaning.UNTOLD):
            return meaning
        known = self._known[claim.key]
        known.believed += 1
        self._texts(claim.key).update(believed=F("believed") + 1)
        return Meaning.VARIES if known.believed in LOOKED_AT_AGAIN else meaning

    def learn(self, claim: Claim, taught: Meaning) -> None:
        if not self._texts(claim.key).exists():
            AnswerMeaning.objects.bulk_create([AnswerMeaning(account_id=self._account_id, text=claim.key)], ignore_conflicts=True)
            self._forget_old()
        self._texts(claim.key).update(**{LEARNT[taught]: F(LEARNT[taught]) + 1})
        self._known.pop(claim.key, None)

    def _read(self, claim: Claim) -> AnswerMeaning | None:
        known = self._texts(claim.key).first()
        if known and _meaning(claim, known) is not Meaning.NEW:
            self._known[claim.key] = known
        return known

    def _texts(self, key: str):
        return AnswerMeaning.objects.filter(account=self._account_id, text=key)

    def _forget_old(self) -> None:
        texts = AnswerMeaning.objects.filter(account=self._account_id)
        texts.filter(pk__in=list(texts.order_by("-pk").values_list("pk", flat=True)[MOST_KEPT:])).delete()


def _meaning(claim: Claim, known: AnswerMeaning) -> Meaning:
    return meaning_of(claim.has_words, known.agreed, known.denied, known.untold)
