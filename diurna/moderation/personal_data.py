"""What moderation holds of a reader: given out, given up, or moved from a guest to an account."""

from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from diurna.accounts.addresses import has_confirmed_address
from diurna.accounts.models import Guest, User
from diurna.accounts.personal_data import Handler, Reader
from diurna.accounts.relations import Fate, Relation, relation_handler
from diurna.moderation.models import (
    Appeal,
    AppealOutcome,
    Measure,
    MeasureOn,
    Notice,
    NoticeOutcome,
    Report,
    Statement,
)
from diurna.moderation.traces import ERASED

_DECIDED = ("rule", "reason", "began_at", "ends_at")
_WORK = relation_handler(
    "moderation",
    [
        Relation(
            column="moderation.Measure.moderator", fate=Fate.STAYS, shows=("kind", "on", *_DECIDED)
        ),
        Relation(
            column="moderation.Measure.lifted_by",
            fate=Fate.STAYS,
            shows=("kind", "on", "lifted_at", "lifted_because"),
        ),
        Relation(
            column="moderation.Appeal.answered_by",
            fate=Fate.STAYS,
            shows=("outcome", "answered_at", "answer"),
        ),
        Relation(
            column="moderation.Report.decided_by",
            fate=Fate.STAYS,
            shows=("rule", "outcome", "decided_at"),
        ),
        Relation(
            column="moderation.Notice.decided_by",
            fate=Fate.STAYS,
            shows=("outcome", "rule", "reason", "decided_at"),
        ),
        Relation(
            column="moderation.Word.added_by",
            fate=Fate.STAYS,
            shows=("list_name", "word", "added_at"),
        ),
        Relation(column="moderation.Claim.moderator", fate=Fate.GOES, shows=("until",)),
    ],
)


def _of(model: type[Model], reader: Reader) -> QuerySet[Any]:
    column = "user" if isinstance(reader, User) else "guest"
    return model._base_manager.filter(**{column: reader.pk}).order_by("pk")


def _notices(reader: Reader) -> QuerySet[Notice]:
    """Notices of illegal content that were given with the account's confirmed address.

    Whose they are that were given with another one, nobody can say.
    """
    if not isinstance(reader, User) or not has_confirmed_address(reader):
        return Notice.objects.none()
    return Notice.objects.filter(email=reader.email).order_by("pk")


def _export(reader: Reader) -> dict[str, Any]:
    """Reports that the reader made; measures, statements and appeals about the reader."""
    return {
        "reports": list(
            _of(Report, reader).values(
                "comment__uuid", "rule", "words", "weight", "network", "at", "outcome", "decided_at"
            )
        ),
        "measures": list(
            _of(Measure, reader).values("uuid", "kind", *_DECIDED, "lifted_at", "lifted_because")
        ),
        "statements": list(
            _of(Statement, reader).values(
                "uuid", "action", "rule_words", "reason", "automated", "made_at", "appeal_until"
            )
        ),
        "appeals": list(
            Appeal.objects.filter(statement__in=_of(Statement, reader)).values(
                "uuid", "words", "at", "outcome", "answer", "answered_at"
            )
        ),
        "notices": list(
            _notices(reader).values(
                "uuid", "address", "words", "name", "email", "network", "at", "outcome", "reason"
            )
        ),
        **_WORK.export(reader),
    }


def _erase(reader: Reader) -> None:
    """Empty the reader's words and what a moderator wrote to the reader; decisions stay.

    Runs before the account's row goes, in whatever order the rooms are asked: an open appeal is
    taken back.
    """
    statements = _of(Statement, reader)
    appeals = Appeal.objects.filter(statement__in=statements)
    appeals.filter(outcome=AppealOutcome.OPEN).update(
        outcome=AppealOutcome.WITHDRAWN, answered_at=timezone.now()
    )
    appeals.update(words="", answer="")
    statements.update(user=None, guest=None, reason="")
    _of(Measure, reader).update(user=None, guest=None, reason="", lifted_because="")
    _of(Report, reader).update(user=None, guest=None, words="", network=None)
    mine = list(_notices(reader).values_list("pk", flat=True))
    given = Notice.objects.filter(pk__in=mine)
    # What waits needs its words to be decided about.
    given.exclude(outcome=NoticeOutcome.OPEN).update(words=ERASED)
    given.update(name="", email="", network=None)
    _WORK.erase(reader)


def _merge(*, guest: Guest, user: User) -> None:
    """Give the account what the guest did and was told; of two reports of a comment one stays."""
    both = Report.objects.filter(user=user).values("comment")
    Report.objects.filter(guest=guest, comment__in=both).delete()
    for model in (Report, Statement):
        _of(model, guest).update(guest=None, user=user)
    Measure.objects.filter(guest=guest).update(guest=None, user=user, on=MeasureOn.ACCOUNT)


HANDLER = Handler(
    name="moderation",
    holds=_WORK.holds
    | {
        f"moderation.{model}.{column}"
        for model in ("Report", "Measure", "Statement")
        for column in ("user", "guest")
    },
    also_holds=frozenset({"moderation.Appeal"}),
    export=_export,
    erase=_erase,
    merge=_merge,
    keeps=_WORK.keeps,
)
