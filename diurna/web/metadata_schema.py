"""What pages say about themselves to machines, in the words of schema.org.

Everything is built from objects that the page has loaded already. Types and properties:
https://schema.org/NewsArticle, https://schema.org/NewsMediaOrganization,
https://schema.org/ProfilePage, https://schema.org/BreadcrumbList.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from diurna.newsroom.models import (
    Article,
    Byline,
    BylineRole,
    Contributor,
    NewsroomSettings,
    WorkType,
)
from diurna.newsroom.notice_display import headline_of
from diurna.web.addresses import absolute, page_address
from diurna.web.metadata_standards import policies

Thing = dict[str, Any]

_CONTEXT: Final = "https://schema.org"

# A live report is a blog of its own in schema.org, and still news; what has no narrower type of its
# own (interview, obituary) is a NewsArticle.
ARTICLE_TYPES: Final[dict[str, str | list[str]]] = {
    WorkType.REPORT: "ReportageNewsArticle",
    WorkType.ANALYSIS: "AnalysisNewsArticle",
    WorkType.OPINION: "OpinionNewsArticle",
    WorkType.EXPLAINER: "BackgroundNewsArticle",
    WorkType.INTERVIEW: "NewsArticle",
    WorkType.REVIEW: "ReviewNewsArticle",
    WorkType.OBITUARY: "NewsArticle",
    WorkType.LIVE: ["LiveBlogPosting", "NewsArticle"],
    WorkType.SATIRE: "SatiricalArticle",
    WorkType.SPONSORED: "AdvertiserContentArticle",
    WorkType.UNLABELLED: "NewsArticle",
}
_PROPERTY_OF_ROLE: Final[dict[str, str]] = {
    BylineRole.REPORTING: "author",
    BylineRole.WRITING: "author",
    BylineRole.PHOTOGRAPHY: "contributor",
    BylineRole.EDITING: "editor",
    BylineRole.TRANSLATION: "translator",
}
# Inside <script> only these can end the element or the line; JSON may write each as an escape.
_UNSAFE_IN_SCRIPT: Final = {
    ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"
}


def as_script_text(thing: Thing) -> SafeString:
    """The thing as JSON that may stand inside `<script type="application/ld+json">`."""
    text = json.dumps(thing, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(_UNSAFE_IN_SCRIPT))  # noqa: S308  (escaped in the same line)


def moment(value: datetime) -> str:
    """A moment as ISO 8601 in UTC, to the second."""
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def pixels(number: int) -> Thing:
    """A length of a picture, which the vocabulary takes for one of any unit (E37: pixel)."""
    return {"@type": "QuantitativeValue", "value": number, "unitCode": "E37"}


def publisher(newsroom: NewsroomSettings, logo: str = "") -> Thing:
    """The newsroom as NewsMediaOrganization."""
    thing: Thing = {
        "@type": "NewsMediaOrganization",
        "@id": absolute("/#publisher"),
        "name": newsroom.publisher or newsroom.name,
        "url": absolute("/"),
    }
    if newsroom.publisher and newsroom.publisher != newsroom.name:
        thing["alternateName"] = newsroom.name
    if logo:
        thing["logo"] = {"@type": "ImageObject", "url": logo}
    if same_as := [address for _, address in newsroom.social_links()]:
        thing["sameAs"] = same_as
    return thing | policies(newsroom)


def person(contributor: Contributor, image: str = "") -> Thing:
    """Somebody with a by-line: Person, or Organization for a desk or an agency."""
    address = page_address(contributor)
    thing: Thing = {
        "@type": "Organization" if contributor.is_organisation else "Person",
        "@id": f"{address}#person",
        "name": contributor.name,
        "url": address,
    }
    if contributor.job_title and not contributor.is_organisation:
        thing["jobTitle"] = contributor.job_title
    if image:
        thing["image"] = image
    return thing


def credits(bylines: Sequence[Byline]) -> Thing:
    """`author`, `editor`, `translator` and `contributor`, each a list without repeats."""
    found: dict[str, dict[int, Thing]] = {}
    for line in bylines:
        people = found.setdefault(_PROPERTY_OF_ROLE[line.role], {})
        people.setdefault(line.contributor_id, person(line.contributor))
    return {name: list(people.values()) for name, people in found.items()}


def news_article(
    article: Article,
    *,
    newsroom: NewsroomSettings,
    trail: Sequence[Page],
    description: str,
    image: Thing | None,
    logo: str,
) -> Thing:
    """The article as NewsArticle, or the narrower type that its type of work names."""
    address = page_address(article)
    thing: Thing = {
        "@context": _CONTEXT,
        "@type": ARTICLE_TYPES[article.work_type],
        "@id": f"{address}#article",
        "identifier": f"urn:uuid:{article.uuid}",
        "url": address,
        "mainEntityOfPage": article.canonical_address or address,
        "headline": headline_of(article),
        "inLanguage": article.own_language() or newsroom.language,
        "isAccessibleForFree": True,
        "publisher": publisher(newsroom, logo),
        **credits(article.ordered_bylines()),
    }
    if "author" not in thing:
        thing["author"] = [{"@id": absolute("/#publisher")}]
    thing |= _optional(article, description=description, image=image, trail=trail)
    return thing


def _optional(
    article: Article, *, description: str, image: Thing | None, trail: Sequence[Page]
) -> Thing:
    thing: Thing = {"description": description} if description else {}
    if article.short_headline:
        thing["alternativeHeadline"] = article.short_headline
    if image:
        thing["image"] = [image]
    if article.first_published_at:
        thing["datePublished"] = moment(article.first_published_at)
        thing["dateModified"] = moment(article.last_updated_at or article.first_published_at)
        if article.work_type == WorkType.LIVE:
            thing["coverageStartTime"] = thing["datePublished"]
    if trail:
        thing["articleSection"] = [section.title for section in trail]
    if topics := [topic.name for topic in article.topics.all()]:
        thing["keywords"] = topics
    return thing


def breadcrumbs(newsroom: NewsroomSettings, steps: Sequence[tuple[str, str]]) -> Thing:
    """The way from the front to this page; `steps` are (name, whole address) below the front."""
    way = [(newsroom.name, absolute("/")), *steps]
    return {
        "@context": _CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": address}
            for position, (name, address) in enumerate(way, start=1)
        ],
    }


def website(newsroom: NewsroomSettings, logo: str = "") -> Thing:
    """The front as WebSite."""
    thing: Thing = {
        "@context": _CONTEXT,
        "@type": "WebSite",
        "@id": absolute("/#website"),
        "name": newsroom.name,
        "url": absolute("/"),
        "inLanguage": newsroom.language,
        "publisher": publisher(newsroom, logo),
        # As schema.org has it for an action with a gap in its address
        # (https://schema.org/docs/actions.html).
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": absolute("/search/") + "?q={search_term_string}",
            },
            "query-input": "required name=search_term_string",
        },
    }
    if newsroom.motto:
        thing["alternateName"] = newsroom.motto
    if newsroom.description:
        thing["description"] = newsroom.description
    return thing


def profile(contributor: Contributor, image: str = "") -> Thing:
    """A contributor's page as ProfilePage."""
    return {
        "@context": _CONTEXT,
        "@type": "ProfilePage",
        "url": page_address(contributor),
        "mainEntity": person(contributor, image),
    }


def collection(name: str, address: str, description: str) -> Thing:
    """A section, topic or list as CollectionPage."""
    thing: Thing = {
        "@context": _CONTEXT,
        "@type": "CollectionPage",
        "name": name,
        "url": address,
    }
    return thing | ({"description": description} if description else {})
