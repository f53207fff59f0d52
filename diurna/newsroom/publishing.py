"""What happens when the public words of an article change: the actions, and nothing else.

Wagtail's desk and its scheduler publish by themselves; `wagtail_receivers` then calls the same
actions that importers and the demonstration call. Each leaves a `PublicRevision`, or finds that
nothing a reader can see has changed.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.documents.models import Document
from wagtail.models import Page, ReferenceIndex

from diurna.accounts.models import User
from diurna.delivery.surrogate import touch
from diurna.newsroom.canonical import Line, parse_lines
from diurna.newsroom.log import log_revision
from diurna.newsroom.models import (
    Article,
    Contributor,
    Photograph,
    PublicRevision,
    RevisionKind,
)

# Shown on lists, fronts and feeds of every kind; each of them is drawn again after a publication.
LIST_KEYS = ("front", "list-latest", "feeds", "sitemap")


@dataclass(frozen=True)
class _Circumstances:
    """What `publish_article` knows and Wagtail's signal does not carry."""

    at: datetime
    kind: RevisionKind | None
    actor: User | None
    is_new: bool = False


_circumstances: ContextVar[_Circumstances | None] = ContextVar("publication", default=None)
_taken_back: ContextVar[int | None] = ContextVar("taken_back", default=None)


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
    token = _circumstances.set(_Circumstances(at=moment, kind=kind, actor=actor))
    try:
        with transaction.atomic():
            article.save_revision(user=actor, log_action=False).publish(
                user=actor, skip_permission_checks=True
            )
            article.refresh_from_db()
            return article.public_revisions.filter(at=moment).order_by("-number").first()
    finally:
        _circumstances.reset(token)


def record_publication(*, article: Article, actor: User | None) -> PublicRevision | None:
    """Add the public revision of an article that has just become or stayed live.

    Called by the receiver of Wagtail's signal, inside the transaction that publishes. Sets the
    dates that readers see, then compares the canonical text with the last public one.
    """
    known = _circumstances.get()
    at = known.at if known else timezone.now()
    with transaction.atomic():
        last = None if known and known.is_new else _lock_history(article)
        _date_publication(article, at=at, actor=known.actor if known else actor, first=last is None)
        kind, reverts_to = _kind_of(article, last)
        revision = None
        if kind is not None:
            if kind in {RevisionKind.EDIT, RevisionKind.REVERT} and not article.minor_change:
                _set(article, last_updated_at=at)
            revision = _append(
                article,
                kind=known.kind if known and known.kind and last is None else kind,
                at=at,
                actor=known.actor if known else actor,
                last=last,
                reverts_to=reverts_to,
            )
        _set(article, change_note="", minor_change=False)
        _touch(article)
    return revision


def record_withdrawal(*, article: Article, actor: User | None) -> PublicRevision | None:
    """Add the row that says that an article was taken off the site; None if it was never public."""
    with transaction.atomic():
        last = _lock_history(article)
        _touch(article)
        if last is None or last.kind in {RevisionKind.UNPUBLISH, RevisionKind.REMOVE}:
            return None
        return _append(
            article, kind=RevisionKind.UNPUBLISH, at=timezone.now(), actor=actor, last=last, text=""
        )


def record_move(*, article: Article, actor: User | None) -> PublicRevision | None:
    """Add the row that says that a live article has a new address; None if it has the old one."""
    with transaction.atomic():
        last = _lock_history(article)
        _touch(article)
        if last is None or not article.live or last.address == article.address_path():
            return None
        return _append(article, kind=RevisionKind.MOVE, at=timezone.now(), actor=actor, last=last)


def rename_contributor(*, contributor: Contributor, actor: User | None) -> list[PublicRevision]:
    """After a contributor's name has changed: the new public revisions of their live articles."""
    with transaction.atomic():
        touch(f"person-{contributor.uuid}")
        articles = Article.objects.live().by(contributor)
        note = gettext("A name in the by-line changed.")
        return [row for article in articles if (row := _record_minor(article, actor, note))]


def record_new_names(*, articles: Iterable[Article], actor: User | None) -> list[PublicRevision]:
    """After these live articles' by-lines changed by themselves: their new public revisions."""
    note = gettext("A name in the by-line changed.")
    with transaction.atomic():
        return [row for article in articles if (row := _record_minor(article, actor, note))]


def record_new_file(*, file: Photograph | Document) -> list[PublicRevision]:
    """After a file of the library has changed: the new public revisions of what shows it."""
    note = gettext("The credit or licence of a picture, or a document, changed.")
    with transaction.atomic():
        rows = (_record_minor(article, None, note) for article in articles_using(file))
        return [row for row in rows if row]


