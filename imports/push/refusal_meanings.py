"""The meaning of the texts with which a service refuses leads, learnt by look-ups and kept with the account.

Texts that have been found to mean a duplicate are believed, and now and then one of their rows is looked up all the same: the
words of a service may come to mean something else. Every function runs inside the caller's transaction.
"""

from django.db.models import F, QuerySet

from campaigns.models import AnswerMeaning
from imports.push.conclusions import Meaning, Refusal, meaning_of

LEARNT = {Meaning.DUPLICATE: "agreed", Meaning.NO_DUPLICATE: "denied", Meaning.UNTOLD: "untold"}
LOOKED_AT_AGAIN = {16**n for n in range(1, 8)}  # after so many rows that were believed
CONFLICT, CONFLICTS_BELIEVED = "http_409", 16  # of so many conflicts that were none one is looked up all the same
MOST_KEPT = 1_000  # texts of an account


class Meanings:
    """As one sender knows them. What is settled is remembered; what is new is read each time, for others learn as well."""

    def __init__(self, account_id: int) -> None:
        self._account_id = account_id
        self._known: dict[str, AnswerMeaning] = {}

    def of(self, refusal: Refusal) -> Meaning:
        known = self._known.get(refusal.key) or self._read(refusal)
        return _meaning(refusal, known) if known else Meaning.NEW

    def believe(self, refusal: Refusal) -> Meaning:
        """As `of`, for a row that is to be judged by it: one that has to be looked up all the same gets VARIES."""
        meaning = self.of(refusal)
        if meaning not in (Meaning.DUPLICATE, Meaning.UNTOLD, Meaning.NO_DUPLICATE):
            return meaning
        known = self._known[refusal.key]
        known.believed += 1
        self._texts(refusal.key).update(believed=F("believed") + 1)
        if refusal.code == CONFLICT and meaning is Meaning.NO_DUPLICATE:  # the status says that something is there
            return Meaning.VARIES if known.believed % CONFLICTS_BELIEVED == 1 else meaning
        return Meaning.VARIES if known.believed in LOOKED_AT_AGAIN else meaning

    def learn(self, refusal: Refusal, taught: Meaning) -> None:
        if not self._texts(refusal.key).exists():
            AnswerMeaning.objects.bulk_create(
                [AnswerMeaning(account_id=self._account_id, text=refusal.key)], ignore_conflicts=True
            )
            self._forget_old()
        self._texts(refusal.key).update(**{LEARNT[taught]: F(LEARNT[taught]) + 1})
        self._known.pop(refusal.key, None)

    def _read(self, refusal: Refusal) -> AnswerMeaning | None:
        known = self._texts(refusal.key).first()
        if known and _meaning(refusal, known) is not Meaning.NEW:
            self._known[refusal.key] = known
        return known

    def _texts(self, key: str) -> QuerySet[AnswerMeaning]:
        return AnswerMeaning.objects.filter(account=self._account_id, text=key)

    def _forget_old(self) -> None:
        texts = AnswerMeaning.objects.filter(account=self._account_id)
        texts.filter(pk__in=list(texts.order_by("-pk").values_list("pk", flat=True)[MOST_KEPT:])).delete()


def _meaning(refusal: Refusal, known: AnswerMeaning) -> Meaning:
    return meaning_of(refusal.has_words, known.agreed, known.denied, known.untold)
