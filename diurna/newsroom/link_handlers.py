"""Links in rich text that carry what the canonical text needs.

A link to one of our own pages changes its address when the page moves; its words have not changed.
So the public page names the target as `article:<uuid>` or `page:<uuid>`, and the canonical text
takes that name instead of the address.
"""

import uuid
from collections.abc import Iterable
from typing import Any, Final

from django.utils.html import escape
from wagtail.documents.rich_text import DocumentLinkHandler
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from diurna.newsroom.models import Article
from diurna.newsroom.models.file_digest import digest_of

# What the address and the name of a page are made of.
_OF_A_LINK: Final = ("live", "url_path", "slug", "depth", "locale", "translation_key")


def canonical_target(page: Page, article: uuid.UUID | None) -> str:
    """The name of a page that stays when it moves: `article:<uuid>` or `page:<uuid>`.

    `article` is the article's own name, for a page that is one.
    """
    return f"article:{article}" if article else f"page:{page.translation_key}"


class CanonicalPageLinkHandler(PageLinkHandler):
    """`<a linktype="page">` with the page's lasting name beside its present address."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: Iterable[dict[str, Any]]) -> list[str]:
        """Opening tags in the order given; a link whose page was deleted says nothing of it.

        While the page is not public the link leads nowhere, but keeps the name: otherwise whoever
        publishes or withdraws one article would change the words of another.
        """
        attrs_list = list(attrs_list)
        numbers = {int(attrs["id"]) for attrs in attrs_list if str(attrs.get("id", "")).isdigit()}
        # Without the texts of those pages, which may be a hundred times what is needed.
        found = Page.objects.order_by().only(*_OF_A_LINK).in_bulk(numbers)
        articles = Article.objects.order_by().filter(pk__in=list(found))
        names = dict(articles.values_list("pk", "uuid"))
        return [
            cls._tag(found.get(number), names.get(number))
            for number in (int(attrs.get("id") or 0) for attrs in attrs_list)
        ]

    @staticmethod
    def _tag(page: Page | None, article: uuid.UUID | None) -> str:
        if page is None:
            return "<a>"
        name = f'data-canonical-target="{canonical_target(page, article)}"'
        return f'<a href="{escape(page.url)}" {name}>' if page.live and page.url else f"<a {name}>"


class CanonicalDocumentLinkHandler(DocumentLinkHandler):
    """`<a linktype="document">` named by the SHA-256 of the file, so that a swapped file shows."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: Iterable[dict[str, Any]]) -> list[str]:
        """Opening tags in the order given; a link whose document is gone has no address."""
        documents = cls.get_many(list(attrs_list))
        return [
            f'<a href="{escape(document.url)}"'
            f' data-canonical-target="document:{digest_of(document)}">'
            if document
            else "<a>"
            for document in documents
        ]
