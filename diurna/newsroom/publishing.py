"""What happens when the public words of an article change: the actions, and nothing else.

Wagtail's desk and its scheduler publish by themselves; `wagtail_receivers` then calls the same
actions that importers and the demonstration call. Each leaves a `PublicRevision`, or finds that
nothing a reader can see has changed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from diurna.accounts.models import User
from diurna.delivery.surrogate import touch
from diurna.newsroom import publication
from diurna.newsroom.archive.published import after_publication
from diurna.newsroom.circumstances import (
    Circumstances,
    as_of,
    being_deleted,
    known_circumstances,
    moment_of_publication,
)
from diurna.newsroom.citation_marks import names_in_body
from diurna.newsroom.linked import keys_that_name
from diurna.newsroom.log import log_notices
from diurna.newsroom.models import Article, PublicRevision, RevisionKind
from diurna.newsroom.public_history import append_revision, kind_of_change, lock_history
from diurna.newsroom.relating import ask_for_related
from diurna.newsroom.search.keeping import index_soon
from diurna.newsroom.settling import settle, touch_cited
from diurna.newsroom.source_locks import hold_story

# Shown on lists, fronts and feeds of every kind; each of them is drawn again after a publication.
# What was nowhere to be found may be there now.
LIST_KEYS = ("front", "list-latest", "feeds", "sitemap", "missing")
# What readers take for an update of the story, unless an editor called it a minor edit.
SUBSTANTIAL = frozenset(
    {RevisionKind.EDIT, RevisionKind.REVERT, RevisionKind.CORRECT, RevisionKind.RETRACT}
)


def publish_article(
    *,
    article: Article,
    actor: User | None,
    at: datetime | None = None,
    kind: RevisionKind | None = None,
) -> PublicRevision | None:
    """Publish the article as it is in memory, as the desk would; the public revision, if any.

    `at` (aware) dates the publication in the past, for imports and the demonstration; `kind` is
    `import` for what comes from another site. None is returned when readers see no other words
    than before. One transaction.
    """
    moment = at or timezone.now()
    with as_of(moment, actor, kind), transaction.atomic():
        # Before its page's row, which the revision changes: all that publish take this order.
        hold_story(article)
        article.save_revision(user=actor, log_action=False).publish(
            user=actor, skip_permission_checks=True
        )
        article.refresh_from_db()
        return article.public_revisions.filter(at=moment).order_by("-number").first()


def record_publication(*, article: Article, actor: User | None) -> PublicRevision | None:
    """Add the public revision of an article that has just become or stayed live.

    Called by the receiver of Wagtail's signal, inside the transaction that publishes. Sets the
    dates that readers see, then compares the canonical text with the last public one.
    """
    known = known_circumstances()
    at = moment_of_publication()
    with transaction.atomic():
        last = None if known and known.is_new else lock_history(article)
        settle(article, is_new=last is None)
        _date_publication(article, at=at, actor=known.actor if known else actor, first=last is None)
        with _notices_at_hand(article, is_new=bool(known and known.is_new)):
            _set(article, retracted_at=article.time_of_retraction())
            revision = _record_words(article, known, last, at=at, actor=actor)
        _set(article, change_note="", minor_change=False)
        after_publication(article)
        publication.published(article)
        ask_for_related(article)
        touch_article(article)
        if not (known and known.kind is RevisionKind.IMPORT):
            # An import has its stories indexed by the hundred (`indexing`).
            index_soon(article)
    return revision


def _record_words(
    article: Article,
    known: Circumstances | None,
    last: PublicRevision | None,
    *,
    at: datetime,
    actor: User | None,
) -> PublicRevision | None:
    if known and known.with_notice:
        kind, reverts_to = known.kind, None
        _set(article, minor_change=False)
    else:
        kind, reverts_to = kind_of_change(article, last)
    if kind is None:
        return None
    if kind in SUBSTANTIAL and not article.minor_change:
        _set(article, last_updated_at=at)
    revision = append_revision(
        article,
        kind=known.kind if known and known.kind and last is None else kind,
        at=at,
        actor=known.actor if known else actor,
        last=last,
        reverts_to=reverts_to,
    )
    if notices := article.correction_notices():
        log_notices(notices, rev=revision.number)
    return revision


@contextmanager
def _notices_at_hand(article: Article, *, is_new: bool) -> Iterator[None]:
    """Have the notices of an article read once; those of a new one are the ones it brings."""
    if article.known_notices is None:
        article.known_notices = [] if is_new else article.correction_notices()
    try:
        yield
    finally:
        article.known_notices = None


def record_withdrawal(*, article: Article, actor: User | None) -> PublicRevision | None:
    """Add the row that says that an article was taken off the site; None if it was never public."""
    with transaction.atomic():
        last = lock_history(article)
        touch_article(article)
        index_soon(article)
        if last is None or last.kind in {RevisionKind.UNPUBLISH, RevisionKind.REMOVE}:
            return None
        return append_revision(
            article, kind=RevisionKind.UNPUBLISH, at=timezone.now(), actor=actor, last=last, text=""
        )


def record_move(*, article: Article, actor: User | None) -> PublicRevision | None:
    """Add the row that says that a live article has a new address; None if it has the old one."""
    with transaction.atomic():
        last = lock_history(article)
        touch_article(article)
        index_soon(article)
        if last is None or not article.live or last.address == article.address_path():
            return None
        ask_for_related(article)
        return append_revision(
            article, kind=RevisionKind.MOVE, at=timezone.now(), actor=actor, last=last
        )


def take_back_article(*, article: Article, actor: User | None) -> PublicRevision | None:
    """Delete an article that an import brought in; its last public row, which says it is gone.

    The rows of its public history stay, under its lasting name. One transaction. Whoever calls
    this has made sure that nobody but the import has touched the article.
    """
    with transaction.atomic(), being_deleted(article):
        row = record_withdrawal(article=article, actor=actor)
        article.delete()
        return row


def _date_publication(article: Article, *, at: datetime, actor: User | None, first: bool) -> None:
    if first:
        _set(article, first_published_at=at, published_by=actor)
    _set(article, last_published_at=at)


def _set(article: Article, **fields: object) -> None:
    # The article was stored just now, so what it is in memory is in the database.
    changed = {name: value for name, value in fields.items() if getattr(article, name) != value}
    for name, value in changed.items():
        setattr(article, name, value)
    if changed:
        Article.objects.filter(pk=article.pk).update(**changed)


def touch_article(article: Article) -> None:
    """Have everything drawn again that shows the article."""
    people = [f"person-{line.contributor.uuid}" for line in article.bylines.all()]
    topics = [f"topic-{topic.uuid}" for topic in article.topics.all()]
    above = article.get_ancestors().filter(depth__gt=2).values_list("pk", flat=True)
    sections = [f"section-{pk}" for pk in above]
    touch(article.surrogate_key(), *LIST_KEYS, *sections, *people, *topics)
    touch(*keys_that_name(article))
    # Hundreds of stories lead on to whatever is new in their section; none of them is wrong for
    # the moment that it takes to draw them again.
    touch("beside-site", *(f"beside-{pk}" for pk in above), soft=True)
    if names_in_body(article.body.raw_data):
        touch_cited(article.citations.all())
