"""What a page says about itself in its head: title, addresses, feeds, cards, structured data.

One frozen `Metadata` for every page, one builder for each type of page, one template
(`components/metadata.jinja`, which wants it as `metadata`). The builders take what the page has
loaded already and ask the database for nothing more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.models import Page

from diurna.common.sanitise import plain_text
from diurna.newsroom.models import (
    Article,
    Contributor,
    Front,
    InformationPage,
    NewsroomSettings,
    Photograph,
    Section,
    Topic,
)
from diurna.newsroom.notice_display import headline_of
from diurna.web import metadata_schema as schema
from diurna.web.addresses import FEED_FORMS, FeedOwner, absolute, feed_address, page_address
from diurna.web.metadata_sources import source_things
from diurna.web.pictures import picture
from diurna.web.sources import Notes

# Search engines cut a description at about this length.
DESCRIPTION_LENGTH: Final = 200


@dataclass(frozen=True)
class FeedLink:
    """A feed that a feed reader may find from this page."""

    title: str
    address: str
    media_type: str


@dataclass(frozen=True)
class CardImage:
    """The picture of a shared link; `address` is whole, sizes in pixels."""

    address: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class OpenGraphArticle:
    """The `article:` properties of Open Graph; times in UTC."""

    published: str
    modified: str
    section: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Metadata:
    """The head of one page; `json_ld` is safe to stand inside a script element."""

    title: str
    site_name: str
    heading: str
    description: str
    canonical: str
    language: str
    kind: str = "website"
    image: CardImage | None = None
    article: OpenGraphArticle | None = None
    feeds: tuple[FeedLink, ...] = ()
    json_ld: tuple[SafeString, ...] = ()
    noindex: bool = field(default_factory=lambda: settings.DIURNA_DEMO or settings.DIURNA_COPY)

    @property
    def card(self) -> str:
        """The shape of the card on X and those who read its tags."""
        return "summary_large_image" if self.image else "summary"


def article_metadata(
    article: Article,
    *,
    newsroom: NewsroomSettings,
    trail: Sequence[Page],
    comments: int | None = None,
    notes: Notes | None = None,
    corrections: Sequence[schema.Thing] = (),
) -> Metadata:
    """For an article that was loaded `with_page`; `trail` is its sections, outermost first.

    `comments` is how many it has, None where it shows none; `corrections` are its notices as
    things of schema.org (`web.corrections.correction_things`).
    """
    image = _card(article.lead_image, article.lead_image_alt)
    description = _shorten(article.search_description or article.standfirst)
    address = page_address(article)
    thing = schema.news_article(
        article,
        newsroom=newsroom,
        trail=trail,
        description=description,
        image=_image_thing(image, article),
        logo=_logo(newsroom),
    )
    thing |= source_things(article, notes or Notes(()))
    if corrections:
        thing["correction"] = list(corrections)
    if comments is not None:
        thing |= {"commentCount": comments, "discussionUrl": f"{address}comments/"}
    steps = [*_steps(trail), (article.display_headline(), address)]
    return _metadata(
        newsroom,
        heading=headline_of(article, article.seo_title),
        description=description,
        canonical=article.canonical_address or address,
        language=article.own_language() or newsroom.language,
        kind="article",
        image=image,
        article=_open_graph(article, trail),
        feeds=_feeds(newsroom, *([trail[-1]] if trail else [])),
        things=(thing, schema.breadcrumbs(newsroom, steps)),
    )


def front_metadata(front: Front, *, newsroom: NewsroomSettings) -> Metadata:
    """For the front page."""
    return _metadata(
        newsroom,
        heading="",
        description=_shorten(front.search_description or newsroom.description or newsroom.motto),
        canonical=absolute("/"),
        image=_card(newsroom.logo, newsroom.name, "logo"),
        feeds=_feeds(newsroom),
        things=(schema.website(newsroom, _logo(newsroom)),),
    )


def section_metadata(
    section: Section, *, newsroom: NewsroomSettings, trail: Sequence[Page], page_number: int = 1
) -> Metadata:
    """For a section front; `trail` is the sections down to this one, outermost first."""
    description = _shorten(section.search_description or section.description)
    address = page_address(section)
    return _metadata(
        newsroom,
        heading=_numbered(section.seo_title or section.title, page_number),
        description=description,
        canonical=_paged(address, page_number),
        feeds=_feeds(newsroom, section),
        things=(
            schema.collection(section.title, address, description),
            schema.breadcrumbs(newsroom, _steps(trail)),
        ),
    )


def topic_metadata(topic: Topic, *, newsroom: NewsroomSettings, page_number: int = 1) -> Metadata:
    """For a topic's page."""
    description = _shorten(topic.description)
    address = page_address(topic)
    return _metadata(
        newsroom,
        heading=_numbered(topic.name, page_number),
        description=description,
        canonical=_paged(address, page_number),
        feeds=_feeds(newsroom, topic),
        things=(
            schema.collection(topic.name, address, description),
            schema.breadcrumbs(newsroom, [(topic.name, address)]),
        ),
    )


def person_metadata(
    contributor: Contributor, *, newsroom: NewsroomSettings, page_number: int = 1
) -> Metadata:
    """For a contributor's page."""
    address = page_address(contributor)
    image = _card(contributor.photo, contributor.name, "portrait")
    return _metadata(
        newsroom,
        heading=_numbered(contributor.name, page_number),
        description=_shorten(plain_text(contributor.biography)),
        canonical=_paged(address, page_number),
        kind="profile",
        image=image,
        feeds=_feeds(newsroom, contributor),
        things=(
            schema.profile(contributor, image.address if image else ""),
            schema.breadcrumbs(newsroom, [(contributor.name, address)]),
        ),
    )


