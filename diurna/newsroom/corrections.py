"""Correcting and retracting stories: the notice, the words it changes, and what the log is told.

A notice is a row that is never changed. It comes with a public revision of its own, so that the
history shows it beside the words that it put right; a later revert takes back words, not notices.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Revision

from diurna.accounts.models import User
from diurna.common.errors import Conflicting, Invalid, Refused
from diurna.delivery.surrogate import touch
from diurna.newsroom.circumstances import moment_of_publication, with_notice
from diurna.newsroom.correction_lines import notice_text
from diurna.newsroom.models import (
    Article,
    Correction,
    CorrectionKind,
    ErrorReport,
    FoundBy,
    PublicRevision,
    RevisionKind,
    Severity,
)
from diurna.newsroom.public_history import commit, lock_history
from diurna.newsroom.publishing import record_publication

# The page of all corrections, and its feeds.
KEY: Final = "corrections"
# In the desk's history of the page.
LOG_ACTION: Final = "diurna.correct"
MAX_WORDS: Final = 2_000
MAX_CHANNELS: Final = 300
MAX_BLOCK: Final = 36

Listener = Callable[[Correction], None]
"""Told of a new notice, inside the transaction that makes it; imported ones are not told."""

_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """Have a room above hear of each correction, within its transaction; once at the start."""
    if listener not in _listeners:
        _listeners.append(listener)


@dataclass(frozen=True, kw_only=True)
class NoticeWords:
    """What an editor writes. `kind` is of `CorrectionKind`; `block` the id of a block of the text.

    `wrong` and `right` are the words before and after, `channels` where else readers were told.
    """

    kind: str
    text: str
    wrong: str = ""
    right: str = ""
    severity: str = ""
    found_by: str = ""
    reported_on: date | None = None
    block: str = ""
    channels: str = ""


def correct(
    *,
    article: Article,
    actor: User,
    notice: NoticeWords,
    reports: Sequence[ErrorReport] = (),
    publish_draft: bool,
    at: datetime | None = None,
) -> Correction:
    """Add a notice to a live story, with a version of its own; the row.

    With `publish_draft` the latest draft is published with it, if it is the one that `article` as
    it was read names (`latest_revision`), so that nobody publishes what they have not looked at;
    without, no other word changes. A retraction marks the story as retracted. The open `reports` of
    this story are answered with the notice. `at` (aware) dates it in the past, for the
    demonstration. One transaction.

    Raises Invalid for words that will not do, Refused for a story that is not live or that a
    colleague has locked, and for somebody who may not publish it, Conflicting where it does not fit
    what is stored by now.
    """
    moment = at or moment_of_publication()
    _demand_words(notice, moment)
    with transaction.atomic():
        last = lock_history(article)
        seen, article = article, Article.objects.get(pk=article.pk)
        demand_right(article, actor)
        _demand_unlocked(article, actor)
        if publish_draft:
            _demand_draft(seen, article)
        before = _demand_correctable(article, last, notice, reports)
        row = _add(
            article,
            notice,
            at=moment,
            before=before.number,
            after=before.number + 1,
            comment=next((each.comment_uuid for each in reports if each.comment_uuid), None),
            actor=actor,
        )
        if notice.kind == CorrectionKind.RETRACTION:
            Article.objects.filter(pk=article.pk).update(retracted_at=moment)
        _publish(article, actor, row, publish_draft=publish_draft)
        log(article, LOG_ACTION, user=actor, data={"notice": row.number, "kind": row.kind})
        _answer(reports, row, actor)
        for listener in _listeners:
            listener(row)
        touch(KEY)
    return row


def import_correction(
    *, article: Article, notice: NoticeWords, at: datetime
) -> tuple[Correction, bool]:
    """Add a notice that came from another site, dated `at` (aware); the row, and whether it is new.

    The same words of the same time are added once. A story that is public gets a version that shows
    the notice; one that is not shows it from its first publication on. Raises Invalid.
    """
    _demand_words(notice, timezone.now())
    with transaction.atomic():
        last = lock_history(article)
        known = Correction.objects.filter(
            article_uuid=article.uuid,
            imported=True,
            at=at,
            kind=notice.kind,
            text=notice.text.strip(),
        ).first()
        if known is not None:
            return known, False
        row = _add(article, notice, at=at, before=None, after=None, comment=None, actor=None)
        if notice.kind == CorrectionKind.RETRACTION:
            Article.objects.filter(pk=article.pk).update(retracted_at=at)
            article.retracted_at = at
        if article.live and last is not None:
            with with_notice(timezone.now(), None, RevisionKind.IMPORT):
                record_publication(article=Article.objects.get(pk=article.pk), actor=None)
        touch(KEY)
    return row, True


def _publish(article: Article, actor: User, row: Correction, *, publish_draft: bool) -> None:
    is_retraction = row.kind == CorrectionKind.RETRACTION
    kind = RevisionKind.RETRACT if is_retraction else RevisionKind.CORRECT
    draft: Revision | None = article.get_latest_revision() if publish_draft else None
    with with_notice(row.at, actor, kind):
        if draft is not None and article.has_unpublished_changes:
            draft.publish(user=actor)
        else:
            record_publication(article=Article.objects.get(pk=article.pk), actor=actor)
    last = article.public_revisions.order_by("-number").first()
    if last is None or (last.number, last.kind) != (row.after, kind):
        raise Conflicting(
            _(
                "The draft is to be published later, so it can’t be published with a notice now: "
                "please take its time away first."
            )
        )


def _answer(reports: Sequence[ErrorReport], row: Correction, actor: User) -> None:
    if reports:
        # It answers with corrections, which this module makes: each needs the other.
        from diurna.newsroom import error_reports

        error_reports.corrected(reports=reports, correction=row, actor=actor, at=row.at)


def _add(
    article: Article,
    notice: NoticeWords,
    *,
    at: datetime,
    before: int | None,
    after: int | None,
    comment: UUID | None,
    actor: User | None,
) -> Correction:
    rows = Correction.objects.filter(article_uuid=article.uuid)
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    row = Correction(
        article=article,
        article_uuid=article.uuid,
        number=number,
        kind=notice.kind,
        text=notice.text.strip(),
        wrong=notice.wrong.strip(),
        right=notice.right.strip(),
        severity=notice.severity,
        found_by=notice.found_by,
        reported_on=notice.reported_on,
        at=at,
        before=before,
        after=after,
        block=notice.block,
        channels=notice.channels.strip(),
        comment_uuid=comment,
        salt=secrets.token_bytes(Correction.SALT_BYTES),
        imported=after is None,
        corrected_by=actor,
    )
    row.commitment = commitment_of(row)
    row.save()
    return row


def commitment_of(row: Correction) -> bytes:
    """The commitment to a notice: SHA-256 over its salt and its own text (32 bytes)."""
    text = notice_text(article=str(row.article_uuid), number=row.number, notice=row)
    return commit(bytes(row.salt), text)


def demand_right(article: Article, actor: User) -> None:
    """Raise Refused unless the actor may publish this story, and so correct it."""
    if not article.permissions_for_user(actor).can_publish():
        raise Refused(
            _("Correcting a story takes the right to publish it; please ask who has that.")
        )


def _demand_unlocked(article: Article, actor: User) -> None:
    lock = article.get_lock()
    if lock is not None and lock.for_user(actor):
        raise Refused(_("This story is locked; it can’t be corrected before it is unlocked."))


def _demand_draft(seen: Article, article: Article) -> None:
    if not article.has_unpublished_changes:
        raise Conflicting(
            _(
                "The draft is public already. Please look at what the story says now, and publish "
                "the notice without a draft."
            )
        )
    if seen.latest_revision_id != article.latest_revision_id:
        raise Conflicting(
            _("The draft was saved again meanwhile. Please look at what it changes, and go on.")
        )


def _demand_correctable(
    article: Article,
    last: PublicRevision | None,
    notice: NoticeWords,
    reports: Sequence[ErrorReport],
) -> PublicRevision:
    if not article.live or last is None:
        raise Refused(_("Only a story that readers can see is corrected; this one is not public."))
    if notice.kind == CorrectionKind.RETRACTION and article.retracted_at:
        raise Conflicting(_("This story is retracted already."))
    if any(report.article_id != article.pk for report in reports):
        raise Conflicting(_("A report can only be answered with a notice of its own story."))
    # A form that was sent twice, from the browser's history or by a slow network.
    if article.corrections.filter(kind=notice.kind, text=notice.text.strip()).exists():
        raise Conflicting(_("This story has a notice with these words already."))
    return last


def _demand_words(notice: NoticeWords, moment: datetime) -> None:
    if notice.kind not in CorrectionKind.values:
        raise Invalid(_("Please choose what kind of notice it is."))
    if not notice.text.strip():
        raise Invalid(_("Please write the notice: what was wrong, in a sentence or two."))
    if any(len(words) > MAX_WORDS for words in (notice.text, notice.wrong, notice.right)):
        raise Invalid(_("A notice has at most 2,000 characters, and so has each of its parts."))
    if len(notice.channels) > MAX_CHANNELS:
        raise Invalid(_("“Also told” has at most 300 characters."))
    if notice.severity not in {"", *Severity.values}:
        raise Invalid(_("Please choose how much it matters."))
    if notice.found_by not in {"", *FoundBy.values}:
        raise Invalid(_("Please choose who found the error."))
    if len(notice.block) > MAX_BLOCK:
        raise Invalid(_("There is no such place in the text."))
    if notice.reported_on and notice.reported_on > timezone.localdate(moment):
        raise Invalid(_("An error is reported before it is corrected: please mend the date."))
