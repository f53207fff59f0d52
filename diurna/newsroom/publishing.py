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
from diurna.newsroom import publication
from diurna.newsroom.archive.published import after_publication
from diurna.newsroom.canonical import Line, parse_lines
from diurna.newsroom.citation_marks import names_in_body
from diurna.newsroom.correction_lines import is_of_a_notice
from diurna.newsroom.linked import keys_that_name
from diurna.newsroom.log import log_notices, log_revision
from diurna.newsroom.models import (
    Article,
    ArticleQuerySet,
    Citation,
    Contributor,
    Photograph,
    PublicRevision,
    RevisionKind,
)
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


@dataclass(frozen=True)
class _Circumstances:
    """What `publish_article` knows and Wagtail's signal does not carry."""

    at: datetime
    kind: RevisionKind | None
    actor: User | None
    is_new: bool = False
    # A notice comes with the publication, which is of this kind then, whatever the words.
    with_notice: bool = False


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
            # Before its page's row, which the revision changes: all that publish take this order.
            hold_story(article)
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
        _touch(article)
        if not (known and known.kind is RevisionKind.IMPORT):
            # An import has its stories indexed by the hundred (`indexing`).
            index_soon(article)
    return revision


def _record_words(
    article: Article,
    known: _Circumstances | None,
    last: PublicRevision | None,
    *,
    at: datetime,
    actor: User | None,
) -> PublicRevision | None:
    if known and known.with_notice:
        kind, reverts_to = known.kind, None
        _set(article, minor_change=False)
    else:
        kind, reverts_to = _kind_of(article, last)
    if kind is None:
        return None
    if kind in SUBSTANTIAL and not article.minor_change:
        _set(article, last_updated_at=at)
    revision = _append(
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
        _touch(article)
        index_soon(article)
        if last is None or last.kind in {RevisionKind.UNPUBLISH, RevisionKind.REMOVE}:
            return None
        return _append(
            article, kind=RevisionKind.UNPUBLISH, at=timezone.now(), actor=actor, last=last, text=""
        )


def record_move(*, article: Article, actor: User | None) -> PublicRevision | None:
    """Add the row that says that a live article has a new address; None if it has the old one."""
    with transaction.atomic():
        last = lock_history(article)
        _touch(article)
        index_soon(article)
        if last is None or not article.live or last.address == article.address_path():
            return None
        ask_for_related(article)
        return _append(article, kind=RevisionKind.MOVE, at=timezone.now(), actor=actor, last=last)


def rename_contributor(*, contributor: Contributor, actor: User | None) -> list[PublicRevision]:
    """After a contributor's name has changed: the new public revisions of their live articles."""
    with transaction.atomic():
        touch(f"person-{contributor.uuid}")
        articles = Article.objects.live().by(contributor)
        note = gettext("A name in the by-line changed.")
        rows = [row for article in articles if (row := _record_minor(article, actor, note))]
        cited = _citing(source__person=contributor).exclude(pk__in=articles.values("pk"))
        return rows + record_new_notes(articles=cited, actor=actor)


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


def record_new_notes(*, articles: Iterable[Article], actor: User | None) -> list[PublicRevision]:
    """After a source or a citation of these live articles changed: their new public revisions."""
    note = gettext("A source or a note beside the text changed.")
    with transaction.atomic():
        return [row for article in articles if (row := _record_minor(article, actor, note))]


def articles_using(file: Photograph | Document) -> list[Article]:
    """The live articles that show a file, as far as Wagtail's index of references knows."""
    pages = ReferenceIndex.get_references_to(file).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    numbers = {int(pk) for pk in pages.values_list("object_id", flat=True)}
    if isinstance(file, Document):
        numbers |= set(_citing(source__document=file).values_list("pk", flat=True))
    return list(Article.objects.live().filter(pk__in=numbers))


def _citing(**source: object) -> ArticleQuerySet:
    """The live articles whose notes show such a source."""
    shown = Citation.objects.public().filter(**source)
    return Article.objects.live().filter(pk__in=shown.values("article_id"))


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


@contextmanager
def with_notice(at: datetime, actor: User | None, kind: RevisionKind) -> Iterator[None]:
    """A publication inside the block brings a notice, whose row is there already.

    It leaves a public revision of this `kind` (`correct`, `retract`), dated `at`, also where no
    other word has changed; it is no minor edit.
    """
    token = _circumstances.set(_Circumstances(at=at, kind=kind, actor=actor, with_notice=True))
    try:
        yield
    finally:
        _circumstances.reset(token)


def moment_of_publication() -> datetime:
    """When what is published now is dated: `as_of` says so, or it is the present (aware)."""
    known = _circumstances.get()
    return known.at if known else timezone.now()


def commit(salt: bytes, text: str) -> bytes:
    """The commitment to a text: SHA-256 over the salt and the text's UTF-8 bytes (32 bytes)."""
    return hashlib.sha256(salt + text.encode()).digest()


def lock_history(article: Article) -> PublicRevision | None:
    """Keep others from publishing it until the transaction ends; its last public revision."""
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
    # Dates follow from the publication itself; they alone are no change of the words. Neither are
    # notices, which are rows: going back to earlier words does not take one away.
    return [
        line
        for line in lines
        if line.kind not in {"published", "updated"} and not is_of_a_notice(line)
    ]


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
    above = article.get_ancestors().filter(depth__gt=2).values_list("pk", flat=True)
    sections = [f"section-{pk}" for pk in above]
    touch(article.surrogate_key(), *LIST_KEYS, *sections, *people, *topics)
    touch(*keys_that_name(article))
    # Hundreds of stories lead on to whatever is new in their section; none of them is wrong for
    # the moment that it takes to draw them again.
    touch("beside-site", *(f"beside-{pk}" for pk in above), soft=True)
    if names_in_body(article.body.raw_data):
        touch_cited(article.citations.all())
