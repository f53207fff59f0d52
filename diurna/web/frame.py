"""What stands around every page: the newsroom's name, its sections and links, its colours."""

from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, QuerySet, Subquery
from django.http import HttpRequest
from wagtail.models import Page

from diurna.common.prepared import Prepared
from diurna.newsroom.language import is_right_to_left
from diurna.newsroom.models import NavigationItem, NewsroomSettings, PublicPage, Section
from diurna.newsroom.models.public_page import public_path
from diurna.web.pictures import Picture, picture
from diurna.web.theme import theme_address, theme_of

# Root is depth 1 and the front depth 2, so these are the sections directly below the front.
TOP_SECTION_DEPTH = 3
NAVIGATION_KEY = "navigation"


def _sections() -> QuerySet[Section]:
    # By their kind, and put in order here: else SQLite goes through all pages for a few sections.
    kind = ContentType.objects.filter(app_label="newsroom", model="section").values("pk")[:1]
    return Section.objects.live().filter(content_type=Subquery(kind)).order_by()


_SECTIONS: Final = Prepared(_sections)


def _navigation() -> QuerySet[NavigationItem]:
    newsroom = NewsroomSettings.objects.order_by("pk").values("pk")[:1]
    return (
        NavigationItem.objects.filter(settings=Subquery(newsroom))
        .select_related("settings__logo")
        # A page has forty columns, and three of them stand in a link.
        .annotate(
            page_title=F("page__title"), page_live=F("page__live"), page_path=F("page__url_path")
        )
        .order_by("sort_order")
    )


# With the newsroom's own row beside its links: most newsrooms have some.
_NAVIGATION: Final = Prepared(_navigation, shared="settings")


@dataclass(frozen=True)
class Link:
    """Words and where they lead; `section` is the id of the section meant, for its colour."""

    text: str
    address: str
    section: int | None = None


class Sections:
    """All live sections, read once for a page; articles find theirs by their place in the tree."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.all: list[Section] = sorted(_SECTIONS.run(), key=attrgetter("path"))
        self._by_path = {section.path: section for section in self.all}

    def of(self, page: Page) -> Section | None:
        """The live section directly above this page."""
        return self._by_path.get(page.path[: -page.steplen])

    def trail(self, page: Page) -> list[Section]:
        """The live sections above this page, outermost first."""
        return [item for item in self.all if page.path.startswith(item.path) and item != page]

    def below(self, section: Section) -> list[Section]:
        """The live sections directly below this one, in the order of the desk."""
        return [item for item in self.all if item.path[: -item.steplen] == section.path]

    def link(self, section: Section | None) -> Link | None:
        """A link to the section's front."""
        if section is None:
            return None
        return Link(section.title, address_of(section, self._request), section.pk)

    def top_links(self) -> list[Link]:
        """Links to the sections directly below the front."""
        top = [section for section in self.all if section.depth == TOP_SECTION_DEPTH]
        return [link for section in top if (link := self.link(section))]


@dataclass(frozen=True)
class Frame:
    """What `base.html` needs; the same for every reader."""

    newsroom: NewsroomSettings
    language: str
    direction: str
    sections: Sections
    head_links: list[Link]
    foot_links: list[Link]
    logo: Picture | None
    theme_address: str
    demonstration: bool
    copy: bool


def newsroom_of(request: HttpRequest) -> NewsroomSettings:
    """The newsroom's settings, read once for a request (one query, or none after its frame)."""
    found: NewsroomSettings | None = getattr(request, "diurna_newsroom", None)
    if found is None:
        found = NewsroomSettings.current()
        request.diurna_newsroom = found  # type: ignore[attr-defined]  # ours, for this request
    return found


def frame_of(request: HttpRequest) -> Frame:
    """The frame of every page as the newsroom is set now (two queries or three)."""
    chosen = _NAVIGATION.run()
    if chosen:
        request.diurna_newsroom = chosen[0].settings  # type: ignore[attr-defined]  # as above
    newsroom = newsroom_of(request)
    sections = Sections(request)
    places = NavigationItem.Place
    return Frame(
        newsroom=newsroom,
        language=newsroom.language,
        direction="rtl" if is_right_to_left(newsroom.language) else "ltr",
        sections=sections,
        head_links=_links(chosen, places.HEAD) or sections.top_links(),
        foot_links=_links(chosen, places.FOOT),
        logo=picture(newsroom.logo, "logo", alt=newsroom.name) if newsroom.logo_id else None,
        theme_address=theme_address(theme_of(newsroom, sections.all)),
        demonstration=settings.DIURNA_DEMO,
        copy=settings.DIURNA_COPY,
    )


def address_of(page: Page, request: HttpRequest) -> str:
    """The page's path on this site; empty for one that no site shows (a draft's preview)."""
    if isinstance(page, PublicPage):
        return page.address_path()
    # Without the request, by which Wagtail would look for the site among several.
    return str(page.get_url() or "")


def _links(items: list[Any], place: str) -> list[Link]:
    links = []
    for item in items:
        if item.place != place:
            continue
        address = public_path(item.page_path) if item.page_live else item.address
        if address:
            links.append(Link(item.label or item.page_title or item.address, address))
    return links
