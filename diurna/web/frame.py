"""What stands around every page: the newsroom's name, its sections and links, its colours."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page

from diurna.newsroom.language import is_right_to_left
from diurna.newsroom.models import NavigationItem, NewsroomSettings, PublicPage, Section
from diurna.web.pictures import Picture, picture
from diurna.web.theme import theme_address, theme_of

# Root is depth 1 and the front depth 2, so these are the sections directly below the front.
TOP_SECTION_DEPTH = 3
NAVIGATION_KEY = "navigation"


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
        self.all = list(Section.objects.live().order_by("path"))
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


def frame_of(request: HttpRequest) -> Frame:
    """The frame of every page as the newsroom is set now (about four queries)."""
    newsroom = NewsroomSettings.current()
    sections = Sections(request)
    chosen = list(newsroom.navigation.select_related("page"))
    places = NavigationItem.Place
    return Frame(
        newsroom=newsroom,
        language=newsroom.language,
        direction="rtl" if is_right_to_left(newsroom.language) else "ltr",
        sections=sections,
        head_links=_links(chosen, places.HEAD, request) or sections.top_links(),
        foot_links=_links(chosen, places.FOOT, request),
        logo=picture(newsroom.logo, "logo", alt=newsroom.name) if newsroom.logo_id else None,
        theme_address=theme_address(theme_of(newsroom, sections.all)),
        demonstration=settings.DIURNA_DEMO,
        copy=settings.DIURNA_COPY,
    )


def address_of(page: Page, request: HttpRequest) -> str:
    """The page's path on this site; empty for one that no site shows (a draft's preview)."""
    if isinstance(page, PublicPage):
        return page.address_path()
    return str(page.get_url(request) or "")


def _links(items: list[Any], place: str, request: HttpRequest) -> list[Link]:
    links = []
    for item in items:
        if item.place != place:
            continue
        live = item.page is not None and item.page.live
        address = address_of(item.page, request) if live else item.address
        if address:
            links.append(Link(item.text(), address))
    return links
