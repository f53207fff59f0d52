"""Small newsrooms for tests, made through the same actions as real life."""

from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.utils.text import slugify
from PIL import Image
from wagtail.models import Site

from diurna.accounts.models import User
from diurna.moderation.house_rules import ensure_rules
from diurna.newsroom.actions import found_newsroom
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
from diurna.newsroom.publishing import publish_article
from tests import first_rows

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
    title = title or f"Story {next(_numbers)}"
    fields.setdefault("slug", slugify(title))
    text = [("text", f"<p>Words of {title}.</p>")] if body is None else body
    article = Article(title=title, live=False, owner=owner, **fields)
    article.body = _stream(text)
    (section or Section.objects.first() or make_section()).add_child(instance=article)
    for role, people in (by or {}).items():
        for person in people:
            article.bylines.add(Byline(contributor=person, role=role))
    if topics:
        article.topics.set(topics)
    if by or topics:
        article.save()
    return article


def make_article(
    title: str | None = None, *, at: datetime = A_DAY, actor: User | None = None, **fields: Any
) -> Article:
    """A published article, dated `at`."""
    article = make_draft(title, **fields)
    publish_article(article=article, actor=actor, at=at)
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
    if any(first_rows.repeat(founding) for founding in known):
        # As the actions that wrote these rows did.
        Site.clear_site_root_paths_cache()
    else:
        known.append(first_rows.watch(lambda: _found(name, site_url)))
    return Front.objects.get()


def _found(name: str, site_url: str) -> None:
    found_newsroom(name=name, site_url=site_url)
    ensure_rules()


def _stream(blocks: list[Any]) -> Any:
    block = Article._meta.get_field("body").stream_block
    return block.to_python([{"type": kind, "value": value} for kind, value in blocks])
