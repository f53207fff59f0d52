"""Public addresses, whole: what a page, a feed or an answer of the API calls itself."""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from diurna.newsroom.models import Article, Contributor, Front, Section, Topic

# A path of this site without steps up, which needs no more than to be put behind its origin.
_PLAIN_PATH: Final = re.compile(r"/(?!/)(?!.*/\.)")

FeedOwner = Front | Section | Topic | Contributor

# The tail of each feed's address, below the page that it follows, and its media type.
FEED_FORMS: Final = {
    "feed": ("feed/", "application/rss+xml"),
    "feed/atom": ("feed/atom/", "application/atom+xml"),
    "feed.json": ("feed.json", "application/feed+json"),
}


def absolute(address: str) -> str:
    """The address with scheme and host; one that has them already comes back unchanged."""
    if _PLAIN_PATH.match(address):
        return _origin(settings.DIURNA_SITE_URL) + address
    return urljoin(f"{settings.DIURNA_SITE_URL}/", address)


@lru_cache(maxsize=4)
def _origin(site: str) -> str:
    return urljoin(site, "/").rstrip("/")


def page_address(owner: FeedOwner | Article) -> str:
    """The whole public address of a page, a topic or a person."""
    if isinstance(owner, Topic | Contributor):
        return absolute(owner.get_absolute_url())
    if isinstance(owner, Front):
        return absolute("/")
    return absolute(owner.address_path())


def feed_address(owner: FeedOwner, form: str) -> str:
    """The whole address of one of the three feeds (`feed`, `feed/atom`, `feed.json`) of a page."""
    return page_address(owner) + FEED_FORMS[form][0]


def api_article_address(article: Article) -> str:
    """The whole address of the article in the API."""
    return absolute(reverse("api-v1:article", args=[article.uuid]))
