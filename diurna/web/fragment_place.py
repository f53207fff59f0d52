"""Who asks for the private fragment, and on which page: the least that is needed of both."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote
from uuid import UUID

from django.db.models import BigIntegerField, CharField, Exists, OuterRef, Q, QuerySet, UUIDField
from django.http import HttpRequest
from wagtail.models import Page, Site

from diurna.accounts.models import User
from diurna.accounts.second_factor import has_desk_access
from diurna.accounts.visitors import guest_in
from diurna.common.prepared import Prepared, Slot
from diurna.newsroom.models import Article, ReadLater

# No story lies higher: a section, then the article.
_STORY_DEPTH = 2


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Whoever has something of their own here: an account, or the guest of a browser."""

    user: User | None
    guest: UUID | None

    @property
    def column(self) -> str:
        """Which column of a vote or a comment names this reader, for a `Prepared` (`of_reader`)."""
        return "user_id" if self.user is not None else "guest__uuid"

    @property
    def value(self) -> Any:
        """What that column says of this reader."""
        return self.user.pk if self.user is not None else self.guest


def of_reader(column: str) -> dict[str, Slot]:
    """What narrows votes and comments down to one reader's; the slot is `reader`."""
    return {column: Slot("reader", BigIntegerField() if column == "user_id" else UUIDField())}


def reader_of(request: HttpRequest) -> Reader | None:
    """Who asks; None for nobody. Raises CookieRefused for a guest's cookie that is not ours."""
    user = request.user
    if isinstance(user, User):
        return Reader(user=user, guest=None)
    guest = guest_in(request)
    return Reader(user=None, guest=guest) if guest is not None else None


def works_here(user: User | None) -> bool:
    """Whether the desk is open to this account; one query for the many who have no right at all."""
    if user is None:
        return False
    if not (user.is_superuser or user.is_staff or _WITH_RIGHTS.run(user=user.pk)):
        return False
    return has_desk_access(user)


def story_at(path: str, user: User | None) -> Article | None:
    """The story at a public path or above its comments, with its thread and little else.

    `put_aside` says whether it is on the account's list to read later.
    """
    place = path.partition("/comments/")[0].strip("/")
    if place.count("/") + 1 < _STORY_DEPTH:
        return None
    places = {f"place_{number}": path for number, path in enumerate(_url_paths(place))}
    slug, reader = place.rpartition("/")[2], user.pk if user is not None else 0
    return _STORY.first(*places, slug=slug, reader=reader, **places)


def page_at(path: str) -> Page | None:
    """The live page that an editor means at a public path; a part of a story is the story's."""
    place = path.partition("/comments/")[0].strip("/")
    above, _slash, last = place.rpartition("/")
    if (last,) in Article.SUB_PAGES:
        place = above
    here = Page.objects.live().filter(url_path__in=_url_paths(place))
    page: Page | None = (here.filter(slug=place.rpartition("/")[2]) if place else here).first()
    return page


def readable(path: str) -> str:
    """The path without its query; empty for one that no database takes (PostgreSQL and NUL)."""
    path = unquote(path.partition("?")[0])
    return "" if "\x00" in path else path


def _url_paths(place: str) -> list[str]:
    # Wagtail keeps these in the cache; a newsroom has one site.
    tail = f"{place}/" if place else ""
    return [f"{site.root_path}{tail}" for site in Site.get_site_root_paths()]


def _story(*places: str) -> QuerySet[Article]:
    slots = [Slot(place, CharField()) for place in places]
    # By the slug besides, which has an index; the path has none.
    here = Article.objects.live().filter(url_path__in=slots, slug=Slot("slug", CharField()))
    aside = ReadLater.objects.filter(
        article=OuterRef("pk"), user_id=Slot("reader", BigIntegerField())
    )
    found: QuerySet[Article] = (
        here.select_related("thread")
        .annotate(put_aside=Exists(aside))
        .only("uuid", "live", "thread")[:1]
    )
    return found


def _with_rights() -> QuerySet[User]:
    rights = Q(groups__isnull=False) | Q(user_permissions__isnull=False)
    return User.objects.filter(rights, pk=Slot("user", BigIntegerField())).only("pk")[:1]


# Asked with every page that a reader opens, so their SQL is written once.
_STORY: Final = Prepared(_story)
_WITH_RIGHTS: Final = Prepared(_with_rights)