def articles_using(file: Photograph | Document) -> list[Article]:
    """The live articles that show a file, as far as Wagtail's index of references knows."""
    pages = ReferenceIndex.get_references_to(file).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    numbers = {int(pk) for pk in pages.values_list("object_id", flat=True)}
    return list(Article.objects.live().filter(pk__in=numbers))


def _record_minor(article: Article, actor: User | None, note: str) -> PublicRevision | None:
    # The story itself is not newer for it, so it is labelled a minor edit.
    article.minor_change = True
    article.change_note = note
    return record_publication(article=article, actor=actor)


def take_back_article(*, article: Article, actor: User | None) -> PublicRevision | None:
    """Delete an article that an import brought in; its last public row, which says it is gone.

    The rows of its public history stay, under its lasting name. One transaction. Whoever calls
    this has made sure that nobody but the import has touched the article.
    """
    with transaction.atomic(), being_deleted(article):
        row = record_withdrawal(article=article, actor=actor)
        article.delete()
        return row


@contextmanager
def being_deleted(article: Article) -> Iterator[None]:
    """Inside the block, this article may be deleted although it was public."""
    token = _taken_back.set(article.pk)
    try:
        yield
    finally:
        _taken_back.reset(token)


def is_being_taken_back(article: Article) -> bool:
    """Whether an action is at work that deletes this very article."""
    return _taken_back.get() == article.pk


def touch_article(article: Article) -> None:
    """Have everything drawn again that shows the article."""
    _touch(article)


@contextmanager
def as_of(
    at: datetime,
    actor: User | None = None,
    kind: RevisionKind | None = None,
    *,
    is_new: bool = False,
) -> Iterator[None]:
    """Date every publication inside the block at this moment (imports, demonstration, tests).

    A first publication is of this `kind`, if one is given. With `is_new` the caller knows that the
    article has no public history, and that nobody adds to it before the transaction ends.
    """
    token = _circumstances.set(_Circumstances(at=at, kind=kind, actor=actor, is_new=is_new))
    try:
        yield
    finally:
        _circumstances.reset(token)


def commit(salt: bytes, text: str) -> bytes:
    """The commitment to a text: SHA-256 over the salt and the text's UTF-8 bytes (32 bytes)."""
    return hashlib.sha256(salt + text.encode()).digest()


def _lock_history(article: Article) -> PublicRevision | None:
    # PostgreSQL holds the row until the end of the transaction; SQLite has one writer anyway.
    Article.objects.select_for_update(of=("self",)).order_by().filter(pk=article.pk).values_list(
        "pk"
    ).get()
    return article.public_revisions.order_by("-number").first()


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


def _words(lines: list[Line]) -> list[Line]:
    # Dates follow from the publication itself; they alone are no change of the words.
    return [line for line in lines if line.kind not in {"published", "updated"}]


def _kind_of(
    article: Article, last: PublicRevision | None
) -> tuple[RevisionKind | None, int | None]:
    if last is None or last.kind == RevisionKind.UNPUBLISH:
        return RevisionKind.PUBLISH, None
    words = _words(article.canonical_lines())
    # A version whose words were lost with a backup is none that this one could be the same as.
    if not last.removed and words == _words(parse_lines(last.text)):
        moved = last.address != article.address_path()
        return (RevisionKind.MOVE if moved else None), None
    with_words = article.public_revisions.exclude(kind=RevisionKind.UNPUBLISH).exclude(removed=True)
    earlier = with_words.order_by("-number")
    for revision in earlier.iterator():
        if words == _words(parse_lines(revision.text)):
            return RevisionKind.REVERT, revision.number
    return RevisionKind.EDIT, None


def _append(
    article: Article,
    *,
    kind: RevisionKind,
    at: datetime,
    actor: User | None,
    last: PublicRevision | None,
    reverts_to: int | None = None,
    text: str | None = None,
) -> PublicRevision:
    text = article.canonical_text() if text is None else text
    salt = secrets.token_bytes(PublicRevision.SALT_BYTES)
    revision = PublicRevision.objects.create(
        article=article,
        number=last.number + 1 if last else 1,
        at=at,
        kind=kind,
        text=text,
        salt=salt,
        commitment=commit(salt, text),
        minor=article.minor_change,
        note=article.change_note,
        address=article.address_path(),
        reverts_to=reverts_to,
        published_by=actor,
    )
    log_revision(revision)
    return revision


def _touch(article: Article) -> None:
    people = [f"person-{line.contributor.uuid}" for line in article.bylines.all()]
    topics = [f"topic-{topic.uuid}" for topic in article.topics.all()]
    sections = [
        f"section-{pk}"
        for pk in article.get_ancestors().filter(depth__gt=2).values_list("pk", flat=True)
    ]
    touch(article.surrogate_key(), *LIST_KEYS, *sections, *people, *topics)