def information_metadata(page: InformationPage, *, newsroom: NewsroomSettings) -> Metadata:
    """For About, ethics, contact and the like."""
    address = absolute(page.address_path())
    return _metadata(
        newsroom,
        heading=page.seo_title or page.title,
        description=_shorten(page.search_description or page.standfirst),
        canonical=address,
        feeds=_feeds(newsroom),
        things=(schema.breadcrumbs(newsroom, [(page.title, address)]),),
    )


def list_metadata(
    heading: str,
    path: str,
    *,
    newsroom: NewsroomSettings,
    description: str = "",
    page_number: int = 1,
) -> Metadata:
    """For a list such as `/latest/`; `path` is its address without a query."""
    address = absolute(path)
    return _metadata(
        newsroom,
        heading=_numbered(heading, page_number),
        description=_shorten(description),
        canonical=_paged(address, page_number),
        feeds=_feeds(newsroom),
        things=(schema.breadcrumbs(newsroom, [(heading, address)]),),
    )


def ranked_metadata(
    heading: str,
    path: str,
    *,
    newsroom: NewsroomSettings,
    description: str,
    is_first: bool,
    owner: FeedOwner | None,
) -> Metadata:
    """For a ranked list at this path; further pages are gone in an hour, so nobody indexes them."""
    address = absolute(path)
    return _metadata(
        newsroom,
        heading=heading,
        description=_shorten(description),
        canonical=address,
        feeds=_feeds(newsroom, owner) if owner else _feeds(newsroom),
        things=(schema.breadcrumbs(newsroom, [(heading, address)]),),
        noindex=not is_first or settings.DIURNA_DEMO or settings.DIURNA_COPY,
    )


def plain_metadata(
    heading: str,
    path: str,
    *,
    newsroom: NewsroomSettings,
    description: str = "",
    language: str = "",
    noindex: bool = False,
) -> Metadata:
    """For what is neither a list nor a piece of writing: history, 404, withdrawn, sign-in.

    An empty `path` stands for a page that has no address of its own, such as the 404.
    """
    return _metadata(
        newsroom,
        heading=heading,
        description=_shorten(description),
        canonical=absolute(path) if path else "",
        language=language or newsroom.language,
        noindex=noindex or settings.DIURNA_DEMO or settings.DIURNA_COPY,
    )


def _metadata(
    newsroom: NewsroomSettings,
    *,
    heading: str,
    description: str,
    canonical: str,
    things: Sequence[schema.Thing] = (),
    language: str = "",
    **more: Any,
) -> Metadata:
    name = newsroom.name
    motto = f"{name} – {newsroom.motto}" if newsroom.motto else name
    return Metadata(
        title=f"{heading} – {name}" if heading else motto,
        site_name=name,
        heading=heading or name,
        description=description,
        canonical=canonical,
        language=language or newsroom.language,
        json_ld=tuple(schema.as_script_text(thing) for thing in things),
        **more,
    )


def _feeds(newsroom: NewsroomSettings, *owners: Any) -> tuple[FeedLink, ...]:
    links = [_links(newsroom.name, None)]
    for owner in owners:
        name = owner.name if isinstance(owner, Topic | Contributor) else owner.title
        links.insert(0, _links(f"{name} – {newsroom.name}", owner))
    return tuple(link for group in links for link in group)


def _links(title: str, owner: FeedOwner | None) -> list[FeedLink]:
    labels = {"feed": "RSS", "feed/atom": "Atom", "feed.json": "JSON Feed"}
    return [
        FeedLink(
            f"{title} ({labels[form]})",
            feed_address(owner, form) if owner else absolute(f"/{tail}"),
            media_type,
        )
        for form, (tail, media_type) in FEED_FORMS.items()
    ]


def _open_graph(article: Article, trail: Sequence[Page]) -> OpenGraphArticle:
    published = article.first_published_at
    modified = article.last_updated_at or published
    people = [line.contributor for line in article.ordered_bylines()]
    return OpenGraphArticle(
        published=schema.moment(published) if published else "",
        modified=schema.moment(modified) if modified else "",
        section=trail[-1].title if trail else "",
        authors=tuple(dict.fromkeys(page_address(person) for person in people)),
        tags=tuple(topic.name for topic in article.topics.all()),
    )


def _card(photograph: Photograph | None, alt: str, use: str = "share") -> CardImage | None:
    found = picture(photograph, use, alt=alt)
    if found is None:
        return None
    return CardImage(absolute(found.address), found.width, found.height, alt)


def _image_thing(image: CardImage | None, article: Article) -> schema.Thing | None:
    if image is None or article.lead_image is None:
        return None
    thing: schema.Thing = {
        "@type": "ImageObject",
        "url": image.address,
        "width": schema.pixels(image.width),
        "height": schema.pixels(image.height),
    }
    if article.lead_image_caption:
        thing["caption"] = article.lead_image_caption
    if article.lead_image.credit:
        thing["creditText"] = article.lead_image.credit
    return thing


def _logo(newsroom: NewsroomSettings) -> str:
    image = _card(newsroom.logo, newsroom.name, "logo")
    return image.address if image else ""


def _steps(trail: Sequence[Page]) -> list[tuple[str, str]]:
    return [(section.title, absolute(section.get_url() or "/")) for section in trail]


def _numbered(heading: str, number: int) -> str:
    if number == 1:
        return heading
    return _("%(heading)s, page %(number)s") % {"heading": heading, "number": number}


def _paged(address: str, number: int) -> str:
    return address if number == 1 else f"{address}?page={number}"


def _shorten(text: str) -> str:
    return str(Truncator(" ".join(text.split())).chars(DESCRIPTION_LENGTH, truncate="…"))
