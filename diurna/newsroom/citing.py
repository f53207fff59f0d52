"""What people do with sources and citations, and the trail that it leaves.

What a reader sees of a source beside a published story is part of that story's text: a change of
the row is public at once, needs the right to publish the story, and leaves a minor revision of
every live story that shows it. Drafts cite freely.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from diurna.accounts.models import User
from diurna.accounts.roles import RIGHTS, Role, roles_of
from diurna.common.errors import Conflicting, Invalid, Refused
from diurna.newsroom.archive.removal import delete_copies
from diurna.newsroom.archive.ties import hand_over, tie_known
from diurna.newsroom.carried_changes import record_new_notes
from diurna.newsroom.citation_problems import Problem, Trouble, problems
from diurna.newsroom.models import Article, Citation, Outlet, PublicRevision, Source
from diurna.newsroom.settling import adopt, settle, settle_copies, take_over, touch_cited
from diurna.newsroom.source_locks import hold_for_change
from diurna.newsroom.source_traces import forget_log

__all__ = [
    "Problem",
    "Trouble",
    "adopt",
    "approve_source",
    "change_citation",
    "change_source",
    "delete_orphans",
    "delete_source",
    "live_stories_with",
    "lose_own_story",
    "merge_sources",
    "needs_approval",
    "problems",
    "rename_outlet",
    "settle",
    "settle_copies",
    "take_over",
]

# A citation made in the form of a story that nobody saved belongs to no story; after so long
# nobody will save it.
ORPHAN_AGE: Final = timedelta(days=7)
# Who may say that a source is rightly not named.
_APPROVING: Final = frozenset({Role.EDITOR, Role.PUBLISHER})
# What a kept source takes over from one that is the same, where it says nothing itself.
_TAKEN_OVER: Final = (
    "authors", "outlet", "publisher", "address", "language", "published", "accessed_on", "place",
    "doi", "isbn", "person", "article", "document",
)  # fmt: skip


def live_stories_with(source: Source) -> list[Article]:
    """The published stories beside whose text readers see the source, newest first."""
    shown = Citation.objects.public().filter(source=source).values("article_id")
    return list(Article.objects.published().filter(pk__in=shown))


def may_publish_all(user: User, stories: Iterable[Article]) -> bool:
    """Whether somebody may publish each of these stories."""
    return all(story.permissions_for_user(user).can_publish() for story in stories)


def change_source(*, source: Source, actor: User | None) -> list[PublicRevision]:
    """After a source was changed: the minor revisions of the live stories that show it.

    To be called in the transaction that saved it, which has called `hold_for_change` first. Raises
    Refused, so that nothing is kept, when somebody may not publish one of these stories; None is
    the site itself.
    """
    with transaction.atomic():
        hold_for_change(_just(source))
        stories = live_stories_with(source)
        _check_may_publish(actor, stories)
        return _record(source, stories, actor)


def change_citation(*, citation: Citation, actor: User | None) -> list[PublicRevision]:
    """After a citation was changed: the minor revision of its story, if readers see it there.

    To be called in the transaction that saved it, which has called `hold_citation` first. Raises
    Refused like `change_source`.
    """
    article = citation.article
    if article is None or citation.position is None or not article.live:
        return []
    # What readers see, which may be older than what is in memory.
    stories = [Article.objects.get(pk=article.pk)]
    _check_may_publish(actor, stories)
    with transaction.atomic():
        return record_new_notes(articles=stories, actor=actor)


def rename_outlet(*, outlet: Outlet, actor: User | None) -> list[PublicRevision]:
    """After an outlet was changed: the minor revisions of the live stories that name it.

    To be called in the transaction that saved it, which has called `hold_for_change` with its
    sources first. Raises Refused like `change_source`.
    """
    shown = Citation.objects.public().filter(source__outlet=outlet)
    with transaction.atomic():
        stories = list(Article.objects.published().filter(pk__in=shown.values("article_id")))
        _check_may_publish(actor, stories)
        touch_cited(shown)
        return record_new_notes(articles=stories, actor=actor)


def needs_approval(source: Source) -> bool:
    """Whether no editor has said yet that the source is rightly not named."""
    return not source.is_named and source.approved_at is None


def approve_source(
    *, source: Source, actor: User, at: datetime | None = None, seen: str | None = None
) -> list[PublicRevision]:
    """Let an editor stand for a source that is not named; new revisions of what shows it.

    `seen` is the `Source.wording` that was on the screen. Raises Conflicting when it is another by
    now, Refused for who is no editor or publisher, and for who made or last worded the source while
    there is another one to ask; Invalid for a source that is named.
    """
    with transaction.atomic():
        hold_for_change(_just(source))
        source.refresh_from_db()
        _check_may_approve(source, actor)
        if seen is not None and seen != source.wording:
            raise Conflicting(
                _("Somebody has changed this source meanwhile; please read what it says now.")
            )
        source.approved_by = actor
        source.approved_at = at or timezone.now()
        source.save(update_fields=["approved_by", "approved_at"])
        return _record(source, live_stories_with(source), actor)


def _check_may_approve(source: Source, actor: User) -> None:
    if source.is_named:
        raise Invalid(_("This source is named, so nothing needs to be approved."))
    if not actor.is_superuser and not roles_of(actor) & _APPROVING:
        raise Refused(_("An editor or a publisher approves sources that are not named."))
    maker, last = source.created_by_id, source.worded_by_id or source.created_by_id
    if last == actor.pk and _another_approver(actor.pk):
        raise Refused(_("These words are yours; please ask another editor to approve them."))
    # Who made it may only stand for the words of somebody else where nobody third can.
    if maker == actor.pk and _another_approver(maker, last):
        raise Refused(_("You made this source; please ask another editor to approve it."))


def merge_sources(*, keep: Source, merge: Source, actor: User) -> list[PublicRevision]:
    """Give all citations of `merge` to `keep`, and remove `merge`; the new public revisions.

    What was kept and found at the same address goes with them. Raises Refused for one and the same
    source, when one is named and the other not, or when somebody may not publish a story that shows
    `merge`.
    """
    if keep.pk == merge.pk:
        raise Refused(_("Please choose two different sources."))
    with transaction.atomic():
        hold_for_change(_just(keep, merge))
        for one in (keep, merge):
            one.refresh_from_db()
        _check_may_merge(keep, merge)
        stories = {story.pk: story for one in (keep, merge) for story in live_stories_with(one)}
        _check_may_publish(actor, stories.values())
        hand_over(merge=merge, keep=keep)
        Citation.objects.filter(source=merge).update(source=keep)
        for name in _TAKEN_OVER if keep.is_named else ():
            if not getattr(keep, name):
                setattr(keep, name, getattr(merge, name))
        keep.save(update_fields=_TAKEN_OVER)
        tie_known(keep)
        _forget_row(merge)
        return _record(keep, stories.values(), actor)


def _check_may_merge(keep: Source, merge: Source) -> None:
    if keep.anonymity != merge.anonymity or keep.confidential != merge.confidential:
        raise Refused(
            _("One of them is named or open and the other is not; they can’t become one source.")
        )
    if needs_approval(keep) != needs_approval(merge):
        raise Refused(
            _("One of them is approved and the other waits; please have both approved first.")
        )


def delete_source(*, source: Source, actor: User) -> None:
    """Delete a source that no citation uses; raises Refused when one does."""
    if source.citations.exists():
        raise Refused(_("Stories cite this source, so it stays; you can merge it with another."))
    with transaction.atomic():
        log(source, "wagtail.delete", user=actor, deleted=True)
        delete_copies([source])
        source.delete()


def cited_nowhere_else(article: Article) -> list[Source]:
    """The sources that only this story cites; a legal removal deletes them with it."""
    here = Citation.objects.filter(article=article).values("source_id")
    elsewhere = Citation.objects.exclude(article=article).values("source_id")
    return list(Source.objects.filter(pk__in=here).exclude(pk__in=elsewhere))


def forget_sources(sources: Iterable[Source]) -> None:
    """Delete sources for a legal removal, with what the desk's history says of them."""
    for source in sources:
        _forget_row(source)


