"""What moderation holds of a reader: given out, given up, or moved from a guest to an account."""

from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from diurna.accounts.addresses import has_confirmed_address
from diurna.accounts.models import Guest, User, UserManager
from diurna.accounts.personal_data import Handler, Reader
from diurna.accounts.relations import Fate, Relation, relation_handler
from diurna.comments.models import Letter, LetterAddress, LetterKind, Subscription
from diurna.common.erasures import ERASED
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

_NOTICE_LETTERS = (LetterKind.NOTICE, LetterKind.NOTICE_TOLD)
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


def _statements(reader: Reader) -> QuerySet[Statement]:
    """Statements to this reader: those about comments go with the comment, and whoever has it.

    Those of comments that are nobody's any more stay with whom they were made for.
    """
    column = "user" if isinstance(reader, User) else "guest"
    of_nobody = Q(transition__comment__user=None, transition__comment__guest=None)
    is_about = Q(measure__isnull=False) | of_nobody
    mine = Q(**{f"transition__comment__{column}": reader.pk}) | is_about & Q(**{column: reader.pk})
    return Statement.objects.filter(mine).order_by("pk")


def _appeals(reader: Reader) -> QuerySet[Appeal]:
    """Those against what is to this reader, and the own against what is to many."""
    column = "user" if isinstance(reader, User) else "guest"
    mine = Q(statement__in=_statements(reader)) | Q(**{column: reader.pk})
    return Appeal.objects.filter(mine).order_by("pk")


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
            _statements(reader).values(
                "uuid", "action", "rule_words", "reason", "automated", "made_at", "appeal_until"
            )
        ),
        "appeals": list(
            _appeals(reader).values("uuid", "words", "at", "outcome", "answer", "answered_at")
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
    keys = list(_statements(reader).values_list("pk", flat=True))
    statements = Statement.objects.filter(pk__in=keys)
    appeals = Appeal.objects.filter(pk__in=list(_appeals(reader).values_list("pk", flat=True)))
    appeals.filter(outcome=AppealOutcome.OPEN).update(
        outcome=AppealOutcome.WITHDRAWN, answered_at=timezone.now()
    )
    appeals.update(user=None, guest=None, words="", answer="")
    statements.update(user=None, guest=None, reason="")
    _of(Measure, reader).update(user=None, guest=None, reason="", lifted_because="")
    _of(Report, reader).update(user=None, guest=None, words="", network=None)
    _erase_notices(reader)
    _WORK.erase(reader)


def _erase_notices(reader: Reader) -> None:
    """Forget who gave the notices, and the letters about them with the address that they went to.

    The reader's own notices only; what waits is decided all the same, and nobody is told.
    """
    mine = list(_notices(reader).values_list("pk", flat=True))
    if not mine:
        return
    given = Notice.objects.filter(pk__in=mine)
    # What waits needs its words to be decided about.
    given.exclude(outcome=NoticeOutcome.OPEN).update(words=ERASED)
    # Publishers' letters about the same notices are theirs.
    letters = Letter.objects.filter(kind__in=_NOTICE_LETTERS, address__isnull=False)
    letters.filter(about__in=list(given.values_list("uuid", flat=True))).delete()
    emails = {UserManager.normalize_email(each.email) for each in given}
    given.update(name="", email="", network=None)
    about = Q(comment__isnull=False) | Q(article__isnull=False)
    asked = Subscription.objects.filter(about, address__isnull=False)
    LetterAddress.objects.filter(email__in=emails).exclude(pk__in=asked.values("address")).delete()


def _merge(*, guest: Guest, user: User) -> None:
    """Give the account what the guest did and was told; of two reports of a comment one stays."""
    both = Report.objects.filter(user=user).values("comment")
    Report.objects.filter(guest=guest, comment__in=both).delete()
    twice = Appeal.objects.filter(user=user).values("statement")
    Appeal.objects.filter(
        guest=guest, statement__in=list(twice.values_list("statement", flat=True))
    ).update(guest=None)
    for model in (Report, Statement, Appeal):
        _of(model, guest).update(guest=None, user=user)
    Measure.objects.filter(guest=guest).update(guest=None, user=user, on=MeasureOn.ACCOUNT)


HANDLER = Handler(
    name="moderation",
    holds=_WORK.holds
    | {
        f"moderation.{model}.{column}"
        for model in ("Report", "Measure", "Statement", "Appeal")
        for column in ("user", "guest")
    },
    export=_export,
    erase=_erase,
    merge=_merge,
    keeps=_WORK.keeps,
)
