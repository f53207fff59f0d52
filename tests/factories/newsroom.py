"""Small newsrooms for tests, made through the same actions as real life."""

from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify
from PIL import Image
from wagtail.models import Page, PageLogEntry, Revision, Site

from diurna.accounts.models import User
from diurna.moderation.house_rules import ensure_rules
from diurna.newsroom import importing
from diurna.newsroom.actions import found_newsroom
from diurna.newsroom.circumstances import as_of
from diurna.newsroom.models import (
    Article,
    Byline,
    Contributor,
    Front,
    InformationPage,
    Photograph,
    Section,
    Topic,
)
from diurna.newsroom.pages_together import PagesTogether
from diurna.newsroom.publishing import publish_article, record_publication
from tests import first_rows

# Times of publication, and a lasting name, which may have a history: the short way knows neither.
ONLY_AT_THE_DESK = {"go_live_at", "expire_at", "uuid"}
A_DAY = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
_numbers = count(1)
# There are few beginnings: an empty site, one whose roles are there already, ...
_foundings: dict[tuple[str, str], list[first_rows.Founding]] = {}


def make_front(name: str = "The Test Gazette", site_url: str = "http://localhost:8000") -> Front:
    """The front of a newsroom, founded if there is none yet."""
    return Front.objects.first() or _founded(name, site_url)


def make_section(
    title: str = "Harbour", parent: Section | Front | None = None, **fields: Any
) -> Section:
    """A live section below the front or below another section."""
    above = parent or make_front()
    fields.setdefault("slug", slugify(title))
    return above.add_child(instance=Section(title=title, live=True, **fields))


def make_contributor(name: str | None = None, **fields: Any) -> Contributor:
    """A contributor with an address of its own."""
    name = name or f"Person {next(_numbers)}"
    fields.setdefault("slug", slugify(name))
    return Contributor.objects.create(name=name, **fields)


def make_topic(name: str | None = None, **fields: Any) -> Topic:
    """A topic with an address of its own."""
    name = name or f"Topic {next(_numbers)}"
    fields.setdefault("slug", slugify(name))
    return Topic.objects.create(name=name, **fields)


def make_draft(
    title: str | None = None,
    *,
    section: Section | None = None,
    body: list[Any] | None = None,
    by: dict[str, list[Contributor]] | None = None,
    topics: list[Topic] | None = None,
    owner: User | None = None,
    **fields: Any,
) -> Article:
    """An article that nobody outside may read; `by` maps roles to contributors."""
    article, links = _new_article(title, body=body, by=by, topics=topics, owner=owner, **fields)
    _place(article, section or Section.objects.first() or make_section(), **links)
    return article


def make_article(
    title: str | None = None,
    *,
    at: datetime = A_DAY,
    actor: User | None = None,
    section: Section | None = None,
    **fields: Any,
) -> Article:
    """A published article, dated `at`.

    Written the short way, as imports are, in half the time: the same rows as a draft that the desk
    publishes has (tests/integration/test_factories.py compares both).
    """
    article, links = _new_article(title, **fields)
    parent = section or Section.objects.first() or make_section()
    if not article.slug or ONLY_AT_THE_DESK & fields.keys():
        _place(article, parent, **links)
        publish_article(article=article, actor=actor, at=at)
    else:
        _publish_in_one_go(article, parent, at=at, actor=actor, **links)
    return article


def make_information_page(title: str = "About", **fields: Any) -> InformationPage:
    """A live information page below the front."""
    fields.setdefault("slug", slugify(title))
    page = InformationPage(title=title, live=True, **fields)
    return make_front().add_child(instance=page)


def make_photograph(
    title: str = "A boat", width: int = 1200, height: int = 800, **fields: Any
) -> Photograph:
    """A stored picture of one colour."""
    target = BytesIO()
    Image.new("RGB", (width, height), (120, 110, 100)).save(target, "JPEG")
    file = ContentFile(target.getvalue(), name=f"{slugify(title)}.jpg")
    return Photograph.objects.create(title=title, file=file, **fields)


def make_user(email: str | None = None, **fields: Any) -> User:
    """An account without a usable password unless one is given."""
    return User.objects.create_user(email or f"person{next(_numbers)}@example.org", **fields)


def _founded(name: str, site_url: str) -> Front:
    """Found a newsroom; when this process did it before on the same rows, by their outcome."""
    known = _foundings.setdefault((name, site_url), [])
    if first_rows.done_again(known, lambda: _found(name, site_url)):
        # As the actions that wrote these rows did.
        Site.clear_site_root_paths_cache()
        # No outcome where they were there already when it was watched.
        ensure_rules()
    return Front.objects.get()


def _found(name: str, site_url: str) -> None:
    found_newsroom(name=name, site_url=site_url)
    ensure_rules()


def _new_article(
    title: str | None = None,
    *,
    body: list[Any] | None = None,
    by: dict[str, list[Contributor]] | None = None,
    topics: list[Topic] | None = None,
    **fields: Any,
) -> tuple[Article, dict[str, Any]]:
    """An article in memory, and its by-lines and topics."""
    title = title or f"Story {next(_numbers)}"
    fields.setdefault("slug", slugify(title))
    text = [("text", f"<p>Words of {title}.</p>")] if body is None else body
    article = Article(title=title, live=False, **fields)
    article.body = _stream(text)
    lines = [
        Byline(contributor=person, role=role)
        for role, people in (by or {}).items()
        for person in people
    ]
    return article, {"lines": lines, "topics": topics or []}


def _place(article: Article, parent: Page, *, lines: list[Byline], topics: list[Topic]) -> None:
    """Store a draft as the desk does."""
    parent.add_child(instance=article)
    article.bylines.add(*lines)
    if topics:
        article.topics.set(topics)
    if lines or topics:
        article.save()


def _publish_in_one_go(
    article: Article,
    parent: Page,
    *,
    at: datetime,
    actor: User | None,
    lines: list[Byline],
    topics: list[Topic],
) -> None:
    """Store and publish an article that was never there before."""
    if parent.get_children().filter(slug=article.slug).exists():
        raise ValidationError({"slug": f"There is a page “{article.slug}” here already."})
    article.bylines.set(lines)
    article.topics = topics
    together = PagesTogether()
    with transaction.atomic():
        importing.place_imported(page=article, parent=parent, together=together)
        revision = importing._first_revision(article)
        article.live, article.has_unpublished_changes = True, False
        article.live_revision = revision
        article.first_published_at = article.last_published_at = at
        importing._set_first_revision(
            article, *importing._OF_A_REVISION, *importing._OF_A_PUBLICATION
        )
        together.add(article)
        together.log(article, "wagtail.publish", revision)
        with as_of(at, actor, is_new=True):
            record_publication(article=article, actor=actor)
        together.flush()
    # An import is nobody's work; this is somebody's.
    if actor is not None:
        Revision.objects.filter(pk=revision.pk).update(user=actor)
    for action, person in (("wagtail.create", article.owner), ("wagtail.publish", actor)):
        if person is not None:
            entries = PageLogEntry.objects.filter(page_id=article.pk, action=action)
            entries.update(user_id=person.pk)
    # What is in the database is read from there when it is asked for.
    for kept in ("_wagtail_cached_site_root_paths", "_cluster_related_objects"):
        vars(article).pop(kept, None)
    article.refresh_from_db()


def _stream(blocks: list[Any]) -> Any:
    block = Article._meta.get_field("body").stream_block
    return block.to_python([{"type": kind, "value": value} for kind, value in blocks])