def delete_orphans(*, now: datetime) -> int:
    """Delete citations made in the form of a story that was never saved; how many.

    For the clock: once a day is enough.
    """
    old = Citation.objects.filter(article=None, created_at__lt=now - ORPHAN_AGE)
    return old.delete()[0]


def forget_as_source(article: Article) -> list[Article]:
    """Take a story that is removed for legal reasons out of the sources that it is itself.

    The live stories that cite it, which then say something else.
    """
    sources = Source.objects.filter(article=article)
    hold_for_change(sources)
    stories = {story.pk: story for source in sources for story in live_stories_with(source)}
    words = {"title": _("A story that was removed"), "authors": "", "address": "", "article": None}
    for source in sources:
        forget_log(source)
    # They hold its words.
    delete_copies(sources)
    Citation.objects.filter(source__in=sources).update(passage="", passage_found=None)
    sources.update(**words)
    return [story for story in stories.values() if story.pk != article.pk]


def lose_own_story(*, article: Article) -> list[PublicRevision]:
    """Before a story is deleted: the minor revisions of the live ones that cite it as a source.

    Their notes go on without saying where it is.
    """
    sources = Source.objects.filter(article=article)
    if not sources.exists():
        return []
    with transaction.atomic():
        hold_for_change(sources)
        found = {story.pk: story for one in sources for story in live_stories_with(one)}
        found.pop(article.pk, None)
        sources.update(article=None)
        return record_new_notes(articles=found.values(), actor=None)


def _just(*sources: Source) -> QuerySet[Source]:
    return Source.objects.filter(pk__in=[source.pk for source in sources])


def _record(source: Source, stories: Iterable[Article], actor: User | None) -> list[PublicRevision]:
    with transaction.atomic():
        log(source, "wagtail.edit", user=actor)
        touch_cited(Citation.objects.filter(source=source))
        return record_new_notes(articles=stories, actor=actor)


def _check_may_publish(actor: User | None, stories: Iterable[Article]) -> None:
    hindering = [
        story for story in stories if actor and not story.permissions_for_user(actor).can_publish()
    ]
    if hindering:
        raise Refused(
            _(
                "Readers see this beside “%(title)s”, so a change is public at once; "
                "please ask somebody who may publish that story."
            )
            % {"title": hindering[0].title}
        )


def _another_approver(*but: int | None) -> bool:
    groups = [RIGHTS[role].group for role in _APPROVING]
    others = User.objects.filter(is_active=True, groups__name__in=groups)
    return others.exclude(pk__in=[pk for pk in but if pk]).exists()


def _forget_row(source: Source) -> None:
    forget_log(source)
    delete_copies([source])
    source.delete()
